"""What keeps a restricted case with the audit desk, and away from the unit it accuses."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .. import fields, guards, secrecy
from ..procedure import SAME, Guard, Step
from ..vocabulary import Role, State
from . import _inquiry, _secrecy, _side

AT_THE_DESK = ("register", "void", "dispatch", "classify", "reclassify")
"""Verbs by which whoever took the contact in may still send it to where it belongs."""
WORK = ("accept", "contact", *_inquiry.FORMS, "submit_finding", "call_back")
"""What somebody whom the audit desk named may do."""
REVIEW = ("judge_item", "review_pass", "review_amend", "review_return")
ENTRUSTABLE = (Role.STATION, Role.MARKETING, Role.OPERATIONS, Role.OFFICE)
INSTEAD: Mapping[Guard, Guard] = {
    guards.in_own_specialty: guards.checks_in_own_specialty,
}
"""Guards that say the same of a case that everybody may see."""
SENDING = ("dispatch", "transfer")
NAMING = ("register", "dispatch")


def shielded(open_states: tuple[State, ...], *steps: Step) -> tuple[Step, ...]:
    """Return the steps as they stand on a restricted case too, with those by which it becomes one."""
    return (*map(_shielded, _secrecy.kept(*steps)), *_restricting(open_states))


def _shielded(step: Step) -> Step:
    kept = tuple(INSTEAD.get(guard, guard) for guard in step.guards)
    if step.verb not in AT_THE_DESK:
        kept = (*kept, secrecy.restricted_hands)
    elif not set(step.source) <= set(secrecy.FRESH):
        kept = (*kept, secrecy.hands_once_sent)
    if step.verb in SENDING:
        kept = (*kept, secrecy.not_to_accused)
    form = (*step.form, fields.ACCUSED_UNIT.optional) if step.verb in NAMING else step.form
    return replace(step, guards=kept, form=form, when_restricted=_roles(step))


def _roles(step: Step) -> tuple[Role, ...]:
    more: Iterable[Role] = ENTRUSTABLE if step.verb in WORK else ()
    if step.verb in REVIEW:
        more = (Role.LEADER,)
    return tuple(dict.fromkeys((*step.roles, Role.AUDIT, *more)))


def _restricting(open_states: tuple[State, ...]) -> tuple[Step, ...]:
    audit = (Role.AUDIT,)
    fresh = secrecy.FRESH
    later = tuple(state for state in open_states if state not in fresh)
    named = (fields.ACCUSED_UNIT, fields.NOTE.optional)
    return (
        Step("accuse", fresh, SAME, (*_side.DESK, Role.AUDIT), (), named),
        Step("accuse", later, SAME, audit, (), named),
        Step("restrict", open_states, SAME, audit, (secrecy.unrestricted_yet,), (fields.NOTE,)),
        Step("lift_restriction", open_states, SAME, audit, (secrecy.may_be_lifted,), (fields.NOTE,)),
        Step(
            "entrust",
            open_states,
            SAME,
            audit,
            (secrecy.kept_apart,),
            (fields.ENTRUSTED, fields.NOTE.optional),
        ),
    )
