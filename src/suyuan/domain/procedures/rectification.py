"""Rectification order 整改单: written, countersigned, carried out, and its effect looked at."""

from .. import fields, guards, secrecy
from ..procedure import SAME, Procedure, Step
from ..vocabulary import Role, State
from . import _side

OFFICE, LEAD, STATION, AUDIT = Role.OFFICE, Role.LEAD, Role.STATION, Role.AUDIT
WRITERS = (STATION, OFFICE, LEAD, Role.MARKETING, Role.OPERATIONS, AUDIT)
SIGNERS = (*WRITERS, Role.LEADER, Role.PARTY, Role.AGENT)
"""Who can stand on a sheet at all: whose turn it is, the sheet says."""

OPEN = (State.DRAFTED, State.SIGNING, State.RECTIFYING, State.CHECKING)

SHEET = (
    Step(
        "circulate",
        (State.DRAFTED,),
        State.SIGNING,
        (STATION, OFFICE, LEAD, AUDIT),
        (secrecy.not_restricted_peer,),
        (fields.MEASURES.optional, fields.NOTE.optional),
        marks=("dispatched_at",),
    ),
    Step(
        "sign",
        (State.SIGNING,),
        State.RECTIFYING,
        SIGNERS,
        (guards.awaited,),
        (fields.NOTE.optional,),
        marks=("reviewed_at", "taken_at"),
    ),
    Step(
        "reject",
        (State.SIGNING,),
        State.DRAFTED,
        SIGNERS,
        (guards.awaited,),
        (fields.NOTE,),
        tells=(STATION,),
    ),
    Step("withdraw", (State.SIGNING,), SAME, SIGNERS, (guards.has_signed,), (fields.NOTE.optional,)),
    Step(
        "delegate",
        (State.SIGNING,),
        SAME,
        SIGNERS,
        (guards.may_delegate,),
        (fields.DELEGATE, fields.NOTE.optional),
    ),
    Step(
        "pull_back",
        (State.SIGNING,),
        State.DRAFTED,
        (OFFICE, LEAD, AUDIT),
        (secrecy.not_restricted_peer,),
        (fields.NOTE,),
        tells=(STATION,),
    ),
)
"""The order goes round: until its sheet is complete it stays out for signature, and a rejection sends it
back to its draft only where the rule of the node says so."""

STEPS = (
    Step(
        "revise",
        (State.DRAFTED, State.SIGNING),
        SAME,
        WRITERS,
        (secrecy.not_restricted_peer,),
        (fields.PROBLEMS.optional, fields.MEASURES.optional, fields.UNIT.optional, fields.DUE_ON.optional),
    ),
    Step(
        "void",
        (State.DRAFTED,),
        State.VOID,
        (OFFICE, LEAD, AUDIT),
        (secrecy.not_restricted_peer,),
        (fields.reason("void"), fields.NOTE),
        tells=(STATION,),
    ),
    *SHEET,
    Step(
        "carry_out",
        (State.RECTIFYING,),
        State.CHECKING,
        (STATION, AUDIT),
        (secrecy.not_restricted_peer,),
        (fields.EVIDENCE, fields.NOTE, fields.AT),
        marks=("answered_at",),
        tells=(OFFICE,),
    ),
    Step(
        "verify_effect",
        (State.CHECKING,),
        State.ARCHIVED,
        _side.CHECKERS,
        (secrecy.not_restricted_peer, guards.second_person, guards.checks_in_own_specialty),
        (
            fields.EFFECTIVE,
            fields.MEANS.optional,
            fields.EVIDENCE.optional,
            fields.NOTE,
            fields.DUE_ON.optional,
        ),
        marks=("archived_at",),
        tells=(STATION,),
        when_restricted=(AUDIT,),
    ),
    *_side.beside_child(OPEN),
)

PROCEDURE = Procedure("rectification", 2, State.DRAFTED, STEPS)
