"""Workbooks for people: every cell is what it says, and none is a formula."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import xlsxwriter
from django.http import FileResponse
from django.utils.translation import gettext

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet, or the CSV saved from it, may take for a formula's start; full-width forms too."""


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and rows, cut off after ``most`` with a line that says so."""

    heads: Sequence[str]
    rows: Iterable[Sequence[object]]
    most: int = 1_000_000


def harmless(value: object) -> object:
    """Return a value that no spreadsheet will calculate: risky text gets an apostrophe before it."""
    if isinstance(value, bool | int | float) or value is None:
        return value
    text = str(value)
    return "'" + text if text.startswith(RISKY) else text


def write(table: Table, file: BinaryIO) -> None:
    """Write one sheet to ``file``; rows are never all in memory."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(table.heads) - 1, 0), 18)
    for column, head in enumerate(table.heads):
        sheet.write_string(0, column, str(harmless(head)), bold)
    for number, row in enumerate(table.rows, start=1):
        if number > table.most:
            sheet.write_string(number, 0, gettext("只导出前 %(most)d 行") % {"most": table.most}, bold)
            break
        for column, value in enumerate(row):
            _cell(sheet, (number, column), harmless(value))
    book.close()


def _cell(sheet, at: tuple[int, int], value: object) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool | int | float):
        sheet.write_number(*at, value)
    else:
        sheet.write_string(*at, str(value))


def answer(table: Table, name: str) -> FileResponse:
    """Return the workbook as a download."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  FileResponse closes it
    write(table, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPE)
