"""Which days are simulated, and how a day, a week and a year breathe.

Inside the package a moment is a whole number of seconds since 00:00 local time of the first day; it becomes
ISO 8601 with +08:00 only when written. China keeps one zone without summer time, so the offset is constant.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator

DAY = 86_400
HOUR = 3_600
HISTORY_DAYS = 240
"""How far before the first day meter readings reach, so that a short window still shows causes."""

HOURS_CALL = (2, 1, 1, 1, 1, 2, 4, 8, 16, 24, 25, 20, 13, 12, 17, 21, 20, 16, 13, 13, 12, 9, 6, 3)
HOURS_FAULT = (5, 4, 3, 3, 3, 4, 7, 10, 11, 12, 12, 12, 12, 12, 12, 12, 13, 15, 18, 22, 21, 16, 11, 7)
WEEKDAYS = (1.18, 1.08, 1.04, 1.02, 1.05, 0.83, 0.80)
MONTHS = (1.15, 0.95, 0.88, 0.86, 0.92, 1.05, 1.28, 1.30, 1.02, 0.84, 0.84, 1.06)
FAULT_MONTHS = (0.95, 0.8, 0.8, 0.9, 1.0, 1.2, 1.55, 1.5, 1.05, 0.75, 0.7, 0.8)


@dataclass(frozen=True, slots=True)
class Window:
    """The simulated days, first and last included."""

    start: date
    days: int

    @property
    def end(self) -> date:
        """The last simulated day."""
        return self.start + timedelta(days=self.days - 1)

    @property
    def cut(self) -> int:
        """The moment after which nothing has happened yet: 24:00 of the last day."""
        return self.days * DAY

    def date_of(self, at: int) -> date:
        """The local date of a moment; moments before the window are earlier dates."""
        return self.start + timedelta(days=at // DAY)

    def at(self, day: date, seconds: int = 0) -> int:
        """The moment that many seconds into a local date."""
        return (day - self.start).days * DAY + seconds

    def iso(self, moments: np.ndarray) -> np.ndarray:
        """Moments as ISO text with +08:00."""
        base = np.datetime64(self.start.isoformat(), "s")
        text = np.datetime_as_string(base + moments.astype("timedelta64[s]"), unit="s")
        return np.char.add(text, "+08:00")

    def last_full_week(self) -> date:
        """The Monday of the last ISO week that ended on or before the last day."""
        sunday = self.end - timedelta(days=(self.end.weekday() + 1) % 7)
        return sunday - timedelta(days=6)

    def day_weights(self, months: tuple[float, ...], weekdays: tuple[float, ...] = WEEKDAYS) -> np.ndarray:
        """The relative load of each day of the window."""
        dates = [self.start + timedelta(days=i) for i in range(self.days)]
        return np.array([months[d.month - 1] * weekdays[d.weekday()] for d in dates])


def times_of_day(rng: Generator, count: int, hours: tuple[int, ...]) -> np.ndarray:
    """Seconds into the day, drawn by the weight of each hour."""
    weights = np.array(hours, dtype=float)
    hour = rng.choice(24, size=count, p=weights / weights.sum())
    return hour * HOUR + rng.integers(0, HOUR, size=count)


def to_office(rng: Generator, moments: np.ndarray, window: Window) -> np.ndarray:
    """Moments moved forward into office hours (08:30–17:30) of a weekday; those already inside stay."""
    day, second = moments // DAY, moments % DAY
    late = second > int(17.5 * HOUR)
    early = second < int(8.5 * HOUR)
    day = day + late
    weekday = (window.start.weekday() + day) % 7
    rest = np.where(weekday == 5, 2, np.where(weekday == 6, 1, 0))
    moved = late | early | (rest > 0)
    opening = int(8.5 * HOUR) + rng.integers(0, 3 * HOUR, size=len(moments))
    return np.where(moved, (day + rest) * DAY + opening, moments)
