"""From scores to signals: the fewest nodes that say what is going on, each told once while it goes on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from .expect import Counts, Expected
from .figures import Figures
from .nodes import Nodes, meet
from .score import Scores, ratio

MOST = 200
"""So many nodes of one day at most are looked at, those with the highest scores."""


class Looked(NamedTuple):
    """What was counted, what was expected, and how far above that it is."""

    nodes: Nodes
    counts: Counts
    expected: Expected
    scores: Scores


@dataclass(frozen=True, slots=True)
class Signal:
    """More than expected at a node; days are numbered from 0, the last included."""

    node: int
    first: int
    last: int
    observed: float
    expected: float
    score: float
    raised: int
    """The day on which it was seen first."""
    until: int
    """The last day on which it was seen."""


def signals(looked: Looked, limit: float, figures: Figures) -> list[Signal]:
    """Return what passes a limit, in the order in which it was seen."""
    told: list[Signal] = []
    going: list[int] = []
    for day in np.flatnonzero(looked.scores.best.max(0) >= limit).tolist():
        going = [at for at in going if day - told[at].until <= figures.gap]
        for one in _fewest(looked, day, limit):
            same = next((at for at in going if _same(looked.nodes, told[at].node, one.node)), None)
            if same is None:
                going.append(len(told))
                told.append(one)
            else:
                told[same] = _longer(told[same], one)
    return told


def _longer(before: Signal, now: Signal) -> Signal:
    best = now if now.score > before.score else before
    return replace(best, raised=before.raised, until=now.until)


def _same(nodes: Nodes, one: int, other: int) -> bool:
    return meet(nodes.names[one], nodes.names[other]) is not None


def _fewest(looked: Looked, day: int, limit: float) -> Iterator[Signal]:
    """Yield the nodes that explain a day: the highest score, then what is still high once that is known."""
    best = looked.scores.best[:, day]
    high = np.flatnonzero(best >= limit)
    high = high[np.argsort(-best[high], kind="stable")][:MOST]
    chosen: list[Signal] = []
    for node in high.tolist():
        first = day - int(looked.scores.days[node, day]) + 1
        counted, hoped = _sum(looked.counts, node, first, day), _sum(looked.expected.mean, node, first, day)
        score = float(best[node])
        more = sum(_explained(looked, node, first, day, other) for other in chosen)
        if more:
            scatter = _ratio(counted, hoped) / score
            score = _ratio(counted, hoped + more) / scatter if counted > hoped + more else 0.0
        if score >= limit:
            chosen.append(Signal(node, first, day, counted, hoped, score, day, day))
    yield from chosen


def _ratio(counted: float, hoped: float) -> float:
    return float(ratio(np.array([counted]), np.array([max(hoped, 1e-3)]))[0])


def _explained(looked: Looked, node: int, first: int, last: int, by: Signal) -> float:
    """Return how many more are to be expected of a node once it is known how many there are at another."""
    since, until = max(first, by.first), min(last, by.last)
    if since > until or (shared := looked.nodes.shared(node, by.node)) < 0:
        return 0.0
    times = by.observed / max(by.expected, 1e-3)
    return (times - 1) * _sum(looked.expected.mean, shared, since, until)


def _sum(daily: Counts, node: int, first: int, last: int) -> float:
    return float(daily[node, first : last + 1].sum(dtype=np.float64))
