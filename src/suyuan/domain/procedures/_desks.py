"""What the desks around a case do beside its flow."""

from .. import fields, guards, secrecy
from ..procedure import SAME, Step
from ..vocabulary import Role, State

AGENT, LEAD, OFFICE = Role.AGENT, Role.LEAD, Role.OFFICE
DESK = (AGENT, LEAD, OFFICE)
ANSWERING = (*DESK, Role.MARKETING, Role.OPERATIONS, Role.PARTY, Role.AUDIT)
"""Who can write down what came back of a message: the workstation, or whoever it went to."""
ASKING = (*DESK, Role.STATION, Role.MARKETING, Role.OPERATIONS)


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


def promising(registered: tuple[State, ...]) -> tuple[Step, ...]:
    """Return the steps of what a customer is promised by a day; kept also after the case was closed."""
    later = (*registered, State.ARCHIVED, State.MERGED)
    still = (guards.promise_open,)
    moved = (fields.COMMITMENT, fields.PROMISED_ON, fields.NOTE)
    return (
        Step("promise", registered, SAME, ASKING, (), (fields.PROMISE, fields.PROMISED_ON)),
        Step("keep_promise", later, SAME, ASKING, still, (fields.COMMITMENT, fields.NOTE.optional)),
        Step("move_promise", later, SAME, ASKING, still, moved),
    )


def linked(open_states: tuple[State, ...]) -> tuple[Step, ...]:
    """Return the steps by which others are brought in: what is relayed, promised, what support is asked for.

    An answer can come in after the case was closed, and support is rated whenever.
    """
    registered = tuple(state for state in open_states if state is not State.RECEIVED)
    return (
        Step("relay", open_states, SAME, DESK, (), (fields.RELAY_TO, fields.MESSAGE, fields.AT)),
        Step(
            "relay_answer",
            (*open_states, State.ARCHIVED, State.MERGED),
            SAME,
            ANSWERING,
            (guards.relay_waiting,),
            (fields.RELAY, fields.CAME_BACK, fields.AT),
        ),
        *promising(registered),
        Step(
            "ask_support",
            registered,
            SAME,
            ASKING,
            (secrecy.not_to_accused,),
            (fields.UNIT, fields.REQUEST),
        ),
        Step(
            "rate_support",
            (*registered, State.ARCHIVED),
            SAME,
            ASKING,
            (guards.support_unrated,),
            (fields.SUPPORT, fields.SUPPORT_RATING, fields.NOTE.optional),
        ),
    )
