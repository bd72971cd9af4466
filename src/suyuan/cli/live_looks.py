"""The looks of every hour that find something: after the loudest half-hour, and after planned work goes on.

All others of a day would cost as much each and see less. Each knows the table that was handed over with it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from suyuan.simulate.daily import CALL_COLUMNS, Days
from suyuan.simulate.files import write_csv
from suyuan.simulate.precursors import truth

from .live_supply import BEGAN, DUE, ENDED, Row

SURGE, LATE = "call_surge", "late_restoration"
HALF, MINUTE, HOUR = timedelta(minutes=30), timedelta(minutes=1), timedelta(hours=1)


class Look(NamedTuple):
    """One look of a detector, with the rows of a table until then."""

    at: datetime
    detector: str
    kind: str
    columns: Sequence[str]
    rows: list[Row]


def look(days: Days, day: int, without: Set[str], folder: Path, after: datetime) -> dict[str, int]:
    """Look where something is to be seen, after a moment of a day; return how often and what was opened."""
    from suyuan.actions import supply
    from suyuan.actions.warn.watching import watch
    from suyuan.domain.procedure import SYSTEM

    told = Counter(rang=0, late=0, opened=0)
    for one in sorted((*_ringing(days, day, without, after), *_going_on(days, day, after))):
        path = folder / f"{one.kind}.csv"
        write_csv(path, one.columns, one.rows)
        supply.take(kind=one.kind, path=path, actor=SYSTEM, now=one.at)
        found = watch((one.detector,), now=one.at)
        told["rang" if one.detector == SURGE else "late"] += found.kept.seen
        told["opened"] += sum(not each.joined for each in found.opened)
    return dict(told)


def _ringing(days: Days, day: int, without: Set[str], after: datetime) -> Iterator[Look]:
    """Yield the look at the calls that follows the loudest half-hour."""
    rows = sorted(days.calls(day, without))
    halves = Counter(_half(datetime.fromisoformat(str(row[0]))) for row in rows)
    if halves:
        loudest = max(sorted(halves), key=halves.__getitem__) + HALF
        at = _next(loudest, after)
        yield Look(at, SURGE, "calls", CALL_COLUMNS, [row for row in rows if str(row[0]) <= at.isoformat()])


def _going_on(days: Days, day: int, after: datetime) -> Iterator[Look]:
    """Yield the looks at outages that follow a planned end that was not kept."""
    on, looks = days.date(day).isoformat(), set()
    for row in days.outages(day):
        if str(row[DUE])[:10] == on:
            at = _next(datetime.fromisoformat(str(row[DUE])), after)
            if not row[ENDED] or str(row[ENDED]) > at.isoformat():
                looks.add(at)
    for at in looks:
        until = at.isoformat()
        known = [row for row in days.outages(day) if on <= str(row[BEGAN]) <= until]
        rows = [row if str(row[ENDED]) <= until else (*row[:ENDED], "") for row in known]
        yield Look(at, LATE, "outages", truth.OUTAGE_COLUMNS, rows)


def _half(at: datetime) -> datetime:
    return at.replace(minute=at.minute // 30 * 30, second=0)


def _next(at: datetime, after: datetime) -> datetime:
    """Return the look of the hour after a moment, on the day of another and not before it."""
    hourly = at.replace(minute=20, second=0) + HOUR * (at.minute >= 20)
    return min(max(hourly, after), after.replace(hour=23, minute=59))
