"""The orders of an event log: the steps that are their own, the first of each, the last, what comes next.

Arrays are by order (``thing`` says which object each is); nothing is walked event by event.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from suyuan.analytics.trace.causality import Patterns, codes
from suyuan.analytics.trace.eventlog import EventLog, Ints

from .columns import NEVER
from .watched import Watched

SELDOM = 2
"""An event is no step of an order whose kind its activity names so many times less than another's here."""
MARK = "~"
"""How the reference of an account begins in a log that was taken over."""


@dataclass(frozen=True)
class Orders:
    """The orders of a log as far as it goes."""

    log: EventLog
    watched: Watched

    def flag(self, patterns: Patterns) -> NDArray[np.bool_]:
        """Return of each activity whether it is one of those named."""
        return flagged(self.log.activities, patterns)

    def of_type(self, patterns: Patterns) -> NDArray[np.bool_]:
        """Return of each object whether it is of a type that is named."""
        found: NDArray[np.bool_] = flagged(self.log.types, patterns)[self.log.type]
        return found

    @cached_property
    def _is_order(self) -> NDArray[np.bool_]:
        roles = self.watched.roles
        other = (
            *roles.places,
            *roles.actors,
            *roles.all_units,
            *roles.cases,
            *roles.complaints,
            *roles.events,
        )
        found: NDArray[np.bool_] = ~self.of_type(other)
        return found

    @cached_property
    def steps(self) -> tuple[Ints, Ints, Ints]:
        """Return the objects that are orders with a step, and of every step its order and its event."""
        log = self.log
        left, event = log.happened.left.astype(np.int32), log.happened.item
        mine = self._is_order[left]
        left, event = left[mine], event[mine]
        key = log.activity[event].astype(np.int64) * len(log.types) + log.type[left]
        often = np.bincount(key, minlength=len(log.activities) * len(log.types))[key]
        most = np.zeros(len(log.at), np.int64)
        np.maximum.at(most, event, often)
        mine = SELDOM * often >= most[event]
        mine &= ~self.flag(self.watched.named.refused)[log.activity[event]]  # what was refused is no step
        left, event = left[mine], event[mine]
        has = np.zeros(len(log.type), bool)
        has[left] = True
        thing = np.flatnonzero(has)
        rank = np.cumsum(has, dtype=np.int32) - 1
        return thing, rank[left], event

    @property
    def thing(self) -> Ints:
        """Return which object each order is."""
        return self.steps[0]

    @cached_property
    def kind(self) -> Ints:
        """Return the type of each order."""
        return np.asarray(self.log.type)[self.thing]

    def first(self, patterns: Patterns) -> NDArray[np.int64]:
        """Return when each order did one of some steps first, ``NEVER`` where it did not."""
        thing, order, event = self.steps
        wanted = self.flag(patterns)[self.log.activity[event]]
        found = np.full(len(thing), NEVER, np.int64)
        found[order[wanted][::-1]] = self.log.at[event[wanted]][::-1]  # the last one written is the first
        return found

    @cached_property
    def begun(self) -> NDArray[np.int64]:
        """Return when the first step of each order was done."""
        thing, order, event = self.steps
        found = np.zeros(len(thing), np.int64)
        found[order[::-1]] = self.log.at[event][::-1]
        return found

    @cached_property
    def last(self) -> Ints:
        """Return the event that is the last step of each order."""
        thing, order, event = self.steps
        found = np.zeros(len(thing), np.int64)
        found[order] = event
        return found

    @cached_property
    def is_done(self) -> NDArray[np.bool_]:
        """Return of each order whether it has come to its end."""
        found: NDArray[np.bool_] = self.first(self.watched.done) != NEVER
        return found

    @cached_property
    def next(self) -> Ints:
        """Return of type × activity which other activity usually comes next, -1 where none ever did."""
        log, (_, order, event) = self.log, self.steps
        done, size = log.activity[event].astype(np.int64), len(log.activities)
        after = (order[1:] == order[:-1]) & (done[1:] != done[:-1])
        kind = self.kind[order[1:][after]].astype(np.int64)
        key = (kind * size + done[:-1][after]) * size + done[1:][after]
        often = np.bincount(key, minlength=len(log.types) * size * size).reshape(-1, size)
        found = np.where(often.any(axis=1), often.argmax(axis=1), -1)
        return found.reshape(len(log.types), size)

    @cached_property
    def waits(self) -> tuple[Ints, NDArray[np.float64]]:
        """Return of every step that another followed: type × activity as one number, and the wait, µs."""
        log, (_, order, event) = self.log, self.steps
        after = order[1:] == order[:-1]
        key = self.kind[order[1:][after]].astype(np.int64) * len(log.activities)
        wait = (log.at[event[1:]] - log.at[event[:-1]])[after]
        return key + log.activity[event[:-1][after]], wait.astype(np.float64)

    # ---- of one order, for those that are told ----

    def waits_at(self, order: int) -> str:
        """Return what an order waits for: what usually comes next, empty where nobody knows."""
        step = int(self.log.activity[self.last[order]])
        after = int(self.next[self.kind[order], step])
        return self.log.activities[after] if after >= 0 else ""

    def beside(self, order: int, types: NDArray[np.bool_]) -> int:
        """Return the object of some kind that an order was about, as its latest step that says so has it."""
        for event in self.log.happened.of(int(self.thing[order]))[::-1].tolist():
            for thing in self.log.touched.of(event).tolist():
                if types[thing]:
                    return int(thing)
        return -1

    def name(self, order: int) -> str:
        """Return the number of an order."""
        name: str = self.log.objects[int(self.thing[order])]
        return name

    def named(self, thing: int) -> str:
        """Return the name of an object without its mark, empty for none."""
        name: str = self.log.objects[thing] if thing >= 0 else ""
        return name.removeprefix(MARK)

    @cached_property
    def is_unit(self) -> NDArray[np.bool_]:
        """Return of each object whether it is a unit."""
        return self.of_type(self.watched.roles.all_units)

    @cached_property
    def is_account(self) -> NDArray[np.bool_]:
        """Return of each object whether it is an account."""
        return self.of_type(self.watched.named.accounts)


def flagged(names: Iterable[str], patterns: Patterns) -> NDArray[np.bool_]:
    """Return of each name whether it fits one of the patterns."""
    every = list(names)
    found = np.zeros(len(every), bool)
    found[list(codes(every, tuple(patterns)))] = True
    return found
