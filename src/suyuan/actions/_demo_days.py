"""Days of the demo's quarter: what a story counts from today in working days, or in days."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from suyuan.domain.worktime import Calendar

NAMED = re.compile(r"\{([a-z_]+)\}")
COUNTED = re.compile(r"\{(wd|now|then)([+-]\d+)(?: (\d\d:\d\d))?\}")
"""Working days from today, days from today, days from the day of the step; a time makes it a moment."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """The calendar as it is looked at from one moment."""

    calendar: Calendar
    now: datetime

    def local(self, moment: datetime) -> date:
        """Return the local day of a moment."""
        return self.calendar.local(moment).date()

    def moment(self, day: date, at: time) -> datetime:
        """Return a local time of a day."""
        return datetime.combine(day, at, self.calendar.zone)

    def workday(self, away: int) -> date:
        """Return the working day so many before or after the last one there was by today."""
        day = self.local(self.now)
        while not self.calendar.provisional_workday(day):
            day -= DAY
        step = DAY if away > 0 else -DAY
        for _ in range(abs(away)):
            day += step
            while not self.calendar.provisional_workday(day):
                day += step
        return day

    def filled(self, value: object, names: Mapping[str, str], then: datetime) -> object:
        """Return a text of a step done ``then`` with what its words stand for; anything else as it is."""
        if not isinstance(value, str):
            return value
        said = NAMED.sub(lambda word: names[word[1]], value)
        return COUNTED.sub(lambda word: self._counted(word, then), said)

    def _counted(self, word: re.Match[str], then: datetime) -> str:
        whence, away = word[1], int(word[2])
        if whence == "wd":
            day = self.workday(away)
        else:
            day = self.local(then if whence == "then" else self.now) + away * DAY
        return self.moment(day, time.fromisoformat(word[3])).isoformat() if word[3] else day.isoformat()
