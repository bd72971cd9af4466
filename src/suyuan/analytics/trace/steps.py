"""One process up to a moment, beside how its kind usually goes."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from . import bounces, precedence
from .causality import Mode
from .deviations import (
    GOES_ON,
    HOUR,
    LATE,
    LONG,
    LONG_AFTER,
    LONGEST,
    MET,
    OVER,
    SELDOM,
    SOON,
    Deviation,
    age,
)

if TYPE_CHECKING:
    from .finder import Finder


@dataclass(frozen=True, slots=True)
class Course:
    """The steps of one process, in the order of time, and when they were done.

    Of a very long one they are the last; what was done ``earlier`` is known to be done.
    """

    finder: "Finder"
    process: int
    place: int
    places: Sequence[int]
    moment: int
    events: list[int]
    steps: list[int]
    at: list[int]
    preceded: list[int]
    """Of each step the event before it, be it a step or a sign of the process's own; -1 before the first."""
    earlier: Set[int] = frozenset()

    @property
    def kind(self) -> int:
        """Return what type of process it is."""
        return int(self.finder.kinds.log.type[self.process])

    def deviations(self, shown: Sequence[Deviation]) -> list[Deviation]:
        """Return what deviates beside what its events ``shown`` by themselves; each thing counts once.

        Of one that was refused since its last step no usual next one is missing.
        """
        refused = any(one.mode is Mode.REFUSED and one.events[-1] > self.events[-1] for one in shown)
        asked = self.finder.dues.of_order(self.process, self.place, self.events, self.moment)
        owed = [self._deviation(*one) for one in asked]
        by_rule = {one.activity for one in owed}
        bounced = [one for one in shown if one.mode is Mode.BOUNCED] or list(self._bounced())
        skipped = list(self._skipped())
        over = [*bounced, *self._repeated(bounced)]
        looped = bool(over) and self.steps[-1] in self.steps[:-1]
        return [
            *owed,
            *(() if refused else self._waiting(by_rule, LONG_AFTER if looped else LONG)),
            *(one for one in self._late(self._told(skipped, bounced)) if one.activity not in by_rule),
            *(one for one in over if one not in shown),
            *skipped,
            *self._turned(),
        ]

    def _told(self, skipped: Sequence[Deviation], bounced: Sequence[Deviation]) -> set[int]:
        """Return the steps whose wait is another deviation's, by event.

        After a step that was left out the wait is another one, unless it often is; to and fro takes long.
        """
        found = {
            one.events[-1]
            for one in skipped
            if not self.finder.courses.is_usual(self.kind, *self._activities(one.events))
        }
        fro = {event for one in bounced for event in one.events}
        return found | fro | {e for e, last in zip(self.events, self.preceded, strict=True) if last in fro}

    def _activities(self, events: Sequence[int]) -> list[int]:
        found: list[int] = self.finder.kinds.log.activity[list(events)].tolist()
        return found

    def _deviation(
        self, mode: Mode, step: int, events: tuple[int, ...], since: int, size: int, rule: str = ""
    ) -> Deviation:
        done = [event for event, each in zip(self.events, self.steps, strict=True) if each == step]
        unit = int(self.finder.kinds.unit_of[done[-1]]) if done else self.finder.doers.of(step, self.places)
        if mode is Mode.BOUNCED:
            unit = int(self.finder.kinds.unit_of[events[1]])  # the first return
        if rule in self.finder.dues.by_same:
            unit = int(self.finder.kinds.unit_of[events[0]])
        if unit < 0:  # nobody is known to do it: it lies with whoever had the process last
            unit = int(self.finder.kinds.unit_of[self.events[-1]])
        return Deviation(mode, self.process, step, unit, events, since, size, rule, self.place)

    def _waiting(self, owed: Set[int], long: float) -> Iterator[Deviation]:
        """Yield the usual next step where it was waited for longer than usual."""
        courses, last = self.finder.courses, (self.kind, self.steps[-1])
        after = courses.next.get(last, ())
        went_on = sum(n for _, n in after)
        if not after or went_on < GOES_ON * (went_on + courses.last.get(last, 0)):
            return
        step = after[0][0]
        wait, usual = self.moment - self.at[-1], courses.wait(*last, step).usual
        if step not in (*self.steps, *self.earlier, *owed) and wait > long * usual:
            size = int(2 * np.log2(wait / max(usual, 10 * 60_000_000)))
            yield self._deviation(
                Mode.MISSING, step, (self.events[-1],), self.at[-1], min(max(size, 0), LONGEST)
            )

    def _late(self, told: Set[int]) -> Iterator[Deviation]:
        """Yield the steps done much longer than usual after what really came before, but those ``told``."""
        log, courses = self.finder.kinds.log, self.finder.courses
        for n in range(max(1, bisect_right(self.at, self.moment - SOON)), len(self.steps)):
            if self.events[n] in told:
                continue
            last, ago = self.preceded[n], self.moment - self.at[n]
            since = int(log.at[last])
            wait, took = courses.wait(self.kind, int(log.activity[last]), self.steps[n]), self.at[n] - since
            if took > wait.usual + HOUR and wait.over(took) > LATE:
                yield self._deviation(Mode.LATE, self.steps[n], (last, self.events[n]), since, age(ago))

    def _bounced(self) -> Iterator[Deviation]:
        """Yield that a process came back to units that had it before, oftener than its kind does."""
        units = self.finder.kinds.unit_of[self.events].tolist()
        back = bounces.found(self.finder.courses.returns, self.kind, self.steps, units)
        if back and (ago := self.moment - self.at[back[-1]]) < OVER:
            events = tuple(self.events[back[0] - 1 : back[-1] + 1])
            yield self._deviation(Mode.BOUNCED, self.steps[back[0]], events, self.at[back[0]], age(ago))

    def _repeated(self, bounced: Sequence[Deviation]) -> Iterator[Deviation]:
        """Yield the steps that were done over; of a loop the step it went back to, and none of a bounce."""
        shown = {event for one in bounced for event in one.events}
        places: dict[int, list[int]] = {}
        for n, step in enumerate(self.steps):
            places.setdefault(step, []).append(n)
        again = sorted(((did[1], step) for step, did in places.items() if len(did) > 1))
        till = -1
        for second, step in again:
            did = places[step]
            if self.finder.courses.share_repeated[self.kind, step] >= SELDOM:
                continue
            known, till = second <= till + 1 or self.events[second] in shown, max(till, did[-1])
            ago = self.moment - self.at[did[-1]]
            if not known and ago < OVER:
                events = tuple(self.events[n] for n in did)
                yield self._deviation(Mode.REPEATED, step, events, self.at[second], age(ago))

    def _skipped(self) -> Iterator[Deviation]:
        """Yield the steps that were left out: usual between two that were done one after the other."""
        left_out, did = self.finder.courses.left_out, {*self.steps, *self.earlier}
        for n in range(len(self.steps) - 1):
            for step in left_out.get((self.kind, self.steps[n], self.steps[n + 1]), ()):
                # A sign between the two stands in the place of what usually comes there.
                if step not in did and self.preceded[n + 1] == self.events[n]:
                    events, since = (self.events[n], self.events[n + 1]), self.at[n + 1]
                    yield self._deviation(Mode.SKIPPED, step, events, since, age(self.moment - since))

    def _turned(self) -> Iterator[Deviation]:
        """Yield the steps that were done after one they nearly always come before."""
        finder = self.finder
        apart = finder.rules.skew
        for late, early in precedence.turned(finder.courses.before, self.kind, self.steps, self.at, apart):
            if (ago := self.moment - self.at[late]) < SOON:
                events = (self.events[early], self.events[late])
                yield self._deviation(Mode.TURNED, self.steps[late], events, self.at[early], age(ago))

    def contacts(self, *, usual: bool) -> Iterator[Deviation]:
        """Yield who met the customer; where nothing deviates (``usual``) and nobody did, whoever was last."""
        ago = self.moment - self.at[-1]
        if ago > MET:
            return
        met = self.finder.contact_codes
        known = [n for n, step in enumerate(self.steps) if step in met]
        if not known and not usual:
            return
        for n in (known or [len(self.steps) - 1])[-2:]:
            yield self._deviation(Mode.CONTACT, self.steps[n], (self.events[n],), self.at[n], age(ago))
