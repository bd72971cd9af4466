"""What a classical log says by attributes, made what tracing reads: who did a step, and that it is done."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from suyuan.analytics.trace.causality import Patterns, Roles, fits

if TYPE_CHECKING:
    from suyuan.gateways.eventlog import Columns

TRANSITION = "lifecycle:transition"
"""The attribute by which XES says what became of an activity, and the values of its standard model."""
DONE = frozenset(("complete", "ate_abort", "pi_abort", "autoskip", "manualskip", "withdraw"))
UNDER_WAY = frozenset(("schedule", "assign", "reassign", "start", "suspend", "resume"))


def completed(columns: "Columns") -> "Columns":
    """Return a log without the events that only say that a step began, of activities that are said to end.

    Else every step would have been done twice. What began and did not end is then what was not done.
    """
    said, words = _said(columns, (TRANSITION,))
    done = np.array([*(word.lower() in DONE for word in words), False])
    begun = np.array([*(word.lower() in UNDER_WAY for word in words), False])
    ends = np.unique(columns.activity[(said >= 0) & done[said]])
    drop = (said >= 0) & begun[said] & np.isin(columns.activity, ends)
    return _without(columns, drop) if drop.any() else columns


def _without(columns: "Columns", drop: NDArray[np.bool_]) -> "Columns":
    keep = ~drop
    number = np.cumsum(keep) - 1
    touches = keep[columns.touch_event]
    table = columns.attributes_of_events
    table = table.filter(pa.array(keep[table.column("event").to_numpy()]))
    event = pa.array(number[table.column("event").to_numpy()], pa.int32())
    return columns._replace(
        activity=columns.activity[keep],
        at=columns.at[keep],
        event_ids=columns.event_ids.filter(pa.array(keep)),
        touch_event=number[columns.touch_event[touches]].astype(np.int32),
        touch_object=columns.touch_object[touches],
        touch_qualifier=columns.touch_qualifier[touches],
        attributes_of_events=table.set_column(0, "event", event),
    )


def ordered(columns: "Columns") -> "Columns":
    """Return a log whose objects stand in the order of their ids: what is found hangs on no order of rows."""
    order = pc.sort_indices(columns.object_ids).to_numpy()
    if (np.diff(order) == 1).all():
        return columns
    number = np.empty(len(order), np.int32)
    number[order] = np.arange(len(order))
    table = columns.attributes_of_objects
    thing = pa.array(number[table.column("object").to_numpy()], pa.int32())
    return columns._replace(
        type=columns.type[order],
        object_ids=columns.object_ids.take(pa.array(order)),
        touch_object=number[columns.touch_object],
        link_source=number[columns.link_source],
        link_target=number[columns.link_target],
        attributes_of_objects=table.set_column(0, "object", thing),
    )


def with_units(columns: "Columns", roles: Roles) -> "Columns":
    """Return a log in which an event that names no unit as an object names the one its attribute says.

    The object is of a type with the name of the attribute. Its id is the value; where something else has that
    id already, it is the name of the attribute, a colon and the value.
    """
    said, words = _said(columns, roles.unit_attribute)
    units = [code for code, kind in enumerate(columns.types) if fits(kind, roles.all_units)]
    named = np.zeros(len(columns.at), bool)
    named[columns.touch_event[np.isin(columns.type[columns.touch_object], units)]] = True
    event = np.flatnonzero((said >= 0) & ~named)
    if not len(event):
        return columns
    used, code = np.unique(said[event], return_inverse=True)
    words = [words[one] for one in used.tolist()]
    kind = next(name for name in _names(columns, roles.unit_attribute))
    things, made = _objects(columns, words, kind, units)
    types = list(columns.types) + [kind] * (kind not in columns.types)
    silent = [*columns.qualifiers, *[""] * ("" not in columns.qualifiers)]
    at = np.append(columns.touch_event, event)
    order = np.argsort(at, kind="stable")
    how = np.append(columns.touch_qualifier, np.full(len(event), silent.index("")))
    return columns._replace(
        types=types,
        type=np.append(columns.type, np.full(len(made), types.index(kind))).astype(np.int32),
        object_ids=pa.array([*columns.object_ids.to_pylist(), *made], pa.large_string()),
        qualifiers=silent,
        touch_event=at[order].astype(np.int32),
        touch_object=np.append(columns.touch_object, things[code])[order].astype(np.int32),
        touch_qualifier=how[order].astype(np.int32),
    )


def _objects(
    columns: "Columns", words: Sequence[str], kind: str, units: Sequence[int]
) -> tuple[NDArray[np.int64], list[str]]:
    """Return the objects that units are by their names, and the ids of those that are not there yet."""
    there = pc.index_in(pa.array(words, pa.string()), columns.object_ids.cast(pa.string())).to_pylist()
    of_unit = set(units)
    things, made = [], list[str]()
    for word, at in zip(words, there, strict=True):
        if at is not None and int(columns.type[at]) in of_unit:
            things.append(at)
            continue
        things.append(len(columns.type) + len(made))
        made.append(word if at is None else f"{kind}:{word}")
    return np.array(things, np.int64), made


def _names(columns: "Columns", patterns: Patterns) -> list[str]:
    """Return the attributes of events that fit, in the order of the patterns."""
    there = pc.unique(columns.attributes_of_events.column("name").cast("string")).to_pylist()
    return list(dict.fromkeys(name for one in patterns for name in sorted(there) if fits(name, (one,))))


def _said(columns: "Columns", patterns: Patterns) -> tuple[NDArray[np.int64], list[str]]:
    """Return of each event what its first attribute that fits says, a number into texts; -1: nothing."""
    found = np.full(len(columns.at), -1, np.int64)
    texts: list[str] = []
    table = columns.attributes_of_events
    for name in _names(columns, patterns):
        rows = table.filter(pc.equal(table.column("name").cast("string"), name))
        value = rows.column("value").cast("string").combine_chunks().dictionary_encode()
        event, code = rows.column("event").to_numpy(), value.indices.to_numpy(zero_copy_only=False)
        fresh = found[event] < 0
        found[event[fresh]] = code[fresh] + len(texts)
        texts += value.dictionary.to_pylist()
    return found, texts
