"""The State Council's yearly notices, put together into one working calendar without holes."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from suyuan.domain.errors import RulebookError
from suyuan.domain.worktime import Calendar, FixedDay

from .reading import Row, rows

ZONE = "Asia/Shanghai"
BEFORE = timedelta(days=31)
"""A notice may move days of the December before it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Rest days and make-up workdays of one span, each with the festival's name."""

    first: date
    last: date
    holidays: tuple[tuple[date, str], ...]
    makeup: tuple[tuple[date, str], ...]
    basis: str
    certainty: str

    def plain(self) -> dict[str, Any]:
        """Return the notice as the table it is read from, dates as text."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "basis": self.basis,
            "certainty": self.certainty,
            "holidays": _by_name(self.holidays),
            "makeup": _by_name(self.makeup),
        }

    def toml(self) -> str:
        """Return the notice as a file."""
        lines = ["[calendar]", f"first = {self.first}", f"last = {self.last}"]
        lines += [f"{key} = {_quoted(getattr(self, key))}" for key in ("basis", "certainty")]
        for table, days in (("holidays", self.holidays), ("makeup", self.makeup)):
            lines += ["", f"[calendar.{table}]"]
            lines += [f"{_quoted(name)} = [{', '.join(found)}]" for name, found in _by_name(days).items()]
        return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _by_name(days: Iterable[tuple[date, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for day, name in days:
        grouped[name].append(day.isoformat())
    return dict(grouped)


def notice(file: str, content: object, fixed: Sequence[FixedDay]) -> Notice:
    """Return the notice of a ``[calendar]`` table."""
    row = Row(file, "calendar", content)
    found = Notice(
        row.certain_day("first"),
        row.certain_day("last"),
        _named_days(row, "holidays"),
        _named_days(row, "makeup"),
        row.text("basis"),
        row.text("certainty"),
    )
    row.close()
    return checked(row, found, fixed)


def notice_from_csv(file: str, text: str, fixed: Sequence[FixedDay]) -> Notice:
    """Return the notice of a year from a CSV with columns date, kind (holiday or makeup), perhaps name."""
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    if not {"date", "kind"} <= set(reader.fieldnames or ()) <= {"date", "kind", "name"}:
        raise RulebookError(file=file, table="header", key="date,kind", problem="must be date,kind[,name]")
    days: dict[str, list[tuple[date, str]]] = {"holiday": [], "makeup": []}
    for number, line in enumerate(_lines(reader, file), 2):
        row = Row(file, f"line {number}", {key: (value or "").strip() for key, value in line.items() if key})
        days[row.one_of("kind", tuple(days))].append(
            (row.certain_day("date"), row.text("name", "") or "节假日")
        )
    if not days["holiday"]:
        raise RulebookError(file=file, table="lines", key="date", problem="has no holiday")
    year = max(day for day, _ in days["holiday"]).year
    found = Notice(
        date(year, 1, 1), date(year, 12, 31), tuple(days["holiday"]), tuple(days["makeup"]), file, "confirmed"
    )
    return checked(Row(file, "lines", {}), found, fixed)


def _lines(reader: "csv.DictReader[str]", file: str) -> list[dict[str, str]]:
    try:
        return list(reader)
    except csv.Error as error:
        raise RulebookError(
            file=file, table=f"line {reader.line_num}", key="", problem=f"is no csv: {error}"
        ) from None


def _named_days(row: Row, key: str) -> tuple[tuple[date, str], ...]:
    table = Row(row.file, f"{row.table}.{key}", row.take(key, dict, {}))
    found = []
    for name in table.content:
        for position, _ in enumerate(table.take(name, list)):
            one = Row(row.file, table.table, {name: table.content[name][position]})
            found.append((one.certain_day(name), name))
    return tuple(sorted(found))


def checked(row: Row, found: Notice, fixed: Sequence[FixedDay]) -> Notice:
    """Return ``found``; raise where a day is doubled, astray, or a fixed statutory date is left out."""
    if found.last < found.first:
        raise row.error("last", "comes before first")
    rest = {day for day, _ in found.holidays}
    makeup = {day for day, _ in found.makeup}
    if len(rest) + len(makeup) < len(found.holidays) + len(found.makeup) or rest & makeup:
        raise row.error("holidays", "names a day twice")
    for day in sorted(rest | makeup):
        if day > found.last or found.first - day > BEFORE:
            raise row.error("holidays", f"{day} lies outside {found.first}–{found.last}")
    for day in sorted(makeup):
        if day.weekday() < 5:
            raise row.error("makeup", f"{day} is no Saturday or Sunday")
    for year in range(found.first.year, found.last.year + 1):
        for one in fixed:
            day = date(year, one.month, one.day)
            if one.since <= year <= one.until and found.first <= day <= found.last and day not in rest:
                raise row.error("holidays", f"leaves out the statutory {day}")
    return found


def fixed_days(file: str, content: object) -> tuple[FixedDay, ...]:
    """Return the fixed statutory dates of ``[[fixed_day]]``."""
    found = []
    for row in rows(file, "fixed_day", content):
        one = FixedDay(
            row.take("month", int),
            row.take("day", int),
            row.take("since", int, 0),
            row.take("until", int, 9999),
        )
        try:
            date(2001, one.month, one.day)
        except ValueError:
            raise row.error("day", "is no date of every year") from None
        found.append(one)
        row.text("note", "")
        row.close()
    return tuple(found)


def calendar(notices: Mapping[date, tuple[str, Notice]], fixed: tuple[FixedDay, ...]) -> Calendar:
    """Return one calendar from notices that follow each other without hole or overlap."""
    inorder = [notices[first] for first in sorted(notices)]
    for (_, before), (file, after) in pairwise(inorder):
        if after.first != before.last + timedelta(days=1):
            problem = f"must follow on {before.last}; load the years in order"
            raise RulebookError(file=file, table="calendar", key="first", problem=problem)
    rest: set[date] = set()
    makeup: set[date] = set()
    for _, one in inorder:
        for day, _ in one.holidays:
            rest.add(day)
            makeup.discard(day)
        for day, _ in one.makeup:
            makeup.add(day)
            rest.discard(day)
    span = inorder[0][1].first, inorder[-1][1].last
    return Calendar(ZoneInfo(ZONE), *span, frozenset(rest), frozenset(makeup), fixed)
