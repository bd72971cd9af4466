"""Which rows learn, calibrate and judge: by the calendar, each with what was certain by its end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .outcome import Outcome
from .timeline import Asked

Rows = NDArray[np.int64]
ROOM, DAY = 1.2, 86_400


@dataclass(frozen=True, slots=True)
class Split:
    """Rows by part, and the moments between them."""

    learn: Rows
    calibrate: Rows
    judge: Rows
    borders: tuple[int, int, int]
    """Moments: the end of learning, of calibrating, and of the log."""
    days: int = 0
    """Days from the first question to the end of the log."""
    days_needed: int = 0
    """Days without which one of the parts has no outcome that is certain."""


def split(asked: Asked, known: Outcome, end: int, shares: tuple[float, float]) -> Split:
    """Return the three parts; ``shares`` are those of the questions in the first two.

    A row belongs to a part if it is asked there and its outcome is certain before the part ends: what is
    asked shortly before a border is in none (the embargo). What is asked in the last part and not certain
    when the log ends is in none either. A part after the first is ``ROOM`` times as long as outcomes take,
    at the least: in a shorter one nothing is certain before it ends.
    """
    can = known.open & (known.certain > 0) & (known.certain <= end)
    at = np.sort(asked.at[can])
    if not len(at):
        nothing = np.zeros(0, np.int64)
        return Split(nothing, nothing, nothing, (end, end, end))
    room = int(ROOM * np.median((known.certain - asked.at)[can]))
    second = min(int(at[min(int(len(at) * (shares[0] + shares[1])), len(at) - 1)]), end - room)
    first = min(int(at[min(int(len(at) * shares[0]), len(at) - 1)]), second - room)
    parts = [
        np.flatnonzero(can & (asked.at >= low) & (asked.at < high) & (known.certain <= high))
        for low, high in ((0, first), (first, second), (second, end + 1))
    ]
    days = ((end - int(at[0])) // DAY, -(-int(3 * room) // DAY))
    return Split(parts[0], parts[1], parts[2], (first, second, end), *days)
