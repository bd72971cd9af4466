"""What shows a deviation by itself, and whose it is: an event may name several orders and places.

A refusal names the order that was refused and perhaps the one that stood in its way; an outage names a line
and every account on it. Each event is one order's and one place's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from . import bounces
from .causality import Mode, Sign, codes
from .courses import Kinds
from .deviations import DAY, Deviation
from .eventlog import Index, Ints, distinct, index
from .reach import Reach

ASKED = 200
"""So many complaints are asked for where complaints are."""
EXPOSED_DAYS, EXPOSED_LEAST = 60, 2
"""What befell a place so often in so many days is counted, without a rule."""


@dataclass(frozen=True)
class Signs:
    """Which events show something by themselves, by whose they are."""

    kinds: Kinds
    reach: Reach

    @cached_property
    def codes(self) -> list[tuple[Sign, NDArray[np.bool_], NDArray[np.bool_]]]:
        """Return the signs with flags of the activities that are one, and of those that end a run."""
        names = self.kinds.log.activities
        signs = self.kinds.rules.signs
        return [(one, _flags(names, one.activities), _flags(names, one.ended_by)) for one in signs]

    @cached_property
    def owned(self) -> Index:
        """Return of each order and place the events that show or end something and are its own."""
        flags = np.zeros(len(self.kinds.log.activities), bool)
        for _, wanted, ends in self.codes:
            flags |= wanted | ends
        events = np.flatnonzero(flags[self.kinds.log.activity])
        event, thing = self._orders(events)
        other, place = self._places(events)
        return index(np.append(thing, place), np.append(event, other), len(self.kinds.log.type))

    @cached_property
    def befell(self) -> Index:
        """Return of each place the first events of what befell it."""
        log = self.kinds.log
        has = np.flatnonzero(self.kinds.is_event & (np.diff(log.happened.start) > 0))
        event, place = self._places(np.unique(log.happened.item[log.happened.start[has]]))
        return index(place, event, len(log.type))

    def _orders(self, events: Ints) -> tuple[Ints, Ints]:
        """Return each event with the order it is of: of the kind most of them name, else begun last."""
        log = self.kinds.log
        event, thing = _pairs(log.touched, events)
        mine = self.kinds.is_order[thing]
        event, thing = event[mine], thing[mine]
        key = log.activity[event].astype(np.int64) * len(log.types) + log.type[thing]
        named = np.bincount(key)[key] if len(key) else key
        order = np.lexsort((thing, self.reach.ends[0][thing], named, event))
        event, thing = event[order], thing[order]
        last = np.append(event[1:] != event[:-1], True) if len(event) else np.zeros(0, bool)
        return event[last], thing[last]

    def _places(self, events: Ints) -> tuple[Ints, Ints]:
        """Return each event with its places, without those that another one it names belongs to.

        Of a kind of which it names several none is its own, if it names one above them. Where it names no
        place, those its objects name or are named by.
        """
        log, is_place = self.kinds.log, self.kinds.is_place
        event, thing = _pairs(log.touched, events)
        bare = np.setdiff1d(events, event[is_place[thing]])
        by, near = _pairs(log.touched, bare)
        for relation in (log.out, log.back):
            _of, joined = _pairs(relation, near)
            of = np.repeat(by, np.diff(relation.start)[near])
            event, thing = np.append(event, of), np.append(thing, joined)
        event, thing = event[is_place[thing]].astype(np.int64), thing[is_place[thing]]
        events = distinct(event.astype(np.int64))
        wide = len(log.types)
        key, inverse, many = np.unique(
            event * wide + log.type[thing], return_inverse=True, return_counts=True
        )
        row, kind = np.searchsorted(events, key // wide), key % wide
        single = np.zeros((len(events), wide), np.int32)
        single[row, kind] = many == 1
        below = self._below.astype(np.int32)
        over, under = (single @ below)[row, kind] > 0, (single @ below.T)[row, kind] > 0
        keep = ~(over | ((many > 1) & under))[inverse]
        return event[keep], thing[keep]

    @cached_property
    def _below(self) -> NDArray[np.bool_]:
        """Return of each two types whether the one belongs to the other, from where complaints are upwards.

        What lies below that (the meter of an account) is never walked to: its events are the account's.
        """
        log, ups = self.kinds.log, self.reach.ups
        wide = len(log.types)
        code = log.type[ups.left].astype(np.int64) * wide + log.type[ups.item]
        count = np.bincount(code, minlength=wide * wide).reshape(wide, wide)
        found: NDArray[np.bool_] = count > count.T
        for _ in range(3):
            found = found | ((found.astype(np.int32) @ found.astype(np.int32)) > 0)
        own = np.flatnonzero(self.kinds.is_complaint & (np.diff(log.happened.start) > 0))
        near = [self.reach.nearest(one) for one in own[:: max(1, len(own) // ASKED)].tolist()]
        walked = np.zeros(wide, bool)
        walked[log.type[[one for one in near if one >= 0]]] = True
        walked |= found[walked].any(axis=0)
        return found & walked[:, None]

    def on(self, thing: int, place: int, moment: int) -> Iterator[Deviation]:
        """Yield what the events of an order or a place show by themselves before a moment."""
        log, events = self.kinds.log, self.owned.of(thing)
        till = int(np.searchsorted(log.at[events], moment)) if len(events) else 0
        for sign, wanted, ends in self.codes if till else ():
            first = int(np.searchsorted(log.at[events], moment - sign.within_days * DAY))
            done = log.activity[events[first:till]]
            run = _run(events[first:till], wanted[done], ends[done])
            if sign.at_least == 1 and self.kinds.is_place[thing]:
                run = [one for one in run if not self.kinds.is_order[log.touched.of(one)].any()]
            if len(run) >= sign.at_least:
                yield self._told(sign.mode, thing, place, run, sign.id)

    def exposed(self, place: int, moment: int, known: Sequence[Deviation]) -> Iterator[Deviation]:
        """Yield that a place was befallen again and again, where no rule has said so."""
        log, events = self.kinds.log, self.befell.of(place)
        if len(events) < EXPOSED_LEAST:
            return
        low, high = np.searchsorted(log.at[events], (moment - EXPOSED_DAYS * DAY, moment))
        run = events[low:high].tolist()
        if len(run) >= EXPOSED_LEAST and not any(
            one.mode is Mode.EXPOSED and one.thing == place for one in known
        ):
            yield self._told(Mode.EXPOSED, place, place, run, "")

    def _told(self, mode: Mode, thing: int, place: int, run: Sequence[int], rule: str) -> Deviation:
        log = self.kinds.log
        shows = bounces.first_back(run, self.kinds.unit_of) if mode is Mode.BOUNCED else run[-1]
        done, unit = int(log.activity[shows]), int(self.kinds.unit_of[shows])
        size = int(np.log2(len(run)))
        return Deviation(mode, thing, done, unit, tuple(run), int(log.at[run[0]]), size, rule, place)


def _pairs(relation: Index, left: Ints) -> tuple[Ints, Ints]:
    """Return the pairs of a relation that begin with some, those repeated that stand there repeatedly."""
    many = np.diff(relation.start)[left]
    offset = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
    return np.repeat(left, many), relation.item[np.repeat(relation.start[left], many) + offset]


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
