"""Where rulebook files lie, and how one after the other they make a book."""

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from suyuan.domain.errors import RulebookError
from suyuan.domain.worktime import FixedDay

from .book import Rulebook
from .checks import confirmed_limit
from .notices import Notice, fixed_days, notice, notice_from_csv
from .reading import TABLES, Row, records, rows
from .records import Certainty, Record

BOOKS = ("figures", "choices", "business_types", "categories", "limits")
"""The package's own files; its other TOML files are read by whoever owns them."""


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


def load(*extra: Path) -> Rulebook:
    """Return the package's rulebook with the user's files on top; the last file wins."""
    draft = _Draft()
    for file in [*package_files(), *extra]:
        draft.add(file.name, _content(file))
    return draft.book()


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
        self.placed: dict[tuple[str, str, date | None], tuple[Row, Record]] = {}
        self.notices: dict[date, tuple[str, Notice]] = {}
        self.fixed: tuple[FixedDay, ...] = ()

    def add(self, file: str, content: dict[str, Any]) -> None:
        if unknown := set(content) - {*TABLES, "calendar", "fixed_day", "confirm"}:
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

    def confirm(self, tables: Iterable[Row]) -> None:
        """Mark limits as confirmed by a named person with a source."""
        known = {(key, start): record for (_, key, start), (_, record) in self.placed.items()}
        for row in tables:
            limit = confirmed_limit(row, known)
            sure = replace(
                limit, certainty=Certainty.CONFIRMED, basis=row.text("basis"), confirmed_by=row.text("by")
            )
            row.close()
            self.placed["limit", limit.id, limit.in_force_from] = row, sure

    def book(self) -> Rulebook:
        return Rulebook(list(self.placed.values()), self.notices, self.fixed)


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
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(file=file.name, table="", key="", problem=f"is not TOML: {error}") from None
