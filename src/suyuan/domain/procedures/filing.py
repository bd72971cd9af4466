"""Filing 报备: bad weather or a known constraint, filed ahead and approved at two levels."""

from .. import fields, filing, guards
from ..procedure import Procedure, Step
from ..vocabulary import Role, State
from . import _approved

OFFICE, STATION, LEADER, AUDIT = Role.OFFICE, Role.STATION, Role.LEADER, Role.AUDIT

STEPS = (
    *_approved.APPROVING,
    *_approved.shielded(
        Step(
            "end_filing",
            (State.IN_FORCE,),
            State.ARCHIVED,
            (STATION, OFFICE, Role.MARKETING, Role.OPERATIONS),
            (),
            (fields.NOTE,),
            marks=("archived_at",),
            tells=(STATION,),
        ),
        Step(
            "find_false",
            (State.IN_FORCE, State.ARCHIVED),
            State.VOID,
            (OFFICE, LEADER, AUDIT),
            (guards.second_person,),
            (fields.NOTE, fields.EVIDENCE, filing.MONTHS),
            tells=(STATION, OFFICE),
        ),
    ),
    *_approved.notes(_approved.OPEN),
)

PROCEDURE = Procedure("filing", 1, State.REVIEWING, STEPS)
