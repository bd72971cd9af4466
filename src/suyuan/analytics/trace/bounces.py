"""Orders that went to and fro between units: how often a kind of order usually does, and where one did.

A return is an event by which an order comes back to a unit that had it before and another had since. Where a
step is usually one the first time an order comes to it (the desk that opened an order closes it), it says
nothing: counted are the others. The second pass to and fro is no excuse for itself, however many there are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .eventlog import Ints

USUAL = 0.3
"""A step by which an order comes back at least so often is no return."""
RARE = 0.15
"""So few orders of a kind come back so often at most: empirical tail."""
BULK = 0.5
"""What so many orders of a kind do is its bulk; twice as often and twice more is unusual, whoever does it."""


@dataclass(frozen=True, slots=True)
class Returns:
    """How the orders of a log usually come back."""

    share: Mapping[tuple[int, int], float]
    """Kind and step → in which part of the orders that do it the first time is a return; none where never."""
    tail: Mapping[tuple[int, int], float]
    """Kind and number of unusual returns → which part of its orders has at least so many."""

    def unusual(self, kind: int, times: int) -> bool:
        """Tell whether orders of a kind seldom come back so often, or clearly oftener than their bulk."""
        bulk = times // 2 - 1
        return self.tail.get((kind, times), 0.0) <= RARE or (
            bulk >= 0 and self.tail.get((kind, bulk + 1), 0.0) < BULK
        )


def learn(whose: Ints, kind: Ints, done: Ints, unit: Ints, wide: int) -> Returns:
    """Return how orders come back; rows stand by process and moment, of no unit (-1) are left out."""
    known = unit >= 0
    whose, key, unit = whose[known], kind[known].astype(np.int64) * wide + done[known], unit[known]
    came_back = back(whose, unit)
    wide_key = int(key.max(initial=0)) + 1
    _, first = np.unique(whose.astype(np.int64) * wide_key + key, return_index=True)
    every = np.bincount(key[first], minlength=wide_key)
    times = np.bincount(key[first[came_back[first]]], minlength=wide_key)
    share = np.divide(times, every, out=np.zeros(len(every)), where=every > 0)
    unusual = came_back & (share[key] < USUAL)
    fresh = np.append(True, whose[1:] != whose[:-1]) if len(whose) else np.zeros(0, bool)
    count = np.bincount(np.cumsum(fresh)[unusual] - 1, minlength=int(fresh.sum()))
    of = key[fresh] // wide
    tail = {}
    for one in np.unique(of).tolist():
        mine = np.sort(count[of == one])
        for n in range(1, int(mine[-1]) + 1):
            tail[one, n] = float(len(mine) - np.searchsorted(mine, n)) / len(mine)
    shares = {(int(k) // wide, int(k) % wide): float(share[k]) for k in np.flatnonzero(times)}
    return Returns(shares, tail)


def back(whose: Ints, unit: Ints) -> NDArray[np.bool_]:
    """Return of each row whether the process comes back by it to a unit that had it before."""
    if not len(whose):
        return np.zeros(0, bool)
    starts = np.append(True, (whose[1:] != whose[:-1]) | (unit[1:] != unit[:-1]))
    seen = np.zeros(len(whose), bool)
    wide = int(unit.max()) + 1
    seen[np.unique(whose.astype(np.int64) * wide + unit, return_index=True)[1]] = True
    found: NDArray[np.bool_] = starts & ~seen
    return found


def first_back(events: Sequence[int], unit_of: Ints) -> int:
    """Return of events that bounced the first by which a unit has it again, the last where none does."""
    return events[next(_back(unit_of[list(events)].tolist()), -1)]


def found(returns: Returns, kind: int, steps: Sequence[int], units: Sequence[int]) -> list[int]:
    """Return the unusual returns of one process, as places in ``steps``; none where others have as many."""
    mine = [n for n in _back(units) if returns.share.get((kind, steps[n]), 0.0) < USUAL]
    return mine if mine and returns.unusual(kind, len(mine)) else []


def _back(units: Sequence[int]) -> Iterator[int]:
    """Yield the same as ``back`` of one process, as places; of no unit (-1) are passed over."""
    seen: set[int] = set()
    last = -1
    for n, unit in enumerate(units):
        if unit >= 0:
            if unit != last and unit in seen:
                yield n
            seen.add(unit)
            last = unit
