"""Steps that most procedures share: they run beside the flow and never change where the case stands."""

from dataclasses import replace

from .. import fields, guards, secrecy
from ..fields import Field
from ..procedure import BEFORE, RECALL, SAME, Guard, Step
from ..vocabulary import Role, State

AGENT, LEAD, OFFICE = Role.AGENT, Role.LEAD, Role.OFFICE
DESK = (AGENT, LEAD, OFFICE)
"""The people who face the customer and route the order."""

CHECKERS = (Role.MARKETING, Role.OPERATIONS, OFFICE)
"""The specialty departments that check a unit's reply, and the office for the other specialties."""


INTAKE = (
    Step(
        "register",
        (State.RECEIVED,),
        State.REGISTERED,
        DESK,
        (),
        (
            fields.BUSINESS_TYPE,
            fields.CATEGORY.optional,
            fields.LEVEL.optional,
            fields.SITE.optional,
            fields.SECRECY,
        ),
        marks=("registered_at",),
    ),
    Step(
        "void",
        (State.RECEIVED, State.REGISTERED),
        State.VOID,
        DESK,
        (),
        (fields.reason("void"), fields.NOTE),
    ),
    Step(
        "classify",
        (State.REGISTERED, State.DISPATCHED, State.HANDLING),
        SAME,
        (LEAD, OFFICE),
        (),
        (fields.CATEGORY, fields.LEVEL.optional, fields.SITE.optional),
    ),
    Step(
        "reclassify",
        (State.REGISTERED, State.DISPATCHED, State.HANDLING),
        State.REGISTERED,
        (LEAD, OFFICE),
        (),
        (fields.BUSINESS_TYPE, fields.CATEGORY.optional, fields.NOTE),
    ),
    Step(
        "dispatch",
        (State.REGISTERED,),
        State.DISPATCHED,
        DESK,
        (guards.registered_type,),
        (fields.UNIT, fields.SPECIALTY, fields.NOTE.optional),
        marks=("dispatched_at",),
        tells=(Role.STATION,),
    ),
)
"""From a received contact to a dispatched order."""


def hand_over(working: tuple[State, ...]) -> tuple[Step, ...]:
    """Return the steps by which an order changes hands before it is answered."""
    return (
        Step(
            "return",
            (State.DISPATCHED,),
            State.REGISTERED,
            (Role.STATION,),
            (guards.not_returned_before,),
            (fields.reason("return"), fields.EVIDENCE, fields.NOTE.optional),
            tells=(OFFICE,),
        ),
        Step(
            "transfer",
            (State.DISPATCHED, *working),
            State.DISPATCHED,
            (LEAD, OFFICE),
            (),
            (fields.UNIT, fields.SPECIALTY, fields.reason("transfer")),
            tells=(Role.STATION,),
        ),
    )


def beside(open_states: tuple[State, ...]) -> tuple[Step, ...]:
    """Return the steps that are open at any time while the case is."""
    return (
        Step(
            "urge", open_states, SAME, DESK, (), (fields.CHANNEL, fields.NOTE), tells=(Role.STATION, OFFICE)
        ),
        Step(
            "supervise",
            open_states,
            SAME,
            (OFFICE, Role.LEADER, Role.AUDIT),
            (),
            (fields.NOTE,),
            tells=(Role.STATION,),
        ),
        Step(
            "note",
            open_states,
            SAME,
            (*DESK, Role.STATION, Role.MARKETING, Role.OPERATIONS, Role.AUDIT),
            (),
            (fields.NOTE, fields.EVIDENCE.optional),
        ),
        Step(
            "pause",
            open_states,
            SAME,
            (OFFICE, LEAD),
            (guards.running,),
            (fields.reason("pause"), fields.EVIDENCE),
        ),
        Step("resume", open_states, SAME, (OFFICE, LEAD), (guards.paused,), (fields.NOTE.optional,)),
        Step("merge", open_states, State.MERGED, (LEAD, OFFICE), (), (fields.INTO, fields.NOTE)),
        Step("unmerge", (State.MERGED,), BEFORE, (LEAD, OFFICE), (), (fields.NOTE,)),
    )


def beside_child(open_states: tuple[State, ...]) -> tuple[Step, ...]:
    """Return the steps beside the flow of a case opened from another: never merged, kept apart with it.

    No customer urges what the house owes itself, so nobody asks by what.
    """
    return tuple(
        replace(
            step,
            guards=(*step.guards, secrecy.restricted_hands),
            form=tuple(one for one in step.form if one is not fields.CHANNEL),
            when_restricted=(*step.roles, Role.AUDIT),
        )
        for step in beside(open_states)
        if step.target not in (State.MERGED, BEFORE)
    )


def _shield(step: Step) -> tuple[Guard, ...]:
    """Return what keeps the taking back of a step from those who could not do it on a restricted case."""
    own = (secrecy.restricted_hands, secrecy.not_restricted_peer)
    kept = tuple(guard for guard in step.guards if guard in own)
    return kept or (own[:1] if step.when_restricted else ())


def recalls(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the steps by which whoever dispatched, took on or handed in takes just that back."""
    return tuple(
        Step(
            RECALL,
            (State(step.target),),
            step.source[0],
            step.roles,
            (guards.taken_back, *_shield(step)),
            when_restricted=step.when_restricted,
        )
        for step in steps
        if step.verb in ("dispatch", "accept", "submit_finding")
    )


CLOSING = (
    Step(
        "call_back",
        (State.CALLBACK,),
        SAME,
        DESK,
        (),
        (
            fields.REACHED,
            fields.UNREACHED,
            fields.SATISFACTION,
            fields.DISSATISFIED,
            fields.MORE_NEEDED,
            fields.SUGGESTION,
            fields.NOTE.optional,
            fields.AT,
        ),
        marks=("called_back_at",),
    ),
    Step(
        "second_handle",
        (State.CALLBACK,),
        State.HANDLING,
        (LEAD, OFFICE, Role.MARKETING),
        (guards.customer_unhappy,),
        (fields.NOTE,),
        tells=(Role.STATION,),
    ),
    Step(
        "analyse_responsibility",
        (State.HANDLING, State.CALLBACK),
        SAME,
        (LEAD, OFFICE, Role.MARKETING, Role.OPERATIONS),
        (guards.handled_again,),
        (fields.RESPONSIBILITY, fields.UNIT, fields.POST, fields.ANALYSIS),
    ),
    Step(
        "archive",
        (State.CALLBACK,),
        State.ARCHIVED,
        (LEAD, OFFICE, AGENT),
        (guards.customer_answered, guards.responsibility_analysed),
        (fields.NOTE.optional,),
        marks=("archived_at",),
    ),
    Step(
        "reopen",
        (State.ARCHIVED,),
        State.HANDLING,
        (LEAD, OFFICE),
        (),
        (fields.NOTE,),
        tells=(Role.STATION,),
    ),
    Step(
        "answer_objection",
        (State.ARCHIVED,),
        SAME,
        (Role.STATION, LEAD, OFFICE),
        (guards.objection_open,),
        (fields.NOTE, fields.EVIDENCE.optional),
        tells=(Role.AUDIT,),
    ),
)
"""From the answer to the archive, and back when the customer is not content."""


def asking(steps: tuple[Step, ...], *also: Field) -> tuple[Step, ...]:
    """Return the steps with more that the customer is asked when called back."""
    return tuple(
        replace(step, form=(*step.form[:-2], *also, *step.form[-2:])) if step.verb == "call_back" else step
        for step in steps
    )


def cards(served: tuple[State, ...]) -> tuple[Step, ...]:
    """Return the steps of the satisfaction card: given to a customer who was served, handed in whenever."""
    return (
        Step(
            "issue_card",
            served,
            SAME,
            (Role.STATION, *DESK),
            (secrecy.card_allowed, guards.card_not_issued),
        ),
        Step(
            "take_card",
            (State.CALLBACK, State.ARCHIVED),
            SAME,
            DESK,
            (guards.card_awaited,),
            (fields.RATING, fields.EVIDENCE.optional),
        ),
    )
