"""What the desks around a complaint do beside its flow."""

from .. import fields
from ..procedure import SAME, Step
from ..vocabulary import Role, State

AGENT, LEAD, OFFICE = Role.AGENT, Role.LEAD, Role.OFFICE


def around(open_states: tuple[State, ...]) -> tuple[Step, ...]:
    """Return the steps of the desks that are open as long as the complaint is."""
    return (
        Step(
            "hand_over_owner",
            open_states,
            SAME,
            (LEAD, OFFICE),
            (),
            (fields.OWNER, fields.reason("owner"), fields.NOTE.optional),
        ),
    )
