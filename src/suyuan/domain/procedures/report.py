"""Misconduct report 举报: handled by the audit desk, away from the unit it accuses."""

from dataclasses import replace

from .. import fields, guards
from ..procedure import Procedure, Step
from ..vocabulary import Role, State
from . import _desks, _discipline, _inquiry, _liable, _rectify, _side

WORKING = (State.HANDLING, State.REVIEWING)
OPEN = (State.RECEIVED, State.REGISTERED, State.DISPATCHED, *WORKING, State.CALLBACK)

CLOSING = tuple(replace(step, roles=(Role.AUDIT,), tells=()) for step in _side.CLOSING)
"""The customer of a report is called back by those who may know of it."""

ORDERING = _rectify.ordering(Role.AUDIT)

STEPS = _discipline.shielded(
    OPEN,
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
    *_inquiry.items((Role.AUDIT,), (Role.AUDIT, Role.LEADER), (guards.second_person,)),
    *_inquiry.sheets((Role.AUDIT,), ("write_report",)),
    _inquiry.visit((Role.AUDIT,)),
    Step(
        "submit_finding",
        (State.HANDLING,),
        State.REVIEWING,
        (Role.AUDIT,),
        (guards.sheets_complete,),
        (fields.FINDING, fields.CAUSE, fields.MEASURES, fields.REPLY, fields.EVIDENCE),
        tells=(Role.AUDIT,),
    ),
    *(
        replace(step, tells=(Role.AUDIT,))
        for step in _inquiry.review((Role.AUDIT, Role.LEADER), (guards.second_person,), (Role.AUDIT,))
    ),
    ORDERING,
    _rectify.late(ORDERING),
    _rectify.improving(Role.AUDIT),
    _liable.apportioning(Role.AUDIT),
    _liable.vetoing(Role.AUDIT),
    *_inquiry.complete(_rectify.held(CLOSING)),
    *_side.beside(OPEN),
    *_desks.linked(OPEN),
)

PROCEDURE = Procedure("report", 5, State.RECEIVED, (*STEPS, *_side.recalls(STEPS)))
