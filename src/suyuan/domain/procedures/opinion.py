"""Opinion 意见, suggestion 建议 and praise 表扬."""

from .. import fields, guards
from ..procedure import Procedure, Step
from ..vocabulary import Role, State
from . import _appeals, _desks, _finally, _secrecy, _side

WORKING = (State.HANDLING, State.REVIEWING)
OPEN = (State.RECEIVED, State.REGISTERED, State.DISPATCHED, *WORKING, State.CALLBACK)

STEPS = _secrecy.faced(
    OPEN,
    *_side.INTAKE,
    Step(
        "close_in_call",
        (State.REGISTERED,),
        State.ARCHIVED,
        _side.DESK,
        (guards.answered_in_call,),
        (fields.NOTE.optional,),
        marks=("answered_at", "archived_at"),
    ),
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
        "answer",
        (State.HANDLING,),
        State.REVIEWING,
        (Role.STATION,),
        (),
        (fields.CAUSE.optional, fields.REPLY),
        tells=(Role.MARKETING, Role.OPERATIONS),
    ),
    Step(
        "review_pass",
        (State.REVIEWING,),
        State.CALLBACK,
        _side.CHECKERS,
        (guards.second_person, guards.in_own_specialty),
        (fields.NOTE.optional,),
        marks=("reviewed_at", "answered_at"),
        tells=(Role.AGENT,),
    ),
    Step(
        "review_return",
        (State.REVIEWING,),
        State.HANDLING,
        _side.CHECKERS,
        (guards.second_person, guards.in_own_specialty),
        (fields.NOTE,),
        tells=(Role.STATION,),
    ),
    *_side.CLOSING,
    *_side.beside(OPEN),
    *_desks.linked(OPEN),
)

PROCEDURE = Procedure(
    "opinion", 5, State.RECEIVED, (*STEPS, *_appeals.opening(OPEN), *_finally.OPENING, *_side.recalls(STEPS))
)
