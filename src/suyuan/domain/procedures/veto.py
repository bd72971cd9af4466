"""One-vote veto 一票否决: proposed from what was verified, signed, appealed against; it ends with its day."""

from .. import fields, guards, secrecy
from ..procedure import Procedure, Step
from ..vocabulary import Role, State
from . import _side

OFFICE, AUDIT, LEADER = Role.OFFICE, Role.AUDIT, Role.LEADER
HANDS = (AUDIT, LEADER)
OF_THE_UNIT = (Role.STATION, Role.MARKETING, Role.OPERATIONS, Role.PARTY, Role.AGENT)
OPEN = (State.DRAFTED, State.DECIDING)
APART = (secrecy.restricted_hands,)

STEPS = (
    Step(
        "void",
        (State.DRAFTED,),
        State.VOID,
        (OFFICE, *HANDS),
        APART,
        (fields.reason("void"), fields.NOTE),
        when_restricted=HANDS,
    ),
    Step(
        "sign_veto",
        (State.DRAFTED,),
        State.ARCHIVED,
        HANDS,
        (*APART, guards.second_person),
        (fields.NOTE.optional,),
        marks=("reviewed_at", "archived_at"),
        tells=(Role.STATION, OFFICE),
    ),
    Step(
        "appeal_veto",
        (State.ARCHIVED,),
        State.DECIDING,
        OF_THE_UNIT,
        APART,
        (fields.NOTE, fields.EVIDENCE.optional),
        tells=(AUDIT, LEADER),
        when_restricted=HANDS,
    ),
    Step(
        "keep_veto",
        (State.DECIDING,),
        State.ARCHIVED,
        HANDS,
        (*APART, guards.second_person),
        (fields.NOTE,),
        marks=("archived_at",),
        tells=(Role.STATION, OFFICE),
    ),
    Step(
        "lift_veto",
        (State.DECIDING,),
        State.VOID,
        HANDS,
        (*APART, guards.second_person),
        (fields.NOTE,),
        tells=(Role.STATION, OFFICE),
    ),
    *_side.beside_child(OPEN),
)
"""A third person decides what is appealed; meanwhile it stands."""

PROCEDURE = Procedure("veto", 1, State.DRAFTED, STEPS)
