"""Looks for what went otherwise than usual before a moment: on the places around, and on the processes there.

Each deviation is told with the object, the step, the unit that owes it, and the numbers of the events that
show it. What was done after the moment is not looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .causality import Rules, codes
from .courses import Courses, Kinds
from .deviations import BACK, MOST, Deviation
from .doers import Doers
from .dues import Dues
from .eventlog import Ints
from .past import Past
from .reach import Reach
from .signs import Signs
from .steps import Course

TAIL = 3
"""So many times the steps that are looked at are taken of a very long process: signs are among them."""

REMEMBERED = 10_000
"""So many processes are remembered as they were looked at: of a small log all, of a large one the last."""

Done = tuple[list[int], list[int], list[int], list[int], frozenset[int]]
"""Of a process: events of its steps, activities, moments, the events before each, what was done earlier."""


@dataclass(frozen=True)
class Finder:
    """Looks for what deviates."""

    kinds: Kinds
    rules: Rules
    courses: Courses
    reach: Reach
    doers: Doers
    signs: Signs

    def before(self, thing: int, moment: int) -> list[Deviation]:
        """Return what deviates around an object before a moment: on its places and on the processes there."""
        places = self.reach.places(thing)
        of_places: list[Deviation] = []
        found: list[Deviation] = []
        named = self.reach.named(thing)
        seen: set[int] = {thing, *named}
        for one in named:
            own = self.on(one, self.reach.nearest(one), places, moment)
            found += [replace(each, named=one != thing) for each in own]
        for place in places:
            shown = list(self.signs.on(place, place, moment))
            of_places += [*shown, *self.signs.exposed(place, moment, shown)]
            of_places += self._owed(place, places, moment)
            for process in self.reach.processes(place, moment - BACK, moment).tolist():
                if process not in seen:
                    seen.add(process)
                    found += self.on(process, place, places, moment)
        told = {(one.rule, one.events): one for one in (*reversed(of_places), *found)}
        return [*(one for one in of_places if told[one.rule, one.events] is one), *found]

    def on(self, process: int, place: int, places: Sequence[int], moment: int) -> list[Deviation]:
        """Return what deviates on one process before a moment; if nothing does, who met the customer."""
        log = self.kinds.log
        shown = list(self.signs.on(process, place, moment))
        so_far = int(np.searchsorted(log.happened.of(process), np.searchsorted(log.at, moment)))
        past = self._past(process, so_far)
        if not past.steps:
            return shown
        course = Course(self, past, place, places, moment)
        found = [*course.deviations(shown), *shown]
        return [*found, *course.contacts(usual=not found)]

    def _past(self, process: int, so_far: int) -> Past:
        """Return a process after so many of its events, as it was looked at lately or anew."""
        found = self._pasts.get((process, so_far))
        if found is None:
            if len(self._pasts) >= REMEMBERED:
                self._pasts.clear()
            done = self._done(process, self.kinds.log.happened.of(process)[:so_far])
            found = self._pasts[process, so_far] = Past(self, process, *done)
        return found

    @cached_property
    def _pasts(self) -> dict[tuple[int, int], Past]:
        return {}

    def _done(self, process: int, events: Ints) -> Done:
        """Return the steps of a process among its events, of a very long one the last."""
        log, cut = self.kinds.log, len(events) > TAIL * MOST
        events = events[-TAIL * MOST :]
        events = events[self.courses.is_own(log.type[process], log.activity[events])]
        rows = np.flatnonzero(~self.courses.is_sign[log.activity[events]])
        cut, rows = cut or len(rows) > MOST, rows[-MOST:]
        steps = events[rows]
        preceded = np.where(rows > 0, events[rows - 1], -1) if len(rows) else steps
        start = int(steps[0]) if cut and len(steps) else -1
        earlier = frozenset(step for step, first in (self._firsts(process) if cut else ()) if first < start)
        done, at = log.activity[steps].tolist(), log.at[steps].tolist()
        return steps.tolist(), done, at, preceded.tolist(), earlier

    def _firsts(self, process: int) -> list[tuple[int, int]]:
        """Return which activities a long process has, and the first event of each."""
        if process not in self._known:
            events = self.kinds.log.happened.of(process)
            done, first = np.unique(self.kinds.log.activity[events], return_index=True)
            self._known[process] = list(zip(done.tolist(), events[first].tolist(), strict=True))
        return self._known[process]

    @cached_property
    def _known(self) -> dict[int, list[tuple[int, int]]]:
        return {}

    def _owed(self, place: int, places: Sequence[int], moment: int) -> Iterator[Deviation]:
        """Yield what is owed on a place, by whoever does it there."""
        for mode, step, events, since, size, rule in self.dues.of_place(place, moment):
            unit = self.doers.of(step, places)
            unit = unit if unit >= 0 else int(self.kinds.unit_of[events[-1]])
            yield Deviation(mode, place, step, unit, events, since, size, rule, place)

    @cached_property
    def dues(self) -> Dues:
        """Return what finds what rules ask for."""
        return Dues(self.kinds, self.courses)

    @cached_property
    def contact_codes(self) -> frozenset[int]:
        """Return the activities in which somebody meets the customer."""
        names = self.kinds.log.activities
        return frozenset(code for one in self.rules.contacts for code in codes(names, one.activities))
