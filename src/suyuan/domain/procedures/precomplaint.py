"""Pre-complaint case 预投诉: taken up, the customer spoken to, something done, and what came of it."""

from dataclasses import replace

from .. import fields, precomplaint, secrecy
from ..procedure import SAME, Procedure, Step
from ..vocabulary import Role, State
from . import _side

OFFICE, STATION = Role.OFFICE, Role.STATION
WORKING = (Role.AGENT, Role.LEAD, OFFICE, Role.MARKETING, Role.OPERATIONS, STATION)
"""Whoever may turn to the customer before he complains."""
OPEN = (State.REGISTERED, State.HANDLING)
KEPT = (secrecy.not_restricted_peer,)

PREVENTING = (
    Step("accept", (State.REGISTERED,), State.HANDLING, WORKING, KEPT, marks=("taken_at",)),
    Step(
        "contact",
        (State.HANDLING,),
        SAME,
        WORKING,
        KEPT,
        (fields.REACHED, fields.CONTACT_NOTE, fields.AT),
        marks=("contacted_at",),
    ),
    Step("take_measure", (State.HANDLING,), SAME, WORKING, KEPT, (fields.MEASURES, fields.EVIDENCE.optional)),
    Step(
        "conclude_precomplaint",
        (State.HANDLING,),
        State.ARCHIVED,
        WORKING,
        KEPT,
        (precomplaint.OUTCOME, precomplaint.COMPLAINT, fields.NOTE),
        marks=("answered_at", "archived_at"),
        tells=(OFFICE,),
    ),
    Step(
        "grade_risk",
        OPEN,
        SAME,
        (OFFICE, Role.LEAD, Role.MARKETING, Role.OPERATIONS),
        KEPT,
        (precomplaint.RISK, fields.NOTE),
        tells=(STATION,),
    ),
    Step("put_off", OPEN, SAME, WORKING, KEPT, (replace(precomplaint.FOLLOW_ON, required=True), fields.NOTE)),
    Step(
        "void",
        OPEN,
        State.VOID,
        (OFFICE, Role.LEAD),
        KEPT,
        (fields.reason("void"), fields.NOTE),
    ),
)
"""One person sees it through: nobody reviews it, for nothing in it judges anybody."""

STEPS = (
    *(replace(step, when_restricted=(Role.AUDIT,)) for step in PREVENTING),
    *_side.beside_child(OPEN),
)

PROCEDURE = Procedure("precomplaint", 1, State.REGISTERED, (*STEPS, *_side.recalls(STEPS)))
