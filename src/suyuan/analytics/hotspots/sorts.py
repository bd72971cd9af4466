"""Scores of nodes of different sorts made comparable: each sort alarms as often in ordinary times.

Some kinds of orders come in bursts (repairs after a storm), others do not. One limit for all would be that of
the bursts, and what is calm could double unseen. So a score is held against how high those of its sort go:
the second level of the last tree, the first where there are few nodes of that, all others together.
"""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from .expect import Counts
from .nodes import Ints, Nodes, Path
from .score import LEAST, Scores

_TAIL = 0.1
_MOST = 8.0
_FEW = 8
"""Fewer nodes are no sort of their own: what goes on at one of them would raise its own limit."""
Floats = NDArray[np.float64]


def sorts(nodes: Nodes) -> Ints:
    """Return by node the number of its sort; a single tree has but one."""
    if len(nodes.names[0]) < 2:
        return np.zeros(len(nodes.names), np.int64)
    many = Counter(name[-1][:2] for name in nodes.names)
    numbers: dict[Path, int] = {}
    found = []
    for name in nodes.names:
        path = name[-1][:2]
        sort = path if many[path] >= _FEW else path[:1] if many[path[:1]] >= _FEW else ()
        found.append(numbers.setdefault(sort, len(numbers)))
    return np.array(found, np.int64)


def highest(found: Scores, sort: Ints, start: int) -> Floats:
    """Return (sorts, days): the highest score of a day, from a day on."""
    best = np.zeros((int(sort.max()) + 1, found.best.shape[1] - start))
    for each in range(len(best)):
        best[each] = found.best[sort == each, start:].max(0)
    return best


def weights(tops: Floats, rate: float) -> Floats:
    """Return by sort what its scores are multiplied by, from the highest of ordinary days.

    ``rate`` is how many alarms a day are borne with; each sort that scores has an equal part of it.
    """
    scoring = tops.max(1) > LEAST
    apart = rate / max(int(scoring.sum()), 1)
    whole = _passed(tops.max(0), rate)
    found = np.ones(len(tops))
    if len(tops) > 1:
        for sort in np.flatnonzero(scoring).tolist():
            found[sort] = np.clip(whole / _passed(tops[sort], apart), 1 / _MOST, _MOST)
    return found


def _passed(tops: Floats, rate: float) -> float:
    """Return the score that is passed on so many of the days, by an exponential tail above the last tenth."""
    start = max(float(np.quantile(tops, 1 - _TAIL)), LEAST)
    over = tops[tops > start] - start
    if not len(over):
        return start
    return start + float(over.mean()) * float(np.log(max(len(over) / len(tops) / rate, 1.0)))


def weighted(best: Counts, sort: Ints, weight: Floats) -> None:
    """Multiply scores by the weight of their sort, in place."""
    best *= weight[sort][:, None].astype(np.float32)
