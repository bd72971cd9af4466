"""Who does a step that was not done: whoever did it last on what lies nearby, else whoever usually does."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .courses import Kinds
from .eventlog import Ints
from .reach import Reach


@dataclass(frozen=True, slots=True)
class Modes:
    """Of each activity and place the unit there is most of; arrays, as a log may have millions."""

    key: Ints
    """Activity times the number of places, plus the place; rising."""
    unit: Ints
    wide: int

    def of(self, activity: int, place: int) -> int:
        """Return the unit of an activity and a place, -1 where there is none."""
        wanted = activity * self.wide + place
        at = int(np.searchsorted(self.key, wanted))
        return int(self.unit[at]) if at < len(self.key) and self.key[at] == wanted else -1


def modes(activity: Ints, place: Ints, unit: Ints, wide: int) -> Modes:
    """Return the unit there is most of for each activity and place; of several the one numbered last."""
    does = np.zeros(int(unit.max(initial=-1)) + 1, bool)
    does[unit] = True
    known, rank = np.flatnonzero(does), np.cumsum(does)[unit] - 1
    many = max(len(known), 1)
    found = np.sort((activity.astype(np.int64) * wide + place) * many + rank)
    fresh = np.flatnonzero(np.append(True, found[1:] != found[:-1])) if len(found) else np.zeros(0, np.int64)
    count, found = np.diff(np.append(fresh, len(found))), found[fresh]
    key, rank = found // many, found % many
    order = np.lexsort((rank, count, key))
    last = np.append(key[1:] != key[:-1], True) if len(key) else np.zeros(0, bool)
    return Modes(key[last], known[rank[order[last]]].astype(np.int32), wide)


@dataclass(frozen=True)
class Doers:
    """Which unit does an activity, by the places it is done on."""

    kinds: Kinds
    reach: Reach

    @cached_property
    def by_place(self) -> Modes:
        """Return the unit that does an activity on a place, or on what belongs to it, most often."""
        log, kinds = self.kinds.log, self.kinds
        pairs = log.touched
        on = np.flatnonzero(kinds.is_place[pairs.item])
        event, place = pairs.left[on], pairs.item[on]
        did = kinds.unit_of[event]
        event, place, did = event[did >= 0], place[did >= 0], did[did >= 0]
        done, above = log.activity[event], self._above[place]
        has = above >= 0
        return modes(
            np.append(done, done[has]), np.append(place, above[has]), np.append(did, did[has]), len(log.type)
        )

    @cached_property
    def _above(self) -> NDArray[np.int64]:
        """Return of each place the one it belongs to that most others share, -1 where there is none."""
        ups = self.reach.ups
        shared = np.bincount(ups.item, minlength=len(self.kinds.log.type))
        order = np.argsort(shared[ups.item], kind="stable")
        found = np.full(len(self.kinds.log.type), -1, np.int64)
        found[ups.left[order]] = ups.item[order]
        return found

    @cached_property
    def anywhere(self) -> Modes:
        """Return the unit that does an activity most often, wherever."""
        did = self.kinds.unit_of
        known = did >= 0
        activity = self.kinds.log.activity[known]
        return modes(activity, np.zeros(len(activity), np.int64), did[known], 1)

    def of(self, activity: int, places: Sequence[int]) -> int:
        """Return who does an activity on the nearest of some places where it was ever done; -1 if nobody."""
        for place in places:
            if (unit := self.by_place.of(activity, place)) >= 0:
                return unit
        return self.anywhere.of(activity, 0)
