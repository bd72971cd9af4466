"""Who does a step that was not done: whoever did it last on what lies nearby, else whoever usually does."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .courses import Kinds
from .reach import Reach


@dataclass(frozen=True)
class Doers:
    """Which unit does an activity, by the places it is done on."""

    kinds: Kinds
    reach: Reach

    @cached_property
    def _by_place(self) -> dict[tuple[int, int], int]:
        """Return the unit that does an activity on a place, or on what belongs to it, most often."""
        log, kinds = self.kinds.log, self.kinds
        pairs = log.touched
        on = kinds.is_place[pairs.item]
        event, place = pairs.left[on], pairs.item[on]
        above = self._above[place]
        event, place = np.append(event, event[above >= 0]), np.append(place, above[above >= 0])
        did = kinds.unit_of[event]
        event, place, did = event[did >= 0], place[did >= 0], did[did >= 0]
        return self._modes(log.activity[event], place, did)

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
    def _anywhere(self) -> dict[tuple[int, int], int]:
        did = self.kinds.unit_of
        known = did >= 0
        activity = self.kinds.log.activity[known]
        return self._modes(activity, np.zeros(len(activity), np.int64), did[known])

    @staticmethod
    def _modes(
        activity: NDArray[np.integer], place: NDArray[np.integer], unit: NDArray[np.integer]
    ) -> dict[tuple[int, int], int]:
        """Return of each activity and place the unit there is most of."""
        rows = np.stack([activity.astype(np.int64), place.astype(np.int64), unit.astype(np.int64)], axis=1)
        found, count = np.unique(rows, axis=0, return_counts=True)
        order = np.argsort(count, kind="stable")
        return {(int(a), int(p)): int(u) for a, p, u in found[order].tolist()}

    def of(self, activity: int, places: Sequence[int]) -> int:
        """Return who does an activity on the nearest of some places where it was ever done; -1 if nobody."""
        for place in places:
            if (unit := self._by_place.get((activity, place), -1)) >= 0:
                return unit
        return self._anywhere.get((activity, 0), -1)
