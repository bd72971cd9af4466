"""Review of a claim 恶意诉求认定: two people find it malicious, each with reasons, or it is not.

The case itself goes on meanwhile: none of its steps asks for what comes of this.
"""

from .. import appeal, fields, secrecy
from ..procedure import SAME, Procedure, Step
from ..vocabulary import Role, State
from . import _appeals, _side

REVIEWERS = (Role.OFFICE, Role.AUDIT, Role.MARKETING, Role.OPERATIONS)
OPEN = (State.DECIDING,)
KEPT = (secrecy.not_restricted_peer,)

STEPS = (
    Step(
        "judge_claim",
        (State.DECIDING,),
        State.ARCHIVED,
        REVIEWERS,
        (*KEPT, appeal.took_no_part),
        appeal.JUDGE_FORM,
        marks=("archived_at",),
        tells=(Role.STATION,),
    ),
    Step("void", OPEN, State.VOID, _appeals.CLAIMING, KEPT, (fields.reason("void"), fields.NOTE)),
    Step(
        "lift_claim",
        (State.ARCHIVED,),
        SAME,
        (Role.OFFICE, Role.AUDIT),
        KEPT,
        (fields.NOTE,),
        tells=(Role.STATION,),
    ),
    *_side.beside_child(OPEN),
)

PROCEDURE = Procedure("claim_review", 1, State.DECIDING, STEPS)
