"""A classical log as csv (.csv, .csv.gz), read by a layout that says which column is what."""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from suyuan.domain.errors import BadInput

from . import moments, table_steps
from .batch import codes
from .building import Found, Group, columns, no_relations, objects, same
from .columns import OF_EVENTS, OF_OBJECTS, Codes, Columns, Moments, SetAside
from .declaring import declared
from .layout import ISO, Layout, Things
from .numbering import numbered
from .source import Source
from .splitting import changes, group_of
from .table_sheet import Sheet, layout_of, sheet_of, tested
from .values import canonical

__all__ = ["layout_of", "read"]


def read(source: Source, layout: Layout | None, zone: tzinfo | None) -> Columns:
    """Return the whole log; without a layout its headings must be ones everybody knows."""
    sheet = sheet_of(source, layout, zone)
    if sheet.layout.steps:
        parts = table_steps.split(sheet.cells, sheet.rows, sheet.layout, sheet.quarantined)
        sheet = sheet._replace(cells=parts.cells, rows=parts.rows, layout=parts.layout)
    at, kept = _events(sheet)
    rows = pa.array(np.flatnonzero(kept))
    cells = {name: column.take(rows) for name, column in sheet.cells.items()}
    sheet, at = sheet._replace(cells=cells, rows=sheet.rows[kept]), at[kept]
    if not sheet.layout.steps:
        return _columns(sheet, at, np.ones(len(at), np.bool_))
    _, other = table_steps.once(sheet.of(sheet.layout.id), at)
    for row in np.flatnonzero(other).tolist():
        what = sheet.of(sheet.layout.activity)[row].as_py()
        sheet.quarantined.append(SetAside(f"row {sheet.rows[row]}", what, "duplicate_event"))
    rows = pa.array(np.flatnonzero(~other))
    cells = {name: column.take(rows) for name, column in sheet.cells.items()}
    sheet, at = sheet._replace(cells=cells, rows=sheet.rows[~other]), at[~other]
    return _columns(sheet, at, table_steps.once(sheet.of(sheet.layout.id), at)[0])


def _events(sheet: Sheet) -> tuple[Moments, Any]:
    """Return the moments, and which rows are events; note the others."""
    activity, when = sheet.of(sheet.layout.activity), sheet.of(sheet.layout.time)
    found = _read(when.dictionary, sheet)
    moments.need_zone(found, when.dictionary, sheet.file)
    code = np.asarray(when.indices)
    state, at = (
        (found.state[code], found.at[code]) if len(code) else (np.zeros(0, np.uint8), np.zeros(0, np.int64))
    )
    tests = [_empty(activity), _empty(when), state != moments.READ]
    why = np.select(tests, [1, 2, 3], 0)
    for row in np.flatnonzero(why).tolist():
        reason = ("", "no_activity", "no_time", "bad_time")[why[row]]
        sheet.quarantined.append(SetAside(f"row {sheet.rows[row]}", activity[row].as_py() or "event", reason))
    return at, why == 0


def _read(texts: Any, sheet: Sheet) -> moments.Read:
    """Return the moments, by each form that is given until one can be read."""
    forms, zone = sheet.layout.time_format or (ISO,), sheet.zone
    found = moments.Read(np.zeros(len(texts), np.int64), np.full(len(texts), moments.NO_MOMENT, np.uint8))
    for form in forms:
        left = np.flatnonzero(found.state == moments.NO_MOMENT)
        if len(left):
            part = moments.read(_iso(pc.utf8_trim(texts.take(pa.array(left)), " "), form), zone)
            found.at[left], found.state[left] = part.at, part.state
    return found


def _iso(texts: Any, form: str) -> Any:
    def iso(text: str) -> str:
        try:
            return datetime.strptime(text.strip(), form).isoformat()  # noqa: DTZ007 the zone is given beside it
        except ValueError:
            return ""

    return texts if form == ISO else pa.array([iso(text) for text in texts.to_pylist()], pa.string())


def _empty(column: Any) -> Any:
    """Return which cells are empty."""
    blank = pc.equal(pc.utf8_trim_whitespace(column.dictionary), "").to_numpy(zero_copy_only=False)
    return blank[np.asarray(column.indices)] if len(blank) else np.zeros(len(column), np.bool_)


def _columns(sheet: Sheet, at: Moments, begins: Any) -> Columns:
    """Return the columns; rows that do not begin an event are of the one with their id."""
    layout, ids = sheet.layout, _ids(sheet, begins)
    activity = sheet.of(layout.activity).filter(pa.array(begins))
    event_of_row = _event_of_row(sheet, begins)
    groups = [_group(sheet, things) for things in layout.objects]
    kinds, object_ids, touches, rows = objects(groups, sheet.file)
    said = [_said(sheet, number, (groups, rows), at) for number in range(len(layout.objects))]
    of_objects = pa.concat_tables([OF_OBJECTS.empty_table(), *(table for tables in said for table in tables)])
    of_objects = of_objects.unify_dictionaries().combine_chunks()
    of_events = pa.concat_tables([OF_EVENTS.empty_table(), *_attributes(sheet)]).unify_dictionaries()
    of_events = of_events.combine_chunks()
    if not begins.all():
        touches = table_steps.folded(touches, event_of_row)
        of_events = table_steps.of_first(of_events, begins, event_of_row)
    return columns(
        Found(
            activity,
            at[begins],
            ids,
            kinds,
            object_ids,
            touches,
            no_relations(),
            of_events,
            of_objects,
            declared(activity, of_events, "event"),
            declared(kinds, of_objects, "object"),
            sheet.quarantined,
        )
    )._replace(numbered=not layout.id)


def _event_of_row(sheet: Sheet, begins: Any) -> Codes:
    if begins.all():
        return codes(np.arange(len(begins)))
    code = np.asarray(sheet.of(sheet.layout.id).indices)
    event = np.zeros(int(code.max()) + 1, np.int32)
    event[code[begins]] = np.arange(int(begins.sum()), dtype=np.int32)
    return codes(event[code])


def _group(sheet: Sheet, things: Things) -> Group:
    """Return the objects of one column, those of some steps only where it says so."""
    rows, column = np.arange(len(sheet.rows)), sheet.of(things.column)
    if things.steps:
        activity = sheet.of(sheet.layout.activity)
        meant = np.array([name in things.steps for name in activity.dictionary.to_pylist()], np.bool_)
        rows = np.flatnonzero(meant[np.asarray(activity.indices)]) if len(rows) else rows
        column = column.take(pa.array(rows))
    return group_of(codes(rows), column, things)


def _ids(sheet: Sheet, begins: Any) -> Any:
    """Return the events' own ids, or their numbers in the file; raise BadInput for one that comes twice."""
    if not sheet.layout.id:
        return numbered(sheet.rows - 1)
    ids = sheet.of(sheet.layout.id).dictionary_decode().filter(pa.array(begins))
    if len(pc.unique(ids)) < len(ids):
        counts = pc.value_counts(ids)
        twice = counts.field("values")[pc.index(pc.greater(counts.field("counts"), 1), True).as_py()]
        raise BadInput("log_event_twice", file=sheet.file, column=sheet.layout.id, value=twice.as_py()[:60])
    return ids


def _said(sheet: Sheet, number: int, named: tuple[Any, Any], at: Moments) -> Iterator[pa.Table]:
    """Yield what columns say of the objects of one group."""
    groups, rows = named
    events, whose = groups[number].events, rows[number]
    kinds = dict(sheet.layout.kinds)
    for name in sheet.layout.objects[number].attributes:
        kind = kinds.get(name, "string")
        kept, column = _values(sheet, name, kind)
        chosen = kept[events]
        cells = column.take(pa.array(events[chosen]))
        yield changes(name, whose[chosen], cells, at[events[chosen]], kind)


def _attributes(sheet: Sheet) -> Iterator[pa.Table]:
    """Yield what columns say of the events."""
    layout, kinds = sheet.layout, dict(sheet.layout.kinds)
    used = {layout.activity, layout.time, layout.id}
    used |= {name for step in layout.steps for name in (step.column, *tested(step))}
    used |= {name for things in layout.objects for name in (things.column, *things.attributes)}
    for name in sheet.cells:
        if name in used:
            continue
        kind = kinds.get(name, "string")
        kept, column = _values(sheet, name, kind)
        rows = np.flatnonzero(kept)
        parts = [
            pa.array(rows, pa.int32()),
            same(name, len(rows)),
            column.take(pa.array(rows)),
            same(kind, len(rows)),
        ]
        yield pa.table(parts, schema=OF_EVENTS)


def _as_kind(texts: Any, kind: str, sheet: Sheet) -> list[str | None]:
    """Return each text as its kind is written, None for one that is none; moments like those of events."""
    if kind != "time" or not sheet.layout.time_format:
        return [canonical(text, kind, sheet.zone or UTC) for text in texts.to_pylist()]
    read = _read(texts, sheet._replace(zone=sheet.zone or UTC))
    rows = zip(read.at.tolist(), read.state.tolist(), strict=True)
    return [moments.written(at) if state == moments.READ else None for at, state in rows]


def _values(sheet: Sheet, name: str, kind: str) -> tuple[Any, Any]:
    """Return which cells of a column hold a value, and the column as its kind is written; note the others."""
    column = sheet.of(name)
    kept = ~_empty(column) if kind != "string" else np.asarray(pc.not_equal(column.dictionary_decode(), ""))
    if kind == "string":
        return kept, column
    found = _as_kind(column.dictionary, kind, sheet)
    wrong = np.array([text is None for text in found])[np.asarray(column.indices)] if found else kept
    for row in np.flatnonzero(wrong & kept).tolist():
        sheet.quarantined.append(SetAside(f"row {sheet.rows[row]}", name, "attribute_value"))
    values = pa.array([text or "" for text in found], pa.string()).dictionary_encode()
    return kept & ~wrong, pa.DictionaryArray.from_arrays(
        values.indices.take(column.indices), values.dictionary
    )
