"""Look for hot spots in counts of days: what is expected, how high it is, what is told."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from .expect import Counts, expected
from .figures import Figures
from .nodes import Nodes
from .ordinary import Borne, Ordinary, ordinary
from .score import scores
from .seasons import Days
from .signals import Looked, Signal, signals
from .sorts import sorts, weighted

_BORNE = Borne()


@dataclass(frozen=True)
class Found:
    """What was found."""

    signals: list[Signal]
    """In the order in which they were seen."""
    ordinary: Ordinary
    looked: Looked


def counts_of(
    nodes: Nodes, place: NDArray[np.int64], day: NDArray[np.int64], many: NDArray[np.float64], days: int
) -> Counts:
    """Return counts by node and day from rows that name a place, a day and how many."""
    shape = (nodes.below.shape[1], days)
    of_places = scipy.sparse.csr_array((many.astype(np.float32), (place, day)), shape=shape)
    return np.ascontiguousarray((nodes.below @ of_places).toarray())


def scan(
    counts: Counts, nodes: Nodes, days: Days, figures: Figures, borne: Borne = _BORNE, calm: int | None = None
) -> Found:
    """Return where there was more than expected.

    What is ordinary is said by the first ``calm`` days alone: the limit stays while days come to them.
    Raise ValueError where there are too few days to say what is usual.
    """
    if len(days) < figures.warm_up + figures.windows:
        raise ValueError(f"{len(days)} days are fewer than {figures.warm_up + figures.windows}")
    past = Days(days.weekday[:calm], days.rest[:calm], days.makeup[:calm])
    usual = ordinary(np.ascontiguousarray(counts[:, :calm]), nodes, past, figures, borne)
    hoped = expected(counts, nodes, days, figures)
    looked = Looked(nodes, counts, hoped, scores(counts, hoped, figures))
    weighted(looked.scores.best, sorts(nodes), usual.weight)
    return Found(signals(looked, usual.limit, figures), usual, looked)
