"""When does a budget of time run out?

A working-day budget of N is N × 24 h of time lying on working days, local days, make-up workdays
included. Due is the earliest instant at which unsuspended time reaches the budget. Arithmetic on days
is done in local civil time, so every day has 24 h whatever the zone does with its clocks.

Outside the published calendar a day is guessed from weekends and the fixed statutory dates alone, and
whatever rests on a guessed day says so: ``Due.provisional``.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from .errors import BadInput, CalendarGap

UNITS = ("minutes", "hours", "days", "working_days")
COUNTS = ("elapsed", "civil")

Span = tuple[datetime, datetime]
"""A suspension: from its first instant to the first instant after it."""

_DAY = 86_400_000_000
_MICROSECONDS = {"minutes": 60_000_000, "hours": 3_600_000_000, "days": _DAY, "working_days": _DAY}
_TICK = timedelta(microseconds=1)
_FIRST, _LAST = date(1980, 1, 1).toordinal(), date(2099, 12, 31).toordinal()


@dataclass(frozen=True, slots=True)
class FixedDay:
    """A statutory rest day on the same date each year, from ``since`` to ``until`` inclusive."""

    month: int
    day: int
    since: int = 0
    until: int = 9999


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holidays and make-up workdays, published from ``first`` to ``last`` inclusive."""

    zone: tzinfo
    first: date
    last: date
    holidays: frozenset[date] = frozenset()
    makeup_workdays: frozenset[date] = frozenset()
    fixed_statutory: tuple[FixedDay, ...] = ()
    _table: "_Table" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_table", _table(self))

    def is_published(self, day: date) -> bool:
        return self.first <= day <= self.last

    def is_workday(self, day: date) -> bool:
        """Tell whether ``day`` is a working day; raise CalendarGap where nothing is published."""
        if not self.is_published(day):
            raise CalendarGap(
                day=day.isoformat(), covered_from=self.first.isoformat(), covered_to=self.last.isoformat()
            )
        return day in self.makeup_workdays or (day.weekday() < 5 and day not in self.holidays)

    def provisional_workday(self, day: date) -> bool:
        """Tell what the calendar says, or outside it weekends and fixed dates; lunar ones are not guessed."""
        if self.is_published(day):
            return self.is_workday(day)
        return day.weekday() < 5 and not any(
            fixed.month == day.month and fixed.day == day.day and fixed.since <= day.year <= fixed.until
            for fixed in self.fixed_statutory
        )

    def until(self, last: date) -> "Calendar":
        """Return this calendar as it was when published only to ``last``."""
        if last >= self.last:
            return self
        return Calendar(
            self.zone, self.first, last, self.holidays, self.makeup_workdays, self.fixed_statutory
        )

    def local(self, moment: datetime) -> datetime:
        """Return ``moment`` in the calendar's zone; a moment without a zone is an error."""
        if moment.tzinfo is None:
            raise BadInput("naive_moment", moment=moment.isoformat())
        return moment.astimezone(self.zone)


@functools.lru_cache(maxsize=8)
def _table(calendar: Calendar) -> "_Table":
    """Return the table of a calendar; a new edition of the rulebook seldom has another calendar."""
    return _Table(calendar)


@dataclass(frozen=True, slots=True)
class Due:
    """A due moment in UTC, and whether a guessed day stands behind it."""

    at: datetime
    provisional: bool


class _Table:
    """Every day from 1980 to 2099: how many workdays lie before it, and which day the n-th workday is."""

    __slots__ = ("first", "last", "rank", "workdays")

    def __init__(self, calendar: Calendar) -> None:
        self.first, self.last = calendar.first.toordinal(), calendar.last.toordinal()
        rest = {day.toordinal() for day in calendar.holidays if calendar.is_published(day)}
        makeup = {day.toordinal() for day in calendar.makeup_workdays if calendar.is_published(day)}
        for fixed in calendar.fixed_statutory:
            for year in range(max(fixed.since, 1980), min(fixed.until, 2099) + 1):
                day = date(year, fixed.month, fixed.day)
                if not calendar.is_published(day):
                    rest.add(day.toordinal())
        self.workdays = [
            n for n in range(_FIRST, _LAST + 1) if n in makeup or ((n + 6) % 7 < 5 and n not in rest)
        ]
        self.rank: list[int] = []
        before = 0
        for n in self.workdays:
            self.rank += [before] * (n - _FIRST - len(self.rank) + 1)
            before += 1
        self.rank += [before] * (_LAST - _FIRST + 2 - len(self.rank))

    def worked(self, day: int, into: int) -> int:
        """Return the working microseconds before the instant ``into`` microseconds into ``day``."""
        before = self.rank[day - _FIRST]
        return before * _DAY + (into if self.rank[day - _FIRST + 1] > before else 0)

    def reach(self, work: int) -> tuple[int, int]:
        """Return the earliest (day, microseconds into it) by which ``work`` is done; a day ends at 24:00."""
        whole, part = divmod(work, _DAY)
        return (self.workdays[whole], part) if part else (self.workdays[whole - 1], _DAY)


def due(
    start: datetime,
    amount: float,
    unit: str,
    count: str,
    calendar: Calendar,
    suspensions: Sequence[Span] = (),
) -> Due:
    """Return when ``amount`` of ``unit`` from ``start`` has run, suspended time left out."""
    if unit not in UNITS or count not in COUNTS or amount <= 0:
        raise BadInput("bad_budget", amount=amount, unit=unit, count=count)
    if count == "civil":
        return _civil(start, amount, unit, calendar, suspensions)
    if unit == "working_days":
        return _working(start, round(amount * _DAY), calendar, suspensions)
    if start.tzinfo is None:
        raise BadInput("naive_moment", moment=start.isoformat())
    at = start + timedelta(microseconds=round(amount * _MICROSECONDS[unit]))
    for pause, resume in _after(start, suspensions) if suspensions else ():
        if pause >= at:
            break
        at += resume - pause
    return Due(at.astimezone(UTC), False)


def worked(start: datetime, end: datetime, calendar: Calendar, suspensions: Sequence[Span] = ()) -> timedelta:
    """Return the unsuspended working time between two moments; nothing when ``end`` comes first."""
    if end <= start:
        return timedelta(0)
    work = _work(end, calendar) - _work(start, calendar)
    for pause, resume in _after(start, suspensions):
        if pause < end:
            work -= _work(min(resume, end), calendar) - _work(pause, calendar)
    return work * _TICK


def _working(start: datetime, budget: int, calendar: Calendar, suspensions: Sequence[Span]) -> Due:
    table = calendar._table
    local = calendar.local(start)
    day = local.toordinal()
    into = ((local.hour * 60 + local.minute) * 60 + local.second) * 1_000_000 + local.microsecond
    try:
        target = table.worked(day, into) + budget
        if suspensions:
            for pause, resume in _after(start, suspensions):
                before = _work(pause, calendar)
                if before >= target:
                    break
                target += _work(resume, calendar) - before
        end, part = table.reach(target)
    except IndexError:
        raise BadInput("moment_out_of_range", start=start.isoformat()) from None
    if day < _FIRST:
        raise BadInput("moment_out_of_range", start=start.isoformat())
    return Due(_moment(end, part, calendar.zone), day < table.first or end > table.last)


def _civil(start: datetime, amount: float, unit: str, calendar: Calendar, suspensions: Sequence[Span]) -> Due:
    """Count from the day after ``start`` to 24:00 of the last day; suspended time rounds up to whole days."""
    if unit not in ("days", "working_days"):
        raise BadInput("civil_needs_days", unit=unit)
    zone = calendar.zone
    morrow = datetime.combine(calendar.local(start).date() + timedelta(days=1), time(), zone)
    exact = due(morrow, amount, unit, "elapsed", calendar, suspensions)
    local = exact.at.astimezone(zone)
    into = (local.replace(tzinfo=None) - datetime.combine(local.date(), time())) // _TICK
    return Due(_moment(local.toordinal(), _DAY if into else 0, zone), exact.provisional)


def _moment(day: int, into: int, zone: tzinfo) -> datetime:
    if into == _DAY:
        day, into = day + 1, 0
    seconds, micro = divmod(into, 1_000_000)
    clock = time(seconds // 3600, seconds // 60 % 60, seconds % 60, micro)
    return datetime.combine(date.fromordinal(day), clock, zone).astimezone(UTC)


def _work(moment: datetime, calendar: Calendar) -> int:
    local = calendar.local(moment)
    into = ((local.hour * 60 + local.minute) * 60 + local.second) * 1_000_000 + local.microsecond
    if not _FIRST <= local.toordinal() <= _LAST:
        raise BadInput("moment_out_of_range", moment=moment.isoformat())
    return calendar._table.worked(local.toordinal(), into)


def _after(start: datetime, suspensions: Iterable[Span]) -> list[Span]:
    """Return the suspensions in order, cut to what follows ``start``; raise on overlap or a backward one."""
    spans = sorted(suspensions)
    free = None
    for pause, resume in spans:
        if resume < pause:
            raise BadInput("suspension_backwards", start=pause.isoformat(), end=resume.isoformat())
        if free and pause < free:
            raise BadInput("suspensions_overlap", at=pause.isoformat())
        free = resume
    return [(max(pause, start), resume) for pause, resume in spans if resume > start]
