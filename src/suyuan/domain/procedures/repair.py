"""Fault repair 故障报修: a crew goes out, restores supply, and the customer is called back."""

from .. import fields, guards
from ..procedure import Procedure, Step
from ..vocabulary import Role, State
from . import _appeals, _desks, _secrecy, _side

WORKING = (State.HANDLING, State.ON_SITE, State.RESTORED)
OPEN = (State.RECEIVED, State.REGISTERED, State.DISPATCHED, *WORKING, State.CALLBACK)

STEPS = _secrecy.faced(
    OPEN,
    *_side.INTAKE,
    Step(
        "accept",
        (State.DISPATCHED,),
        State.HANDLING,
        (Role.STATION,),
        marks=("taken_at",),
    ),
    *_side.hand_over((State.HANDLING,)),
    Step(
        "arrive",
        (State.HANDLING,),
        State.ON_SITE,
        (Role.STATION,),
        (),
        (fields.AT, fields.EVIDENCE.optional),
        marks=("arrived_at", "contacted_at"),
    ),
    Step(
        "restore",
        (State.ON_SITE,),
        State.RESTORED,
        (Role.STATION,),
        (guards.arrived,),
        (fields.CAUSE, fields.MEASURES, fields.PAID_NOTICE, fields.AT),
        marks=("restored_at",),
    ),
    Step(
        "answer",
        (State.RESTORED,),
        State.CALLBACK,
        (Role.STATION,),
        (),
        (fields.REPLY,),
        marks=("answered_at",),
        tells=(Role.AGENT,),
    ),
    *_side.asking(_side.CLOSING, fields.STABLE, fields.CREW),
    *_side.cards((State.ON_SITE, State.RESTORED, State.CALLBACK)),
    *_side.beside(OPEN),
    *_desks.linked(OPEN),
)

PROCEDURE = Procedure("repair", 4, State.RECEIVED, (*STEPS, *_appeals.opening(OPEN), *_side.recalls(STEPS)))
