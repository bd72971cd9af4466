"""When a model says nothing: too little is known, it met nothing like it, or its share is too unsure."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from .calibrated import Calibrated
from .features import Matrix
from .timeline import Floats


class Doubt(StrEnum):
    """Why nothing is said."""

    NONE = ""
    LITTLE = "little_history"
    OUTSIDE = "outside"
    WIDE = "wide"


KINDS = tuple(Doubt)


@dataclass(frozen=True)
class Support:
    """What was met in learning, and how unsure a share may be."""

    low: Floats
    high: Floats
    """By feature: the least and the most met, but for one in a thousand at either end."""
    outside: int
    """So many features beyond what was met: nothing is said."""
    events: int
    """Fewer events than this: nothing is said."""
    wide: float
    """An interval wider than this: nothing is said."""


def support(matrix: Matrix, outside: int, events: int, wide: float) -> Support:
    """Return what the rows that learn were like."""
    low, high = np.quantile(matrix.values, [0.001, 0.999], axis=0)
    room = 0.1 * (high - low)
    return Support(low - room, high + room, outside, events, wide)


def doubts(known: Support, matrix: Matrix, curve: Calibrated, score: Floats) -> NDArray[np.int64]:
    """Return, of each row, why nothing is said: a number into ``KINDS``, 0 where something is."""
    found = np.zeros(len(score), np.int64)
    low, high = curve.intervals(score)
    found[high - low > known.wide] = KINDS.index(Doubt.WIDE)
    # The hour of the day and the like wander; a step nobody took while learning is what counts.
    far = ((matrix.values < known.low) | (matrix.values > known.high)).sum(1)
    found[far >= known.outside] = KINDS.index(Doubt.OUTSIDE)
    found[matrix.column("course.events") < known.events] = KINDS.index(Doubt.LITTLE)
    return found
