"""A procedure table as JSON, and back: what a case pins when the table moves on.

Guards are kept by name, so a released table refuses exactly what it refused on its day.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import resources
from typing import Any

from suyuan.domain.errors import BadInput
from suyuan.domain.fields import Field, Type
from suyuan.domain.guards import GUARDS, objected, objection_open
from suyuan.domain.procedure import Procedure, Step
from suyuan.domain.vocabulary import Role, State

from . import CURRENT
from ._appeals import AFTERWARDS
from ._liable import LATER


def freeze(procedure: Procedure) -> dict[str, Any]:
    """Return ``procedure`` as JSON values."""
    return {
        "name": procedure.name,
        "version": procedure.version,
        "initial": procedure.initial.value,
        "steps": [_freeze_step(step) for step in procedure.steps],
    }


def _freeze_step(step: Step) -> dict[str, Any]:
    return {
        "verb": step.verb,
        "source": [state.value for state in step.source],
        "target": str(step.target),
        "roles": [role.value for role in step.roles],
        "guards": [guard.__name__ for guard in step.guards],
        "form": [_freeze_field(field) for field in step.form],
        "marks": list(step.marks),
        "tells": [role.value for role in step.tells],
    } | ({"when_restricted": [role.value for role in step.when_restricted]} if step.when_restricted else {})


def _freeze_field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "type": field.type.value,
        "required": field.required,
        "choices": list(field.choices),
        "reasons": field.reasons,
        "personal": field.personal,
    }


def thaw(content: Mapping[str, Any]) -> Procedure:
    """Return the procedure that ``freeze`` wrote."""
    return Procedure(
        content["name"],
        content["version"],
        State(content["initial"]),
        tuple(_thaw_step(step) for step in content["steps"]),
    )


def _thaw_step(step: Mapping[str, Any]) -> Step:
    return Step(
        verb=step["verb"],
        source=tuple(State(state) for state in step["source"]),
        target=step["target"],
        roles=tuple(Role(role) for role in step["roles"]),
        guards=tuple(GUARDS[name] for name in step["guards"]),
        form=tuple(
            Field(**{**field, "type": Type(field["type"]), "choices": tuple(field["choices"])})
            for field in step["form"]
        ),
        marks=tuple(step["marks"]),
        tells=tuple(Role(role) for role in step["tells"]),
        when_restricted=tuple(Role(role) for role in step.get("when_restricted", ())),
    )


def pinned(name: str, version: int) -> Procedure:
    """Return the version of a procedure that a case pinned; raise BadInput if it was never released.

    What a sampling audit objects to is answered by the newest table, whatever a case closed under, and so is
    an appeal against it: an older one knows nothing of them.
    """
    current = CURRENT.get(name)
    if current is not None and current.version == version:
        return current
    path = resources.files(__package__).joinpath("released", f"{name}-{version}.json")
    if not path.is_file():
        raise BadInput("unknown_procedure_version", name=name, version=version)
    table = thaw(json.loads(path.read_text("utf-8")))
    return replace(table, steps=(*table.steps, *_afterwards(table)))


def _afterwards(table: Procedure) -> Iterator[Step]:
    """Yield the steps of the newest table that an objection or an appeal needs and an older one has not."""
    for step in CURRENT[table.name].steps if table.name in CURRENT else ():
        if step.verb in (*AFTERWARDS, *LATER) or not {objected, objection_open}.isdisjoint(step.guards):
            there = {state for each in table.steps if each.verb == step.verb for state in each.source}
            if there.isdisjoint(step.source):
                yield step


def unmapped(old: Procedure, new: Procedure) -> tuple[State, ...]:
    """Return the states of ``old`` that ``new`` does not have: cases standing there cannot move over."""
    return tuple(state for state in old.states if state not in new.states)
