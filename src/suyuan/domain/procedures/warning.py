"""Warning 预警单: a signal that somebody owns, acted on, and closed with proof by a second person."""

from dataclasses import replace

from .. import fields, guards, secrecy
from .. import warning as rule
from ..procedure import SAME, Procedure, Step
from ..vocabulary import Role, State
from . import _side

OFFICE, LEADER, AUDIT = Role.OFFICE, Role.LEADER, Role.AUDIT
OPEN = (State.REGISTERED, State.HANDLING, State.REVIEWING)
KEPT = (secrecy.not_restricted_peer,)
HELD = (secrecy.restricted_hands,)

WORKING = (
    Step("acknowledge_warning", (State.REGISTERED,), State.HANDLING, rule.OWNERS, KEPT, marks=("taken_at",)),
    Step(
        "transfer_warning",
        (State.REGISTERED, State.HANDLING),
        State.REGISTERED,
        rule.OWNERS,
        (*KEPT, secrecy.not_to_accused),
        (fields.UNIT, fields.reason("transfer"), fields.NOTE.optional),
        tells=(Role.STATION, OFFICE),
    ),
    Step("record_act", (State.HANDLING,), SAME, rule.OWNERS, KEPT, rule.ACT),
    Step(
        "propose_closing",
        (State.HANDLING,),
        State.REVIEWING,
        rule.OWNERS,
        KEPT,
        (rule.PROOF, fields.EVIDENCE.optional),
        marks=("answered_at",),
        tells=(OFFICE,),
    ),
    Step(
        "dismiss_warning",
        (State.REGISTERED, State.HANDLING),
        State.VOID,
        rule.OWNERS,
        KEPT,
        (fields.reason("false_alarm"), fields.NOTE),
        tells=(OFFICE,),
    ),
)
"""Whoever owns it takes it on, sends it to the right unit, acts, and says what shows that it is over."""

CHECKING = (
    Step(
        "pass_closing",
        (State.REVIEWING,),
        State.ARCHIVED,
        (OFFICE, Role.MARKETING, Role.OPERATIONS),
        (*HELD, guards.second_person),
        (fields.NOTE.optional,),
        marks=("archived_at",),
        tells=(Role.STATION,),
    ),
    Step(
        "return_closing",
        (State.REVIEWING,),
        State.HANDLING,
        (OFFICE, Role.MARKETING, Role.OPERATIONS),
        (*HELD, guards.second_person),
        (fields.NOTE,),
        tells=(Role.STATION,),
    ),
    Step(
        "reopen_warning",
        (State.ARCHIVED,),
        State.REGISTERED,
        (OFFICE, Role.MARKETING, Role.OPERATIONS),
        HELD,
        (fields.NOTE,),
        tells=(Role.STATION, OFFICE),
    ),
)
"""Somebody who did not act looks at the proof; what comes back is open again."""

STEPS = (
    *(replace(step, when_restricted=(AUDIT,)) for step in WORKING),
    *(replace(step, when_restricted=(AUDIT, LEADER)) for step in CHECKING),
    *_side.beside_child(OPEN),
)
"""Nobody but the audit desk knows of the warning of a restricted case."""

PROCEDURE = Procedure(rule.PROCEDURE, 1, State.REGISTERED, STEPS)
"""Opened by a signal or a person, acknowledged, acted on, closed with proof or dismissed as a false alarm."""
