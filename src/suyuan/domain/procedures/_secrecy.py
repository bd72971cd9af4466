"""What is otherwise where the caller asked to stay unknown: who calls, and how it ends without a call."""

from collections.abc import Mapping
from dataclasses import replace

from .. import guards, secrecy
from ..procedure import Guard, Step
from ..vocabulary import Role, State
from . import _desks, _side

CALLING = ("contact", "call_back")
INSTEAD: Mapping[Guard, Guard] = {
    guards.customer_contacted: guards.contacted_or_anonymous,
    guards.customer_answered: guards.answered_or_anonymous,
}
"""Guards that say the same of a case whose caller is known to everybody."""
HANDED_OVER = "hand_over_owner"


def kept(*steps: Step) -> tuple[Step, ...]:
    """Return the steps as they stand where the caller is anonymous or confidential too."""
    return tuple(map(_kept, steps))


def faced(open_states: tuple[State, ...], *steps: Step) -> tuple[Step, ...]:
    """Return the same, and by which somebody else becomes the one who knows a confidential caller."""
    over = (step for step in _desks.around(open_states) if step.verb == HANDED_OVER)
    return (*kept(*steps), *over)


def _kept(step: Step) -> Step:
    asked = tuple(INSTEAD.get(guard, guard) for guard in step.guards)
    if step.verb not in CALLING:
        return replace(step, guards=asked)
    if step.verb == "contact" and Role.STATION in step.roles:
        roles = tuple(dict.fromkeys((*step.roles, *_side.DESK)))
        return replace(step, roles=roles, guards=(*asked, secrecy.unit_contacts, secrecy.caller_reachable))
    return replace(step, guards=(*asked, secrecy.caller_reachable))
