"""Misconduct report 举报: handled by the audit desk, away from the unit it accuses."""

from dataclasses import replace

from .. import fields, guards
from ..procedure import Procedure, Step
from ..vocabulary import Role, State
from . import _rectify, _side

WORKING = (State.HANDLING, State.REVIEWING)
OPEN = (State.RECEIVED, State.REGISTERED, State.DISPATCHED, *WORKING, State.CALLBACK)

CLOSING = tuple(replace(step, roles=(Role.AUDIT,), tells=()) for step in _side.CLOSING)
"""The customer of a report is called back by those who may know of it."""

STEPS = (
    *_side.INTAKE,
    Step("accept", (State.DISPATCHED,), State.HANDLING, (Role.AUDIT,), marks=("taken_at",)),
    *_side.hand_over(WORKING),
    Step(
        "contact",
        (State.HANDLING,),
        State.HANDLING,
        (Role.AUDIT,),
        (),
        (fields.REACHED, fields.CONTACT_NOTE, fields.AT),
        marks=("contacted_at",),
    ),
    Step(
        "submit_finding",
        (State.HANDLING,),
        State.REVIEWING,
        (Role.AUDIT,),
        (),
        (fields.FINDING, fields.CAUSE, fields.MEASURES, fields.REPLY, fields.EVIDENCE),
        tells=(Role.AUDIT,),
    ),
    Step(
        "review_pass",
        (State.REVIEWING,),
        State.CALLBACK,
        (Role.AUDIT, Role.LEADER),
        (guards.second_person, guards.finding_given),
        (fields.FINDING, fields.NOTE.optional),
        marks=("reviewed_at", "answered_at"),
        tells=(Role.AUDIT,),
    ),
    Step(
        "review_return",
        (State.REVIEWING,),
        State.HANDLING,
        (Role.AUDIT, Role.LEADER),
        (guards.second_person,),
        (fields.NOTE,),
        tells=(Role.AUDIT,),
    ),
    _rectify.ordering(Role.AUDIT),
    *_rectify.held(CLOSING),
    *_side.beside(OPEN),
)

PROCEDURE = Procedure("report", 3, State.RECEIVED, (*STEPS, *_side.recalls(STEPS)))
