"""How many are to be expected at every node on every day, by what was known before the windows begin."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .figures import Figures
from .nodes import Nodes
from .seasons import Days
from .seasons import seasons as learn

Counts = NDArray[np.float32]
_BLOCK = 512


class Expected(NamedTuple):
    """What is expected, and how much it scatters."""

    mean: Counts
    """(nodes, days); 0 before the warm-up is over."""
    scatter: Counts
    """By node the variance of a day by its mean, as far as the whole days scatter together."""


class _Season(NamedTuple):
    """Of each set of branches, by day: its season, and its sums over the recent and over all days before."""

    day: NDArray[np.float64]
    recent: NDArray[np.float64]
    long: NDArray[np.float64]


def expected(counts: Counts, nodes: Nodes, days: Days, figures: Figures) -> Expected:
    """Return what is expected of counts (nodes, days); days far above it are told from it less."""
    seasons, scatter = _seasons(counts, nodes, days, figures)
    first = _levels(counts, nodes, seasons, figures)
    cap = first + figures.outlier * np.sqrt(scatter[:, None] * first) * 2 + 2
    cap[:, : figures.warm_up] = np.inf
    mean = _levels(np.minimum(counts, cap), nodes, seasons, figures)
    _with_the_rest(mean, counts, float(scatter[0]))
    return Expected(mean, scatter)


def _with_the_rest(mean: Counts, counts: Counts, scatter: float) -> None:
    """Expect more of a node on a day on which there is more of everything beside it (weather), in place.

    How much of that is no chance is told from how much the days of the whole scatter beside chance. Of what
    is most of the whole, the rest says nothing.
    """
    whole, hoped = counts[0].copy(), mean[0].copy()
    believed = np.float32((scatter - 1) / scatter)
    for first in range(0, len(counts), _BLOCK):
        part = slice(first, first + _BLOCK)
        rest, of_rest = whole - counts[part], hoped - mean[part]
        large = of_rest * 2 <= hoped
        times = 1 + believed * (rest / np.where(large, 1, of_rest) - 1)
        mean[part] *= np.where(large, 1, times)


def _seasons(counts: Counts, nodes: Nodes, days: Days, figures: Figures) -> tuple[_Season, Counts]:
    """Learn the season of the whole and of each branch, again and again from what was known by then."""
    used = sorted({0, *(branch for group in nodes.branches for branch in group)})
    size = (len(nodes.branches), len(days))
    found = _Season(np.zeros(size), np.zeros(size), np.zeros(size))
    scatter = 1.0
    for start in range(figures.warm_up, len(days), figures.refit):
        end = min(start + figures.refit, len(days))
        each, apart = learn(counts[used, :start].astype(np.float64), days, figures)
        learned = dict(zip(used, each, strict=True))
        scatter = float(apart[0]) if start == figures.warm_up else scatter
        now = np.arange(start, end)
        before = now - figures.windows
        since = np.maximum(before - figures.recent, 0)
        for row, group in enumerate(nodes.branches):
            shape = learned[0].copy()
            for branch in group:
                shape *= learned[branch] / learned[0]
            shape /= shape[:start].mean()
            summed = np.concatenate([[0.0], np.cumsum(shape)])
            found.day[row, now] = shape[now]
            found.recent[row, now] = summed[before] - summed[since]
            found.long[row, now] = summed[before]
    whole = counts[:, : figures.warm_up].sum(1)
    share = whole / max(float(whole[0]), 1.0)
    return found, (1 + (scatter - 1) * share).astype(np.float32)


def _levels(counts: Counts, nodes: Nodes, seasons: _Season, figures: Figures) -> Counts:
    """Return what is expected: the recent days of a node beside its long run, and that beside its like."""
    size = counts.shape[1]
    now = np.arange(figures.warm_up, size)
    before = now - figures.windows
    since = np.maximum(before - figures.recent, 0)
    summed = np.zeros((len(counts), size + 1), np.float32)
    summed[:, 1:] = np.cumsum(counts, 1, dtype=np.float64)
    kinds = int(nodes.kind.max()) + 1
    of_kind = np.zeros((kinds, len(now)))
    count = np.bincount(nodes.kind, minlength=kinds)
    for kind in range(kinds):
        mine = np.flatnonzero(nodes.kind == kind)
        of_kind[kind] = summed[np.ix_(mine, before)].sum(0, dtype=np.float64)
    of_kind = (of_kind + 1.0) / (count[:, None] * seasons.long[0, now])
    mean = np.zeros_like(counts)
    for first in range(0, len(counts), _BLOCK):
        part = slice(first, first + _BLOCK)
        group, total = nodes.group[part], summed[part]
        day, recent, long = (each[np.ix_(group, now)].astype(np.float32) for each in seasons)
        usual = (total[:, before] + 1) / (long + 1 / of_kind[nodes.kind[part]])
        had = total[:, before] - total[:, since]
        level = (had + figures.prior_events) / (recent + figures.prior_events / usual)
        mean[part, figures.warm_up :] = level * day
    return mean
