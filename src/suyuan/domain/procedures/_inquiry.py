"""Finding out what is true: the items of a case, the sheets of its investigation, and the review of both."""

from dataclasses import replace

from .. import fields, guards
from ..procedure import CHOSEN, SAME, Guard, Step
from ..signatures import ANALYSIS
from ..vocabulary import Role, State

LATE = (State.HANDLING, State.REVIEWING, State.CALLBACK)
"""Sheets are written in handling; one that is missing later can still be made good."""

TAKEN_APART = (State.REGISTERED, State.DISPATCHED, State.HANDLING, State.REVIEWING)
"""As long as what a customer asks for can be taken apart."""

FORMS = {
    "write_report": fields.REPORT,
    "work_out_billing": (
        fields.READ_FROM,
        fields.READ_TO,
        fields.MULTIPLIER,
        fields.CURVE,
        fields.TARIFF,
        fields.CHARGED,
        fields.NOTE.optional,
    ),
    "work_out_damage": (
        fields.PRICE,
        fields.USED_YEARS,
        fields.LIFE_YEARS,
        fields.DAMAGED_ON,
        fields.CLAIMED_ON,
        fields.REPAIR_COST,
        fields.NOTE.optional,
    ),
    "check_meter": (fields.METER_ERROR, fields.METER_ALLOWED, fields.EVIDENCE, fields.NOTE.optional),
    "check_voltage": (
        fields.PHASE,
        fields.VOLTAGE_LOW,
        fields.VOLTAGE_HIGH,
        fields.AT,
        fields.EVIDENCE.optional,
        fields.NOTE.optional,
    ),
    "check_connection": (
        fields.STARTED_ON,
        fields.ENDED_ON,
        fields.DAYS_ALLOWED,
        fields.NOTE.optional,
    ),
}
"""The sheets of those who handle the case, and what each asks for."""


def sheets(handlers: tuple[Role, ...], verbs: tuple[str, ...]) -> tuple[Step, ...]:
    """Return the steps by which those who handle a case write its sheets."""
    return tuple(Step(verb, LATE, SAME, handlers, (guards.still_owed,), FORMS[verb]) for verb in verbs)


def damage(states: tuple[State, ...]) -> Step:
    """Return the step by which a unit works out what is paid for what broke, where nothing is verified."""
    return Step("work_out_damage", states, SAME, (Role.STATION,), (), FORMS["work_out_damage"])


def visit(inspectors: tuple[Role, ...]) -> Step:
    """Return the step by which somebody who does not handle a case verifies it on site."""
    return Step(
        "visit_site",
        (State.DISPATCHED, *LATE),
        SAME,
        inspectors,
        (guards.second_person,),
        (fields.SITE_FOUND, fields.EVIDENCE.optional, fields.AT),
        marks=("arrived_at",),
    )


def items(adding: tuple[Role, ...], judging: tuple[Role, ...], who: tuple[Guard, ...]) -> tuple[Step, ...]:
    """Return the steps by which what a customer asks for is taken apart, and each item judged."""
    return (
        Step(
            "add_item",
            TAKEN_APART,
            SAME,
            adding,
            (),
            (fields.STATEMENT, fields.CATEGORY.optional),
        ),
        Step("drop_item", TAKEN_APART, SAME, adding, (), (fields.ITEM,)),
        Step(
            "judge_item",
            (State.REVIEWING, State.CALLBACK),
            SAME,
            judging,
            (*who, guards.not_passed),
            (fields.ITEM, fields.FINDING, fields.CLAUSE, fields.EVIDENCE, fields.NOTE.optional),
        ),
    )


def review(reviewers: tuple[Role, ...], who: tuple[Guard, ...], tells: tuple[Role, ...]) -> tuple[Step, ...]:
    """Return the three outcomes of a review: it passes, passes in other words, or goes back to a step."""
    passes = Step(
        "review_pass",
        (State.REVIEWING,),
        State.CALLBACK,
        reviewers,
        (*who, guards.sheets_complete, guards.items_judged_here, guards.doubts_answered),
        (fields.FINDING.optional, fields.CLAUSE, fields.EVIDENCE.optional, fields.NOTE.optional),
        marks=("reviewed_at", "answered_at"),
        tells=tells,
    )
    amends = replace(
        passes,
        verb="review_amend",
        guards=passes.guards[:-1],  # its note is required, so that no doubt goes without a word
        form=(fields.REPLY, fields.NOTE, fields.FINDING.optional, fields.CLAUSE, fields.EVIDENCE.optional),
    )
    returns = Step(
        "review_return",
        (State.REVIEWING,),
        CHOSEN,
        reviewers,
        who,
        (fields.BACK_TO, fields.NOTE),
        tells=(Role.STATION,),
    )
    return passes, amends, returns


def analysis(analysts: tuple[Role, ...]) -> Step:
    """Return the step by which the specialty analyses what was true, before or after the archive."""
    return Step(
        ANALYSIS,
        (State.CALLBACK, State.ARCHIVED),
        SAME,
        analysts,
        (guards.in_own_specialty, guards.found_true),
        fields.SPECIALTY_ANALYSIS,
    )


def analysed(closing: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the closing steps with an archive that waits for the analysis where one is asked for."""
    return tuple(
        replace(step, guards=(*step.guards, guards.specialty_analysed)) if step.verb == "archive" else step
        for step in closing
    )


def complete(closing: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the closing steps with an archive that wants every sheet and every item."""
    return tuple(
        replace(step, guards=(*step.guards, guards.sheets_complete, guards.items_judged))
        if step.verb == "archive"
        else step
        for step in closing
    )
