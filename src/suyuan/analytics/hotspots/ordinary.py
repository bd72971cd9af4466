"""How high do scores go when nothing is going on? Days are swapped with others of which as much is expected.

A day keeps everything that was counted on it, so bursts that hit many places at once stay; what goes on for
days is torn apart. The season stays where it was.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from .expect import Counts, expected
from .figures import Figures
from .nodes import Ints, Nodes
from .score import LEAST, scores
from .seasons import Days, season
from .signals import Looked, signals
from .sorts import highest, sorts, weighted, weights

MONTH = 365.25 / 12
_TAIL = 0.05
_TRIED = (10, 6, 4, 3, 2.2, 1.6, 1.2, 0.9, 0.6, 0.3, 0.1)
_MOST_DAYS = 0.7
_SETTERS, _NAMED = 60, 5
_WEIGHED = 3
"""So many rounds say what scores of a sort are multiplied by."""


@dataclass(frozen=True, slots=True)
class Borne:
    """What is borne with."""

    alarms: float = 1.0
    """Signals in a month of ordinary days."""
    rounds: int = 10
    """So often all days are mixed to know what ordinary days are."""
    seed: int = 0


@dataclass(frozen=True)
class Ordinary:
    """What happens in ordinary times."""

    limit: float
    """The score from which on something is a signal."""
    days: int
    """Ordinary days looked at."""
    tail: tuple[float, float]
    """One day in twenty has a score above the first; above it they fall off by the second."""
    weight: NDArray[np.float64]
    """By sort of node what its scores are multiplied by."""
    by: tuple[tuple[int, int], ...] = ()
    """Node and day of what sets the limit: single days that pass it most often when days are swapped."""

    def p(self, score: float) -> float:
        """Return on what share of ordinary days the highest score of all nodes is as high.

        High days come in runs and are one signal: at one signal a month this may be a fifth of the days.
        """
        start, fall = self.tail
        return float(min(1.0, _TAIL * np.exp(-(score - start) / fall)))


def swapped(usual: NDArray[np.float64], days: Days, figures: Figures, chance: np.random.Generator) -> Ints:
    """Return for every day another of its kind of which about as much is expected, each once."""
    other = np.arange(len(days))
    for kind in np.unique(days.kind).tolist():
        mine = np.flatnonzero(days.kind == kind)
        mine = mine[np.argsort(usual[mine], kind="stable")]
        start = int(chance.integers(figures.alike))
        for part in np.split(mine, range(start or figures.alike, len(mine), figures.alike)):
            other[part] = chance.permutation(part)
    return other


def ordinary(counts: Counts, nodes: Nodes, days: Days, figures: Figures, borne: Borne) -> Ordinary:
    """Return from which score on there is a signal so many times in a month of ordinary days."""
    mixed = _mixed(counts, nodes, days, figures, borne)
    sort = sorts(nodes)
    first = [next(mixed) for _ in range(min(_WEIGHED, borne.rounds))]
    tops = np.concatenate([highest(one.scores, sort, figures.warm_up) for one, _ in first], 1)
    weight = weights(tops, borne.alarms / MONTH)
    limits, told, found = np.zeros(0), np.zeros(len(_TRIED)), []
    high: list[tuple[float, int, int]] = []
    for looked, other in chain(first, mixed):
        weighted(looked.scores.best, sort, weight)
        found.append(looked.scores.best[:, figures.warm_up :].max(0))
        if not len(limits):
            limits = _limits(found[0], borne.alarms)
        told += [len(signals(looked, limit, figures)) for limit in limits]
        high += _high(looked, other, figures.warm_up)
    every = np.concatenate(found)
    start = float(np.quantile(every, 1 - _TAIL))
    over = every[every > start] - start
    tail = start, float(over.mean()) if len(over) else 1.0
    limit = _limit(limits, told, borne.alarms * len(every) / MONTH)
    return Ordinary(limit, len(every), tail, weight, _by(high, limit))


def _high(looked: Looked, other: Ints, start: int) -> Iterator[tuple[float, int, int]]:
    """Yield score, node and day (as it was before days were swapped) of the highest of each swapped day.

    The day is that of the window on which most is above what is expected.
    """
    best = looked.scores.best[:, start:]
    top = best.argmax(0)
    for at in np.argsort(-best.max(0), kind="stable")[:_SETTERS].tolist():
        node, day = int(top[at]), at + start
        if not looked.scores.days[node, day]:  # no window of that day scores
            continue
        first = day - int(looked.scores.days[node, day]) + 1
        more = looked.counts[node, first : day + 1] - looked.expected.mean[node, first : day + 1]
        yield float(best[node, at]), node, int(other[first + int(more.argmax())])


def _by(high: list[tuple[float, int, int]], limit: float) -> tuple[tuple[int, int], ...]:
    """Return the nodes and days that pass a limit most often."""
    often = Counter((node, day) for score, node, day in high if score >= limit)
    return tuple(one for one, _ in often.most_common(_NAMED))


def _mixed(
    counts: Counts, nodes: Nodes, days: Days, figures: Figures, borne: Borne
) -> Iterator[tuple[Looked, Ints]]:
    """Yield the scores of counts whose days are swapped, a round each, and which day stands where."""
    usual, _ = season(counts[0].astype(np.float64), days, figures)
    chance = np.random.default_rng(borne.seed)
    for _ in range(borne.rounds):
        other = swapped(usual, days, figures, chance)
        mixed = np.ascontiguousarray(counts[:, other])
        hoped = expected(mixed, nodes, days, figures)
        yield Looked(nodes, mixed, hoped, scores(mixed, hoped, figures)), other


def _limits(highest: Counts, alarms: float) -> NDArray[np.float64]:
    """Return limits to try, the lowest first, by how many days pass them for each signal that is wanted."""
    share = np.minimum(np.array(_TRIED) * alarms / MONTH, _MOST_DAYS)
    limits: NDArray[np.float64] = np.maximum(np.quantile(highest, 1 - share), LEAST)
    return limits


def _limit(limits: NDArray[np.float64], told: NDArray[np.float64], wanted: float) -> float:
    """Return the limit at which so many signals are told, between those that were tried (log counts)."""
    falling = np.minimum.accumulate(told)
    logs = np.log(np.maximum(falling, 0.5))
    return float(np.interp(-np.log(max(wanted, 0.5)), -logs, limits))
