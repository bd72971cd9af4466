"""Complaint 投诉: from the contact to the archive (domain.md §3)."""

from .. import fields, guards
from ..procedure import Procedure, Step
from ..vocabulary import Role, State
from . import _rectify, _side

WORKING = (State.HANDLING, State.REVIEWING)
OPEN = (State.RECEIVED, State.REGISTERED, State.DISPATCHED, *WORKING, State.CALLBACK)

STEPS = (
    *_side.INTAKE,
    Step("accept", (State.DISPATCHED,), State.HANDLING, (Role.STATION,), marks=("taken_at",)),
    *_side.hand_over(WORKING),
    Step(
        "contact",
        (State.HANDLING,),
        State.HANDLING,
        (Role.STATION, Role.OFFICE),
        (),
        (fields.REACHED, fields.CONTACT_NOTE, fields.AT),
        marks=("contacted_at",),
    ),
    Step(
        "submit_finding",
        (State.HANDLING,),
        State.REVIEWING,
        (Role.STATION,),
        (guards.customer_contacted,),
        (fields.FINDING, fields.CAUSE, fields.MEASURES, fields.REPLY, fields.EVIDENCE.optional),
        tells=(Role.MARKETING, Role.OPERATIONS),
    ),
    Step(
        "review_pass",
        (State.REVIEWING,),
        State.CALLBACK,
        _side.CHECKERS,
        (guards.second_person, guards.own_specialty, guards.finding_given),
        (fields.FINDING, fields.NOTE.optional),
        marks=("reviewed_at", "answered_at"),
        tells=(Role.AGENT,),
    ),
    Step(
        "review_return",
        (State.REVIEWING,),
        State.HANDLING,
        _side.CHECKERS,
        (guards.second_person, guards.own_specialty),
        (fields.NOTE,),
        tells=(Role.STATION,),
    ),
    _rectify.ordering(Role.OFFICE, Role.LEAD, Role.MARKETING, Role.OPERATIONS),
    *_rectify.held(_side.CLOSING),
    *_side.beside(OPEN),
)

PROCEDURE = Procedure("complaint", 3, State.RECEIVED, (*STEPS, *_side.recalls(STEPS)))
