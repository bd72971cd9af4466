"""Supervision order 督办单: issued from above or by urges, acknowledged, reported on, closed."""

from .. import fields, guards, secrecy
from ..procedure import Procedure, Step
from ..vocabulary import Role, State
from . import _side

OFFICE, LEADER, STATION, AUDIT = Role.OFFICE, Role.LEADER, Role.STATION, Role.AUDIT
SUPERVISED = (STATION, Role.MARKETING, Role.OPERATIONS, OFFICE, AUDIT)
"""Whoever works at the unit that owes the order."""
SUPERVISING = (OFFICE, LEADER, AUDIT)

OPEN = (State.DISPATCHED, State.HANDLING, State.REPORTED)
KEPT = (secrecy.not_restricted_peer,)
FROM_ABOVE = (secrecy.restricted_hands,)

STEPS = (
    Step("acknowledge", (State.DISPATCHED,), State.HANDLING, SUPERVISED, KEPT, marks=("taken_at",)),
    Step(
        "report_supervision",
        (State.HANDLING,),
        State.REPORTED,
        SUPERVISED,
        KEPT,
        (fields.MEASURES, fields.EVIDENCE.optional),
        marks=("answered_at",),
        tells=(OFFICE,),
    ),
    Step(
        "return_supervision",
        (State.REPORTED,),
        State.HANDLING,
        SUPERVISING,
        FROM_ABOVE,
        (fields.NOTE,),
        tells=(STATION,),
    ),
    Step(
        "close_supervision",
        (State.REPORTED,),
        State.ARCHIVED,
        SUPERVISING,
        (*FROM_ABOVE, guards.second_person),
        (fields.NOTE.optional,),
        marks=("archived_at",),
        tells=(STATION,),
    ),
    Step(
        "void",
        (State.DISPATCHED, State.HANDLING),
        State.VOID,
        SUPERVISING,
        FROM_ABOVE,
        (fields.reason("void"), fields.NOTE),
        tells=(STATION,),
    ),
    *(step for step in _side.beside_child(OPEN) if step.verb not in ("urge", "supervise")),
)
"""It is itself what an urge or a leader led to: neither is done to it again."""

PROCEDURE = Procedure("supervision", 1, State.DISPATCHED, STEPS)
