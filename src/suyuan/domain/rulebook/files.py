"""Where rulebook files lie, and how one after the other they make a book."""

import functools
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from suyuan.domain.errors import RulebookError
from suyuan.domain.worktime import FixedDay

from .book import Rulebook
from .checks import SURE, check, spoken_of
from .idle import refuse, refuse_notice, unread
from .notices import Notice, fixed_days, notice, notice_from_csv
from .reading import Row, rows
from .records import Certainty
from .tables import TABLES, Placed, records
from .terms import misfits, not_begun

BOOKS = (
    "figures",
    "choices",
    "nodes",
    "customers",
    "business_types",
    "categories",
    "limits",
    "sheets",
    "raci",
    "filings",
    "evaluations",
    "precomplaints",
    "disconnections",
    "recovery",
    "effects",
    "detectors",
    "warnings",
    "firstmoves",
    "clauses",
    "emergencies",
    "playbooks",
    "playbooks_detectors",
    "risk",
)
"""The package's own files; its other TOML files are read by whoever owns them."""

APPROVED = "approved"
"""Where an approved entry stands, as an error names it."""


def package_files() -> list[Traversable]:
    """Return the package's own rulebook files: records first, then calendars."""
    home = files("suyuan") / "rulebook"
    years = sorted((home / "calendars").iterdir(), key=lambda file: file.name)
    return [
        *(home / f"{name}.toml" for name in BOOKS),
        *(file for file in years if file.name.endswith(".toml")),
    ]


def user_files(home: Path) -> list[Path]:
    """Return the user's own dated files under a SUYUAN_HOME, in the order they count."""
    return sorted((home / "rulebook").glob("*.toml"))


def load(*extra: Path, entries: Iterable[Mapping[str, Any]] = (), on: date | None = None) -> Rulebook:
    """Return the package's rulebook, the user's files on it, then what was approved; the last one wins.

    With a day it is the book in force then: figures of later days wait, and a figure approved before
    its terms were checked stands aside. Without one every record is there and each must fit.
    """
    draft = _package().copy()
    for file in extra:
        draft.add(file.name, _content(file))
    for entry in entries:
        draft.add(APPROVED, entry)
    return draft.book(on)


@functools.cache
def _package() -> "_Draft":
    """Return what the package's own files say: they are read once in the life of a process."""
    draft = _Draft()
    for file in package_files():
        draft.add(file.name, _content(file))
    return draft


def refuse_idle(file: Path, book: Rulebook) -> None:
    """Raise at the first entry of a file that would change nothing in a book."""
    if file.suffix.lower() == ".csv":
        refuse_notice(book, Row(file.name, "calendar", {}), read_notice(file))
        return
    for kind, content in _content(file).items():
        if kind == "calendar":
            refuse(book, kind, Row(file.name, kind, content))
        elif kind in (*TABLES, *SURE):
            for row in rows(file.name, kind, content):
                refuse(book, kind, row)


def read_notice(file: Path) -> Notice:
    """Return a calendar notice from a TOML or CSV file, checked by itself."""
    fixed = tuple(load().calendar.fixed_statutory)
    if file.suffix.lower() == ".csv":
        return notice_from_csv(file.name, _text(file), fixed)
    content = _content(file)
    if set(content) != {"calendar"}:
        raise RulebookError(
            file=file.name, table="", key="calendar", problem="must hold [calendar] and no more"
        )
    return notice(file.name, content["calendar"], fixed)


class _Draft:
    """The book being put together: records by key and start, so that a later file replaces or adds."""

    def __init__(self) -> None:
        self.placed: dict[tuple[str, str, date | None], Placed] = {}
        self.notices: dict[date, tuple[str, Notice]] = {}
        self.fixed: tuple[FixedDay, ...] = ()

    def copy(self) -> "_Draft":
        """Return a draft that says the same, to be added to."""
        other = _Draft()
        other.placed, other.notices, other.fixed = dict(self.placed), dict(self.notices), self.fixed
        return other

    def add(self, file: str, content: Mapping[str, Any]) -> None:
        if unknown := set(content) - {*TABLES, "calendar", "fixed_day", "confirm", "revoke"}:
            raise RulebookError(file=file, table=min(unknown), key="", problem="is no table of a rulebook")
        if "fixed_day" in content:
            self.fixed = fixed_days(file, content["fixed_day"])
        for name in TABLES.keys() & content.keys():
            for row, record in records(file, name, content[name]):
                self.placed[name, record.key, record.in_force_from] = row, record
        if "calendar" in content:
            found = notice(file, content["calendar"], self.fixed)
            self.notices[found.first] = file, found
        self.confirm(rows(file, "confirm", content.get("confirm", [])))
        self.revoke(rows(file, "revoke", content.get("revoke", [])))

    def confirm(self, tables: Iterable[Row]) -> None:
        """Mark records as confirmed by a named person with a source."""
        for row in tables:
            name, record = spoken_of(row, self.placed)
            sure = replace(
                record, certainty=Certainty.CONFIRMED, basis=row.text("basis"), confirmed_by=row.text("by")
            )
            row.close()
            self.placed[name, record.key, record.in_force_from] = row, sure

    def revoke(self, tables: Iterable[Row]) -> None:
        """Take a confirmation back: the record counts again as what the table says."""
        unsure = tuple(one for one in Certainty if one is not Certainty.CONFIRMED)
        for row in tables:
            name, record = spoken_of(row, self.placed)
            mark = Certainty(row.one_of("certainty", unsure))
            doubted = replace(record, certainty=mark, confirmed_by="", note=row.text("note"))
            row.text("by")
            row.close()
            self.placed[name, record.key, record.in_force_from] = row, doubted

    def book(self, on: date | None) -> Rulebook:
        shipped, placed = _package().placed, dict(self.placed)
        for key, wrong in list(misfits(placed, shipped)):
            if on is None or placed[key][0].file != APPROVED:
                raise wrong
            del placed[key]
            if key in shipped:
                placed[key] = shipped[key]
        for key, unreadable in list(unread(placed, shipped)):
            if placed[key][0].file != APPROVED:
                raise unreadable
            del placed[key]  # approved before this was checked: nobody ever read it
        later = [key for key, (_, record) in placed.items() if on and not_begun(record, on)]
        waiting = [key for key in later if key not in shipped]
        if waiting:
            check(list(placed.values()))
        begun = [pair for key, pair in placed.items() if key not in waiting]
        return Rulebook(begun, self.notices, self.fixed)


def _text(file: Path | Traversable) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 at byte {error.start}"
        raise RulebookError(file=file.name, table="", key="", problem=problem) from None
    except OSError as error:
        raise RulebookError(
            file=file.name, table="", key="", problem=error.strerror or "cannot be read"
        ) from None


def _content(file: Path | Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(file))
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is no TOMLDecodeError
        raise RulebookError(file=file.name, table="", key="", problem=f"is not TOML: {error}") from None
