"""What the types of a log's objects are: by the rules, by what is asked for, else by the log."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from suyuan.analytics.trace.causality import Patterns, Roles, Rules, codes, fits
from suyuan.domain.errors import BadInput

if TYPE_CHECKING:
    from suyuan.gateways.eventlog import Columns


def settled(columns: "Columns", given: Rules, target: str, thing: str, *, own: bool) -> Rules:
    """Return rules whose roles the types of a log have; raise BadInput naming the types where they cannot.

    Complaints are what has the activity ``target``, else what the rules say, else what ``thing`` is. Places
    that no rule names are read from the log; where rules are the office's ``own``, they have to name some.
    """
    roles = replace(given.roles, complaints=_complaints(columns, given.roles, target, thing))
    if codes(columns.types, roles.places):
        return replace(given, roles=roles)
    if own:
        raise BadInput("trace_roles", role="places", types=_types(columns))
    from suyuan.analytics.trace import guess

    from . import eventlogs

    log = eventlogs.traceable(columns, replace(given, roles=roles))
    return replace(given, roles=guess.roles(log, given.roles, roles.complaints))


def _types(columns: "Columns") -> str:
    return ", ".join(name[:40] for name in columns.types[:30])


def _complaints(columns: "Columns", roles: Roles, target: str, thing: str) -> Patterns:
    if target:
        return _of_target(columns, roles, target)
    if codes(columns.types, roles.complaints):
        return roles.complaints
    at = pc.index(columns.object_ids, thing).as_py() if thing else -1
    if at < 0:
        raise BadInput("trace_roles", role="complaints", types=_types(columns))
    return (_exactly(columns.types[int(columns.type[at])]),)


def _exactly(name: str) -> str:
    """Return the pattern that fits a name and no other."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _of_target(columns: "Columns", roles: Roles, target: str) -> Patterns:
    """Return the types of objects that an activity is of: no places, no units, and begun with it mostly."""
    if target not in columns.activities:
        raise BadInput("unknown_value", field="target", value=target[:60])
    wanted = columns.activity == columns.activities.index(target)
    share = _begun(columns, wanted)
    kinds = {code: share[code] for code in range(len(share)) if share[code] > 0}
    kinds = {code: part for code, part in kinds.items() if _is_case(columns.types[code], roles)}
    best = max(kinds.values(), default=0.0)
    found = (columns.types[code] for code, part in kinds.items() if part >= best / 2)
    return tuple(sorted(_exactly(name) for name in found)) or roles.complaints


def _begun(columns: "Columns", wanted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return of each type which part of the objects that some events are of begins with one of them."""
    first = np.full(len(columns.type), len(columns.at), np.int64)
    np.minimum.at(first, columns.touch_object, columns.touch_event)
    there = np.unique(columns.touch_object[wanted[columns.touch_event]])
    begun = there[wanted[first[there]]]
    wide = len(columns.types)
    every = np.bincount(columns.type[there], minlength=wide)
    part = np.bincount(columns.type[begun], minlength=wide) / np.maximum(every, 1)
    return np.where(every > 0, np.maximum(part, 1e-9), 0.0)


def _is_case(kind: str, roles: Roles) -> bool:
    other = (*roles.places, *roles.actors, *roles.all_units, *roles.events)
    return fits(kind, (*roles.complaints, *roles.cases)) or not fits(kind, other)
