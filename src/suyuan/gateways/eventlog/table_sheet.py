"""The cells of a csv by the columns of its layout, and which layout that is."""

from datetime import tzinfo
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from suyuan.domain.errors import BadInput

from ..tablefile import unguard
from ..tablefile.containers import locate
from ..tablefile.text import TextSheet
from .batch import codes
from .columns import Codes, SetAside
from .fitting import fitted
from .layout import Layout, Step, known
from .layout import zone as zone_of
from .recognising import recognised, shipped
from .source import Source

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


def sheet_of(source: Source, layout: Layout | None, zone: tzinfo | None) -> Sheet:
    """Return the cells of a file; without a layout its headings must be ones everybody knows."""
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
    layout = layout or known(headings) or shipped().get(recognised(headings))
    if layout is None:
        raise BadInput("log_layout_needed", file=source.name, columns=headings[:40])
    called, layout = fitted(layout, headings, source.name)
    _all_there(layout, called, source.name)
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
    cells = {name: _plain(table[at]) for at, name in enumerate(called)}
    numbers = np.setdiff1d(np.arange(2, table.num_rows + len(skipped) + 2), skipped)
    where = zone or zone_of(layout.zone)
    return Sheet(source.name, cells, codes(numbers), layout, where, quarantined)


def layout_of(path: Path) -> str:
    """Return the name of the rulebook's layout that a csv is in by its headings, empty for none."""
    text = TextSheet(locate(path))
    return recognised(_headings(text, text.delimiter, path.name))


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
    named = [*([layout.id] if layout.id else []), *dict(layout.kinds)]
    named += [name for step in layout.steps for name in (step.column, *tested(step))]
    named += [] if layout.steps else [layout.activity, layout.time]
    named += [name for things in layout.objects for name in (things.column, *things.attributes)]
    for name in named:
        if name not in headings:
            raise BadInput(
                "log_layout", file=file, column=name[:60], problem="no such column", columns=headings[:40]
            )


def tested(step: Step) -> list[str]:
    """Return the columns that decide about a step."""
    return [test.column for test in (step.when, step.unless) if test]


def _plain(column: Any) -> Any:
    """Return a column as codes into unlike texts, without what guards them against being formulas."""
    coded = column.unify_dictionaries().combine_chunks()
    texts = coded.dictionary
    if not pc.any(pc.starts_with(texts, "'")).as_py():
        return coded
    plain = pa.array([unguard(text) for text in texts.to_pylist()], pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(plain.indices.take(coded.indices), plain.dictionary)
