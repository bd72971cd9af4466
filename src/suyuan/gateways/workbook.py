"""Workbooks for people: every cell is what it says, none is a formula, the same rows give the same bytes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from .watermark import mark_book, mark_sheet

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet, or the CSV saved from it, may take for a formula's start; full-width forms too."""


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and rows, cut off after ``most`` with the line ``cut`` that says so."""

    heads: Sequence[str]
    rows: Iterable[Sequence[object]]
    most: int = 1_000_000
    cut: str = "…"


def harmless(value: object) -> object:
    """Return a value that no spreadsheet will calculate: risky text gets an apostrophe before it."""
    if isinstance(value, bool | int | float) or value is None:
        return value
    text = str(value)
    return "'" + text if text.startswith(RISKY) else text


def write(
    sheets: Sequence[tuple[str, Table]],
    file: BinaryIO,
    made_at: datetime,
    mark: str = "",
    room: Path | None = None,
) -> None:
    """Write named sheets to ``file``, marked and said to be made at a moment; no rows are kept in memory.

    They wait in ``room``, in clear, until the file is written; without one, where the machine keeps such.
    """
    options: dict[str, Any] = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    if room is not None:
        options["tmpdir"] = str(room)
    with xlsxwriter.Workbook(file, options) as book:
        mark_book(book, mark, made_at)
        bold = book.add_format({"bold": True})
        for name, table in sheets:
            sheet = book.add_worksheet(name)
            mark_sheet(sheet, mark)
            _sheet(sheet, table, bold)


def _sheet(sheet: Any, table: Table, bold: Any) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(table.heads) - 1, 0), 18)
    for column, head in enumerate(table.heads):
        sheet.write_string(0, column, str(harmless(head)), bold)
    for number, row in enumerate(table.rows, start=1):
        if number > table.most:
            sheet.write_string(number, 0, table.cut, bold)
            break
        for column, value in enumerate(row):
            _cell(sheet, (number, column), harmless(value))


def _cell(sheet: Any, at: tuple[int, int], value: object) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool | int | float):
        sheet.write_number(*at, value)
    else:
        sheet.write_string(*at, str(value))
