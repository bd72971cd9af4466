"""Rows of a table of supply that were not taken: counted, the first named, all in a file to be put right."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .layout.quarantine import REASONS
from .tablefile import guard, open_writer

NAMED = 20
"""So many rows that were not taken are named at most; all are counted."""
UNREADABLE = "不能取入"


class Wrong:
    """The rows of a file that were not taken, each with the first column that spoils it."""

    def __init__(self, header: Sequence[str], cells: Sequence[pa.Array]) -> None:
        self.header, self.cells = header, cells
        self.size = len(cells[0]) if cells else 0
        self._place = np.full(self.size, -1, np.int32)

    @property
    def rows(self) -> NDArray[np.bool_]:
        """Return which rows these are."""
        found: NDArray[np.bool_] = self._place >= 0
        return found

    def add(self, place: int, bad: NDArray[np.bool_]) -> None:
        """Set rows aside for what stands in a column; where no column can be named, for the first."""
        self._place[bad & (self._place < 0)] = max(place, 0)

    def first(self) -> list[dict[str, Any]]:
        """Return the first rows, with the row of the file, the heading and the value."""
        return [self._named(row) for row in np.flatnonzero(self.rows)[:NAMED].tolist()]

    def _named(self, row: int) -> dict[str, Any]:
        place = int(self._place[row])
        value = _said(self.cells[place][row].as_py())[:60]
        return {"row": row + 2, "column": self.header[place], "value": value}

    def write(self, path: Path) -> str:
        """Write the rows as they came with row, column and value beside; return where, empty without any."""
        if not self.rows.any():
            return ""
        kept = [at for at, name in enumerate(self.header) if name not in REASONS]
        with open_writer(path) as write:
            write([*(guard(self.header[at]) for at in kept), *REASONS])
            for row in np.flatnonzero(self.rows).tolist():
                named = self._named(row)
                cells = [guard(_said(self.cells[at][row].as_py())) for at in kept]
                why = [str(named["row"]), guard(named["column"]), guard(named["value"]), UNREADABLE]
                write([*cells, *why])
        return str(path)


def _said(value: Any) -> str:
    return "" if value is None else str(value)
