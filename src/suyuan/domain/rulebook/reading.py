"""Tables of a file into records; a wrong, missing or unknown key is an error that names its place."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from suyuan.domain.errors import RulebookError
from suyuan.domain.worktime import COUNTS, UNITS

from .records import (
    FACTS,
    GROUPS,
    KINDS,
    PROCEDURES,
    BusinessType,
    Category,
    Certainty,
    Choice,
    Figure,
    Limit,
    Record,
    Title,
)

T = TypeVar("T")
_MISSING: Any = object()
MOST = 1_000_000
"""Units of time a limit may count: what no calendar reaches is a slip of the pen."""
MARKS = ("id", "code", "number", "name", "template", "limit", "figure", "category")
"""The keys by which an error names a table."""


class Row:
    """One table, read key by key; ``close`` raises on whatever nobody asked for."""

    def __init__(self, file: str, table: str, content: object) -> None:
        self.file, self.table = file, table
        if not isinstance(content, Mapping):
            raise self.error("", "is not a table")
        self.content = dict(content)
        self.left = set(self.content)

    def error(self, key: str, problem: str) -> RulebookError:
        return RulebookError(file=self.file, table=self.table, key=key, problem=problem)

    def take(self, key: str, kind: type[T] | tuple[type[T], ...], default: Any = _MISSING) -> Any:
        """Return the value of ``key``; raise if it is missing without a default or of another type."""
        self.left.discard(key)
        value = self.content.get(key, default)
        if value is _MISSING:
            raise self.error(key, "is missing")
        wrong = isinstance(value, bool) and kind is int
        if value is not default and (wrong or not isinstance(value, kind)):
            raise self.error(key, f"has the wrong type: {value!r}")
        return value

    def text(self, key: str, default: Any = _MISSING) -> str:
        value: str = self.take(key, str, default)
        if default is _MISSING and not value.strip():
            raise self.error(key, "is empty")
        return value

    def one_of(self, key: str, allowed: tuple[str, ...], default: Any = _MISSING) -> str:
        value: str = self.take(key, str, default)
        if value not in allowed:
            raise self.error(key, f"is {value!r}, not one of {', '.join(filter(None, allowed))}")
        return value

    def texts(self, key: str, default: Any = _MISSING) -> tuple[str, ...]:
        values = self.take(key, list, default)
        if not all(isinstance(value, str) and value for value in values):
            raise self.error(key, "is not a list of text")
        return tuple(values)

    def day(self, key: str, default: Any = _MISSING) -> date | None:
        """Return a date, written as TOML writes it or as ISO text (a frozen book); None only by default."""
        value = self.take(key, (date, str, type(None)), default)
        if not isinstance(value, str):
            return date(value.year, value.month, value.day) if value else None
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise self.error(key, f"is no date: {value!r}") from None

    def certain_day(self, key: str) -> date:
        if (value := self.day(key)) is None:
            raise self.error(key, "is missing")
        return value

    def title(self) -> Title:
        return self.both("title")

    def both(self, key: str) -> Title:
        """Return a text in both languages."""
        row = Row(self.file, f"{self.table}.{key}", self.take(key, dict))
        found = Title(row.text("zh"), row.text("en"))
        row.close()
        return found

    def close(self) -> None:
        if self.left:
            raise self.error(min(self.left), "is not known here")


def sourced(row: Row) -> dict[str, Any]:
    """Return what every record carries; raise where a confirmation has no person or a span ends early."""
    certainty = Certainty(row.one_of("certainty", tuple(Certainty)))
    confirmed_by = row.text("confirmed_by", "")
    if (certainty is Certainty.CONFIRMED) != bool(confirmed_by):
        raise row.error("confirmed_by", "must name a person exactly when certainty is confirmed")
    start, end = row.day("in_force_from", None), row.day("in_force_until", None)
    if end and (not start or end < start):
        raise row.error("in_force_until", "comes before in_force_from")
    return {
        "basis": row.text("basis"),
        "certainty": certainty,
        "note": row.text("note", ""),
        "confirmed_by": confirmed_by,
        "in_force_from": start,
        "in_force_until": end,
    }


def ladder(row: Row, warn: Any, after: Any) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Return the rungs of a clock; raise unless both rise."""
    fractions = isinstance(warn, list) and all(isinstance(part, float) and 0 < part < 1 for part in warn)
    if not fractions or sorted(set(warn)) != warn:
        raise row.error("warn", "must be rising fractions between 0 and 1")
    hours = isinstance(after, list) and all(type(hour) is int and 0 < hour <= MOST for hour in after)
    if not hours or sorted(set(after)) != after:
        raise row.error("after", "must be rising whole hours")
    return tuple(warn), tuple(after)


def conditions(row: Row, allowed: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the facts a record is for, each with the values that fit; none means every case."""
    when = row.take("when", dict, {})
    for key, values in when.items():
        texts = isinstance(values, list) and all(isinstance(value, str) for value in values)
        if key not in allowed or not texts or not values:
            raise row.error(f"when.{key}", f"must be a list of text, under one of {', '.join(allowed)}")
    return {key: tuple(values) for key, values in when.items()}


def _limit(row: Row) -> Limit:
    when = conditions(row, FACTS)
    procedures = row.texts("procedures")
    if unknown := set(procedures) - set(PROCEDURES):
        raise row.error("procedures", f"names the unknown procedure {min(unknown)!r}")
    amount, unit = row.take("amount", int), row.one_of("unit", UNITS)
    count = row.one_of("count", COUNTS, "elapsed")
    if amount > MOST:
        raise row.error("amount", f"must be {MOST} at most")
    if amount < 1 or (count == "civil" and unit not in ("days", "working_days")):
        raise row.error("amount", "must be 1 or more, and whole days where count is civil")
    warn, after = ladder(row, row.take("warn", list, []), row.take("after", list, []))
    row.certain_day("in_force_from")
    return Limit(
        id=row.text("id"),
        family=row.text("family", row.text("id")),
        title=row.title(),
        procedures=procedures,
        starts=row.text("starts"),
        stops=row.text("stops"),
        when=when,
        kind=row.one_of("kind", KINDS),
        binding=row.take("binding", bool, False),
        amount=amount,
        unit=unit,
        count=count,
        warn=warn,
        after=after,
        **sourced(row),
    )


def _category(row: Row) -> Category:
    return Category(
        code=row.text("code"),
        title=row.title(),
        group=row.one_of("group", GROUPS, ""),
        specialty=row.text("specialty", ""),
        synonyms=row.texts("synonyms", []),
        restricts=row.take("restricts", bool, False),
        **sourced(row),
    )


def _business_type(row: Row) -> BusinessType:
    return BusinessType(
        code=row.text("code"),
        title=row.title(),
        procedure=row.one_of("procedure", PROCEDURES),
        synonyms=row.texts("synonyms", []),
        restricts=row.take("restricts", bool, False),
        **sourced(row),
    )


def _choice(row: Row) -> Choice:
    return Choice(
        list=row.text("list"),
        code=row.text("code"),
        title=row.title(),
        synonyms=row.texts("synonyms", []),
        group=row.text("group", ""),
        limit=row.text("limit", ""),
        **sourced(row),
    )


def _figure(row: Row) -> Figure:
    return Figure(id=row.text("id"), title=row.title(), terms=row.take("terms", dict), **sourced(row))


JUDGED_TABLES: Mapping[str, Callable[[Row], Record]] = {
    "limit": _limit,
    "category": _category,
    "business_type": _business_type,
    "choice": _choice,
    "figure": _figure,
}
"""The records that judge: they make the edition a case pins."""


def rows(file: str, name: str, content: object) -> list[Row]:
    """Return the tables of one array of a file, each named by its position and its id."""
    if not isinstance(content, list):
        raise RulebookError(file=file, table=name, key="", problem="must be written [[" + name + "]]")
    found = []
    for position, table in enumerate(content, 1):
        mark = next((table[k] for k in MARKS if k in table), "") if isinstance(table, dict) else ""
        found.append(Row(file, f"{name}[{position}] {mark}".strip(), table))
    return found
