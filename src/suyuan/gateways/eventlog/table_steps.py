"""A table whose rows are orders: a row made several events, one for each column of a step that is filled.

What one row or several say of one step of one order is one event, by its order and its activity.
"""

from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .batch import codes
from .building import Relations, same
from .columns import Codes, Moments, SetAside
from .layout import Layout, Test

ACTIVITY, TIME, ID = "\0activity", "\0time", "\0id"
"""What the columns are called that are made here: no heading is like them."""


class Split(NamedTuple):
    """Cells of a table of events made of a table of orders, and the row of the file each comes from."""

    cells: dict[str, Any]
    rows: Codes
    layout: Layout


def split(cells: dict[str, Any], rows: Codes, layout: Layout, quarantined: list[SetAside]) -> Split:
    """Return a row for each step that is filled; rows without an id, or without any step, are noted."""
    whose = cells[layout.id or layout.objects[0].column]
    nameless = _blank(whose)
    some = np.zeros(len(rows), np.bool_)
    taken, counts = [], []
    for step in layout.steps:
        filled = ~_blank(cells[step.column])
        filled &= _passes(cells, step.when, len(rows)) & ~_holds(cells, step.unless, len(rows))
        some |= filled
        taken.append(np.flatnonzero(filled & ~nameless))
        counts.append(len(taken[-1]))
    for row in np.flatnonzero(nameless | ~some).tolist():
        why = "no_id" if nameless[row] else "no_time"
        quarantined.append(SetAside(f"row {rows[row]}", "" if nameless[row] else whose[row].as_py(), why))
    places = np.concatenate([codes([]), *taken]).astype(np.int64)
    order = np.argsort(places, kind="stable")
    made = {name: column.take(pa.array(places[order])) for name, column in cells.items()}
    back = pa.array(order)
    made[ACTIVITY] = _one([same(s.activity, n) for s, n in zip(layout.steps, counts, strict=True)]).take(back)
    times = [cells[s.column].take(pa.array(rows)) for s, rows in zip(layout.steps, taken, strict=True)]
    made[TIME] = _one(times).take(back)
    name = pc.utf8_trim_whitespace(made[layout.id or layout.objects[0].column].dictionary_decode())
    activity = made[ACTIVITY].dictionary_decode()
    made[ID] = pc.binary_join_element_wise(name, activity, "/").dictionary_encode()
    return Split(made, rows[places[order]], layout._replace(activity=ACTIVITY, time=TIME, id=ID))


def _blank(column: Any) -> Any:
    blank = pc.equal(pc.utf8_trim_whitespace(column.dictionary), "").to_numpy(zero_copy_only=False)
    return blank[np.asarray(column.indices)] if len(blank) else np.zeros(len(column), np.bool_)


def _passes(cells: dict[str, Any], test: Test | None, count: int) -> Any:
    return np.ones(count, np.bool_) if test is None else _holds(cells, test, count)


def _holds(cells: dict[str, Any], test: Test | None, count: int) -> Any:
    """Return in which rows a cell fits one of the patterns."""
    if test is None:
        return np.zeros(count, np.bool_)
    column = cells[test.column]
    texts = [text.strip() for text in column.dictionary.to_pylist()]
    fit = np.array([any(fnmatchcase(text, pattern) for pattern in test.patterns) for text in texts], np.bool_)
    return fit[np.asarray(column.indices)] if len(fit) else np.zeros(count, np.bool_)


def _one(columns: list[Any]) -> Any:
    return (
        pa.chunked_array(columns, pa.dictionary(pa.int32(), pa.string()))
        .unify_dictionaries()
        .combine_chunks()
    )


def once(ids: Any, at: Moments) -> tuple[Any, Any]:
    """Return which rows are the first of their event, and which say another moment of it than the first."""
    code = np.asarray(ids.indices)
    _, first, back = np.unique(code, return_index=True, return_inverse=True)
    begins = np.zeros(len(code), np.bool_)
    begins[first] = True
    return begins, at != at[first[back]]


def folded(touches: Relations, event_of_row: Codes) -> Relations:
    """Return relations of rows as those of their events, each once."""
    source = event_of_row[touches.source]
    how = np.asarray(touches.qualifier.indices).astype(np.int64)
    width = max(len(touches.qualifier.dictionary), 1)
    most = int(touches.target.max()) + 1 if len(touches.target) else 1
    key = (source.astype(np.int64) * most + touches.target) * width + how
    _, kept = np.unique(key, return_index=True)
    return Relations(source[kept], touches.target[kept], touches.qualifier.take(pa.array(kept)))


def of_first(table: pa.Table, begins: Any, event_of_row: Codes) -> pa.Table:
    """Return attributes of rows as those of the events they are the first of."""
    owner = table["event"].to_numpy()
    kept = begins[owner] if len(owner) else np.zeros(0, np.bool_)
    found = table.filter(pa.array(kept)).combine_chunks()
    return found.set_column(0, table.schema.field("event"), pa.array(event_of_row[owner[kept]], pa.int32()))
