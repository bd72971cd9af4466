"""What two levels approve before it counts: the department or county first, then the service office."""

from dataclasses import replace

from .. import fields, filing, guards, secrecy
from ..procedure import Step
from ..vocabulary import Role, State
from . import _side

OPEN = (State.REVIEWING, State.SIGNING, State.IN_FORCE)


def shielded(*steps: Step) -> tuple[Step, ...]:
    """Return steps that audit and leaders alone take where the case they come from is restricted."""
    return tuple(
        replace(
            step,
            guards=(secrecy.restricted_hands, *step.guards),
            when_restricted=(*step.roles, Role.AUDIT, Role.LEADER),
        )
        for step in steps
    )


APPROVING = shielded(
    Step(
        "endorse",
        (State.REVIEWING,),
        State.SIGNING,
        filing.COUNTY,
        (guards.second_person,),
        (fields.NOTE.optional,),
        tells=(Role.OFFICE,),
    ),
    Step(
        "approve",
        (State.SIGNING,),
        State.IN_FORCE,
        filing.SERVICE,
        (guards.second_person,),
        (fields.NOTE.optional,),
        marks=("answered_at",),
        tells=(Role.STATION,),
    ),
    Step(
        "turn_down",
        (State.REVIEWING, State.SIGNING),
        State.VOID,
        (*filing.COUNTY, *filing.SERVICE),
        (guards.second_person,),
        (fields.NOTE,),
        tells=(Role.STATION,),
    ),
)
"""Nobody approves what they filed, nor at both levels."""


def notes(states: tuple[State, ...]) -> tuple[Step, ...]:
    """Return what is open beside: nobody urges, pauses or supervises what nobody waits for."""
    return tuple(step for step in _side.beside_child(states) if step.verb == "note")
