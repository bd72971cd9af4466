"""A classical log as csv (.csv, .csv.gz), read by a layout that says which column is what."""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from suyuan.domain.errors import BadInput

from ..tablefile import unguard
from ..tablefile.containers import locate
from ..tablefile.text import TextSheet
from . import moments
from .batch import codes
from .building import Found, columns, no_relations, objects, same
from .columns import OF_EVENTS, OF_OBJECTS, Codes, Columns, Moments, SetAside
from .declaring import declared
from .layout import Layout, known
from .numbering import numbered
from .source import Source
from .splitting import changes, group_of
from .values import canonical

_WORD = pa.dictionary(pa.int32(), pa.string())


class Sheet(NamedTuple):
    """The cells of a file, a ``pa.DictionaryArray`` a column, and what is known before they are read."""

    file: str
    cells: dict[str, Any]
    rows: Codes
    """By row of the cells: the row of the file, its headings being 1."""
    layout: Layout
    zone: tzinfo | None
    quarantined: list[SetAside]

    def of(self, name: str) -> Any:
        """Return a column."""
        return self.cells[name]


def read(source: Source, layout: Layout | None, zone: tzinfo | None) -> Columns:
    """Return the whole log; without a layout its headings must be ones everybody knows."""
    sheet = _sheet(source, layout, zone)
    at, kept = _events(sheet)
    rows = pa.array(np.flatnonzero(kept))
    cells = {name: column.take(rows) for name, column in sheet.cells.items()}
    return _columns(sheet._replace(cells=cells, rows=sheet.rows[kept]), at[kept])


def _sheet(source: Source, layout: Layout | None, zone: tzinfo | None) -> Sheet:
    text = TextSheet(locate(source.path))
    delimiter = (layout.delimiter if layout else "") or text.delimiter
    quarantined: list[SetAside] = []
    skipped: list[int] = []

    def odd(row: Any) -> str:
        number = int(row.number)
        skipped.append(number)
        what = f"{row.actual_columns} cells for {row.expected_columns} columns"
        quarantined.append(SetAside(f"row {number}", what, "row_width"))
        return "skip"

    headings = _headings(text, delimiter, source.name)
    layout = layout or known(headings)
    if layout is None:
        raise BadInput("log_layout_needed", file=source.name, columns=headings[:40])
    _all_there(layout, headings, source.name)
    try:
        with text.source.open() as stream:
            table = csv.read_csv(
                stream,
                read_options=csv.ReadOptions(use_threads=False, encoding=text.encoding.removesuffix("-sig")),
                parse_options=csv.ParseOptions(
                    delimiter=delimiter, newlines_in_values=True, invalid_row_handler=odd
                ),
                convert_options=csv.ConvertOptions(
                    column_types=dict.fromkeys(headings, _WORD), null_values=[], strings_can_be_null=False
                ),
            )
    except (pa.ArrowInvalid, UnicodeError) as error:
        raise BadInput("log_unreadable", file=source.name, problem=str(error)[:200]) from None
    if table.column_names != headings:
        raise BadInput("log_unreadable", file=source.name, problem="headings over several lines")
    cells = {name: _plain(table[name]) for name in headings}
    numbers = np.setdiff1d(np.arange(2, table.num_rows + len(skipped) + 2), skipped)
    return Sheet(source.name, cells, codes(numbers), layout, zone, quarantined)


def _headings(text: TextSheet, delimiter: str, file: str) -> list[str]:
    text.delimiter = delimiter
    first = text.head(1)
    headings = first[0] if first else []
    for name in headings:
        if headings.count(name) > 1 or not name:
            raise BadInput("log_unreadable", file=file, column=name[:60], problem="not a heading of its own")
    return headings


def _all_there(layout: Layout, headings: list[str], file: str) -> None:
    """Raise BadInput naming a column the layout speaks of that is not there."""
    named = [layout.activity, layout.time, *([layout.id] if layout.id else []), *dict(layout.kinds)]
    named += [name for things in layout.objects for name in (things.column, *things.attributes)]
    for name in named:
        if name not in headings:
            raise BadInput(
                "log_layout", file=file, column=name[:60], problem="no such column", columns=headings[:40]
            )


def _plain(column: Any) -> Any:
    """Return a column as codes into unlike texts, without what guards them against being formulas."""
    coded = column.unify_dictionaries().combine_chunks()
    texts = coded.dictionary
    if not pc.any(pc.starts_with(texts, "'")).as_py():
        return coded
    plain = pa.array([unguard(text) for text in texts.to_pylist()], pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(plain.indices.take(coded.indices), plain.dictionary)


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
    form, zone = sheet.layout.time_format, sheet.zone
    if not form:
        return moments.read(pc.utf8_trim(texts, " "), zone)

    def iso(text: str) -> str:
        try:
            return datetime.strptime(text.strip(), form).isoformat()  # noqa: DTZ007 the zone is given beside it
        except ValueError:
            return ""

    return moments.read(pa.array([iso(text) for text in texts.to_pylist()], pa.string()), zone)


def _empty(column: Any) -> Any:
    """Return which cells are empty."""
    blank = pc.equal(pc.utf8_trim_whitespace(column.dictionary), "").to_numpy(zero_copy_only=False)
    return blank[np.asarray(column.indices)] if len(blank) else np.zeros(len(column), np.bool_)


def _columns(sheet: Sheet, at: Moments) -> Columns:
    layout = sheet.layout
    activity = sheet.of(layout.activity)
    every = codes(np.arange(len(at)))
    groups = [group_of(every, sheet.of(things.column), things) for things in layout.objects]
    kinds, object_ids, touches, rows = objects(groups, sheet.file)
    said = [_said(sheet, number, (groups, rows), at) for number in range(len(layout.objects))]
    of_objects = pa.concat_tables([OF_OBJECTS.empty_table(), *(table for tables in said for table in tables)])
    of_objects = of_objects.unify_dictionaries().combine_chunks()
    of_events = pa.concat_tables([OF_EVENTS.empty_table(), *_attributes(sheet)]).unify_dictionaries()
    of_events = of_events.combine_chunks()
    return columns(
        Found(
            activity,
            at,
            _ids(sheet),
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
    )


def _ids(sheet: Sheet) -> Any:
    """Return the events' own ids, or their numbers in the file; raise BadInput for one that comes twice."""
    if not sheet.layout.id:
        return numbered(sheet.rows - 1)
    ids = sheet.of(sheet.layout.id).dictionary_decode()
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


def _values(sheet: Sheet, name: str, kind: str) -> tuple[Any, Any]:
    """Return which cells of a column hold a value, and the column as its kind is written; note the others."""
    column = sheet.of(name)
    kept = ~_empty(column) if kind != "string" else np.asarray(pc.not_equal(column.dictionary_decode(), ""))
    if kind == "string":
        return kept, column
    found = [canonical(text, kind, sheet.zone or UTC) for text in column.dictionary.to_pylist()]
    wrong = np.array([text is None for text in found])[np.asarray(column.indices)] if found else kept
    for row in np.flatnonzero(wrong & kept).tolist():
        sheet.quarantined.append(SetAside(f"row {sheet.rows[row]}", name, "attribute_value"))
    values = pa.array([text or "" for text in found], pa.string()).dictionary_encode()
    return kept & ~wrong, pa.DictionaryArray.from_arrays(
        values.indices.take(column.indices), values.dictionary
    )
