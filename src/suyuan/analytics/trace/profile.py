"""How long does each step of each unit lie before it is done, how often is it done over and taken over?

All in working time. What is lost is what a step lay beyond the middle of its kind, over all units: a step
that takes everybody ten days loses nothing by taking ten.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .population import Key, Within
from .tracer import Tracer
from .working import WorkingTime

MINUTE = 60_000_000
MIDDLE, LONG = 0.5, 0.9
"""The quantiles told of waits."""
NEVER = -1
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Passages:
    """Every step of every order, by order and in the order of time."""

    process: Ints
    kind: Ints
    """The type of the order."""
    activity: Ints
    unit: Ints
    at: Ints
    before: Ints
    """The activity it came after, ``NEVER`` for the first step."""
    preceded: Ints
    """The event that really came before: a step, or a sign of the order's own; ``NEVER`` for the first."""
    waited: Ints
    """Working minutes since the step before, ``NEVER`` for the first."""
    again: NDArray[np.bool_]
    """Whether the order had been through this step before."""
    taken: NDArray[np.bool_]
    """Whether the step before was another unit's."""

    def only(self, keep: NDArray[np.bool_]) -> "Passages":
        """Return some of the steps."""
        return Passages(*(getattr(self, name)[keep] for name in Passages.__slots__))

    def by_units(self, units: Ints) -> "Passages":
        """Return the same with other units: of each object which, last of none."""
        return replace(self, unit=units[self.unit])

    def within(self, within: Within | None) -> "Passages":
        """Return the steps done in a time."""
        return self if within is None else self.only((self.at >= within[0]) & (self.at < within[1]))


@dataclass(frozen=True, slots=True)
class Profile:
    """How one step of one unit goes."""

    activity: int
    unit: int
    done: int
    followed: int
    """Those that came after another step of the order: only these waited."""
    p50: float | None
    """Working hours waited, the middle; None where nothing waited."""
    p90: float | None
    again: int
    taken: int
    lost: float
    """Working hours waited beyond the middle of the step over all units of the same kind of order."""
    lost_share: float
    """Of all that is lost."""


def passages(tracer: Tracer, working: WorkingTime) -> Passages:
    """Return the steps of all orders of a log; what shows a deviation by itself is no step."""
    log, kinds = tracer.log, tracer.kinds
    whose = log.happened.left
    every = log.activity[log.happened.item]
    own = np.flatnonzero(kinds.is_order[whose] & tracer.courses.is_own(log.type[whose], every))
    is_step = ~tracer.courses.is_sign[every[own]]
    before, mine = np.asarray(np.roll(own, 1)[is_step], np.int64), own[is_step]
    process, event = whose[mine].astype(np.int64), np.asarray(log.happened.item[mine])
    activity, at = log.activity[event].astype(np.int64), np.asarray(log.at[event], np.int64)
    unit = np.asarray(kinds.unit_of[event], np.int64)
    follows = np.append(False, process[1:] == process[:-1])[: len(process)]
    worked = working.worked(at)
    waited = np.where(follows, (worked - np.roll(worked, 1)) // MINUTE, NEVER)
    last = np.roll(unit, 1)
    return Passages(
        process,
        log.type[process].astype(np.int64),
        activity,
        unit,
        at,
        np.where(follows, np.roll(activity, 1), NEVER),
        np.where(follows, np.asarray(log.happened.item[before], np.int64), NEVER),
        np.where(follows, np.maximum(waited, 0), NEVER),
        _again(process, activity),
        follows & (unit >= 0) & (last >= 0) & (last != unit),
    )


def _again(process: Ints, activity: Ints) -> NDArray[np.bool_]:
    """Return of each step whether the same order had been through it; steps are in the order of time."""
    code = process * (int(activity.max(initial=0)) + 1) + activity
    order = np.argsort(code, kind="stable")
    found = np.zeros(len(code), bool)
    found[order[1:]] = code[order[1:]] == code[order[:-1]]
    return found


def profiles(steps: Passages) -> list[Profile]:
    """Return how each step of each unit goes, in the order of activities and units."""
    units, unit = _numbered(steps.unit + 1)
    wide = max(len(units), 1)
    keys, number = _numbered(steps.activity * wide + unit)
    waits = steps.waited >= 0
    middle, long, followed = quantiles(number[waits], steps.waited[waits], len(keys))
    done = np.bincount(number, minlength=len(keys))
    lost = np.bincount(number, _beyond(steps), minlength=len(keys)) / 60
    again = np.bincount(number[steps.again], minlength=len(keys))
    taken = np.bincount(number[steps.taken], minlength=len(keys))
    every = float(lost.sum()) or 1.0
    return [
        Profile(
            key // wide,
            int(units[key % wide]) - 1,
            int(done[at]),
            int(followed[at]),
            float(middle[at]) / 60 if followed[at] else None,
            float(long[at]) / 60 if followed[at] else None,
            int(again[at]),
            int(taken[at]),
            float(lost[at]),
            float(lost[at]) / every,
        )
        for at, key in enumerate(keys.tolist())
    ]


def bottlenecks(found: list[Profile]) -> list[Profile]:
    """Return the steps at which working time is lost, the most first."""
    return sorted((one for one in found if one.lost > 0), key=lambda one: (-one.lost, one.activity, one.unit))


def key(one: Profile) -> Key:
    """Return the activity and unit of a profile."""
    return one.activity, one.unit


def _numbered(code: Ints) -> tuple[Ints, Ints]:
    """Return the different codes, rising, and of each code which it is; few codes over many rows."""
    size = int(code.max(initial=0)) + 1
    there = np.zeros(size, bool)
    there[code] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[code]


def quantiles(
    number: Ints, minutes: Ints, groups: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], Ints]:
    """Return the middle and the long wait of each group, interpolated, and how many waits each has."""
    # One sort of one number is five times as fast as a sort by two.
    ordered = np.sort((number << 32) | minutes) & 0xFFFFFFFF
    count = np.bincount(number, minlength=groups)
    first = np.cumsum(count) - count
    told = []
    for part in (MIDDLE, LONG):
        place = part * np.maximum(count - 1, 0)
        low = first + place.astype(np.int64)
        high = np.minimum(low + 1, first + np.maximum(count - 1, 0))
        values = np.append(ordered, 0)
        below, above = values[np.minimum(low, len(ordered))], values[np.minimum(high, len(ordered))]
        told.append(below + (place - np.floor(place)) * (above - below))
    return told[0], told[1], count


def _beyond(steps: Passages) -> NDArray[np.float64]:
    """Return of each step the minutes it lay beyond the middle of its kind of order and activity."""
    wide = int(steps.activity.max(initial=0)) + 1
    keys, number = _numbered(steps.kind * wide + steps.activity)
    waits = steps.waited >= 0
    middle, _, _ = quantiles(number[waits], steps.waited[waits], len(keys))
    return np.where(waits, np.maximum(steps.waited - middle[number], 0.0), 0.0)
