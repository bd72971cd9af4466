"""Which sheet, and which row of it, holds the header?

Offices put titles above, merge cells, write the header in two rows and leave old sheets in the file. The row
that names most of a layout's columns is the header; nothing is taken for one that lacks a required column.
"""

from dataclasses import dataclass
from typing import Any

from suyuan.domain.errors import BadInput

from ..tablefile import Sheet
from .moments import Clock, Unreadable
from .record import Layout
from .spelling import header as same_header

SEARCHED = 40
"""Rows looked at from the top."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a layout lies on a sheet: ``places`` says which cell of a row holds which field."""

    row: int
    """Index of the first row of data, counted from 0."""
    headers: tuple[str, ...]
    places: dict[str, int]
    missing: tuple[str, ...]
    """Required fields without a column."""
    twice: str = ""
    """A header that stands over two columns, where it matters which is meant."""

    @property
    def score(self) -> tuple[bool, bool, int, int]:
        return (not self.missing, not self.twice, len(self.places), -self.row)


def texts(row: list[Any]) -> list[str]:
    """Return the cells of a possible header row as texts, without the blanks behind the last."""
    cells = [cell.strip() if isinstance(cell, str) else ("" if cell is None else str(cell)) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def fit(rows: list[list[Any]], layout: Layout) -> Fit | None:
    """Return the best fit of ``layout`` on a sheet that begins with ``rows``, None where no header is met."""
    best: Fit | None = None
    previous: list[str] = []
    for index, row in enumerate(rows[:SEARCHED]):
        cells = texts(row)
        for found in (cells, _joined(previous, cells)):
            candidate = _lay(found, layout, index + 1)
            if candidate and (best is None or candidate.score > best.score):
                best = candidate
        previous = cells
    if layout.positions and (best is None or best.missing):
        return _by_position(rows, layout) or best
    return best


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    """Return the header written in two rows: the lower cell, or the upper where there is none below."""
    width = max(len(upper), len(lower))
    padded = [row + [""] * (width - len(row)) for row in (upper, lower)]
    return [below or above for above, below in zip(*padded, strict=True)]


def _lay(cells: list[str], layout: Layout, first: int) -> Fit | None:
    at: dict[str, list[int]] = {}
    for index, cell in enumerate(cells):
        if cell and len(cell) <= 60:
            at.setdefault(same_header(cell), []).append(index)
    places: dict[str, int] = {}
    missing = []
    twice = ""
    for column in layout.columns:
        names = (*column.headers, *column.instead)
        known = next((at[key] for name in names if (key := same_header(name)) in at), None)
        if known is None:
            missing += [column.field] if column.required or column.present else []
            continue
        if len(known) > 1 and column.field in ("number", "business_type", "accepted_at"):
            twice = cells[known[0]]
        places[column.field] = known[0]
    return Fit(first, tuple(cells), _own(places, cells, layout), tuple(missing), twice) if places else None


def _own(places: dict[str, int], cells: list[str], layout: Layout) -> dict[str, int]:
    """Return ``places`` without the fields whose column stands in for another: it says one thing."""
    lent = {
        places[column.field]: column.field
        for column in layout.columns
        if column.field in places
        and same_header(cells[places[column.field]]) in set(map(same_header, column.instead))
    }
    return {field: at for field, at in places.items() if lent.get(at, field) == field}


def _by_position(rows: list[list[Any]], layout: Layout) -> Fit | None:
    """Return the fit of a file without a header, if its first row is an order as wide as the layout says."""
    first = texts(rows[0]) if rows else []
    if len(rows[0] if rows else []) != len(layout.positions) or not first:
        return None
    laid = _lay(list(layout.positions), layout, 0)
    if laid is None or laid.missing:
        return None
    try:
        Clock(layout.timezone, layout.formats).read(rows[0][laid.places["accepted_at"]])
    except Unreadable:
        return None
    return laid


def choose(sheets: list[Sheet], layout: Layout, file: str) -> tuple[Sheet, Fit]:
    """Return the one sheet that fits; raise BadInput saying what is missing, or that two fit equally."""
    fits = [(sheet, found) for sheet in sheets if (found := fit(sheet.head(SEARCHED), layout))]
    if not fits:
        raise BadInput("no_header", file=file, layout=layout.name, looked_at_rows=SEARCHED)
    whole = [(sheet, found) for sheet, found in fits if not found.missing]
    if not whole:
        sheet, found = max(fits, key=lambda one: (-len(one[1].missing), len(one[1].places)))
        raise BadInput(
            "missing_column",
            file=file,
            layout=layout.name,
            sheet=sheet.name,
            row=found.row,
            missing=[_named(layout, name) for name in found.missing],
        )
    whole = [one for one in whole if _has_rows(*one)] or whole[:1]
    most = max(len(found.places) for _, found in whole)
    best = [one for one in whole if len(one[1].places) == most]
    if len(best) > 1:
        raise BadInput("sheets_fit_equally", file=file, sheets=[sheet.name for sheet, _ in best])
    sheet, found = best[0]
    if found.twice:
        raise BadInput("header_twice", file=file, sheet=sheet.name, row=found.row, header=found.twice)
    return sheet, found


def _has_rows(sheet: Sheet, found: Fit) -> bool:
    return any(texts(row) for row in sheet.head(found.row + 20)[found.row :])


def _named(layout: Layout, name: str) -> str:
    column = layout.column(name)
    return column.headers[0] if column else name
