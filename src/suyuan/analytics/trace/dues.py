"""What a rule asks for after something, by a day: on the order itself, or on the place where it was done.

Data that never came is often nobody's step: an order puts in a new meter, its readings are the account's.
Where no order of a kind ever does what is asked for, and somebody does, it is looked for on the place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from .causality import Due, Mode, codes
from .courses import Courses, Kinds
from .deviations import BACK, DAY, SOON, age
from .promised import Promises

BUSY = 3_000
"""On a place with more events in the time looked at, what is done by no order is not looked for."""


class Owed(NamedTuple):
    """Something a rule asks for, that was not done or not in time."""

    mode: Mode
    step: int
    events: tuple[int, ...]
    since: int
    size: int
    rule: str


@dataclass(frozen=True)
class Dues:
    """Finds what rules ask for and what was not done in time."""

    kinds: Kinds
    courses: Courses

    @cached_property
    def codes(self) -> list[tuple[Due, frozenset[int], frozenset[int]]]:
        """Return what has to be done after something, with the activities."""
        names, done = self.kinds.log.activities, self.courses.is_done
        every = [(one, codes(names, one.after), codes(names, one.then)) for one in self.kinds.rules.due]
        return [
            (one, after, then)
            for one, after, then in every
            if after and then and not (one.where_unknown and done[list(then)].any())
        ]

    @cached_property
    def promises(self) -> Promises:
        """Return what finds promises that were not kept."""
        log = self.kinds.log
        every = [(one, codes(log.activities, one.then)) for one in self.kinds.rules.due if one.by]
        return Promises(log, self.courses, [(one, then) for one, then in every if then])

    @cached_property
    def by_same(self) -> frozenset[str]:
        """Return the rules by which what is owed lies with whoever did what it follows."""
        return frozenset(rule.id for rule in self.kinds.rules.due if rule.by_same)

    @cached_property
    def elsewhere(self) -> frozenset[tuple[str, int]]:
        """Return the rules and kinds of orders that begin what others do: it is looked for on their place."""
        steps = (*self.courses.next, *self.courses.last)
        found = set()
        for rule, after, then in self.codes:
            mine = {kind for kind, step in steps if step in then}
            if self.courses.is_done[list(then)].any():
                found |= {(rule.id, kind) for kind, step in steps if step in after and kind not in mine}
        return frozenset(found)

    def of_order(
        self, process: int, place: int, events: Sequence[int], steps: Sequence[int], moment: int
    ) -> Iterator[Owed]:
        """Yield what an order owes before a moment; ``events`` are its own till then, ``steps`` of what."""
        log = self.kinds.log
        kind = int(log.type[process])
        for rule, after, then in self.codes:
            begun = [event for event, step in zip(events, steps, strict=True) if step in after]
            if not begun:
                continue
            if (rule.id, kind) in self.elsewhere:
                done = self._among(place, then, int(log.at[begun[0]]), moment)
            else:
                done = [event for event, step in zip(events, steps, strict=True) if step in then]
            usual = {step for step, _ in self.courses.next.get((kind, steps[-1]), ())}
            yield from self._owed(rule, begun, done, min(then & usual or then), moment)
        yield from (Owed(*one) for one in self.promises.of_order(process, events, moment))

    def of_place(self, place: int, moment: int) -> Iterator[Owed]:
        """Yield what is owed on a place after what no order did."""
        log = self.kinds.log
        for rule, after, then in self.codes:
            begun = self._among(place, after, moment - BACK, moment)
            begun = [one for one in begun if not self.kinds.is_order[log.touched.of(one)].any()]
            if begun:
                done = self._among(place, then, int(log.at[begun[0]]), moment)
                yield from self._owed(rule, begun, done, min(then), moment)

    def _among(self, place: int, wanted: frozenset[int], since: int, moment: int) -> list[int]:
        """Return the events of a place that are one of some activities, in the time between two moments."""
        log = self.kinds.log
        events = log.happened.of(place) if place >= 0 else log.happened.item[:0]
        low, high = np.searchsorted(log.at[events], (since, moment)) if len(events) else (0, 0)
        if high - low > BUSY:
            return []
        return [one for one in events[low:high].tolist() if int(log.activity[one]) in wanted]

    def _owed(
        self, rule: Due, begun: Sequence[int], done: Sequence[int], step: int, moment: int
    ) -> Iterator[Owed]:
        at, limit = self.kinds.log.at, round(rule.within_days * DAY)
        left, since = list(done), -1
        for event in begun:
            while left and left[0] < event:
                left.pop(0)
            if event <= since:  # the one before it waits for the same
                continue
            due = int(at[event]) + limit
            if not left:
                if due < moment:
                    size = int(np.log2(max((moment - due) / DAY, 1)))
                    yield Owed(Mode.MISSING, step, (event,), due, size, rule.id)
                return
            since, ago = left[0], moment - int(at[left[0]])
            if at[since] > due and ago < SOON:
                late = int(self.kinds.log.activity[since])
                yield Owed(Mode.LATE, late, (event, since), due, age(ago), rule.id)
