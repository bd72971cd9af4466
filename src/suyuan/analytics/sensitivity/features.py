"""How often an account has called: nine numbers, by what was known at a moment."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
WINDOWS = (1, 3, 12)
"""Months."""
MONTH = 365.25 / 12
NAMES = tuple(f"{what}_{months}" for months in WINDOWS for what in ("count", "average", "interval"))
INTERVALS = np.array([name.startswith("interval") for name in NAMES])
"""Features of which little means much."""


class Calls(NamedTuple):
    """A row a call: which account (0 to size - 1) and when, in days; in any order."""

    account: Ints
    day: Floats


def features(calls: Calls, size: int, as_of: float) -> Floats:
    """Return (accounts, nine): count, average a month, mean days between calls, of 1, 3 and 12 months.

    Calls at ``as_of`` or later are not known. With fewer than two calls in a window the days between are
    those of the window.
    """
    found = np.empty((size, len(NAMES)))
    for at, months in enumerate(WINDOWS):
        span = months * MONTH
        known = (calls.day < as_of) & (calls.day >= as_of - span)
        account, day = calls.account[known], calls.day[known]
        count = np.bincount(account, minlength=size).astype(np.float64)
        first, last = np.full(size, np.inf), np.full(size, -np.inf)
        np.minimum.at(first, account, day)
        np.maximum.at(last, account, day)
        apart = np.full(size, span)
        several = count > 1
        apart[several] = (last[several] - first[several]) / (count[several] - 1)
        found[:, 3 * at : 3 * at + 3] = np.stack([count, count / months, apart], 1)
    return found
