"""One process up to a moment, beside how its kind usually goes."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .causality import Mode
from .deviations import LONG, LONG_AFTER, LONGEST, MET, OVER, SOON, Deviation, age
from .past import Past

if TYPE_CHECKING:
    from .finder import Finder


@dataclass(frozen=True, slots=True)
class Course:
    """One process so far, on a place, at a moment."""

    finder: "Finder"
    past: Past
    place: int
    places: Sequence[int]
    moment: int

    def deviations(self, shown: Sequence[Deviation]) -> list[Deviation]:
        """Return what deviates beside what its events ``shown`` by themselves; each thing counts once.

        Of one that was refused since its last step no usual next one is missing.
        """
        refused = any(one.mode is Mode.REFUSED and one.events[-1] > self.past.events[-1] for one in shown)
        asked = self.finder.dues.of_order(
            self.past.process, self.place, self.past.events, self.past.steps, self.moment
        )
        owed = [self._deviation(*one) for one in asked]
        by_rule = {one.activity for one in owed}
        bounced = [one for one in shown if one.mode is Mode.BOUNCED] or list(self._bounced())
        skipped = list(self._skipped())
        over = [*bounced, *self._repeated(bounced)]
        looped = bool(over) and self.past.steps[-1] in self.past.steps[:-1]
        return [
            *owed,
            *(() if refused else self._waiting(by_rule, LONG_AFTER if looped else LONG)),
            *(one for one in self._late(skipped, bounced) if one.activity not in by_rule),
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
            if not self.finder.courses.is_usual(self.past.kind, *self._activities(one.events))
        }
        fro = {event for one in bounced for event in one.events}
        after = zip(self.past.events, self.past.preceded, strict=True) if fro else ()
        return found | fro | {event for event, last in after if last in fro}

    def _activities(self, events: Sequence[int]) -> list[int]:
        found: list[int] = self.finder.kinds.log.activity[list(events)].tolist()
        return found

    def _deviation(
        self, mode: Mode, step: int, events: tuple[int, ...], since: int, size: int, rule: str = ""
    ) -> Deviation:
        done = [event for event, each in zip(self.past.events, self.past.steps, strict=True) if each == step]
        unit = int(self.finder.kinds.unit_of[done[-1]]) if done else self.finder.doers.of(step, self.places)
        if mode is Mode.BOUNCED:
            unit = int(self.finder.kinds.unit_of[events[1]])  # the first return
        if rule in self.finder.dues.by_same:
            unit = int(self.finder.kinds.unit_of[events[0]])
        if unit < 0:  # nobody is known to do it: it lies with whoever had the process last
            unit = int(self.finder.kinds.unit_of[self.past.events[-1]])
        return Deviation(mode, self.past.process, step, unit, events, since, size, rule, self.place)

    def _waiting(self, owed: Set[int], long: float) -> Iterator[Deviation]:
        """Yield the usual next step where it was waited for longer than usual."""
        if self.past.usual_next is None:
            return
        step, usual = self.past.usual_next
        wait = self.moment - self.past.at[-1]
        if step not in owed and wait > long * usual:
            size = int(2 * np.log2(wait / max(usual, 10 * 60_000_000)))
            yield self._deviation(
                Mode.MISSING, step, (self.past.events[-1],), self.past.at[-1], min(max(size, 0), LONGEST)
            )

    def _late(self, skipped: Sequence[Deviation], bounced: Sequence[Deviation]) -> Iterator[Deviation]:
        """Yield the steps done much longer than usual after what came before, not long ago, told by none."""
        soon = [n for n in self.past.slow if self.past.at[n] > self.moment - SOON]
        told = self._told(skipped, bounced) if soon else set()
        for n in soon:
            if self.past.events[n] not in told:
                last, ago = self.past.preceded[n], self.moment - self.past.at[n]
                since, events = int(self.finder.kinds.log.at[last]), (last, self.past.events[n])
                yield self._deviation(Mode.LATE, self.past.steps[n], events, since, age(ago))

    def _bounced(self) -> Iterator[Deviation]:
        """Yield that a process came back to units that had it before, oftener than its kind does."""
        back = self.past.back
        if back and (ago := self.moment - self.past.at[back[-1]]) < OVER:
            events = tuple(self.past.events[back[0] - 1 : back[-1] + 1])
            yield self._deviation(
                Mode.BOUNCED, self.past.steps[back[0]], events, self.past.at[back[0]], age(ago)
            )

    def _repeated(self, bounced: Sequence[Deviation]) -> Iterator[Deviation]:
        """Yield the steps that were done over; of a loop the step it went back to, and none of a bounce."""
        shown = {event for one in bounced for event in one.events}
        till = -1
        for did in self.past.again:
            second = did[1]
            known, till = second <= till + 1 or self.past.events[second] in shown, max(till, did[-1])
            ago = self.moment - self.past.at[did[-1]]
            if not known and ago < OVER:
                events = tuple(self.past.events[n] for n in did)
                yield self._deviation(
                    Mode.REPEATED, self.past.steps[second], events, self.past.at[second], age(ago)
                )

    def _skipped(self) -> Iterator[Deviation]:
        """Yield the steps that were left out: usual between two that were done one after the other."""
        for n, step in self.past.left_out:
            events, since = (self.past.events[n], self.past.events[n + 1]), self.past.at[n + 1]
            yield self._deviation(Mode.SKIPPED, step, events, since, age(self.moment - since))

    def _turned(self) -> Iterator[Deviation]:
        """Yield the steps that were done after one they nearly always come before."""
        for late, early in self.past.inverted:
            if (ago := self.moment - self.past.at[late]) < SOON:
                events = (self.past.events[early], self.past.events[late])
                yield self._deviation(
                    Mode.TURNED, self.past.steps[late], events, self.past.at[early], age(ago)
                )

    def contacts(self, *, usual: bool) -> Iterator[Deviation]:
        """Yield who met the customer; where nothing deviates (``usual``) and nobody did, whoever was last."""
        ago = self.moment - self.past.at[-1]
        if ago > MET or not (self.past.met or usual):
            return
        for n in (self.past.met or [len(self.past.steps) - 1])[-2:]:
            yield self._deviation(
                Mode.CONTACT, self.past.steps[n], (self.past.events[n],), self.past.at[n], age(ago)
            )
