"""What a complaint or a report owes where something in it was true: an order that it be put right."""

from collections.abc import Iterable
from dataclasses import replace

from .. import fields, guards, secrecy
from ..improvement import FORM
from ..procedure import SAME, Step
from ..vocabulary import Role, State


def ordering(*roles: Role) -> Step:
    """Return the step that opens a rectification order on the case."""
    return Step(
        "order_rectification",
        (State.CALLBACK,),
        SAME,
        roles,
        (guards.found_true,),
        (fields.PROBLEMS, fields.MEASURES.optional, fields.UNIT, fields.DUE_ON),
    )


def late(step: Step) -> Step:
    """Return the step by which an order is opened on an archived case that a sampling audit objected to."""
    return replace(step, source=(State.ARCHIVED,), guards=(guards.objected, *step.guards))


def improving(*roles: Role) -> Step:
    """Return the step that puts what a case brought to light on the register, also in hindsight."""
    return Step(
        "register_improvement",
        (State.CALLBACK, State.ARCHIVED),
        SAME,
        roles,
        (guards.found_true, secrecy.not_to_accused),
        FORM,
    )


def held(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return steps of which the archive waits for a countersigned order where something was true."""
    waits = (guards.rectification_ordered, guards.rectification_signed)
    return tuple(
        replace(step, guards=(*step.guards, *waits)) if step.verb == "archive" else step for step in steps
    )
