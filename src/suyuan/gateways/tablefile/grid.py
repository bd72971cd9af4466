"""How large does a sheet become when it is laid out? A cell in the far corner makes 17 billion places.

The reader of workbooks keeps every place between the first cell and the last: that is asked before.
"""

import re
import zipfile
from contextlib import suppress
from typing import BinaryIO
from xml.parsers import expat

from suyuan.domain.errors import BadInput

LARGEST = 64_000_000
"""Places of a sheet: a million rows of sixty columns."""
CHUNK = 1 << 20
LONGEST_START = 200
"""Bytes kept of a tag that a chunk cuts in two."""
FAR = re.compile(rb'<c (?!r="(?:[A-Z]|[AB][A-Z]|C[A-V])(?:1?\d{5}|\d{1,4})")')
"""A cell beyond the hundredth column or the 200,000th row, or one that does not say where it stands."""
UNUSUAL = tuple(
    before + b"c" + behind for before in (b"<", b":") for behind in (b">", b"/", b"\t", b"\r", b"\n")
)
UNUSUAL += (b":c ", b"\0")
"""Other ways to write a cell."""
PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


def refuse_vast(archive: zipfile.ZipFile, name: str) -> None:
    """Raise BadInput where a part of the workbook is a sheet of more than LARGEST places."""
    for member in archive.infolist():
        if member.filename.endswith("workbook.bin"):
            raise BadInput("not_a_table", file=name, kind="xlsb")
        with archive.open(member) as stream:
            near = not _goes_far(stream)  # type: ignore[arg-type]
        if near:
            continue
        with archive.open(member) as stream:
            places = _places(stream)  # type: ignore[arg-type]
        if places > LARGEST:
            raise BadInput("zip_bomb", file=f"{name}/{member.filename}", places=places, limit=LARGEST)


def _goes_far(stream: BinaryIO) -> bool:
    """Return whether a closer look is needed; ordinary sheets are let go at the speed of a search."""
    rest = b""
    while chunk := stream.read(CHUNK):
        piece = rest + chunk
        cut = piece.rfind(b"<")
        whole = piece[:cut] if cut > 0 else piece
        if FAR.search(whole) or any(way in whole for way in UNUSUAL):
            return True
        rest = piece[cut:][:LONGEST_START] if cut > 0 else b""
    return False


class _Extent:
    """The corners of what a sheet's XML fills."""

    def __init__(self) -> None:
        self.row = self.column = -1
        self.filled: list[int] | None = None
        """First row, last row, first column, last column."""

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Take in an opening tag."""
        match tag.rpartition(":")[2]:
            case "row":
                said = given.get("r", "")
                self.row = (
                    int(said) - 1 if said.isascii() and said.isdigit() and len(said) < 8 else self.row + 1
                )
                self.column = -1
            case "c":
                found = PLACE.fullmatch(given.get("r", ""))
                self.row, self.column = _at(found) if found else (self.row, self.column + 1)
            case "v" | "is":
                self._fill(self.row, self.column)

    def _fill(self, row: int, column: int) -> None:
        if self.filled is None:
            self.filled = [row, row, column, column]
            return
        first, last, left, right = self.filled
        self.filled = [min(first, row), max(last, row), min(left, column), max(right, column)]


def _at(found: re.Match[str]) -> tuple[int, int]:
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _places(stream: BinaryIO) -> int:
    """Return how many places lie between the first and the last filled cell; 0 for what is no XML."""
    extent = _Extent()
    parser = expat.ParserCreate()
    parser.StartElementHandler = extent.start
    # What was read before a fault counts: a reader less strict might go on.
    with suppress(expat.ExpatError, LookupError, ValueError):
        parser.ParseFile(stream)
    if extent.filled is None:
        return 0
    first, last, left, right = extent.filled
    return (last - first + 1) * (right - left + 1)
