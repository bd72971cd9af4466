"""A whole order file, row by row."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from ..tablefile import open_table
from .footers import is_footer
from .header import choose, texts
from .record import Layout
from .rows import Fault, Outcome, RowReader

UNIT_FIELDS = ("unit", "unit_code", "unit_name")


class OrderReader:
    """Iterate for the outcomes of one file, in its order. Blank rows give none; totals are noted.

    ``notes`` fills while reading: note code → ``(row, number)`` of every row it was met on.
    """

    def __init__(self, path: Path, layout: Layout, skip_rows: int = 0, now: datetime | None = None) -> None:
        sheets = open_table(path, quoting=layout.quoting)
        self._sheet, self._laid = choose(sheets, layout, path.name)
        self.path, self.layout, self.skip_rows = path, layout, skip_rows
        self.headers: tuple[str, ...] = self._laid.headers
        self.fields = frozenset(self._laid.places)
        """The fields this file has a column for, however its header is written."""
        self.header_of = {name: self.headers[at] for name, at in self._laid.places.items()}
        self.sheet: str = self._sheet.name
        total = self._sheet.total_rows
        self.total_rows: int | None = None if total is None else max(0, total - self._laid.row)
        self.notes: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        self._rows = RowReader(layout, self._laid, now)
        self._rows.all_text = total is None
        self._number = self._laid.places["number"]

    def fraction(self) -> float:
        """Return how much of the file has been read, 0 to 1."""
        return self._sheet.fraction()

    def __iter__(self) -> Iterator[Outcome]:
        first_seen: dict[str, int] = {}
        self.notes.clear()
        number_at, read, notes, skip = self._number, self._rows.read, self.notes, self.skip_rows
        for row, cells in self._below_header():
            if row <= skip:
                self._remember(row, cells, first_seen)
                continue
            outcome = read(row, cells)
            record = outcome.record
            if record is None:
                if self._is_no_order(row, cells, outcome):
                    continue
            else:
                earlier = first_seen.setdefault(record.number, row)
                if earlier != row:
                    outcome.record = None
                    given = outcome.raw[number_at]
                    where = f"row {earlier}"
                    outcome.faults = (Fault(self.headers[number_at], given, "duplicate_in_file", where),)
                elif record.notes:
                    for code in record.notes:
                        notes[code].append((row, record.number))
            yield outcome

    def units(self) -> Counter[tuple[str, str]]:
        """Return the units the rows name, by code and name, with how many rows each; nothing else is read."""
        at = [self._laid.places[field] for field in UNIT_FIELDS if field in self._laid.places]
        met: Counter[tuple[Any, ...]] = Counter()
        number, accepted = self._number, self._laid.places["accepted_at"]
        width = max((*at, number, accepted)) + 1
        for cells in islice(self._sheet.rows(), self._laid.row, None):
            if len(cells) < width:
                cells = [*cells, *[""] * (width - len(cells))]
            if cells[number] and cells[accepted]:  # a total tells neither
                met[tuple([cells[place] for place in at])] += 1
        named: Counter[tuple[str, str]] = Counter()
        for cells, count in met.items():
            named[self._rows.unit(dict(zip(at, cells, strict=True)))] += count
        return named

    def _below_header(self) -> Iterator[tuple[int, list[Any]]]:
        """Yield the rows below the header that are not blank, with their numbers."""
        first = self._laid.row
        for row, cells in enumerate(self._sheet.rows(), 1):
            if row > first and not _blank(cells):
                yield row, cells

    def _remember(self, row: int, cells: list[Any], first_seen: dict[str, int]) -> None:
        """Keep the number of a row taken before, so that a later one of the same number is found out."""
        if (record := self._rows.read(row, cells).record) is not None:
            first_seen.setdefault(record.number, row)

    def _is_no_order(self, row: int, cells: list[Any], outcome: Outcome) -> bool:
        """Note and tell a total, a footer or a header repeated between pages."""
        found = texts(cells)
        if tuple(found) == self.headers:
            self.notes["repeated_header"].append((row, ""))
            return True
        accepted = outcome.raw[self._laid.places["accepted_at"]]
        if is_footer(found, (accepted,), self.layout.footers):
            self.notes["footer_row"].append((row, ""))
            return True
        return False


def read_orders(
    path: Path, layout: Layout, *, skip_rows: int = 0, now: datetime | None = None
) -> OrderReader:
    """Return the outcomes of ``path`` below row ``skip_rows``; raise BadInput if it is no such file at all.

    ``skip_rows`` is the ``row`` of the last outcome already taken. Without ``now``, future moments pass.
    """
    return OrderReader(path, layout, skip_rows, now)


def _blank(cells: list[Any]) -> bool:
    return not any(cell.strip() if isinstance(cell, str) else cell is not None for cell in cells)
