"""Which local dates does a period cover, and with which two is it compared?"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from suyuan.domain.errors import BadInput

_YEAR = re.compile(r"(\d{4})", re.ASCII)
_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
SPAN = "span"
FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Of periods that somebody writes: a moment far outside has no midnight in another zone."""


@dataclass(frozen=True, slots=True)
class Period:
    """Local dates from ``first`` to ``last``, both included; no dates at all means everything there is."""

    label: str
    kind: str
    first: date | None
    last: date | None

    def covers(self, day: date) -> bool:
        """Tell whether a local date lies in this period."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    @property
    def previous(self) -> "Period | None":
        """Return the period just before, or None before everything."""
        if self.first is None or self.first <= date(1, 1, 7):
            return None
        before = self.first - timedelta(days=1)
        if self.kind == SPAN and self.last is not None:
            return span(before - (self.last - self.first), before)
        return _holding(self.kind, before)

    @property
    def last_year(self) -> "Period | None":
        """Return the same month, quarter, week or year a year earlier; None for a span or lacking week 53."""
        if self.first is None or self.first.year <= 2:
            return None
        if self.kind == "year":
            return self.previous
        if self.kind == "month":
            return _month(self.first.year - 1, self.first.month)
        if self.kind == "quarter":
            return _holding("quarter", self.first.replace(year=self.first.year - 1))
        if self.kind == SPAN:
            return None
        year, week, _ = self.first.isocalendar()
        try:
            return _week(year - 1, week)
        except ValueError:
            return None


ALL = Period("all", "all", None, None)
"""Every case of the lake, whenever accepted."""


def parse(text: str) -> Period:
    """Return the period written ``2025``, ``2025-Q4``, ``2025-10`` or ``2025-W40`` (ISO week), or ``all``."""
    builders = ((_YEAR, _year), (_QUARTER, _quarter), (_MONTH, _month), (_WEEK, _week))
    if text == ALL.label:
        return ALL
    for pattern, build in builders:
        match = pattern.fullmatch(text)
        if match:
            if not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
                raise BadInput("period_out_of_range", value=text, first_year=FIRST_YEAR, last_year=LAST_YEAR)
            try:
                return build(*(int(part) for part in match.groups()))
            except (ValueError, OverflowError):
                break
    raise BadInput("period_unknown", value=text, forms="2025 | 2025-Q4 | 2025-10 | 2025-W40 | all")


def known(period: Period, first: date | None, last: date) -> Period:
    """Return a period that some day from ``first`` to ``last`` lies in; raise BadInput for one outside."""
    if period.first is not None and period.first > last:
        raise BadInput("period_to_come", value=period.label)
    if first is not None and period.last is not None and period.last < first:
        raise BadInput("period_before_first", value=period.label, first_order=first.isoformat())
    return period


def span(first: date, last: date) -> Period:
    """Return a period of any dates; before it lies one of the same length."""
    if last < first:
        raise BadInput("period_ends_before_it_begins", first=first.isoformat(), last=last.isoformat())
    return Period(f"{first}–{last}", SPAN, first, last)


def of_day(day: date, kind: str) -> Period:
    """Return the ``year``, ``month`` or ``week`` that holds a local date."""
    if kind not in ("year", "month", "week"):
        raise BadInput("period_kind_unknown", value=kind, kinds="year | month | week")
    return _holding(kind, day)


def run_up(period: Period, count: int) -> tuple[Period, ...]:
    """Return ``count`` periods of one kind ending with ``period``, the oldest first."""
    found = [period]
    while len(found) < count and (before := found[-1].previous) is not None:
        found.append(before)
    return tuple(reversed(found))


def _year(year: int) -> Period:
    return Period(f"{year:04}", "year", date(year, 1, 1), date(year, 12, 31))


def _quarter(year: int, number: int) -> Period:
    first, last = _month(year, 3 * number - 2), _month(year, 3 * number)
    return Period(f"{year:04}-Q{number}", "quarter", first.first, last.last)


def _month(year: int, month: int) -> Period:
    first = date(year, month, 1)
    later = date(year + month // 12, month % 12 + 1, 1) if (year, month) != (9999, 12) else None
    return Period(
        f"{year:04}-{month:02}", "month", first, later - timedelta(days=1) if later else date(9999, 12, 31)
    )


def _week(year: int, week: int) -> Period:
    first = date.fromisocalendar(year, week, 1)
    return Period(f"{year:04}-W{week:02}", "week", first, first + timedelta(days=6))


def _holding(kind: str, day: date) -> Period:
    if kind == "year":
        return _year(day.year)
    if kind == "quarter":
        return _quarter(day.year, (day.month + 2) // 3)
    if kind == "month":
        return _month(day.year, day.month)
    year, week, _ = day.isocalendar()
    return _week(year, week)
