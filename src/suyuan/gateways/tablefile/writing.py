"""Tables for people's spreadsheets: csv, csv.gz, tsv and xlsx in which no cell is ever a formula.

A text that a spreadsheet would run gets an apostrophe in front, and one that already begins so gets a
second, so that reading (``unguard``) gives back exactly what was written (``guard``).
"""

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter

from suyuan.domain.errors import BadInput

from ..watermark import mark_book, mark_sheet

DANGEROUS = "=+-@\t\r"
ESCAPED = DANGEROUS + "'"
CELL_LIMIT = 32767
"""Characters one xlsx cell can hold, by the format's definition."""
ROW_LIMIT = 1_048_576


class Writer(Protocol):
    def __call__(self, row: Sequence[str]) -> None: ...


def guard(text: str) -> str:
    """Return ``text`` in a form no spreadsheet takes for a formula."""
    if text[:1] in DANGEROUS and text:
        return "'" + text
    return "'" + text if text[:1] == "'" and text[1:2] in ESCAPED and len(text) > 1 else text


def unguard(text: str) -> str:
    """Return what ``guard`` was given."""
    return text[1:] if text[:1] == "'" and len(text) > 1 and text[1] in ESCAPED else text


@contextmanager
def open_writer(path: Path, mark: str = "") -> Iterator[Writer]:
    """Yield a function that writes one row of texts as they are; guard them first.

    A workbook carries the ``mark`` on its pages and in its properties; a text file has no such place.
    """
    name = path.name.lower()
    if name.endswith(".xlsx"):
        with _xlsx(path, mark) as write:
            yield write
    elif name.endswith((".csv", ".csv.gz", ".tsv")):
        with _text(path, "\t" if name.endswith(".tsv") else ",") as write:
            yield write
    else:
        raise BadInput("unknown_format", file=path.name, known=[".xlsx", ".csv", ".csv.gz", ".tsv"])


@contextmanager
def _text(path: Path, delimiter: str) -> Iterator[Writer]:
    """Write with a byte order mark, without which Excel reads Chinese as rubbish."""
    packed = path.name.lower().endswith(".gz")
    # mtime=0: the same rows give the same bytes.
    raw = gzip.GzipFile(path, "wb", compresslevel=6, mtime=0) if packed else path.open("wb")
    with raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")

        def write(row: Sequence[str]) -> None:
            writer.writerow(row)

        yield write


@contextmanager
def _xlsx(path: Path, mark: str) -> Iterator[Writer]:
    """Write strings only: a number written as a number would lose the end of a long order number."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(path), options)
    sheet: Any = book.add_worksheet()
    mark_book(book, mark)
    mark_sheet(sheet, mark)
    count = 0

    def write(row: Sequence[str]) -> None:
        nonlocal count
        if count >= ROW_LIMIT:
            raise BadInput("too_many_rows", file=path.name, limit=ROW_LIMIT)
        for column, text in enumerate(row):
            if len(text) > CELL_LIMIT:
                raise BadInput(
                    "cell_too_long", file=path.name, row=count + 1, column=column + 1, limit=CELL_LIMIT
                )
            if text:
                sheet.write_string(count, column, text)
        count += 1

    try:
        yield write
    finally:
        book.close()
