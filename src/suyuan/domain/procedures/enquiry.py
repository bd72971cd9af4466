"""Enquiry 咨询查询: answered in the call where possible, otherwise by the department that knows."""

from .. import fields, guards
from ..procedure import Procedure, Step
from ..vocabulary import Role, State
from . import _desks, _secrecy, _side

OPEN = (State.RECEIVED, State.REGISTERED, State.DISPATCHED, State.HANDLING, State.CALLBACK)

STEPS = _secrecy.faced(
    OPEN,
    *_side.INTAKE,
    Step(
        "close_in_call",
        (State.REGISTERED,),
        State.ARCHIVED,
        _side.DESK,
        (guards.answered_in_call,),
        (fields.REPLY,),
        marks=("answered_at", "archived_at"),
    ),
    Step(
        "accept",
        (State.DISPATCHED,),
        State.HANDLING,
        (Role.STATION, Role.MARKETING, Role.OPERATIONS),
        marks=("taken_at",),
    ),
    *_side.hand_over((State.HANDLING,)),
    Step(
        "answer",
        (State.HANDLING,),
        State.CALLBACK,
        (Role.STATION, Role.MARKETING, Role.OPERATIONS),
        (),
        (fields.REPLY,),
        marks=("answered_at",),
        tells=(Role.AGENT,),
    ),
    *_side.CLOSING,
    *_side.beside(OPEN),
    *_desks.linked(OPEN),
)

PROCEDURE = Procedure("enquiry", 4, State.RECEIVED, (*STEPS, *_side.recalls(STEPS)))
