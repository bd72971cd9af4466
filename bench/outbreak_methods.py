"""The ways in which ``bench.outbreaks`` looks for outbreaks: the scan, Neill's, two simple ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from suyuan.analytics.hotspots.expect import Counts, Expected, expected
from suyuan.analytics.hotspots.figures import Figures
from suyuan.analytics.hotspots.nodes import Nodes
from suyuan.analytics.hotspots.ordinary import Borne, Ordinary, ordinary
from suyuan.analytics.hotspots.score import scores
from suyuan.analytics.hotspots.seasons import Days
from suyuan.analytics.hotspots.sorts import sorts, weighted

WEEKS = 28
"""Days of the moving average that the simple methods go by."""


@dataclass(frozen=True)
class Base:
    """Counts that outbreaks are put into."""

    name: str
    tree: Nodes
    counts: Counts
    by_place: NDArray[np.int64]
    days: Days
    figures: Figures

    @cached_property
    def calm(self) -> Ordinary:
        """Return what the scan takes for ordinary."""
        return ordinary(self.counts, self.tree, self.days, self.figures, Borne())

    @property
    def start(self) -> int:
        """Return the first day that every method judges."""
        return self.figures.warm_up + self.figures.windows


def averaged(counts: Counts, days: Days, figures: Figures) -> Counts:
    """Return what a moving average over four weeks before the windows expects, by weekday of the whole."""
    size = counts.shape[1]
    summed = np.zeros((len(counts), size + 1))
    summed[:, 1:] = np.cumsum(counts, 1, dtype=np.float64)
    mean = np.zeros_like(counts)
    for day in range(figures.windows + WEEKS, size):
        until = day - figures.windows
        whole = counts[0, :until]
        factor = whole[days.weekday[:until] == days.weekday[day]].mean() / max(float(whole.mean()), 1e-9)
        mean[:, day] = factor * (summed[:, until] - summed[:, until - WEEKS]) / WEEKS
    return np.maximum(mean, np.float32(0.02))


def ours(base: Base, counts: Counts) -> Counts:
    """Return the scores of the scan as it is."""
    found = scores(counts, expected(counts, base.tree, base.days, base.figures), base.figures)
    weighted(found.best, sorts(base.tree), base.calm.weight)
    return found.best


def neill(base: Base, counts: Counts) -> Counts:
    """Return expectation-based Poisson scores on a moving average by weekday, as Neill 2009 has them."""
    plain = replace(base.figures, unsure=0.0, prior_windows=1e9)
    hoped = Expected(averaged(counts, base.days, base.figures), np.ones(len(counts), np.float32))
    return scores(counts, hoped, plain).best


def _apart(base: Base, counts: Counts) -> Counts:
    """Return how far each day lies above the average, in deviations of the first days of its node."""
    mean, known = averaged(counts, base.days, base.figures), slice(base.figures.windows + WEEKS, base.start)
    scatter = (counts - mean)[:, known].var(1)
    least = np.maximum(mean[:, known].mean(1), np.float32(0.1))
    return (counts - mean) / np.sqrt(np.maximum(scatter, least))[:, None]


def cusum(base: Base, counts: Counts) -> Counts:
    """Return the sums of what lies half a standard deviation above the average, node by node."""
    apart, found = _apart(base, counts), np.zeros_like(counts)
    for day in range(base.start, counts.shape[1]):
        found[:, day] = np.maximum(0, found[:, day - 1] + apart[:, day] - np.float32(0.5))
    return found


def ewma(base: Base, counts: Counts) -> Counts:
    """Return how far the last days lie above the average, each weighted by 0.3 of what the next has."""
    apart, found = _apart(base, counts), np.zeros_like(counts)
    for day in range(1, counts.shape[1]):
        found[:, day] = np.float32(0.7) * found[:, day - 1] + np.float32(0.3) * apart[:, day]
    return found


METHODS: Mapping[str, Callable[[Base, Counts], Counts]] = {
    "scan": ours,
    "EBP, moving average": neill,
    "CUSUM": cusum,
    "EWMA": ewma,
}
