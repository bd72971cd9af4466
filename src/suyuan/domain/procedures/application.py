"""Service application 服务申请: reconnection, appliance damage, meter or reading doubts, charging."""

from .. import fields, guards
from ..procedure import Procedure, Step
from ..vocabulary import Role, State
from . import _appeals, _desks, _inquiry, _secrecy, _side

WORKING = (State.HANDLING, State.ON_SITE)
OPEN = (State.RECEIVED, State.REGISTERED, State.DISPATCHED, *WORKING, State.CALLBACK)

STEPS = _secrecy.faced(
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
    Step(
        "arrive",
        (State.HANDLING,),
        State.ON_SITE,
        (Role.STATION,),
        (),
        (fields.AT, fields.EVIDENCE.optional),
        marks=("arrived_at",),
    ),
    Step(
        "answer",
        WORKING,
        State.CALLBACK,
        (Role.STATION,),
        (guards.sheets_complete,),
        (fields.CAUSE.optional, fields.MEASURES, fields.REPLY),
        marks=("answered_at",),
        tells=(Role.AGENT,),
    ),
    _inquiry.damage(WORKING),
    *_side.CLOSING,
    *_side.beside(OPEN),
    *_desks.linked(OPEN),
)

PROCEDURE = Procedure(
    "application", 5, State.RECEIVED, (*STEPS, *_appeals.opening(OPEN), *_side.recalls(STEPS))
)
