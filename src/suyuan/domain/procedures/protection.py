"""Staff protection 员工保护: incidents written down, help asked for and arranged, and looked after."""

from .. import fields, protection
from ..procedure import SAME, Procedure, Step
from ..vocabulary import Role, State

OPEN = (State.REGISTERED, State.HANDLING)
SEEING_TO = (Role.LEAD, Role.PARTY, Role.AUDIT)
STAFF = (
    *SEEING_TO,
    *(Role.AGENT, Role.STATION, Role.OFFICE, Role.MARKETING, Role.OPERATIONS, Role.LEADER),
)
"""Whoever works here can be the person it is about."""
THEIRS = (protection.protected_hands,)

STEPS = (
    Step("log_incident", OPEN, SAME, STAFF, THEIRS, protection.INCIDENT_FORM),
    Step("ask_care", OPEN, SAME, STAFF, THEIRS, protection.ASK_FORM),
    Step(
        "arrange_care", OPEN, State.HANDLING, SEEING_TO, (), protection.ARRANGE_FORM, marks=("dispatched_at",)
    ),
    Step(
        "follow_up",
        (State.HANDLING,),
        State.ARCHIVED,
        SEEING_TO,
        (),
        protection.FOLLOW_FORM,
        marks=("archived_at",),
    ),
    Step("note", OPEN, SAME, STAFF, THEIRS, (fields.NOTE, fields.EVIDENCE.optional)),
    Step("void", (State.REGISTERED,), State.VOID, STAFF, THEIRS, (fields.reason("void"), fields.NOTE)),
)
"""It speaks of one person: no step tells a role, nobody urges it, no case is merged into it."""

PROCEDURE = Procedure("protection", 1, State.REGISTERED, STEPS)
