"""What a worksheet is made of, written or read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

KEY_ROW, TITLE_ROW, HEAD_ROW, FIRST_ROW = 0, 1, 2, 3
"""Where what stands, counted from 0: codes of the columns (hidden), who took it out when, heads, cases."""
MOST_ROWS = 5_000
"""Cases on one worksheet."""
MOST_COLUMNS = 300


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``key`` is its code in the hidden first row, empty for a column of the office's own."""

    key: str
    title: str
    kind: str = "text"
    """text longtext moment integer list."""
    choices: tuple[tuple[str, str], ...] = ()
    """Words and codes to pick from."""
    help: str = ""
    locked: bool = False
    hidden: bool = False
    width: int = 16
    needed_by: tuple[str, ...] = ()
    """The verbs, in words, that cannot be done without it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One case as it is written: a value for each column, what became of it, what is wrong where."""

    cells: Sequence[object]
    verbs: tuple[str, ...] = ()
    """The verbs, in words, this row may pick from."""
    outcome: str = ""
    """applied already refused, or empty where nothing was asked."""
    faults: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Book:
    """A worksheet to write."""

    title: str
    mark: str
    """Who took it out and when: stands above the heads and at the foot of every printed page."""
    names: tuple[str, str, str]
    """The names of the sheets: cases, how to fill in, lists."""
    columns: Sequence[Column]
    lines: Sequence[Line]
    guide: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Filled:
    """One row as it came back; ``row`` counts from 1 as spreadsheets do."""

    row: int
    cells: Sequence[object]
    formulas: frozenset[int] = frozenset()
    """Places of the cells that hold a formula."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A worksheet that came back."""

    keys: Sequence[str]
    titles: Sequence[str]
    rows: Sequence[Filled]

    def place(self, key: str) -> int | None:
        """Return where the column with a code stands."""
        return self.keys.index(key) if key in self.keys else None


def address(row: int, column: int) -> str:
    """Return the address of a cell, ``row`` from 1 and ``column`` from 0: (5, 6) is G5."""
    return str(xl_rowcol_to_cell(row - 1, column))


def place_of(cell: str) -> tuple[int, int]:
    """Return the row and column of an address, both from 0."""
    row, column = xl_cell_to_rowcol(cell)
    return int(row), int(column)
