"""A table of what happened where and when: a row an event, or a row with how many; csv, xlsx, packed too."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.domain.errors import BadInput

from .layout.moments import Clock, Unreadable
from .tablefile import open_table

Leaf = tuple[tuple[str, ...], ...]
"""By tree the values from its root to its leaf."""
NAMED = 20
"""So many rows that were not taken are named at most; all are counted."""
_MOST = 1e9


class Columns(NamedTuple):
    """The columns to read: of each tree from its root to its leaves, the day, and how many (may be empty)."""

    trees: tuple[tuple[str, ...], ...]
    time: str
    count: str = ""


@dataclass
class Counted:
    """What a table holds."""

    places: list[Leaf]
    """Each combination of leaves that was met."""
    place: NDArray[np.int64]
    day: NDArray[np.int64]
    """Days since 0001-01-01 (``date.toordinal``)."""
    many: NDArray[np.float64]
    row: NDArray[np.int64]
    """In which row of the file each stood, the header being the first."""
    set_aside: int = 0
    first_wrong: list[dict[str, Any]] = field(default_factory=list)

    def leave(self, row: int, column: str, value: object) -> None:
        """Count a row that is not taken, and name it if it is one of the first."""
        self.set_aside += 1
        if len(self.first_wrong) < NAMED:
            self.first_wrong.append({"row": row, "column": column, "value": str(value)[:60]})


def read(path: Path, asked: Columns, zone: str) -> Counted:
    """Return the rows of the first sheet; raise BadInput naming a column that is not there.

    A row whose day or number cannot be read is counted and named, and not taken. A day is that of ``zone``.
    """
    rows = open_table(path)[0].rows()
    header = [str(cell).strip() for cell in next(rows)]
    _once(asked.trees)
    trees = [[_column(header, name) for name in tree] for tree in asked.trees]
    time, count = _column(header, asked.time), _column(header, asked.count) if asked.count else -1
    days, numbers = _Days(zone), dict[Leaf, int]()
    taken: list[tuple[int, int, float, int]] = []
    out = Counted([], *(np.zeros(0, kind) for kind in (np.int64, np.int64, np.float64, np.int64)))
    width = 1 + max(time, count, *(column for tree in trees for column in tree))
    for number, row in enumerate(rows, 2):
        cells = [*row, *[""] * (width - len(row))]
        day, many = days.of(cells[time]), _number(cells[count]) if count >= 0 else 1.0
        if day is None:
            out.leave(number, asked.time, cells[time])
        elif many is None:
            out.leave(number, asked.count, cells[count])
        else:
            leaf = tuple(tuple(str(cells[column]).strip() for column in tree) for tree in trees)
            taken.append((numbers.setdefault(leaf, len(numbers)), day, many, number))
    if not taken:
        code = "no_row_taken" if out.set_aside else "empty_file"
        raise BadInput(code, file=path.name, set_aside=out.set_aside, first=out.first_wrong[:1])
    place, day_of, many_of, row_of = zip(*taken, strict=True)
    out.places = list(numbers)
    out.place, out.day = np.array(place, np.int64), np.array(day_of, np.int64)
    out.many, out.row = np.array(many_of, np.float64), np.array(row_of, np.int64)
    return out


def _once(trees: tuple[tuple[str, ...], ...]) -> None:
    """Raise BadInput for a column that stands in the trees twice: a pair of it with itself says nothing."""
    every = [name for tree in trees for name in tree]
    twice = next((name for at, name in enumerate(every) if name in every[:at]), None)
    if twice is not None:
        raise BadInput("column_twice", column=twice[:60])


def _column(header: Sequence[str], name: str) -> int:
    if name not in header:
        raise BadInput("unknown_value", field="column", value=name[:60], known=list(header)[:60])
    return header.index(name)


def _number(cell: object) -> float | None:
    try:
        number = float(str(cell))
    except ValueError:
        return None
    return number if 0 <= number < _MOST else None


class _Days:
    """The day of a cell; a text that stands in many rows is read once."""

    def __init__(self, zone: str) -> None:
        self._clock = Clock(zone)
        self._known: dict[str, int | None] = {}

    def of(self, cell: object) -> int | None:
        """Return the number of the day, None for what is no time."""
        if isinstance(cell, date) and not isinstance(cell, datetime):
            return cell.toordinal()
        text = str(cell).strip()
        if text not in self._known:
            self._known[text] = self._read(cell)
        return self._known[text]

    def _read(self, cell: object) -> int | None:
        try:
            return self._clock.read(cell).astimezone(self._clock.zone).toordinal()
        except (Unreadable, ValueError, OverflowError):
            return None
