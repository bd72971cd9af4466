"""Formulas nobody reckoned: a program wrote them, and no spreadsheet has put a value beside them yet.

The reader of workbooks gives what a cell shows, and such a cell shows nothing or 0: a name or a number read
from it would be made up.
"""

import html
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

CHUNK = 1 << 20
CELL = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>([^<]*)</(?:\w+:)?f>)'
    rb"\s*(?:<(?:\w+:)?v>([^<]*)</(?:\w+:)?v>)?"
)
END_OF_ROW = b"row>"


LONGEST = 200
"""Characters of a formula that are kept, to name it by."""

Places = dict[tuple[int, int], str]
"""Formulas as they are written, by row and column from 0."""


class Formula(str):
    """What a formula without a value shows: nothing, or 0."""

    __slots__ = ("written",)
    written: str
    """The formula itself; a bare = where it stands with another it was copied from."""

    def __new__(cls, shows: str, written: str = "=") -> "Formula":
        """Return what a formula shows, with how it is written."""
        made = super().__new__(cls, shows)
        made.written = written
        return made


def unreckoned(parts: zipfile.ZipFile) -> dict[str, Places]:
    """Return by sheet the formulas that show nothing, 0 or an error, by their places."""
    found = {}
    for name, member in _sheets(parts).items():
        if member in parts.NameToInfo:
            with parts.open(member) as stream:
                if places := dict(_places(stream)):  # type: ignore[arg-type]
                    found[name] = places
    return found


def _places(stream: BinaryIO) -> Iterator[tuple[tuple[int, int], str]]:
    rest = b""
    while chunk := stream.read(CHUNK):
        piece = rest + chunk
        cut = piece.rfind(END_OF_ROW) + len(END_OF_ROW)
        whole, rest = (piece[:cut], piece[cut:]) if cut >= len(END_OF_ROW) else (b"", piece)
        yield from _in(whole)
    yield from _in(rest)


def _in(text: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    if b"f>" not in text and b"<f" not in text:
        return
    for column, row, kind, formula, shown in CELL.findall(text):
        if b't="e"' in kind or not shown.strip(b" 0."):
            yield (int(row) - 1, _column(column)), _written(formula)


def _written(formula: bytes) -> str:
    """Return a formula as a person types it, in one line."""
    told = html.unescape(formula[: 4 * LONGEST].decode("utf-8", "replace"))
    return "=" + " ".join(told.replace("\0", "").split())[:LONGEST]


def _column(letters: bytes) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + letter - ord("A") + 1
    return at - 1


def _sheets(parts: zipfile.ZipFile) -> dict[str, str]:
    """Return the member of each sheet by the sheet's name."""
    targets = {
        given.get("Id", ""): given.get("Target", "")
        for given in _tags(parts, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    return {
        given.get("name", ""): _member(targets.get(key, ""))
        for given in _tags(parts, "xl/workbook.xml", "sheet")
        if (key := next((value for name, value in given.items() if name.endswith(":id")), ""))
    }


def _member(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _tags(parts: zipfile.ZipFile, member: str, wanted: str) -> list[dict[str, str]]:
    """Return the attributes of every tag of a name; of what is no XML, those before the fault."""
    found: list[dict[str, str]] = []

    def start(tag: str, given: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == wanted:
            found.append(given)

    if member in parts.NameToInfo:
        parser = expat.ParserCreate()
        parser.StartElementHandler = start
        try:
            parser.Parse(parts.read(member), True)
        except (expat.ExpatError, LookupError, ValueError):
            return found
    return found
