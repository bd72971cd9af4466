"""Working time between any number of moments of a log, by the one calendar (domain/worktime.py).

A working-day budget counts 24 h of time lying on working days, make-up workdays included. For millions of
moments that is read from a table: of each local day when it begins and how much working time lies before it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from suyuan.domain.worktime import Calendar

DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
Micros = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """The local days from one moment to another, in order."""

    begins: Micros
    """When each day begins, microseconds of UTC since 1970; one more than there are days."""
    before: Micros
    """Working microseconds before each day."""
    works: NDArray[np.bool_]
    month: NDArray[np.int64]
    """Of each day, the months since January 1970."""

    def worked(self, at: Micros) -> Micros:
        """Return the working microseconds from the first day to each moment."""
        day = self._day(at)
        # A day is 24 h whatever the zone does with its clocks, as in domain/worktime.py.
        into = np.clip(at - self.begins[day], 0, DAY)
        found: Micros = self.before[day] + np.where(self.works[day], into, 0)
        return found

    def between(self, start: Micros, end: Micros) -> Micros:
        """Return the working microseconds between pairs of moments; nothing where the end comes first."""
        return np.asarray(np.maximum(self.worked(end) - self.worked(start), 0), np.int64)

    def months(self, at: Micros) -> NDArray[np.int64]:
        """Return the local month of each moment, as months since January 1970."""
        return np.asarray(self.month[self._day(at)], np.int64)

    def _day(self, at: Micros) -> NDArray[np.int64]:
        found = np.searchsorted(self.begins, at, side="right").astype(np.int64) - 1
        return np.asarray(np.clip(found, 0, len(self.works) - 1), np.int64)


def working_time(calendar: Calendar, first: int, last: int) -> WorkingTime:
    """Return the table for the moments between two, microseconds of UTC.

    A day outside the calendar is guessed as deadlines are: by weekends and the fixed statutory dates.
    """
    start, end = (_local(calendar, each) for each in (first, last))
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    begins = [_begins(calendar, day) for day in (*days, end + timedelta(days=1))]
    works = np.array([calendar.provisional_workday(day) for day in days], bool)
    before = np.zeros(len(days), np.int64)
    np.cumsum(works[:-1] * DAY, out=before[1:])
    month = np.array([12 * (day.year - 1970) + day.month - 1 for day in days], np.int64)
    return WorkingTime(np.array(begins, np.int64), before, works, month)


def month_named(month: int) -> str:
    """Return a month as 2025-10."""
    return f"{1970 + month // 12}-{month % 12 + 1:02}"


def _local(calendar: Calendar, micros: int) -> date:
    return (_EPOCH + micros * _TICK).astimezone(calendar.zone).date()


def _begins(calendar: Calendar, day: date) -> int:
    return (datetime.combine(day, time(), calendar.zone) - _EPOCH) // _TICK
