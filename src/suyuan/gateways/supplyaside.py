"""Rows of a table of supply that were not taken: counted, the first named, all in a file to be put right."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .layout.quarantine import REASONS
from .tablefile import guard, open_writer

NAMED = 20
"""So many rows that were not taken are named at most; all are counted."""
EMPTY, UNREADABLE, OUT_OF_BOUNDS, BEFORE_BEGIN = "empty", "unreadable", "out_of_bounds", "before_it_began"
LATER, CONTRADICTS, MISSING_PLACE = "later_than_now", "contradicts", "missing_place"
"""Why a row was not taken."""
RULES = (EMPTY, UNREADABLE, OUT_OF_BOUNDS, BEFORE_BEGIN, LATER, CONTRADICTS, MISSING_PLACE)


class Wrong:
    """The rows of a file that were not taken, each with the first column and rule that spoil it."""

    def __init__(self, header: Sequence[str], cells: Sequence[pa.Array]) -> None:
        self.header, self.cells = header, cells
        self.size = len(cells[0]) if cells else 0
        self._why = np.full(self.size, -1, np.int32)
        self._whys: list[tuple[int | str, str]] = []

    @property
    def rows(self) -> NDArray[np.bool_]:
        """Return which rows these are."""
        found: NDArray[np.bool_] = self._why >= 0
        return found

    def add(self, where: int | str, bad: NDArray[np.bool_], rule: str) -> None:
        """Set rows aside by a rule of ``RULES``, for what stands in a column; of several, their names."""
        self._why[bad & (self._why < 0)] = len(self._whys)
        self._whys.append((where, rule))

    def first(self) -> list[dict[str, Any]]:
        """Return the first rows, with the row of the file, the heading, the value and the rule."""
        return [self._named(row) for row in np.flatnonzero(self.rows)[:NAMED].tolist()]

    def _named(self, row: int) -> dict[str, Any]:
        where, rule = self._whys[self._why[row]]
        if isinstance(where, str):
            return {"row": row + 2, "column": where, "value": "", "rule": rule}
        value = _said(self.cells[where][row].as_py())[:60]
        return {"row": row + 2, "column": self.header[where], "value": value, "rule": rule}

    def write(self, path: Path, words: Mapping[str, str]) -> str:
        """Write the rows as they came, with why beside; return where, empty without any."""
        if not self.rows.any():
            return ""
        kept = [at for at, name in enumerate(self.header) if name not in REASONS]
        with open_writer(path) as write:
            write([*(guard(self.header[at]) for at in kept), *REASONS])
            for row in np.flatnonzero(self.rows).tolist():
                named = self._named(row)
                cells = [guard(_said(self.cells[at][row].as_py())) for at in kept]
                why = [str(named["row"]), guard(named["column"]), guard(named["value"]), words[named["rule"]]]
                write([*cells, *why])
        return str(path)


def _said(value: Any) -> str:
    return "" if value is None else str(value)
