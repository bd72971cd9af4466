"""A whole event log as a viewer may see it: units in reach by name, all others as one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property

import numpy as np
from django.utils.translation import gettext
from numpy.typing import NDArray

from suyuan.actions.population import Surveyed
from suyuan.analytics.period import Period
from suyuan.analytics.trace import change, flow, population, profile
from suyuan.analytics.trace.change import Fresh, Trend
from suyuan.analytics.trace.flow import Flow
from suyuan.analytics.trace.population import Exposed, Row, Within
from suyuan.analytics.trace.profile import Passages, Profile
from suyuan.analytics.trace.sources import Sources
from suyuan.analytics.trace.told import EPOCH
from suyuan.domain.errors import Refused
from suyuan.store.queries import org
from suyuan.store.queries.viewer import Viewer

Units = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reach:
    """Which units somebody sees, and what units are called."""

    paths: tuple[str, ...]
    over_all: bool
    units: tuple[tuple[str, tuple[str, str]], ...]
    """Code, name and path of every unit of the register."""

    @classmethod
    def of(cls, viewer: Viewer) -> "Reach":
        """Return the reach of a viewer."""
        return cls(viewer.paths, viewer.over_all, tuple(sorted(org.names().items())))


def overview(viewer: Viewer, here: Surveyed, period: Period, unit: str = "") -> "Overview":
    """Return what a viewer asked of a log: what was said to somebody of the same reach is said again."""
    asked = Reach.of(viewer), period, unit, here.hidden()
    found = here.remembered.get(asked)
    if not isinstance(found, Overview):
        found = Overview(here, *asked)
        here.remember(asked, found)
    return found


@dataclass(frozen=True)
class Overview:
    """What somebody of a reach asked of a log."""

    here: Surveyed
    reach: Reach
    period: Period
    unit: str = ""
    """The code of a unit: what it and those below it did alone."""
    hidden: frozenset[str] = frozenset()
    """Complaints left out: those of restricted cases."""

    @cached_property
    def names(self) -> Mapping[str, tuple[str, str]]:
        """Return name and path of every unit of the register."""
        return dict(self.reach.units)

    @cached_property
    def within(self) -> Within | None:
        """Return the period in moments of the log, None for all of it."""
        return self.moments(self.period)

    def moments(self, period: Period) -> Within | None:
        """Return a period in moments of the log, None for all of it."""
        first, last = period.first, period.last
        if first is None or last is None:
            return None
        zone = self.here.survey.calendar.zone
        begins = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
        start, end = ((at - EPOCH) // timedelta(microseconds=1) for at in begins)
        return start, end

    def holds(self, period: Period) -> bool:
        """Tell whether anything of the log happened in a period."""
        within, at = self.moments(period), self.here.log.at
        return within is None or bool(np.searchsorted(at, within[0]) < np.searchsorted(at, within[1]))

    @cached_property
    def found(self) -> Sources:
        """Return what complaints came from, restricted ones left out."""
        return self.here.sources(self.hidden)

    @cached_property
    def seen(self) -> dict[int, str]:
        """Return the units of the log in reach, by number: their codes."""
        log, done = self.here.log, self.here.survey.done
        every = np.unique(np.concatenate([done.unit, self.found.unit, self.here.survey.deviating.unit]))
        codes = {one: log.objects[one] for one in every.tolist() if one >= 0}
        return {one: code for one, code in codes.items() if self._sees(code)}

    def _sees(self, code: str) -> bool:
        """Tell whether a unit lies in reach; one that the register does not know is for who reaches all."""
        if code not in self.names:
            return self.reach.over_all
        return any(self.names[code][1].startswith(path) for path in self.reach.paths)

    @cached_property
    def chosen(self) -> frozenset[int] | None:
        """Return the units asked for, by number; None for all, those out of reach too."""
        if not self.unit:
            return None
        path = self.names.get(self.unit, ("", ""))[1]
        found = {
            one
            for one, code in self.seen.items()
            if code == self.unit or (path and self.names.get(code, ("", ""))[1].startswith(path))
        }
        if not found:
            raise Refused("unknown_unit", unit=self.unit)
        return frozenset(found)

    @property
    def others(self) -> int:
        """Return the number that stands for every unit out of reach."""
        return len(self.here.log.type)

    @property
    def as_seen(self) -> Units:
        """Return of each object as a unit what stands for it: itself in reach, all others together."""
        return self._units({one: one for one in self.seen}, self.others)

    def _units(self, known: Mapping[int, int], otherwise: int) -> Units:
        found = np.full(len(self.here.log.type) + 1, otherwise, np.int64)
        found[list(known)] = list(known.values())
        found[-1] = -1
        return found

    @property
    def _held(self) -> tuple[Exposed, Sources]:
        """Return what was done and what is traced, of the units asked for."""
        done, found = self.here.survey.done, self.found
        return (
            (done, found) if self.chosen is None else population.only_units(done, found, sorted(self.chosen))
        )

    @cached_property
    def rows(self) -> list[Row]:
        """Return every step of every unit in reach, and of all others together."""
        done, found = population.merged(*self._held, self.as_seen)
        return population.population(self.here.survey.tracer, found, done, self.within)

    @cached_property
    def by_step(self) -> dict[int, Row]:
        """Return the same by step alone, over all units."""
        everybody = self._units({}, -1)
        done, found = population.merged(*self._held, everybody)
        rows = population.population(self.here.survey.tracer, found, done, self.within)
        return {row.activity: row for row in rows}

    @property
    def steps(self) -> Passages:
        """Return the steps done in the period, by units as they are seen."""
        steps = self.here.survey.steps.within(self.within)
        if self.chosen is not None:
            steps = steps.only(np.isin(steps.unit, sorted(self.chosen)))
        return steps.by_units(self.as_seen)

    @cached_property
    def profiles(self) -> dict[tuple[int, int], Profile]:
        """Return how each step of each unit goes."""
        return {profile.key(one): one for one in profile.profiles(self.steps)}

    @cached_property
    def step_profiles(self) -> dict[int, Profile]:
        """Return how each step goes, over all units."""
        return {one.activity: one for one in profile.profiles(self.steps.by_units(self._units({}, -1)))}

    @cached_property
    def bottlenecks(self) -> list[Profile]:
        """Return where working time is lost, the most first."""
        return profile.bottlenecks(list(self.profiles.values()))

    @cached_property
    def trend(self) -> Trend:
        """Return what was counted by month, and whether it changes."""
        return self.here.survey.trend(self.found)

    @cached_property
    def fresh(self) -> tuple[list[Fresh], int]:
        """Return what is new in the month the log ends in, of units as they are seen."""
        survey = self.here.survey
        every, steps = survey.deviating.by_units(self.as_seen), survey.steps.by_units(self.as_seen)
        return change.fresh(every, steps, survey.working, survey.last_month)

    @cached_property
    def kinds(self) -> dict[int, float]:
        """Return the kinds of orders and of what else complaints come from, with how many complaints do."""
        found = self.found
        size = len(self.here.log.types)
        traced = np.bincount(found.kind, found.weight * found.stands_for, minlength=size)
        there = np.bincount(self.here.survey.steps.kind, minlength=size)
        held = np.flatnonzero((traced > 0) | (there > 0)).tolist()
        return {kind: float(traced[kind]) for kind in sorted(held, key=lambda one: (-traced[one], one))}

    def flow(self, kind: int) -> Flow:
        """Return how orders of a kind go, whoever works on them: a way is no unit's own.

        Steps complaints come from and nobody ever did stand in it too, after what they are due after: in
        no period alone, for there nobody may have done what others do in the next.
        """
        if kind not in self._flows:
            self._flows[kind] = self._flow(kind)
        return self._flows[kind]

    @cached_property
    def _flows(self) -> dict[int, Flow]:
        """Return the flows that were asked for, by kind."""
        return {}

    def _flow(self, kind: int) -> Flow:
        steps = self.here.survey.steps
        whole = flow.flow(steps.within(self.within), kind)
        ever = set(np.unique(steps.activity[steps.kind == kind]).tolist())
        sign = self.here.survey.tracer.courses.is_sign
        never = [step for step in self._traced_of(kind) if step not in ever and not sign[step]]
        return flow.with_owed(whole, {step: self._due_after(step) for step in never}) if whole.done else whole

    def _traced_of(self, kind: int) -> list[int]:
        """Return the steps of a kind that complaints of the period are traced to."""
        mine = self.found.kind == kind
        if self.within is not None:
            mine &= (self.found.at >= self.within[0]) & (self.found.at < self.within[1])
        return [int(step) for step in np.unique(self.found.activity[mine])]

    def is_empty(self, kind: int) -> bool:
        """Tell whether nothing of a kind was done in the period, and no complaint of it is traced there."""
        return not self.flow(kind).done and not self._traced_of(kind)

    def kind_of(self, row: Row) -> int:
        """Return the kind of order from which most complaints come at a step that some are traced to."""
        mine = (self.found.activity == row.activity) & (self.found.unit == row.unit)
        return int(np.bincount(self.found.kind[mine], self.found.weight[mine]).argmax())

    def has_steps(self, kind: int) -> bool:
        """Tell whether orders of a kind go by steps, in whatever period."""
        return bool((self.here.survey.steps.kind == kind).any())

    def _due_after(self, step: int) -> frozenset[int]:
        """Return what a step is due after, by the rules."""
        rules = self.here.survey.tracer.finder.dues.codes
        return frozenset().union(*(after for _, after, then in rules if step in then))

    def steps_of(self, kind: int) -> frozenset[int]:
        """Return the steps of a kind of order, those never done and what shows a deviation with them."""
        mine = self.here.survey.steps
        done = np.unique(mine.activity[mine.kind == kind]).tolist()
        return frozenset((*done, *np.unique(self.found.activity[self.found.kind == kind]).tolist()))

    def unit_name(self, unit: int) -> str:
        """Return what a unit is called; all those out of reach are one."""
        if unit == self.others:
            return gettext("其他单位")
        if unit < 0:
            return gettext("未记单位")
        code = self.here.log.objects[unit]
        return self.names.get(code, (code, ""))[0]
