"""Request for support 协办单: one department asks another for help with a case, and rates what came of it."""

from .. import fields, secrecy
from ..procedure import Procedure, Step
from ..vocabulary import Role, State
from . import _side

HELPERS = (Role.STATION, Role.MARKETING, Role.OPERATIONS, Role.PARTY, Role.OFFICE, Role.AUDIT)
"""Who can be asked: whoever works at the unit that is named."""

OPEN = (State.DISPATCHED, State.HANDLING)
KEPT = (secrecy.not_restricted_peer,)

STEPS = (
    Step("accept", (State.DISPATCHED,), State.HANDLING, HELPERS, KEPT, marks=("taken_at",)),
    Step(
        "answer_support",
        (State.HANDLING,),
        State.ARCHIVED,
        HELPERS,
        KEPT,
        (fields.REPLY, fields.EVIDENCE.optional),
        marks=("answered_at", "archived_at"),
    ),
    Step(
        "decline_support",
        OPEN,
        State.VOID,
        HELPERS,
        KEPT,
        (fields.reason("support"), fields.NOTE),
    ),
    *_side.beside_child(OPEN),
)

PROCEDURE = Procedure("support", 2, State.DISPATCHED, (*STEPS, *_side.recalls(STEPS)))
