"""The mark of who took a workbook out: at the head and foot of each printed page, and in its properties."""

from datetime import datetime
from typing import Any


def mark_book(book: Any, mark: str, made_at: datetime | None = None) -> None:
    """Put the line into the properties of a workbook, and say when it was made."""
    properties: dict[str, object] = {"comments": mark, "keywords": mark} if mark else {}
    if made_at is not None:
        properties["created"] = made_at.replace(tzinfo=None, microsecond=0)
    if properties:
        book.set_properties(properties)


def mark_sheet(sheet: Any, mark: str) -> None:
    """Put the line at the head and foot of a sheet; an ampersand would start a code there."""
    if mark:
        told = mark.replace("&", "&&")
        sheet.set_header(f"&R{told}")
        sheet.set_footer(f"&L{told}&R&P/&N")
