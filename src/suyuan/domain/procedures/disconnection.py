"""Disconnection for arrears 欠费停电: notice, approval, reminder, cut, payment, reconnection in time."""

from dataclasses import replace

from .. import disconnection as rule
from .. import fields, guards, secrecy
from ..procedure import SAME, Procedure, Step
from ..vocabulary import Role, State
from . import _side

OFFICE, STATION, MARKETING, LEAD = Role.OFFICE, Role.STATION, Role.MARKETING, Role.LEAD
BEFORE_CUT = (State.REGISTERED, State.REVIEWING, State.HANDLING)
OPEN = (*BEFORE_CUT, State.DISCONNECTED, State.RECONNECTING, State.RESTORED)
DOING = (STATION, MARKETING)
KEPT = (secrecy.not_restricted_peer,)

BEFORE = (
    Step(
        "notify_arrears", (State.REGISTERED,), State.REVIEWING, DOING, KEPT, rule.NOTICE, tells=(MARKETING,)
    ),
    Step("copy_notice", (State.REVIEWING, State.HANDLING), SAME, (*DOING, OFFICE), KEPT, rule.COPIED),
    Step(
        "approve_disconnection",
        (State.REVIEWING,),
        State.HANDLING,
        (MARKETING, OFFICE),
        (*KEPT, guards.second_person),
        (fields.NOTE.optional,),
        tells=(STATION,),
    ),
    Step(
        "return_disconnection",
        (State.REVIEWING,),
        State.REGISTERED,
        (MARKETING, OFFICE),
        (*KEPT, guards.second_person),
        (fields.NOTE,),
        tells=(STATION,),
    ),
    Step("remind_finally", (State.HANDLING,), SAME, DOING, KEPT, rule.DONE),
    Step(
        "withdraw_disconnection",
        BEFORE_CUT,
        State.ARCHIVED,
        (*DOING, OFFICE),
        KEPT,
        rule.WITHDRAWN,
        marks=("archived_at",),
        tells=(STATION,),
    ),
    Step("void", BEFORE_CUT, State.VOID, (OFFICE, MARKETING), KEPT, (fields.reason("void"), fields.NOTE)),
)
"""Whoever gave the notice does not approve; whoever pays in time is not cut off."""

CUT = (
    Step("disconnect", (State.HANDLING,), State.DISCONNECTED, DOING, KEPT, rule.DONE, tells=(MARKETING,)),
    Step(
        "record_payment",
        (State.DISCONNECTED,),
        State.RECONNECTING,
        (*DOING, Role.AGENT, LEAD, OFFICE),
        KEPT,
        rule.DONE,
        marks=("taken_at",),
        tells=(STATION,),
    ),
    Step(
        "reconnect_at_once",
        (State.DISCONNECTED,),
        State.RESTORED,
        (*DOING, OFFICE),
        KEPT,
        (fields.reason("reconnect_at_once"), *rule.DONE),
        marks=("restored_at",),
        tells=(MARKETING,),
    ),
    Step("reconnect", (State.RECONNECTING,), State.RESTORED, DOING, KEPT, rule.DONE, marks=("restored_at",)),
    Step(
        "close_disconnection",
        (State.RESTORED,),
        State.ARCHIVED,
        (*DOING, OFFICE),
        KEPT,
        (rule.PROOF, fields.NOTE.optional),
        marks=("archived_at",),
    ),
)
"""The clock of the reconnection runs from the payment; who was cut off wrongly is not asked to pay first."""

STEPS = (
    *(replace(step, when_restricted=(Role.AUDIT,)) for step in (*BEFORE, *CUT)),
    *_side.beside_child(OPEN),
)

PROCEDURE = Procedure(rule.PROCEDURE, 1, State.REGISTERED, STEPS)
