"""Improvement 改进事项: a weakness of hardware or service, planned, mended and looked at."""

from .. import fields, guards, secrecy
from ..procedure import Procedure, Step
from ..vocabulary import Role, State
from . import _side

OFFICE, LEAD, STATION, AUDIT = Role.OFFICE, Role.LEAD, Role.STATION, Role.AUDIT
DEPARTMENTS = (Role.MARKETING, Role.OPERATIONS)
OPEN = (State.REGISTERED, State.HANDLING, State.CHECKING)
KEPT = (secrecy.not_restricted_peer,)

STEPS = (
    Step(
        "plan_improvement",
        (State.REGISTERED, State.HANDLING),
        State.HANDLING,
        (OFFICE, LEAD, *DEPARTMENTS, AUDIT),
        (*KEPT, secrecy.not_to_accused),
        (fields.MEASURES, fields.UNIT, fields.DUE_ON),
        marks=("dispatched_at",),
        tells=(STATION,),
    ),
    Step(
        "void",
        (State.REGISTERED,),
        State.VOID,
        (OFFICE, LEAD, AUDIT),
        KEPT,
        (fields.reason("void"), fields.NOTE),
    ),
    Step(
        "carry_out",
        (State.HANDLING,),
        State.CHECKING,
        (STATION, *DEPARTMENTS, AUDIT),
        KEPT,
        (fields.EVIDENCE, fields.NOTE, fields.AT),
        marks=("answered_at",),
        tells=(OFFICE,),
    ),
    Step(
        "check_improvement",
        (State.CHECKING,),
        State.ARCHIVED,
        (*_side.CHECKERS, AUDIT),
        (*KEPT, guards.second_person),
        (fields.EFFECTIVE, fields.EVIDENCE.optional, fields.NOTE, fields.DUE_ON.optional),
        marks=("archived_at",),
        tells=(STATION,),
    ),
    *_side.beside_child(OPEN),
)
"""Until its effect is seen it stays on the register; what did not help is carried out again."""

PROCEDURE = Procedure("improvement", 2, State.REGISTERED, STEPS)
