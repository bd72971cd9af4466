"""Accountability 责任追究: what a signed share says of one person, a penalty, an appeal of that person."""

from .. import fields, guards, liable, secrecy
from ..procedure import SAME, Procedure, Step
from ..vocabulary import Role, State
from . import _side

AUDIT, LEADER = Role.AUDIT, Role.LEADER
HANDS = (AUDIT, LEADER)
OPEN = (State.DRAFTED, State.SIGNING, State.DECIDING)
APART = (secrecy.restricted_hands,)
ANYBODY = tuple(role for role in Role if role is not Role.ADMIN)
"""Whose it is, the case says: the one person it is about."""

STEPS = (
    Step(
        "propose_penalty",
        (State.DRAFTED,),
        State.SIGNING,
        HANDS,
        APART,
        (fields.PENALTY, fields.ANALYSIS, fields.EVIDENCE),
        marks=("dispatched_at",),
        tells=(AUDIT,),
    ),
    Step("void", (State.DRAFTED,), State.VOID, HANDS, APART, (fields.reason("void"), fields.NOTE)),
    Step(
        "review_penalty",
        (State.SIGNING,),
        SAME,
        HANDS,
        (*APART, guards.second_person, liable.not_reviewed),
        (fields.NOTE.optional,),
        marks=("reviewed_at",),
    ),
    Step("return_penalty", (State.SIGNING,), State.DRAFTED, HANDS, APART, (fields.NOTE,), tells=(AUDIT,)),
    Step(
        "appeal_penalty",
        (State.SIGNING,),
        State.DECIDING,
        ANYBODY,
        (liable.is_concerned, liable.shares_reviewed),
        (fields.NOTE, fields.EVIDENCE.optional),
        tells=(AUDIT,),
    ),
    Step(
        "keep_penalty",
        (State.DECIDING,),
        State.SIGNING,
        HANDS,
        (*APART, guards.second_person),
        (fields.NOTE,),
        marks=("answered_at",),
    ),
    Step(
        "lift_penalty",
        (State.DECIDING,),
        State.VOID,
        HANDS,
        (*APART, guards.second_person),
        (fields.NOTE,),
    ),
    Step(
        "put_in_effect",
        (State.SIGNING,),
        State.ARCHIVED,
        (AUDIT,),
        (*APART, liable.shares_reviewed),
        (fields.PENALTY_POINTS, fields.NOTE.optional),
        marks=("archived_at",),
    ),
    *_side.beside_child(OPEN),
)
"""Nobody decides on what they proposed or reviewed; the person appeals once."""

PROCEDURE = Procedure("accountability", 1, State.DRAFTED, STEPS)
