"""Imported orders of a type we do not know: kept, watched, and closed or taken over by hand."""

from .. import fields
from ..procedure import SAME, Procedure, Step
from ..vocabulary import Role, State
from . import _side

STEPS = (
    Step(
        "reclassify",
        (State.OPEN,),
        State.REGISTERED,
        (Role.LEAD, Role.OFFICE),
        (),
        (fields.BUSINESS_TYPE, fields.CATEGORY.optional, fields.NOTE),
    ),
    Step(
        "close",
        (State.OPEN,),
        State.ARCHIVED,
        (Role.LEAD, Role.OFFICE),
        (),
        (fields.NOTE,),
        marks=("archived_at",),
    ),
    Step("urge", (State.OPEN,), SAME, _side.DESK, (), (fields.NOTE,), tells=(Role.STATION, Role.OFFICE)),
    Step(
        "supervise",
        (State.OPEN,),
        SAME,
        (Role.OFFICE, Role.LEADER, Role.AUDIT),
        (),
        (fields.NOTE,),
        tells=(Role.STATION,),
    ),
    Step(
        "note",
        (State.OPEN,),
        SAME,
        (*_side.DESK, Role.STATION, Role.MARKETING, Role.OPERATIONS, Role.AUDIT),
        (),
        (fields.NOTE, fields.EVIDENCE.optional),
    ),
)

PROCEDURE = Procedure("imported", 1, State.OPEN, STEPS)
