"""A filled worksheet, read back: values by calamine, formulas found in the XML and never worked out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from suyuan.domain.errors import BadInput
from suyuan.gateways import ooxml
from suyuan.gateways.tablefile import open_table, unguard

from .book import FIRST_ROW, HEAD_ROW, KEY_ROW, MOST_COLUMNS, MOST_ROWS, Filled, Handed, place_of

MOST_TEXT = 64 * 1024**2
"""Characters on one sheet with its shared texts written out: one long text can be shared a million times."""
LAST_ROW = 4 * MOST_ROWS
CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")


@dataclass(slots=True)
class _Scan:
    """What one sheet's XML holds before anything builds a table of it."""

    name: str
    texts: list[int]
    formulas: set[tuple[int, int]] = field(default_factory=set)
    row: int = -1
    at: tuple[int, int] = (-1, -1)
    shared: bool = False
    value: str | None = None
    characters: int = 0

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Take in an opening tag."""
        tag = ooxml.local(tag)
        if tag == "row":
            self.row = int(given["r"]) - 1 if given.get("r", "").isdecimal() else self.row + 1
            self.at = (self.row, -1)
        elif tag == "c":
            self.at = self._place(given.get("r", ""))
            self.shared = given.get("t") == "s"
        elif tag == "f":
            self.formulas.add(self.at)
        elif tag == "v":
            self.value = ""

    def _place(self, cell: str) -> tuple[int, int]:
        if cell and not CELL.fullmatch(cell):
            raise BadInput("damaged_file", file=self.name, problem=f"cell {cell[:20]}")
        row, column = place_of(cell) if cell else (self.at[0], self.at[1] + 1)
        if row >= LAST_ROW:
            raise BadInput("too_many_rows", file=self.name, limit=MOST_ROWS, row=row + 1)
        if column >= MOST_COLUMNS:
            raise BadInput("too_many_columns", file=self.name, limit=MOST_COLUMNS)
        return row, column

    def text(self, said: str) -> None:
        """Take in text."""
        if self.value is not None:
            self.value += said

    def end(self, tag: str) -> None:
        """Take in a closing tag."""
        if ooxml.local(tag) != "v" or self.value is None:
            return
        known = self.shared and self.value.isdecimal() and int(self.value) < len(self.texts)
        self.characters += self.texts[int(self.value)] if known else len(self.value)
        self.value = None
        if self.characters > MOST_TEXT:
            raise BadInput("zip_bomb", file=self.name, limit=MOST_TEXT)


def read(path: Path) -> Handed:
    """Return a filled worksheet; raise BadInput for a file that is none, or means harm."""
    parts = ooxml.parts(ooxml.read(path), path.name)
    if not any(part.startswith("xl/") for part in parts):
        raise BadInput("not_a_worksheet", file=path.name)
    formulas = _formulas(parts, path.name)
    for sheet in open_table(path):
        head = sheet.head(HEAD_ROW + 1)
        if len(head) > HEAD_ROW and "number" in map(str, head[KEY_ROW]):
            return _handed(head, list(sheet.rows()), formulas.get(sheet.name, set()), path.name)
    raise BadInput("not_a_worksheet", file=path.name)


def _handed(head: list, rows: list, formulas: set[tuple[int, int]], name: str) -> Handed:  # type: ignore[type-arg]
    keys = [str(cell).strip() for cell in head[KEY_ROW]]
    for column, key in enumerate(keys):
        if key and key in keys[:column]:
            raise BadInput("header_twice", file=name, column=key)
    titles = [unguard(str(cell)) for cell in head[HEAD_ROW]]
    filled = []
    for index, cells in enumerate(rows[FIRST_ROW:], start=FIRST_ROW):
        here = frozenset(column for row, column in formulas if row == index)
        if here or any(cell != "" for cell in cells):
            plain = [unguard(cell) if isinstance(cell, str) else cell for cell in cells]
            filled.append(Filled(index + 1, plain, here))
    if len(filled) > MOST_ROWS:
        raise BadInput("too_many_rows", file=name, limit=MOST_ROWS)
    return Handed(keys, titles, filled)


def _formulas(parts: Mapping[str, bytes], name: str) -> dict[str, set[tuple[int, int]]]:
    """Return the places of formulas by sheet; raise BadInput for sheets too large to be a worksheet."""
    texts = _lengths(parts, name)
    found = {}
    for title, part in _sheets(parts, name).items():
        scan = _Scan(f"{name}/{title}", texts)
        ooxml.walk(parts[part], f"{name}/{part}", scan.start, scan.text, scan.end)
        found[title] = scan.formulas
    return found


def _lengths(parts: Mapping[str, bytes], name: str) -> list[int]:
    """Return how long each shared text is."""
    lengths: list[int] = []

    def start(tag: str, _given: dict[str, str]) -> None:
        if ooxml.local(tag) == "si":
            lengths.append(0)

    def text(said: str) -> None:
        if lengths:
            lengths[-1] += len(said)

    if "xl/sharedStrings.xml" in parts:
        ooxml.walk(parts["xl/sharedStrings.xml"], f"{name}/sharedStrings", start, text)
    return lengths


def _sheets(parts: Mapping[str, bytes], name: str) -> dict[str, str]:
    """Return which part holds which sheet."""
    if "xl/workbook.xml" not in parts or "xl/_rels/workbook.xml.rels" not in parts:
        raise BadInput("not_a_worksheet", file=name)
    targets = {
        row.get("Id", ""): _part(row.get("Target", ""))
        for row in ooxml.relations(parts, "xl/_rels/workbook.xml.rels")
    }
    found: dict[str, str] = {}

    def start(tag: str, given: dict[str, str]) -> None:
        if ooxml.local(tag) != "sheet":
            return
        by_local = {ooxml.local(key): value for key, value in given.items()}
        part = targets.get(by_local.get("id", ""), "")
        if part in parts:
            found[given.get("name", "")] = part

    ooxml.walk(parts["xl/workbook.xml"], f"{name}/workbook", start)
    return found


def _part(target: str) -> str:
    return target[1:] if target.startswith("/") else str(PurePosixPath("xl") / target)
