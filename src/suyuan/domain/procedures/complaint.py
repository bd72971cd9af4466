"""Complaint 投诉: from the contact to the archive (domain.md §3)."""

from .. import fields, guards
from ..procedure import Procedure, Step
from ..vocabulary import Role, State
from . import _appeals, _desks, _discipline, _finally, _inquiry, _liable, _rectify, _side

WORKING = (State.HANDLING, State.REVIEWING)
OPEN = (State.RECEIVED, State.REGISTERED, State.DISPATCHED, *WORKING, State.CALLBACK)

CHECKED = (guards.second_person, guards.in_own_specialty)
"""A specialty checks what is its own, and nobody checks what they worked on."""

ORDERING = _rectify.ordering(Role.OFFICE, Role.LEAD, Role.MARKETING, Role.OPERATIONS)

STEPS = _discipline.shielded(
    OPEN,
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
    *_inquiry.items((*_side.DESK, Role.STATION, *_side.CHECKERS[:2]), _side.CHECKERS, CHECKED),
    *_inquiry.sheets((Role.STATION,), tuple(_inquiry.FORMS)),
    _inquiry.visit((*_side.CHECKERS, Role.STATION, Role.AUDIT)),
    Step(
        "submit_finding",
        (State.HANDLING,),
        State.REVIEWING,
        (Role.STATION,),
        (guards.customer_contacted, guards.sheets_complete),
        (fields.FINDING, fields.CAUSE, fields.MEASURES, fields.REPLY, fields.EVIDENCE.optional),
        tells=(Role.MARKETING, Role.OPERATIONS),
    ),
    *_inquiry.review(_side.CHECKERS, CHECKED, (Role.AGENT,)),
    ORDERING,
    _rectify.late(ORDERING),
    _rectify.improving(Role.OFFICE, Role.LEAD, Role.MARKETING, Role.OPERATIONS),
    _liable.apportioning(Role.OFFICE, Role.LEAD, Role.MARKETING, Role.OPERATIONS),
    _liable.vetoing(Role.OFFICE, Role.LEAD),
    _inquiry.analysis(_side.CHECKERS),
    *_inquiry.analysed(_inquiry.complete(_rectify.held(_side.CLOSING))),
    *_side.cards((State.CALLBACK,)),
    *_side.beside(OPEN),
    *_desks.around(OPEN),
    *_desks.linked(OPEN),
)

PROCEDURE = Procedure(
    "complaint",
    5,
    State.RECEIVED,
    (*STEPS, *_appeals.opening(OPEN), *_finally.APART, *_side.recalls(STEPS)),
)
