"""What went otherwise than usual before a moment: on a process, and on a place.

Each is told with the object, the step, the unit that owes it, and the numbers of the events that show it.
What was done after the moment is not looked at.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .causality import Due, Mode, Rules, Sign, codes
from .courses import Courses, Kinds
from .doers import Doers
from .eventlog import Ints
from .reach import Reach

DAY = 86_400_000_000
BACK = 400 * DAY
"""How long before a complaint what happened still counts."""
LONG = 1.5
"""From how many times the usual wait a step counts as not done."""
LATE, SOON = 2.5, 30 * DAY
"""From how many deviations a wait that is over counts as long, and for how long it is remembered."""
HOUR = DAY // 24
"""What is later by less than that is not late, however short the usual wait."""
SELDOM, OVER = 0.3, 40 * DAY
"""A step is repeated where fewer processes do it twice, and for how long that is remembered."""
GOES_ON = 0.03
"""A process that goes on after a step at least so often is waited for."""
OPTIONAL = 0.15
"""A step that comes after another at least so often was left out where the one after it is done."""
MET = 7 * DAY
"""For how long it is remembered that somebody met the customer."""
AGES = (DAY, 3 * DAY, 10 * DAY)
"""Borders of how long ago something was."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that went otherwise than usual."""

    mode: Mode
    thing: int
    activity: int
    unit: int
    events: tuple[int, ...]
    since: int
    """When it began, microseconds of UTC."""
    size: int
    """How large it is, or how long ago: what is alike in that is counted together."""
    rule: str = ""
    place: int = -1
    """The place it was found on."""

    def kind(self, types: Ints) -> tuple[int, int, Mode]:
        """Return what is counted together whatever its size: the type of the object, the step, the mode.

        Whoever met the customer twice on one order cannot be told apart: those steps are counted as one.
        """
        step = -1 if self.mode is Mode.CONTACT else self.activity
        return int(types[self.thing]), step, self.mode


@dataclass(frozen=True)
class Finder:
    """Looks for what deviates."""

    kinds: Kinds
    rules: Rules
    courses: Courses
    reach: Reach
    doers: Doers

    def before(self, thing: int, moment: int) -> list[Deviation]:
        """Return what deviates around an object before a moment: on its places and on the processes there."""
        places = self.reach.places(thing)
        found: list[Deviation] = []
        seen: set[int] = {thing}
        for place in places:
            found += self._signs(place, place, moment)
            for process in self.reach.processes(place, moment - BACK, moment).tolist():
                if process not in seen:
                    seen.add(process)
                    found += self.on(process, place, places, moment)
        return found

    def on(self, process: int, place: int, places: Sequence[int], moment: int) -> list[Deviation]:
        """Return what deviates on one process before a moment; if nothing does, who met the customer."""
        log = self.kinds.log
        events = log.happened.of(process)
        events = events[: int(np.searchsorted(log.at[events], moment))]
        events = events[~self.courses.is_sign[log.activity[events]]]
        if not len(events):
            return list(self._signs(process, place, moment))
        steps, at = log.activity[events].tolist(), log.at[events].tolist()
        course = _Course(self, process, place, places, moment, events.tolist(), steps, at)
        found = [*course.waiting(), *course.late(), *course.repeated(), *course.skipped()]
        found += self._signs(process, place, moment)
        return found or list(course.contacts())

    def _signs(self, thing: int, place: int, moment: int) -> Iterator[Deviation]:
        """Yield what the events of an object show by themselves."""
        log = self.kinds.log
        if not self.shows[thing]:
            return
        events = log.happened.of(thing)
        till = int(np.searchsorted(log.at[events], moment))
        for sign, wanted, ends in self.sign_codes:
            first = int(np.searchsorted(log.at[events], moment - sign.within_days * DAY))
            done = log.activity[events[first:till]]
            run = _run(events[first:till], wanted[done], ends[done])
            if len(run) >= sign.at_least:
                yield Deviation(
                    sign.mode,
                    thing,
                    int(log.activity[run[-1]]),
                    int(self.kinds.unit_of[run[-1]]),
                    tuple(run),
                    int(log.at[run[0]]),
                    int(np.log2(len(run))),
                    sign.id,
                    place,
                )

    @cached_property
    def sign_codes(self) -> list[tuple[Sign, NDArray[np.bool_], NDArray[np.bool_]]]:
        """Return the signs with flags of the activities that are one, and of those that end a run."""
        names = self.kinds.log.activities
        return [(one, _flags(names, one.activities), _flags(names, one.ended_by)) for one in self.rules.signs]

    @cached_property
    def shows(self) -> NDArray[np.bool_]:
        """Return of each object whether any of its events shows a deviation by itself."""
        log = self.kinds.log
        signs = np.zeros(len(log.activities), bool)
        for _, wanted, _ in self.sign_codes:
            signs |= wanted
        shown = signs[log.activity][log.happened.item]
        return np.bincount(log.happened.left[shown], minlength=len(log.type)) > 0

    @cached_property
    def due_codes(self) -> list[tuple[Due, frozenset[int], frozenset[int]]]:
        """Return what has to be done after something, with the activities."""
        names = self.kinds.log.activities
        found = [(one, codes(names, one.after), codes(names, one.then)) for one in self.rules.due]
        done = {step for _, step in (*self.courses.next, *self.courses.last)}
        return [
            (one, after, then)
            for one, after, then in found
            if after and then and not (one.where_unknown and then & done)
        ]

    @cached_property
    def contact_codes(self) -> frozenset[int]:
        """Return the activities in which somebody meets the customer."""
        names = self.kinds.log.activities
        return frozenset(code for one in self.rules.contacts for code in codes(names, one.activities))


def _flags(names: Sequence[str], patterns: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return of each name whether it fits one of the patterns."""
    flags = np.zeros(len(names), bool)
    flags[list(codes(names, patterns))] = True
    return flags


def _run(events: Ints, shows: NDArray[np.bool_], ends: NDArray[np.bool_]) -> list[int]:
    """Return the events that show a sign, after the last one that ends a run of them."""
    after = int(np.flatnonzero(ends)[-1]) + 1 if ends.any() else 0
    found: list[int] = events[after:][shows[after:]].tolist()
    return found


def age(micros: int) -> int:
    """Return how long ago something was, as the number of borders it lies within: 0 for long ago."""
    return sum(micros <= border for border in AGES)


@dataclass(frozen=True, slots=True)
class _Course:
    """One process up to a moment, beside how its kind usually goes."""

    finder: Finder
    process: int
    place: int
    places: Sequence[int]
    moment: int
    events: list[int]
    steps: list[int]
    at: list[int]

    @property
    def kind(self) -> int:
        return int(self.finder.kinds.log.type[self.process])

    def _deviation(
        self, mode: Mode, step: int, events: tuple[int, ...], since: int, size: int, rule: str = ""
    ) -> Deviation:
        done = [event for event, each in zip(self.events, self.steps, strict=True) if each == step]
        unit = int(self.finder.kinds.unit_of[done[-1]]) if done else self.finder.doers.of(step, self.places)
        if unit < 0:  # nobody is known to do it: it lies with whoever had the process last
            unit = int(self.finder.kinds.unit_of[self.events[-1]])
        return Deviation(mode, self.process, step, unit, events, since, size, rule, self.place)

    def waiting(self) -> Iterator[Deviation]:
        """Yield the step that is due and not done: the usual next one, or one a rule asks for."""
        owed = list(self._due())
        yield from owed
        courses, last = self.finder.courses, (self.kind, self.steps[-1])
        after = courses.next.get(last, ())
        went_on = sum(n for _, n in after)
        if not after or went_on < GOES_ON * (went_on + courses.last.get(last, 0)):
            return
        step = after[0][0]
        wait, usual = self.moment - self.at[-1], courses.waits[self.kind, step].usual
        if step not in (*self.steps, *(one.activity for one in owed)) and wait > LONG * usual:
            size = int(2 * np.log2(wait / max(usual, 10 * 60_000_000)))
            yield self._deviation(Mode.MISSING, step, (self.events[-1],), self.at[-1], max(size, 0))

    def _due(self) -> Iterator[Deviation]:
        for rule, after, then in self.finder.due_codes:
            started = [n for n, step in enumerate(self.steps) if step in after]
            if not started or any(step in then for step in self.steps[started[0] :]):
                continue
            since = self.at[started[0]] + int(rule.within_days * DAY)
            if since < self.moment:
                names = {n for n, _ in self.finder.courses.next.get((self.kind, self.steps[-1]), ())}
                step = min(then & names or then)
                size = int(np.log2(max((self.moment - since) / DAY, 1)))
                yield self._deviation(Mode.MISSING, step, (self.events[started[0]],), since, size, rule.id)

    def late(self) -> Iterator[Deviation]:
        """Yield the steps that were done after a much longer wait than usual."""
        for n in range(1, len(self.steps)):
            wait = self.finder.courses.waits[self.kind, self.steps[n]]
            ago = self.moment - self.at[n]
            took = self.at[n] - self.at[n - 1]
            if ago < SOON and took > wait.usual + HOUR and wait.over(took) > LATE:
                events = (self.events[n - 1], self.events[n])
                yield self._deviation(Mode.LATE, self.steps[n], events, self.at[n - 1], age(ago))

    def repeated(self) -> Iterator[Deviation]:
        """Yield the steps that were done over, and the units a process came back to."""
        for step, times in Counter(self.steps).items():
            did = [n for n, each in enumerate(self.steps) if each == step]
            ago = self.moment - self.at[did[-1]]
            if times > 1 and ago < OVER and self.finder.courses.share_repeated[self.kind, step] < SELDOM:
                events = tuple(self.events[n] for n in did)
                yield self._deviation(Mode.REPEATED, step, events, self.at[did[1]], age(ago))

    def skipped(self) -> Iterator[Deviation]:
        """Yield the steps that were left out: usual between two that were done one after the other."""
        courses = self.finder.courses
        for n in range(len(self.steps) - 1):
            after = courses.next.get((self.kind, self.steps[n]), ())
            every = sum(count for _, count in after)
            for step, count in after:
                leads = dict(courses.next.get((self.kind, step), ()))
                if step in self.steps or count < OPTIONAL * every or self.steps[n + 1] not in leads:
                    continue
                events = (self.events[n], self.events[n + 1])
                yield self._deviation(
                    Mode.SKIPPED, step, events, self.at[n + 1], age(self.moment - self.at[n + 1])
                )

    def contacts(self) -> Iterator[Deviation]:
        """Yield who met the customer on a process in which nothing deviates, the last time alone."""
        ago = self.moment - self.at[-1]
        if ago > MET:
            return
        met = self.finder.contact_codes
        known = [n for n, step in enumerate(self.steps) if step in met]
        for n in (known or [len(self.steps) - 1])[-2:]:
            yield self._deviation(Mode.CONTACT, self.steps[n], (self.events[n],), self.at[n], age(ago))
