"""Worksheets filled in as people do: the file that was taken out, with values put into cells."""

import re
import warnings
import zipfile
from datetime import datetime
from pathlib import Path

from suyuan.actions import worksheets
from suyuan.gateways.worksheet import Book, Column, Handed, Line, read, write
from suyuan.store.queries import viewer
from suyuan.store.queries.listing import Filters
from tests.factories import NOW, person

OPEN = Filters(open_only=True)
SHEET = "xl/worksheets/sheet1.xml"


def taken(folder: Path, role: str = "office", verb: str = "", name: str = "out.xlsx") -> Path:
    """Return a worksheet taken out by somebody with a role."""
    path = folder / name
    worksheets.export(path=path, viewer=viewer.of(person(role)), filters=OPEN, verb=verb, now=NOW)
    return path


def fill(path: Path, *rows: dict[str, object], own: str = "", name: str = "filled.xlsx") -> Path:
    """Return the worksheet with the cells of its rows, first case first, filled in by column code.

    ``own`` heads a column of the office's own, which then holds ``own`` and the row's place in every row.
    """
    handed = read(path)
    keys = [*handed.keys, ""] if own else list(handed.keys)
    lines = []
    for place, row in enumerate(handed.rows):
        cells = [*row.cells, *[""] * (len(handed.keys) - len(row.cells)), *([f"{own}{place}"] if own else [])]
        for key, value in (rows[place] if place < len(rows) else {}).items():
            cells[at(handed, key)] = value
        lines.append(Line(cells))
    titles = [*handed.titles, own]
    kinds = {"field:at": "moment"}
    columns = [Column(key, titles[place], kinds.get(key, "text")) for place, key in enumerate(keys)]
    filled = path.with_name(name)
    write(filled, Book("办理表", "", ("工单", "说明", "选项"), columns, lines, []))
    return filled


def at(handed: Handed, key: str) -> int:
    """Return where a column stands; ``verb`` finds the column of one verb too."""
    return next(place for place, each in enumerate(handed.keys) if each == key or each == f"{key}:{each[5:]}")


def bring(path: Path, role: str = "office", now: datetime = NOW) -> worksheets.Summary:
    """Bring a worksheet back; the result lies beside it."""
    result = path.with_name(f"{path.stem}-result.xlsx")
    return worksheets.apply(path=path, result=result, viewer=viewer.of(person(role)), now=now)


def outcomes(summary: worksheets.Summary) -> list[tuple[str, str]]:
    """Return what became of each row, with the code."""
    return [(row.outcome, row.code) for row in summary.rows]


def result_of(path: Path) -> Handed:
    """Return what ``bring`` wrote beside a worksheet."""
    return read(path.with_name(f"{path.stem}-result.xlsx"))


def changed(path: Path, part: str, pattern: str, by: str) -> Path:
    """Return the file with what matches in one of its parts replaced."""
    other = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as fresh:
        for member in old.infolist():
            body = old.read(member)
            if member.filename == part:
                text = body.decode()
                assert re.search(pattern, text), f"{part} holds no {pattern}"
                body = re.sub(pattern, by, text, count=1).encode()
            fresh.writestr(member.filename, body)
    return other


def with_part(path: Path, part: str, body: bytes) -> Path:
    """Return the file with one more part."""
    other = path.with_name(f"more-{path.name}")
    other.write_bytes(path.read_bytes())
    with warnings.catch_warnings(), zipfile.ZipFile(other, "a", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # a name that stands twice is what one test wants
        archive.writestr(part, body)
    return other
