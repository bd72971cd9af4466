"""Which step of which unit do complaints come from, over all of a log?

Of every step and unit it is said how often it was done (exposed), how many complaints are traced to it, and
how that compares to the complaints there would have been anyway among those exposed: as many as others of the
same place and month make in as many days (matched controls). What is traced comes from ``chains``: a
complaint counts for its sources by their weights, so a step that only stands beside the cause has nothing of
it.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma

from suyuan.analytics.ranking import discoveries

from .deviations import DAY
from .tracer import SEED, Tracer

WINDOW = 30
"""Days after a step in which complaints count."""
MOST = 20_000
"""So many complaints at most are traced, drawn at random; they stand for all."""
MONTH = 30 * DAY
OVERALL = 5.0
"""So many complaints of all places are added to those of one place and month."""
TAIL = 0.025


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


def population(tracer: Tracer) -> list[Row]:
    """Return every step and unit something was done by, the greatest relative risk first."""
    traced = _traced(tracer)
    exposed, expected = _exposed(tracer)
    keys = sorted(exposed.keys() | traced.keys())
    least = min((value for value in expected.values() if value > 0), default=1.0)
    rows = []
    for key in keys:
        anyway, found = max(expected.get(key, 0.0), least), traced.get(key, 0.0)
        low, high = (1 + bound / anyway for bound in _bounds(found))
        rows.append((key, exposed.get(key, 0), found, anyway, 1 + found / anyway, low, high))
    chance = [float(gamma.cdf(row[3], row[2] + row[3])) if row[2] else 1.0 for row in rows]
    judged = [
        Row(*key, done, found, anyway, risk, low, high, q)
        for (key, done, found, anyway, risk, low, high), q in zip(rows, discoveries(chance), strict=True)
    ]
    return sorted(judged, key=lambda one: (-one.relative_risk, one.activity, one.unit))


def _bounds(found: float) -> tuple[float, float]:
    """Return an interval for a count: exact for Poisson counts, and between them."""
    low = float(gamma.ppf(TAIL, found)) if found > 0 else 0.0
    return low, float(gamma.ppf(1 - TAIL, found + 1))


def _traced(tracer: Tracer) -> dict[tuple[int, int], float]:
    """Return how many complaints are traced to each step and unit."""
    every = tracer.complaints()
    drawn = every
    if len(every) > MOST:
        drawn = np.random.default_rng(SEED).choice(every, MOST, replace=False)
    stands_for = len(every) / max(len(drawn), 1)
    found: dict[tuple[int, int], float] = defaultdict(float)
    for complaint in drawn.tolist():
        for chain in tracer.trace(complaint).chains:
            source = chain.nodes[0]
            found[source.activity, source.unit] += chain.weight * stands_for
    return found


def _exposed(tracer: Tracer) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], float]]:
    """Return how often each step was done by each unit, and the complaints to be expected anyway after it.

    Counted are the steps of orders and what shows a deviation by itself, of no unit (-1) where none is named.
    """
    log, kinds = tracer.log, tracer.kinds
    pairs = log.touched
    of_process = np.zeros(len(log.at), bool)
    of_process[pairs.left[kinds.is_order[pairs.item]]] = True
    place, wide = _place_of(tracer), len(log.type) + 1
    event = np.flatnonzero(of_process | tracer.courses.is_sign[log.activity])
    anyway = _anyway(tracer, place)[event]
    code = log.activity[event].astype(np.int64) * wide + kinds.unit_of[event] + 1
    keys, inverse, times = np.unique(code, return_inverse=True, return_counts=True)
    sums = np.bincount(inverse, anyway, minlength=len(keys))
    names = [(int(key) // wide, int(key) % wide - 1) for key in keys]
    return dict(zip(names, times.tolist(), strict=True)), dict(zip(names, sums.tolist(), strict=True))


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
    top = _tops(tracer)
    complaints = tracer.complaints()
    own = np.array([reach.nearest(one) for one in complaints.tolist()], np.int64)
    homes = np.flatnonzero(np.isin(log.type, np.unique(log.type[own[own >= 0]])))
    below = _below(tracer, homes)
    span = max(int(log.at[-1] - log.at[0]), DAY) if len(log.at) else DAY
    overall = len(complaints) / max(len(homes), 1) / (span / DAY)
    found = np.zeros(len(log.at))
    if not overall:
        return found
    at = np.flatnonzero(place >= 0)
    here, month = top[place[at]], log.at[at] // MONTH
    made = log.at[log.happened.item[log.happened.start[complaints]]] // MONTH
    first = min(int(month.min(initial=0)), int(made.min(initial=0)))
    wide = max(int(month.max(initial=0)), int(made.max(initial=0))) - first + 1
    whose = np.where(own >= 0, top[own], -1)
    keys, counts = np.unique((whose + 1) * wide + made - first, return_counts=True)
    wanted = (here + 1) * wide + month - first
    spot = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    by_place = np.where(keys[spot] == wanted, counts[spot], 0)
    held = np.bincount(top[homes][top[homes] >= 0], minlength=len(log.type))
    many = np.where(here >= 0, held[here].astype(np.float64) * MONTH / DAY, 0.0)
    rate = (by_place + OVERALL) / (many + OVERALL / overall)
    found[at] = rate * WINDOW * np.maximum(below[place[at]], 1)
    return found


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
