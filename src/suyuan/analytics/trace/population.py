"""Which step of which unit do complaints come from, over all of a log?

Of every step and unit it is said how often it was done (exposed), how many complaints are traced to it, and
how that compares to the complaints there would have been anyway among those exposed: as many as others of the
same place, month and, where the log tells them, class of customer make in as many days (matched controls).
What is traced comes from ``chains``: a complaint counts for its sources by their weights, so a step that only
stands beside the cause has nothing of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincinv

from suyuan.analytics.ranking import discoveries

from . import sources as traced
from .deviations import DAY
from .eventlog import EventLog, distinct
from .sources import Sources
from .tracer import Tracer

WINDOW = 30
"""Days after a step in which complaints count."""
MONTH = 30 * DAY
OVERALL = 5.0
"""So many complaints of all places are added to those of one place, month and class."""
TAIL = 0.025
Within = tuple[int, int]
"""From a moment on, until before another: microseconds of UTC."""
Ints = NDArray[np.int64]
Key = tuple[int, int]
"""An activity and a unit."""


@dataclass(frozen=True, slots=True)
class Row:
    """One step of one unit."""

    activity: int
    unit: int
    exposed: int
    complaints: float
    """Traced to it, by weight."""
    expected: float
    """That there would have been among those exposed without it."""
    relative_risk: float
    low: float
    high: float
    q: float
    """Benjamini–Hochberg over all rows."""
    share: float
    """Of all complaints, what is traced to it."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """What was done, by event: the steps of orders, and what shows a deviation by itself."""

    activity: NDArray[np.int64]
    unit: NDArray[np.int64]
    """-1 where none is named."""
    at: NDArray[np.int64]
    anyway: NDArray[np.float64]
    """The complaints to be expected anyway after each."""
    around: NDArray[np.float64]
    """Of each object what is to be expected anyway after one of its events, on average."""


def population(
    tracer: Tracer,
    found: Sources | None = None,
    done: Exposed | None = None,
    within: Within | None = None,
) -> list[Row]:
    """Return every step and unit something was done by, the greatest relative risk first.

    ``within`` counts what was done and the complaints made then alone.
    """
    found = traced.sources(tracer) if found is None else found
    done = exposed(tracer) if done is None else done
    counted = _counted(found, done, within)
    of = max(len(found.made) if within is None else int(_in(found.made, within).sum()), 1)
    least = min((anyway for _, anyway, _ in counted.values() if anyway > 0), default=1.0)
    rows = [(key, times, part, max(anyway, least)) for key, (times, anyway, part) in sorted(counted.items())]
    chance = [float(gammainc(part + anyway, anyway)) if part else 1.0 for _, _, part, anyway in rows]
    judged = [
        Row(*key, times, part, anyway, *excess(part, anyway), q, part / found.stands_for / of)
        for (key, times, part, anyway), q in zip(rows, discoveries(chance), strict=True)
    ]
    return sorted(judged, key=lambda one: (-one.relative_risk, one.activity, one.unit))


def merged(done: Exposed, found: Sources, units: NDArray[np.int64]) -> tuple[Exposed, Sources]:
    """Return both with other units in place of theirs: ``units`` says of each object which, last of none."""
    return replace(done, unit=units[done.unit]), replace(found, unit=units[found.unit])


def only_units(done: Exposed, found: Sources, units: Sequence[int]) -> tuple[Exposed, Sources]:
    """Return what some units did, and what is traced to them; complaints stay all there are."""
    here, there = np.isin(done.unit, units), np.isin(found.unit, units)
    names = ("activity", "unit", "at", "anyway")
    return replace(done, **{name: getattr(done, name)[here] for name in names}), found.sources_only(there)


def excess(traced_to: float, anyway: float) -> tuple[float, float, float]:
    """Return the relative risk of what is traced somewhere and would be there anyway, and its interval.

    The interval is exact for Poisson counts, and between them.
    """
    low = float(gammaincinv(traced_to, TAIL)) if traced_to > 0 else 0.0
    high = float(gammaincinv(traced_to + 1, 1 - TAIL))
    return 1 + traced_to / anyway, 1 + low / anyway, 1 + high / anyway


def _in(at: NDArray[np.int64], within: Within) -> NDArray[np.bool_]:
    return (at >= within[0]) & (at < within[1])


def _counted(found: Sources, done: Exposed, within: Within | None) -> dict[Key, tuple[int, float, float]]:
    """Return of each step and unit how often it was done, what is expected anyway, what is traced to it."""
    here = slice(None) if within is None else _in(done.at, within)
    made = slice(None) if within is None else _in(found.at, within)
    activity, unit = done.activity[here], done.unit[here] + 1
    step, whose, weight = found.activity[made], found.unit[made] + 1, found.weight[made]
    wide = int(max(unit.max(initial=0), whose.max(initial=0))) + 1
    code, by = activity * wide + unit, step * wide + whose
    keys = distinct(np.concatenate([code, by]))
    at, source = np.searchsorted(keys, code), np.searchsorted(keys, by)
    times = np.bincount(at, minlength=len(keys))
    anyway = np.bincount(at, done.anyway[here], minlength=len(keys))
    parts = np.bincount(source, weight * found.stands_for, minlength=len(keys))
    anyway = np.where(times > 0, anyway, _owed(found, done, source, made, len(keys)))
    columns = (keys.tolist(), times.tolist(), anyway.tolist(), parts.tolist())
    return {
        (key // wide, key % wide - 1): (n, usual, part) for key, n, usual, part in zip(*columns, strict=True)
    }


def _owed(
    found: Sources, done: Exposed, key: Ints, made: slice | NDArray[np.bool_], keys: int
) -> NDArray[np.float64]:
    """Return of each step what is to be expected anyway on the orders it was missed on, each once.

    It stands for what was never done: nobody was exposed to that, but to the order it was due on.
    """
    wide = len(done.around)
    pairs = distinct(key * wide + found.thing[made])
    found_anyway = np.bincount(pairs // wide, done.around[pairs % wide], minlength=keys)
    return found_anyway.astype(np.float64)


def exposed(tracer: Tracer) -> Exposed:
    """Return what was done, and the complaints to be expected anyway after it."""
    log, kinds = tracer.log, tracer.kinds
    pairs = log.touched
    of_process = np.zeros(len(log.at), bool)
    of_process[pairs.left[kinds.is_order[pairs.item]]] = True
    event = np.flatnonzero(of_process | tracer.courses.is_sign[log.activity])
    every = _anyway(tracer, _place_of(tracer))
    anyway = every[event]
    on, size = pairs.item, len(log.type)
    summed = np.bincount(on, every[pairs.left], minlength=size).astype(np.float64)
    around = summed / np.maximum(np.bincount(on, minlength=size), 1)
    return Exposed(
        log.activity[event].astype(np.int64),
        np.asarray(kinds.unit_of[event], np.int64),
        np.asarray(log.at[event], np.int64),
        anyway,
        around,
    )


def _place_of(tracer: Tracer) -> NDArray[np.int64]:
    """Return of each event the place it names that fewest events name, -1 where it names none."""
    log, kinds = tracer.log, tracer.kinds
    pairs = log.touched
    on = np.flatnonzero(kinds.is_place[pairs.item])
    busy = np.diff(log.happened.start)[pairs.item[on]]
    order = on[np.argsort(-busy, kind="stable")]
    found = np.full(len(log.at), -1, np.int64)
    found[pairs.left[order]] = pairs.item[order]
    return found


def _anyway(tracer: Tracer, place: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return of each event how many complaints there are anyway where it was done, in the window after."""
    log, reach = tracer.log, tracer.reach
    complaints = tracer.complaints()
    own = np.array([reach.nearest(one) for one in complaints.tolist()], np.int64)
    homes = np.flatnonzero(np.isin(log.type, np.unique(log.type[own[own >= 0]])))
    found = np.zeros(len(log.at))
    if not len(complaints) or not len(homes):
        return found
    made = np.asarray(log.at[log.happened.item[log.happened.start[complaints]]], np.int64)
    at = np.flatnonzero(place >= 0)
    here, top = place[at], _tops(tracer)
    strata = _Strata(log, homes, made, np.asarray(log.at[at], np.int64))
    overall = np.full(len(here), strata.usual)
    rate = strata.rate(top[homes], np.where(own >= 0, top[own], -1), top[here], overall)
    if log.group is not None:
        # Of a home, those of its class there; of what many homes are on, all of them.
        of, wide = np.asarray(log.group, np.int64), int(log.group.max()) + 1
        among = np.where(own >= 0, top[own] * wide + of[own], -1)
        usual = strata.by_class(of[homes], of[own[own >= 0]])[of[here]]
        by_class = strata.rate(top[homes] * wide + of[homes], among, top[here] * wide + of[here], usual)
        rate = np.where(of[here] > 0, by_class, rate)
    found[at] = rate * WINDOW * np.maximum(_below(tracer, homes)[here], 1)
    return found


@dataclass(frozen=True, slots=True)
class _Strata:
    """Counts homes and complaints by what they have in common, and by month."""

    log: EventLog
    homes: NDArray[np.int64]
    made: NDArray[np.int64]
    """When complaints were made."""
    at: NDArray[np.int64]
    """When what is asked for was done."""

    @property
    def usual(self) -> float:
        """Return how many complaints a home has a day, over all."""
        return len(self.made) / len(self.homes) / self.days

    @property
    def days(self) -> float:
        """Return how many days the log has."""
        return max(int(self.log.at[-1] - self.log.at[0]), DAY) / DAY

    def by_class(self, of_homes: NDArray[np.int64], of_complaints: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the same by class, drawn to that over all."""
        size = int(self.log.group.max()) + 1 if self.log.group is not None else 1
        homes, complained = np.bincount(of_homes, minlength=size), np.bincount(of_complaints, minlength=size)
        found = (complained + OVERALL) / (homes * self.days + OVERALL / self.usual)
        return np.asarray(found, np.float64)

    def rate(
        self,
        of_homes: NDArray[np.int64],
        of_complaints: NDArray[np.int64],
        here: NDArray[np.int64],
        usual: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return complaints a home and day of the same stratum and month, drawn to what is usual."""
        made, month = self.made // MONTH, self.at // MONTH
        first = min(int(month.min(initial=0)), int(made.min(initial=0)))
        wide = max(int(month.max(initial=0)), int(made.max(initial=0))) - first + 1
        keys, counts = np.unique((of_complaints + 1) * wide + made - first, return_counts=True)
        wanted = (here + 1) * wide + month - first
        spot = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        complained = np.where(keys[spot] == wanted, counts[spot], 0)
        size = int(max(of_homes.max(initial=0), here.max(initial=0))) + 1
        held = np.bincount(of_homes[of_homes >= 0], minlength=size)
        days = np.where(here >= 0, held[here].astype(np.float64) * MONTH / DAY, 0.0)
        return np.asarray((complained + OVERALL) / (days + OVERALL / usual), np.float64)


def _tops(tracer: Tracer) -> NDArray[np.int64]:
    """Return of each place the next one it belongs to, itself where there is none; -1 of what is no place."""
    log, ups = tracer.log, tracer.reach.ups
    top = np.where(tracer.kinds.is_place, np.arange(len(log.type)), -1)
    shared = np.bincount(ups.item, minlength=len(log.type))
    order = np.argsort(shared[ups.item], kind="stable")
    top[ups.left[order]] = ups.item[order]
    return top


def _below(tracer: Tracer, homes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return of each place how many homes belong to it, over places between them too."""
    log, ups = tracer.log, tracer.reach.ups
    count = np.zeros(len(log.type), np.int64)
    count[homes] = 1
    edge = count.copy()
    left = ups.left
    for _ in range(3):
        edge = np.bincount(ups.item, edge[left], minlength=len(log.type)).astype(np.int64)
        edge[homes] = 0
        if not edge.any():
            break
        count += edge
    return count
