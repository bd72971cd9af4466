"""Lists with columns we know: which column is which, what a row says, what is no row, what is lacking."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from suyuan.domain.errors import BadInput

from .layout.files import shipped
from .layout.footers import is_footer, is_sum
from .layout.header import SEARCHED, texts
from .layout.moments import Clock, Unreadable
from .layout.proposal import PATTERN
from .layout.spelling import header as same_header
from .tablefile import Formula, Sheet, open_table, unguard


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field it fills, the headers it is known by, the first of them in the template."""

    field: str
    headers: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of list with its columns."""

    name: str
    title: str
    columns: tuple[Column, ...]

    def under(self, chosen: Mapping[str, str]) -> "Kind":
        """Return the kind with those columns alone for which a header was chosen, under that header."""
        own = tuple(
            replace(each, headers=(chosen[each.field],)) for each in self.columns if each.field in chosen
        )
        return replace(self, columns=own)


def columns(*rows: tuple[str, str, bool]) -> tuple[Column, ...]:
    """Return columns from their field, the headers they are known by, and whether they must be there."""
    return tuple(Column(field, (*headers.split(), field), required) for field, headers, required in rows)


NAMES = frozenset(
    {
        *("code", "name", "parent", "unit", "over", "employee_number", "username", "post", "account"),
        *("meter", "caller", "call"),
    }
)
"""Fields that name something."""
SUMS_IN = ("code", "account", "employee_number", "username", "name")
"""Fields of which one bears the word in a row that sums others up."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number in the file, its cells as they stood, and its values by field."""

    row: int
    raw: tuple[str, ...]
    values: Mapping[str, str]
    formulas: tuple[str, ...] = ()
    """Fields that name something and hold a formula instead."""


def formulas_of(row: Sequence[Any], places: Mapping[str, int]) -> tuple[str, ...]:
    """Return the fields that name something and hold a formula: as text, or without a value beside it."""
    held = [(field, row[at]) for field, at in places.items() if field in NAMES and at < len(row)]
    return tuple(
        field
        for field, cell in held
        if isinstance(cell, Formula) or (isinstance(cell, str) and unguard(cell.strip())[:1] in tuple("=＝"))
    )


def line_of(
    row: int, cells: Sequence[Any], raw: tuple[str, ...], values: dict[str, str], places: Mapping[str, int]
) -> Line:
    """Return a row as a line; a formula in place of what names something stands in it as it is written."""
    formulas = formulas_of(cells, places)
    told = list(raw)
    for field in formulas:
        if isinstance(cell := cells[places[field]], Formula):
            told[places[field]] = values[field] = cell.written
    return Line(row, tuple(told) if formulas else raw, values, formulas)


def is_total(line: Line, kind: Kind) -> bool:
    """Return whether a row is a total or says who made the table.

    Told as in an order file; and a row is a sum wherever it says so in place of a code, a number or a name.
    """
    if any(is_sum(line.values.get(name, "")) for name in SUMS_IN):
        return True
    first = next((text for text in line.raw if text), "")
    told = [line.values.get(column.field, "") for column in kind.columns if column.required]
    told = [text for text in told if text != first]
    return is_footer(line.raw, told, shipped()[PATTERN].footers)


def places_of(cells: Sequence[str], kind: Kind) -> dict[str, int] | None:
    """Return where a row names the columns of a kind, None where it lacks one that must be there."""
    at: dict[str, int] = {}
    for index, cell in enumerate(cells):
        at.setdefault(same_header(unguard(cell)), index)
    places: dict[str, int] = {}
    for column in kind.columns:
        known = [at[key] for name in column.headers if (key := same_header(name)) in at]
        free = [place for place in known if place not in places.values()]
        if free:
            places[column.field] = free[0]
        elif column.required:
            return None
    return places


def no_header(path: Path, sheets: Iterable[Sheet], kinds: Sequence[Kind]) -> BadInput:
    """Return the error for a file without a header of any kind: what was read, what each kind lacks."""
    rows = [texts(row) for sheet in sheets for row in sheet.head(SEARCHED)]
    _, heads = likely_header(rows, kinds)
    lacking = []
    for kind in kinds:
        absent = [
            column.headers[0] for column in kind.columns if column.required and not known_at(heads, (column,))
        ]
        lacking.append(f"{kind.title}：{'、'.join(absent)}")
    return BadInput(
        "no_header", file=path.name, looked_at_rows=SEARCHED, headers=[h for h in heads if h], lacking=lacking
    )


def likely_header(rows: Sequence[Sequence[str]], kinds: Sequence[Kind]) -> tuple[int, list[str]]:
    """Return the row most like a header, with its place: the most headers known, then the most words."""

    def like(row: Sequence[str]) -> tuple[int, int]:
        known = max(known_at(row, kind.columns) for kind in kinds)
        return known, len({text for text in row if text and not any(map(str.isdigit, text))})

    found = max(range(len(rows)), key=lambda at: (*like(rows[at]), -at), default=0)
    return found, [unguard(text) for text in rows[found]] if rows else []


def known_at(cells: Sequence[str], columns: Sequence[Column]) -> int:
    """Return how many of some columns a row names."""
    there = {same_header(unguard(cell)) for cell in cells if cell}
    return sum(any(same_header(name) in there for name in column.headers) for column in columns)


def chosen_kinds(kinds: Sequence[Kind], chosen: Mapping[str, Mapping[str, str]]) -> tuple[Kind, ...]:
    """Return the kinds as somebody said which column is which; all of them where nobody has."""
    if not chosen:
        return tuple(kinds)
    return tuple(kind.under(chosen[kind.name]) for kind in kinds if kind.name in chosen)


def headers_of(path: Path, kinds: Sequence[Kind]) -> list[str]:
    """Return the likely headers of a file's sheets, each once."""
    found = (
        likely_header([texts(row) for row in sheet.head(SEARCHED)], kinds)[1] for sheet in open_table(path)
    )
    return list(dict.fromkeys(text for heads in found for text in heads if text))


def day(cell: object) -> str:
    """Return a day as ISO writes it; what is none stays as it stands, for the check to name."""
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return cell.isoformat()
    clock = Clock("Asia/Shanghai")
    try:
        return clock.read(cell).astimezone(clock.zone).date().isoformat()
    except (Unreadable, OverflowError):  # the last hours there are, in a zone ahead
        return cell_text(cell)


def cell_text(cell: object) -> str:
    """Return a cell as it is read: a whole number without its point, a guarded text without its guard."""
    if isinstance(cell, str):
        return unguard(cell.strip())
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
