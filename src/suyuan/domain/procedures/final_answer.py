"""Final answer 最终答复: what cannot be met is answered for good; the customer may have it reviewed."""

from .. import fields, guards
from ..procedure import Procedure, Step
from ..vocabulary import Role, State
from . import _approved, _side

OFFICE, LEADER, AUDIT = Role.OFFICE, Role.LEADER, Role.AUDIT
REVIEWERS = (OFFICE, LEADER, AUDIT)

STEPS = (
    *_approved.APPROVING,
    *_approved.shielded(
        Step(
            "ask_review",
            (State.IN_FORCE,),
            State.DECIDING,
            _side.DESK,
            (),
            (fields.NOTE,),
            tells=(OFFICE,),
        ),
        Step(
            "keep_answer",
            (State.DECIDING,),
            State.IN_FORCE,
            REVIEWERS,
            (guards.second_person,),
            (fields.NOTE, fields.EVIDENCE.optional),
            tells=(Role.AGENT,),
        ),
        Step(
            "drop_answer",
            (State.DECIDING,),
            State.VOID,
            REVIEWERS,
            (guards.second_person,),
            (fields.NOTE,),
            tells=(Role.AGENT, OFFICE),
        ),
        Step(
            "end_answer",
            (State.IN_FORCE,),
            State.ARCHIVED,
            (OFFICE, Role.LEAD),
            (),
            (fields.NOTE,),
            marks=("archived_at",),
        ),
    ),
    *_approved.notes((*_approved.OPEN, State.DECIDING)),
)
"""Whoever wrote or approved it never decides its review."""

PROCEDURE = Procedure("final_answer", 1, State.REVIEWING, STEPS)
