"""Appeal 申诉: drafted by the unit, sealed on three levels, decided, and once more by somebody else."""

from dataclasses import replace

from .. import appeal, fields, secrecy
from ..procedure import SAME, Procedure, Step
from ..vocabulary import Role, State
from . import _appeals, _side

OFFICE, AUDIT, LEADER = Role.OFFICE, Role.AUDIT, Role.LEADER
UNIT = _appeals.UNIT
SEALING = (*UNIT, OFFICE, LEADER)
OPEN = (State.DRAFTED, State.SEALING, State.DECIDING, State.REFUSED, State.FINAL)
KEPT = (secrecy.not_restricted_peer,)


def _deciding(source: State, roles: tuple[Role, ...], refused: State) -> tuple[Step, ...]:
    """Return the two outcomes of a decision, by people who took no part in what it is about."""
    uphold = Step(
        "uphold_appeal",
        (source,),
        State.ARCHIVED,
        roles,
        (*KEPT, appeal.took_no_part),
        (fields.NOTE,),
        marks=("answered_at", "archived_at"),
        tells=(Role.STATION,),
    )
    marks = uphold.marks if refused is State.ARCHIVED else ("answered_at",)
    return uphold, replace(uphold, verb="refuse_appeal", target=refused, marks=marks)


STEPS = (
    Step(
        "revise_appeal",
        (State.DRAFTED,),
        SAME,
        UNIT,
        KEPT,
        tuple(one.optional for one in appeal.FILE_FORM),
    ),
    Step("submit_appeal", (State.DRAFTED,), State.SEALING, UNIT, KEPT, marks=("dispatched_at",)),
    Step(
        "seal",
        (State.SEALING,),
        State.DECIDING,
        SEALING,
        (*KEPT, appeal.seal_awaited),
        appeal.SEAL_FORM,
        marks=("taken_at",),
    ),
    Step(
        "return_appeal", (State.SEALING,), State.DRAFTED, SEALING, KEPT, (fields.NOTE,), tells=(Role.STATION,)
    ),
    *_deciding(State.DECIDING, (OFFICE, AUDIT), State.REFUSED),
    Step("ask_final", (State.REFUSED,), State.FINAL, UNIT, KEPT, appeal.ASK_FINAL_FORM, tells=(AUDIT,)),
    *_deciding(State.FINAL, (AUDIT, LEADER), State.ARCHIVED),
    Step(
        "close_appeal",
        (State.REFUSED,),
        State.ARCHIVED,
        (*UNIT, OFFICE, Role.LEAD),
        KEPT,
        (fields.NOTE,),
        marks=("archived_at",),
    ),
    Step("withdraw_appeal", OPEN, State.VOID, (*UNIT, AUDIT), KEPT, (fields.NOTE,)),
    *_side.beside_child(OPEN),
)
"""A first decision that refuses leaves it open for a final one; what became of the case stands beside its
finding, never over it."""

PROCEDURE = Procedure("appeal", 1, State.DRAFTED, STEPS)
