"""What a complaint may have come from: the places around it, and the processes on them.

A complaint names an account; an account belongs to an area, an area to a feeder. Walked is from what few
belong to towards what many belong to, never back down: a neighbour's order is no cause.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .courses import Kinds
from .eventlog import Index, Ints, distinct, index

HOPS = 4
"""So many places up: account, area, feeder, and what feeds that."""
FAR = 400
"""So many processes of one place are looked at, those nearest in time."""
SAME = 1.5
"""Of two kinds each of which has so few of the other on average, both are walked: an account, its meters."""
FEW = 2.0
"""So many places of a kind one belongs to at most, on average: else they are no more than joined."""
PLACES = 4
"""So many places of one event are paired with each other."""


@dataclass(frozen=True)
class Reach:
    """Which places and processes lie around a place."""

    kinds: Kinds

    @cached_property
    def ends(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return of each object when its first and its last event was; of one without events never."""
        log = self.kinds.log
        start, item = log.happened.start, log.happened.item
        has = np.diff(start) > 0
        first = np.full(len(log.type), np.iinfo(np.int64).max)
        last = np.full(len(log.type), np.iinfo(np.int64).min)
        first[has], last[has] = log.at[item[start[:-1][has]]], log.at[item[start[1:][has] - 1]]
        return first, last

    @cached_property
    def on(self) -> Index:
        """Return the processes on each place: those that name it, or share an event with it."""
        log, kinds = self.kinds.log, self.kinds
        here = kinds.is_order
        left = log.back.left
        named = kinds.is_place[left] & here[log.back.item]
        naming = kinds.is_place[log.out.left] & here[log.out.item]
        place = [left[named], log.out.left[naming]]
        process = [log.back.item[named], log.out.item[naming]]
        pairs, whose = log.touched, log.touched.left
        is_place, is_order = kinds.is_place[pairs.item], here[pairs.item]
        by_event = index(whose[is_order], pairs.item[is_order], len(log.at))
        of = whose[is_place]
        many = np.diff(by_event.start)[of]
        place.append(np.repeat(pairs.item[is_place], many))
        offset = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
        process.append(by_event.item[np.repeat(by_event.start[of], many) + offset])
        return index(np.concatenate(place), np.concatenate(process), len(log.type))

    @cached_property
    def ups(self) -> Index:
        """Return of each place those it belongs to.

        Of two kinds of places that are joined, by a relation or by events on both, the one whose members
        fewer of the other kind share belongs to that; where few share either, each belongs to the other.
        """
        log, is_place = self.kinds.log, self.kinds.is_place
        linked = is_place[log.out.left] & is_place[log.out.item]
        source, target = log.out.left[linked], log.out.item[linked].astype(np.int64)
        both = self._together()
        one = np.concatenate([source, target, both[0], both[1]])
        other = np.concatenate([target, source, both[1], both[0]])
        wide = len(log.type)
        pairs = distinct(one * wide + other)
        one, other = pairs // wide, pairs % wide
        kinds = log.type[one].astype(np.int64) * len(log.types) + log.type[other]
        keep = np.zeros(len(pairs), bool)
        for kind in distinct(kinds).tolist():
            here = kinds == kind
            per_one = here.sum() / len(distinct(one[here]))
            per_other = here.sum() / len(distinct(other[here]))
            keep |= (
                here
                & (kind // len(log.types) != kind % len(log.types))
                & (per_one <= FEW)
                & (per_one <= max(per_other, SAME))
            )
        return index(one[keep], other[keep], wide)

    def _together(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the pairs of places that one event names, of events that name few."""
        log, is_place = self.kinds.log, self.kinds.is_place
        on = np.flatnonzero(is_place[log.touched.item])
        event, place = log.touched.left[on], log.touched.item[on].astype(np.int64)
        first: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
        second: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
        for apart in range(1, PLACES):
            same = event[apart:] == event[:-apart]
            first.append(place[:-apart][same])
            second.append(place[apart:][same])
        return np.concatenate(first), np.concatenate(second)

    def places(self, thing: int) -> tuple[int, ...]:
        """Return the places of an object, nearest first: its own, and upwards those they belong to."""
        found = [thing] if self.kinds.is_place[thing] else self._own(thing)
        edge = list(found)
        for _ in range(HOPS):
            edge = [int(up) for one in edge for up in self.ups.of(one) if int(up) not in found]
            found += dict.fromkeys(edge)
            if not edge:
                break
        return tuple(found)

    def nearest(self, thing: int) -> int:
        """Return the first of the places of an object, -1 where it has none."""
        if self.kinds.is_place[thing]:
            return thing
        return (self._own(thing) or [-1])[0]

    def _own(self, thing: int) -> list[int]:
        """Return the places that an object names, or its first events, those that fewest share first."""
        happened, is_place = self.kinds.log.happened, self.kinds.is_place
        near = {one for one in self._near(thing) if is_place[one]}
        near = near or {place for one in self.named(thing) for place in self._near(one) if is_place[place]}
        return sorted(near, key=lambda one: (len(happened.of(one)), one))

    def _near(self, thing: int) -> set[int]:
        """Return what an object names, is named by, or shares one of its first events with."""
        log = self.kinds.log
        near = {int(one) for one in (*log.out.of(thing), *log.back.of(thing))}
        return near | {int(one) for event in log.happened.of(thing)[:3] for one in log.touched.of(event)}

    def named(self, thing: int) -> list[int]:
        """Return the processes that an object names itself; of a process that one, of a place none."""
        if self.kinds.is_order[thing]:
            return [thing]
        if self.kinds.is_place[thing]:
            return []
        return sorted(one for one in self._near(thing) if self.kinds.is_order[one])

    def processes(self, place: int, since: int, until: int) -> Ints:
        """Return the processes on a place that began before ``until`` and went on after ``since``."""
        first, last = self.ends
        found = self.on.of(place)
        found = found[(first[found] < until) & (last[found] >= since)]
        if len(found) > FAR:
            found = found[np.argsort(np.abs(until - last[found]), kind="stable")[:FAR]]
        return found
