"""Technical assessment order 技术评估单: what customers of a place bring up, looked into by operations."""

from dataclasses import replace

from .. import evaluation, fields, guards, secrecy
from ..procedure import SAME, Procedure, Step
from ..vocabulary import Role, State
from . import _side

OFFICE, OPERATIONS, MARKETING = Role.OFFICE, Role.OPERATIONS, Role.MARKETING
OPEN = (State.REGISTERED, State.HANDLING, State.REVIEWING, State.RECTIFYING, State.CHECKING)
KEPT = (secrecy.not_restricted_peer,)

ASSESSING = (
    Step("accept", (State.REGISTERED,), State.HANDLING, (OPERATIONS,), KEPT, marks=("taken_at",)),
    Step(
        "evaluate",
        (State.HANDLING,),
        State.REVIEWING,
        (OPERATIONS,),
        KEPT,
        evaluation.FINDINGS,
        marks=("answered_at",),
        tells=(OPERATIONS,),
    ),
    Step(
        "pass_evaluation",
        (State.REVIEWING,),
        State.RECTIFYING,
        (OPERATIONS, OFFICE),
        (*KEPT, guards.second_person),
        (fields.NOTE.optional,),
        marks=("reviewed_at",),
        tells=(OPERATIONS,),
    ),
    Step(
        "return_evaluation",
        (State.REVIEWING,),
        State.HANDLING,
        (OPERATIONS, OFFICE),
        (*KEPT, guards.second_person),
        (fields.NOTE,),
        tells=(OPERATIONS,),
    ),
)
"""Operations says what it found, and somebody who did not look into it passes that or sends it back."""

MENDING = (
    Step(
        "add_measure",
        (State.RECTIFYING,),
        SAME,
        (OPERATIONS, OFFICE),
        KEPT,
        evaluation.MEASURE,
    ),
    Step(
        "measures_done",
        (State.RECTIFYING,),
        State.CHECKING,
        (OPERATIONS, OFFICE),
        KEPT,
        (fields.NOTE, fields.EVIDENCE.optional),
        tells=(OFFICE,),
    ),
    Step(
        "evaluate_again",
        (State.CHECKING,),
        State.HANDLING,
        (OPERATIONS, OFFICE),
        KEPT,
        (fields.NOTE,),
        tells=(OPERATIONS,),
    ),
    Step(
        "close_evaluation",
        (State.CHECKING,),
        State.ARCHIVED,
        (OPERATIONS, OFFICE),
        (*KEPT, guards.second_person),
        (fields.NOTE,),
        marks=("archived_at",),
        tells=(OPERATIONS, MARKETING),
    ),
)
"""What is to be done goes to the improvement register; once all of it is done its effect is watched."""

VOIDING = Step(
    "void",
    (State.REGISTERED, State.HANDLING),
    State.VOID,
    (OFFICE, OPERATIONS),
    KEPT,
    (fields.reason("void"), fields.NOTE),
)

STEPS = (
    *(replace(step, when_restricted=(Role.AUDIT,)) for step in (*ASSESSING, *MENDING, VOIDING)),
    *_side.beside_child(OPEN),
)
"""Nothing that is restricted makes a theme; an order that is restricted later stays with audit."""

PROCEDURE = Procedure("evaluation", 1, State.REGISTERED, (*STEPS, *_side.recalls(STEPS)))
