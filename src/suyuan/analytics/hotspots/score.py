"""How far above what is expected: of every node and day the best of the windows that end there.

The expectation-based Poisson statistic (Neill 2009), C log(C/B) + B − C where C > B, divided by how much
windows of that length scattered at that node so far. Its upper bound (C − B)² / 2B spares the logarithms.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .expect import Counts, Expected
from .figures import Figures

LEAST = 4.0
"""No score below this is looked at: chance alone reaches it every day."""
_BLOCK = 256
_TINY = np.float32(1e-3)


class Scores(NamedTuple):
    """(nodes, days) each: the best score of the windows that end on a day, and how long that one is."""

    best: Counts
    days: NDArray[np.uint8]


def ratio(counted: NDArray[Any], mean: NDArray[Any]) -> NDArray[np.float64]:
    """Return the log likelihood ratio of counts above their means, before scatter is allowed for."""
    had, hoped = counted.astype(np.float64), mean.astype(np.float64)
    found: NDArray[np.float64] = had * np.log(np.maximum(had, 1e-12) / hoped) + hoped - had
    return found


def scores(counts: Counts, expected: Expected, figures: Figures) -> Scores:
    """Return the best window of every node and day."""
    found = Scores(np.zeros_like(counts), np.zeros(counts.shape, np.uint8))
    blocks = range(0, len(counts), _BLOCK)
    with ThreadPoolExecutor(os.cpu_count() or 1) as several:
        list(several.map(lambda first: _block(counts, expected, figures, found, first), blocks))
    return found


def _block(counts: Counts, expected: Expected, figures: Figures, found: Scores, first: int) -> None:
    part = slice(first, first + _BLOCK)
    start = figures.warm_up
    had, mean = (_summed(each[part, start:]) for each in (counts, expected.mean))
    usual = expected.scatter[part, None]
    for width in range(1, min(figures.windows, had.shape[1] - 1) + 1):
        counted = had[:, width:] - had[:, :-width]
        hoped = np.maximum(mean[:, width:] - mean[:, :-width], _TINY)
        apart = counted - hoped
        square = apart * apart / hoped
        scatter = _scatter(square, usual + np.float32(figures.unsure**2) * hoped, width, figures)
        row, at = np.nonzero((apart > 0) & (square > 2 * LEAST * scatter))
        if not len(row):
            continue
        score = ratio(counted[row, at], hoped[row, at]) / scatter[row, at]
        day, node = at + start + width - 1, row + first
        better = score > found.best[node, day]
        found.best[node[better], day[better]] = score[better]
        found.days[node[better], day[better]] = width


def _scatter(square: Counts, before: Counts, width: int, figures: Figures) -> Counts:
    """Return how windows of this length scattered at each node until one ends before each begins."""
    scatter = before.copy()
    size = square.shape[1]
    if size > width:
        seen = np.cumsum(np.minimum(square, figures.outlier**2 * before), 1, dtype=np.float32)
        seen = seen[:, : size - width] / np.float32(width)
        windows = np.arange(1, size - width + 1, dtype=np.float32) / np.float32(width)
        prior = np.float32(figures.prior_windows)
        scatter[:, width:] = (seen + prior * before[:, width:]) / (windows + prior)
    return np.maximum(scatter, 1)


def _summed(daily: Counts) -> Counts:
    out = np.zeros((len(daily), daily.shape[1] + 1), np.float32)
    out[:, 1:] = np.cumsum(daily, 1, dtype=np.float64)
    return out
