"""A worksheet, written: choices to pick from, columns nobody may change, refused rows in colour."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from suyuan.gateways.tablefile import guard
from suyuan.gateways.watermark import mark_book, mark_sheet

from .book import FIRST_ROW, HEAD_ROW, KEY_ROW, MOST_COLUMNS, TITLE_ROW, Book, Column, Line

MOMENT = "yyyy-mm-dd hh:mm"
FORMATS = {"moment": MOMENT, "integer": "0"}
FILLS = {"applied": "#E3F4E5", "already": "#ECECEC", "refused": "#FCE4E0"}
FAULT, LOCKED, HEAD, NEEDED = "#F4A79D", "#F3F5F7", "#206BC4", "#FFF4CC"
A4 = 9
LINE_HEIGHT, MOST_LINES = 17, 8
"""Points of one line of text, and lines of a row before the rest has to be scrolled to."""
ROOM = 200
"""Empty rows below the cases that still offer the choices, for rows that were moved down."""
LONGEST_TIP = 250
"""Characters Excel shows in a message beside a cell: 255, by its own limit."""
FREELY = {
    "objects": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_columns": True,
    "sort": True,
    "autofilter": True,
}
"""What the protection of the sheet leaves to people."""


class _Formats:
    """One format per look, made on first use."""

    def __init__(self, book: Any) -> None:
        self._book, self._known = book, dict[tuple[tuple[str, object], ...], Any]()

    def __call__(self, **look: object) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._known:
            self._known[key] = self._book.add_format({"font_name": "微软雅黑", "font_size": 10, **look})
        return self._known[key]


def write(path: Path, book: Book) -> None:
    """Write a worksheet to ``path``."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as file:
        formats = _Formats(file)
        cases, guide, lists = (file.add_worksheet(name) for name in book.names)
        lists.hide()
        mark_book(file, book.mark)
        mark_sheet(cases, book.mark)
        ranges = _lists(lists, book.names[2], _chosen(book))
        _heads(cases, book, formats)
        for row, line in enumerate(book.lines, start=FIRST_ROW):
            _line(cases, (row, line), book.columns, formats)
        _choices(cases, book, ranges)
        _needed(cases, book, formats)
        _guide(guide, book, formats)


Words = tuple[tuple[str, str], ...]


def _chosen(book: Book) -> list[Words]:
    """Return every list that some cell picks from, each once."""
    lists = [column.choices for column in book.columns if column.choices]
    lists += [tuple((verb, verb) for verb in line.verbs) for line in book.lines if line.verbs]
    return list(dict.fromkeys(lists))


def _lists(sheet: Any, name: str, lists: Sequence[Words]) -> dict[Words, str]:
    """Write each list as a column of words and one of codes; return where its words stand."""
    ranges = {}
    for place, choices in enumerate(lists):
        for row, (words, code) in enumerate(choices):
            sheet.write_string(row, 2 * place, guard(words))
            sheet.write_string(row, 2 * place + 1, guard(code))
        column = xl_col_to_name(2 * place, col_abs=True)
        ranges[choices] = f"='{name}'!{column}$1:{column}${len(choices)}"
    return ranges


def _heads(sheet: Any, book: Book, formats: _Formats) -> None:
    sheet.freeze_panes(FIRST_ROW, 2)
    sheet.set_row(KEY_ROW, None, None, {"hidden": True})
    sheet.set_row(TITLE_ROW, 22)
    sheet.set_row(HEAD_ROW, 32)
    sheet.write_string(TITLE_ROW, 1, f"{book.title}　{book.mark}", formats(bold=True, font_color="#555555"))
    sheet.set_footer(f"&L{_plain(book.mark)}&R&P / &N")
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.protect("", FREELY)
    for place, column in enumerate(book.columns):
        look = formats(locked=column.locked, num_format=FORMATS.get(column.kind, "@"))
        sheet.set_column(place, place, column.width, look, {"hidden": column.hidden})
        sheet.write_string(KEY_ROW, place, column.key)
        title = guard(column.title) + (" *" if column.needed_by else "")
        style = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#FFFFFF"}
        colour = "#667382" if column.locked or not column.key else HEAD
        sheet.write_string(
            HEAD_ROW, place, title, formats(bg_color=colour, font_color="#FFFFFF", locked=True, **style)
        )
        if column.help:
            sheet.write_comment(HEAD_ROW, place, column.help, {"width": 260, "height": 120})
    if len(book.columns) < MOST_COLUMNS:
        sheet.set_column(len(book.columns), MOST_COLUMNS - 1, 14, formats(locked=False))


def _plain(text: str) -> str:
    """Return text in which a header or footer sees no codes."""
    return text.replace("&", "&&")[:240]


def _line(sheet: Any, at: tuple[int, Line], columns: Sequence[Column], formats: _Formats) -> None:
    row, line = at
    told = max((str(cell).count("\n") for cell in line.cells), default=0)
    sheet.set_row(row, LINE_HEIGHT * min(told + 1, MOST_LINES))
    for place, column in enumerate(columns):
        value = line.cells[place] if place < len(line.cells) else ""
        look: dict[str, object] = {"locked": column.locked, "num_format": FORMATS.get(column.kind, "@")}
        fill = FAULT if place in line.faults else FILLS.get(line.outcome, LOCKED if column.locked else "")
        if fill:
            look["bg_color"] = fill
        if column.kind == "longtext" or column.key in ("outcome", "brief"):
            look |= {"text_wrap": True, "valign": "top"}
        _cell(sheet, (row, place), value, formats(**look))
        if place in line.faults:
            sheet.write_comment(row, place, line.faults[place], {"width": 240})


def _cell(sheet: Any, at: tuple[int, int], value: object, look: Any) -> None:
    """Write a value as what it is: a text stays a text, whatever it begins with."""
    if isinstance(value, datetime):
        sheet.write_datetime(*at, value.replace(tzinfo=None), look)
    elif isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        sheet.write_number(*at, value, look)  # a cell may say 1e999: what is no number here stays a text
    elif value is None or value == "":
        sheet.write_blank(*at, None, look)
    else:
        sheet.write_string(*at, guard(str(value)), look)


def _choices(sheet: Any, book: Book, ranges: Mapping[Words, str]) -> None:
    last = FIRST_ROW + len(book.lines) + ROOM
    for place, column in enumerate(book.columns):
        asked: dict[str, object] = {
            "input_title": column.title[:32],
            "input_message": column.help[:LONGEST_TIP],
        }
        if column.choices:
            asked |= {"validate": "list", "source": ranges[column.choices]}
        elif column.kind == "moment":
            asked |= {"validate": "date", "criteria": ">=", "value": datetime(2000, 1, 1)}  # noqa: DTZ001
        elif column.kind == "integer":
            asked |= {"validate": "integer", "criteria": ">=", "value": 0}
        else:
            continue
        sheet.data_validation(
            FIRST_ROW, place, last, place, {k: v for k, v in asked.items() if v not in ("", None)}
        )
    verb = next((place for place, column in enumerate(book.columns) if column.kind == "verb"), None)
    if verb is None:
        return
    for row, line in enumerate(book.lines, start=FIRST_ROW):
        if line.verbs:
            words = tuple((each, each) for each in line.verbs)
            sheet.data_validation(row, verb, row, verb, {"validate": "list", "source": ranges[words]})


def _needed(sheet: Any, book: Book, formats: _Formats) -> None:
    """Colour what a chosen verb still needs, as long as it is empty."""
    verb = next((place for place, column in enumerate(book.columns) if column.kind == "verb"), None)
    if verb is None or not book.lines:
        return
    chosen, first = f"${xl_col_to_name(verb)}{FIRST_ROW + 1}", FIRST_ROW + 1
    last = FIRST_ROW + len(book.lines) - 1
    look = formats(bg_color=NEEDED)
    for place, column in enumerate(book.columns):
        if not column.needed_by:
            continue
        names = ",".join(f'{chosen}="{words}"' for words in column.needed_by)
        rule = f'=AND(OR({names}),{xl_col_to_name(place)}{first}="")'
        sheet.conditional_format(
            FIRST_ROW, place, last, place, {"type": "formula", "criteria": rule, "format": look}
        )


def _guide(sheet: Any, book: Book, formats: _Formats) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 2, 90)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    for row, cells in enumerate(book.guide):
        if len(cells) == 1:
            style = formats(text_wrap=True, valign="vcenter", bold=row == 0)
            sheet.merge_range(row, 0, row, 2, guard(cells[0]), style)
            sheet.set_row(row, 30)
        for place, words in enumerate(cells if len(cells) > 1 else ()):
            sheet.write_string(
                row, place, guard(words), formats(text_wrap=True, valign="top", bold=place == 0)
            )
    sheet.protect()
