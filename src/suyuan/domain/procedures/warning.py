"""Warning 预警单: a signal that somebody owns, acted on, and closed with proof by a second person."""

from dataclasses import replace

from .. import fields, guards, secrecy
from .. import warning as rule
from ..procedure import SAME, Procedure, Step
from ..vocabulary import Role, State
from . import _side

OFFICE, LEADER, AUDIT = Role.OFFICE, Role.LEADER, Role.AUDIT
OPEN = (State.REGISTERED, State.HANDLING, State.REVIEWING, State.DECIDING)
CHECKERS = (OFFICE, Role.MARKETING, Role.OPERATIONS)
REPLIERS = tuple(role for role in rule.OWNERS if role is not OFFICE)
"""Who replies for a unit that was named: not those who named it."""
KEPT = (secrecy.not_restricted_peer,)
HELD = (secrecy.restricted_hands,)

WORKING = (
    Step("acknowledge_warning", (State.REGISTERED,), State.HANDLING, rule.OWNERS, KEPT, marks=("taken_at",)),
    Step(
        "transfer_warning",
        (State.REGISTERED, State.HANDLING),
        State.REGISTERED,
        rule.OWNERS,
        (*KEPT, secrecy.not_to_accused, guards.unit_not_named),
        (fields.UNIT, fields.reason("transfer"), fields.NOTE.optional),
        tells=(Role.STATION, OFFICE),
    ),
    Step(
        "reply_warning",
        (State.HANDLING,),
        SAME,
        REPLIERS,
        (*KEPT, guards.named_unit),
        rule.REPLY,
        marks=("answered_at",),
        tells=(OFFICE,),
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
        "propose_dismissal",
        (State.HANDLING,),
        State.DECIDING,
        rule.OWNERS,
        KEPT,
        (fields.reason("false_alarm"), fields.NOTE),
        marks=("answered_at",),
        tells=(OFFICE,),
    ),
)
"""Whoever owns it takes it on, sends it to the right unit, acts, says what shows it is over or was none."""

CHECKING = (
    Step(
        "pass_closing",
        (State.REVIEWING,),
        State.ARCHIVED,
        CHECKERS,
        (*HELD, guards.second_person),
        (fields.NOTE.optional,),
        marks=("archived_at",),
        tells=(Role.STATION,),
    ),
    Step(
        "dismiss_warning",
        (State.DECIDING,),
        State.VOID,
        CHECKERS,
        (*HELD, guards.second_person),
        (fields.NOTE.optional,),
        marks=("archived_at",),
        tells=(Role.STATION,),
    ),
    Step(
        "return_closing",
        (State.REVIEWING, State.DECIDING),
        State.HANDLING,
        CHECKERS,
        (*HELD, guards.second_person),
        (fields.NOTE,),
        tells=(Role.STATION,),
    ),
    Step(
        "reopen_warning",
        (State.ARCHIVED,),
        State.REGISTERED,
        CHECKERS,
        HELD,
        (fields.NOTE,),
        tells=(Role.STATION, OFFICE),
    ),
)
"""Somebody who did not act looks at the proof, or at why it was none; what comes back is open again."""

STEPS = (
    *(replace(step, when_restricted=(AUDIT,)) for step in WORKING),
    *(replace(step, when_restricted=(AUDIT, LEADER)) for step in CHECKING),
    *_side.beside_child(OPEN),
)
"""Nobody but the audit desk knows of the warning of a restricted case."""

PROCEDURE = Procedure(rule.PROCEDURE, 3, State.REGISTERED, STEPS)
"""Opened by a signal or a person, acknowledged, acted on, closed or dismissed by a second person."""
