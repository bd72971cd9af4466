"""The rows of an xlsx or xls workbook, sheet by sheet, with merged cells filled downwards."""

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any

import python_calamine as calamine

from suyuan.domain.errors import BadInput

from ..ooxml import XML, refuse_dtd
from ..unzipping import DAMAGED
from .containers import Source, refuse_outside
from .formulas import Formula, Places, unreckoned
from .grid import refuse_vast
from .text import NO_CHARACTER

MEMBER_LIMIT = 1024**3
"""Most bytes of a workbook that lies inside an archive: it must be held in memory to be opened."""

HEAD_OF_BOOK = 1024**2
"""Bytes of xl/workbook.xml that are looked at: what is searched stands near its beginning."""


class WorkbookSheet:
    """One visible sheet. Values are text, numbers, booleans, dates and moments; blank is ``""``."""

    def __init__(self, source: Source, sheet: Any, formulas: Places) -> None:
        self.source, self.name, self._sheet = source, sheet.name, sheet
        self._formulas: dict[int, list[tuple[int, str]]] = {}
        for (row, column), written in formulas.items():
            self._formulas.setdefault(row, []).append((column, written))
        self.total_rows: int | None = sheet.end[0] + 1 if sheet.end else 0
        self._read = 0

    def head(self, count: int) -> list[list[Any]]:
        """Return the first ``count`` rows."""
        found = list(islice(self.rows(), count))
        self._read = 0
        return found

    def rows(self) -> Iterator[list[Any]]:
        """Yield every row from the sheet's first, numbers as the workbook holds them."""
        down = self._merged_down()
        open_merges: list[tuple[int, int, Any]] = []
        for index, row in enumerate(self._sheet.iter_rows()):
            self._read = index + 1
            if open_merges:
                for last, column, value in open_merges:
                    if index <= last and column < len(row):
                        row[column] = value
                open_merges = [m for m in open_merges if m[0] > index]
            if index in down:
                open_merges += [
                    (last, column, row[column]) for last, column in down[index] if column < len(row)
                ]
            for column, written in self._formulas.get(index, ()):
                if column < len(row):
                    row[column] = Formula("0" if row[column] == 0 else "", written)
            yield [_kept(cell) for cell in row]

    def fraction(self) -> float:
        """Return how much of the sheet has been read."""
        return min(1.0, self._read / self.total_rows) if self.total_rows else 1.0

    def _merged_down(self) -> dict[int, list[tuple[int, int]]]:
        """Return, by first row, the merged ranges that reach further down: only the top cell has a value."""
        found: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _right) in self._sheet.merged_cell_ranges or ():
            if bottom > top:
                found.setdefault(top, []).append((bottom, left))
        return found


def _kept(cell: Any) -> Any:
    """Return a cell without NUL, which no database keeps."""
    return cell.replace("\0", NO_CHARACTER) if isinstance(cell, str) and "\0" in cell else cell


NONE: Places = {}
DATES_OF_1904 = re.compile(
    rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true|on)[\"']", re.IGNORECASE
)


def _look_inside(source: Source, file: Any) -> dict[str, Places]:
    """Return where formulas show nothing; raise BadInput for harm, a vast sheet, or dates from 1904 on.

    A date of those that is typed as a bare number would be read four years off.
    """
    if not zipfile.is_zipfile(file):
        return {}
    with zipfile.ZipFile(file) as parts:
        _refuse_harm(parts, source.name)
        books = [name for name in parts.namelist() if name.lower().endswith("workbook.xml")]
        for name in books:
            with parts.open(name) as part:
                if DATES_OF_1904.search(part.read(HEAD_OF_BOOK)):
                    raise BadInput("date_1904", file=source.name)
        refuse_vast(parts, source.name)
        return unreckoned(parts)


def _refuse_harm(parts: zipfile.ZipFile, name: str) -> None:
    """Raise BadInput for a part whose name leads outside, or that declares entities of its own."""
    refuse_outside(parts.namelist(), name)
    for part in parts.namelist():
        if part.lower().endswith(XML):
            with parts.open(part) as stream:
                refuse_dtd(stream, f"{name}/{part}")


def _opened(source: Source) -> tuple[calamine.CalamineWorkbook, dict[str, Places]]:
    if source.plain:
        formulas = _look_inside(source, source.plain)
        return calamine.CalamineWorkbook.from_path(str(source.plain)), formulas
    with source.open() as stream:
        content = stream.read(MEMBER_LIMIT + 1)
    if len(content) > MEMBER_LIMIT:
        raise BadInput("file_too_large", file=source.name, limit=MEMBER_LIMIT)
    formulas = _look_inside(source, io.BytesIO(content))
    return calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)), formulas


def sheets(source: Source) -> list[WorkbookSheet]:
    """Return the visible sheets that have any cell; raise BadInput if the workbook cannot be opened."""
    try:
        book, formulas = _opened(source)
        visible = [
            s.name
            for s in book.sheets_metadata
            if s.visible == calamine.SheetVisibleEnum.Visible and s.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        found = [
            WorkbookSheet(source, book.get_sheet_by_name(name), formulas.get(name, NONE)) for name in visible
        ]
    except calamine.PasswordError:
        raise BadInput("encrypted_file", file=source.name) from None
    except (calamine.CalamineError, *DAMAGED) as error:
        raise BadInput("damaged_file", file=source.name, problem=str(error)[:200]) from None
    return [sheet for sheet in found if sheet.total_rows]
