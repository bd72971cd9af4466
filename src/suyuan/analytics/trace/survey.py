"""A whole log looked over once: what was done, what deviates, what complaints came from. Asked of periods."""

from dataclasses import dataclass
from functools import cached_property

from suyuan.domain.worktime import Calendar

from . import change, population, profile, sources
from .change import Fresh, Trend
from .deviating import Deviating, deviating
from .population import Exposed, Row, Within
from .profile import Passages, Profile
from .sources import Sources
from .tracer import Tracer
from .working import WorkingTime, working_time


@dataclass(frozen=True)
class Survey:
    """Everything a population is told from; each part is made by the first who asks for it."""

    tracer: Tracer
    calendar: Calendar

    @cached_property
    def working(self) -> WorkingTime:
        """Return the working time of the log's days."""
        at = self.tracer.log.at
        first, last = (int(at[0]), int(at[-1])) if len(at) else (0, 0)
        return working_time(self.calendar, first, last)

    @cached_property
    def steps(self) -> Passages:
        """Return the steps of all orders."""
        return profile.passages(self.tracer, self.working)

    @cached_property
    def done(self) -> Exposed:
        """Return what was done, with the complaints to be expected anyway."""
        return population.exposed(self.tracer)

    @cached_property
    def sources(self) -> Sources:
        """Return what complaints came from."""
        return sources.sources(self.tracer)

    @cached_property
    def deviating(self) -> Deviating:
        """Return everything that deviates."""
        return deviating(self.tracer, self.steps)

    def looked(self) -> "Survey":
        """Return this with everything made that is not asked for by period."""
        self.done, self.sources, self.deviating  # noqa: B018
        return self

    def rows(self, within: Within | None = None, found: Sources | None = None) -> list[Row]:
        """Return every step of every unit by what complaints come from it."""
        return population.population(self.tracer, found or self.sources, self.done, within)

    def profiles(self, within: Within | None = None) -> list[Profile]:
        """Return how each step of each unit goes."""
        return profile.profiles(self.steps.within(within))

    def trend(self, found: Sources | None = None) -> Trend:
        """Return what was counted by month, and whether it changes."""
        return change.trend(change.months(self.steps, self.deviating, found or self.sources, self.working))

    @property
    def last_month(self) -> int:
        """Return the month in which the log ends."""
        return int(self.working.month[-1])

    def fresh(self) -> tuple[list[Fresh], int]:
        """Return what is new in the month the log ends in, and how many months it is held against."""
        return change.fresh(self.deviating, self.steps, self.working, self.last_month)
