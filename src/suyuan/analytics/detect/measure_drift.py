"""A measure whose level has moved: sums of what is beyond chance, week by week (CUSUM), at a stated rate.

Of each measure n of N a week, the weeks before say what is usual and how much it scatters beside chance. Each
later week becomes a standard normal deviate (exact binomial, the middle of its probability); deviates beyond
half a standard deviation are added up, in both directions, until the sum passes a limit.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import scipy  # its statistics take a second to load: they are loaded by the first who asks for one
from numpy.typing import NDArray

from .detector import Detector, Frames, Terms
from .signal import Level, Signal

NAME = "measure_drift"
ALLOWED = 0.5
"""Half of the shift that is looked for, in standard deviations of a week."""
_CLIP = 8.0
_EDGE = 1.166
"""What a limit on steps is worth above one on a path (Siegmund)."""
Floats = NDArray[np.float64]


class Weekly(NamedTuple):
    """A measure of a unit by week, the oldest first, without gaps."""

    measure: str
    unit: str
    unit_name: str
    weeks: tuple[datetime, ...]
    """When each began."""
    n: Floats
    of: Floats


class Shift(NamedTuple):
    """Where a sum passed its limit: since which week, how far, up or down."""

    since: int
    sum: float
    up: bool


def find(frames: Frames, terms: Terms, _: datetime) -> Iterator[Signal]:
    """Yield the measures whose level has moved and not moved back, one signal a measure and unit."""
    every: list[Weekly] = [one for one in frames["weekly"] if _is_enough(one, terms)]
    limit = limit_of(round(terms["weeks_between_alarms"] * max(len(every), 1)))
    for one in every:
        shift = shifted(one.n, one.of, terms["weeks"], limit)
        if shift is not None:
            yield _signal(one, shift, limit, terms)


def _is_enough(one: Weekly, terms: Terms) -> bool:
    before = one.of[: -terms["weeks"]]
    before = before[before > 0]
    return len(before) >= int(terms["least_weeks"]) and float(before.mean()) >= float(terms["least"])


def shifted(n: Floats, of: Floats, weeks: int, limit: float) -> Shift | None:
    """Return the shift that still goes on at the last week, None where there is none."""
    deviates = _deviates(n, of, weeks)
    found = None
    for sign in (1.0, -1.0):
        total, since = 0.0, 0
        for at, deviate in enumerate((sign * deviates).tolist()):
            if total <= 0:
                since = at
            total = max(0.0, total + deviate - ALLOWED)
        if total > limit and (found is None or total > found.sum):
            found = Shift(len(n) - weeks + since, total, sign > 0)
    return found


def _deviates(n: Floats, of: Floats, weeks: int) -> Floats:
    """Return the last weeks as standard normal deviates, by the weeks before them."""
    known = of[:-weeks] > 0
    base_n, base_of = n[:-weeks][known], of[:-weeks][known]
    usual = (base_n.sum() + 0.5) / (base_of.sum() + 1)
    before = np.clip(_normal(base_n, base_of, usual), -_CLIP, _CLIP)
    scatter = max(1.0, float((before**2).sum()) / max(len(before) - 1, 1))
    unsure = 1 + of[-weeks:] / max(base_of.sum(), 1)
    found: Floats = np.clip(_normal(n[-weeks:], of[-weeks:], usual), -_CLIP, _CLIP) / np.sqrt(
        scatter * unsure
    )
    return found


def _normal(n: Floats, of: Floats, usual: float) -> Floats:
    """Return counts as normal deviates: the middle of the probability of so many."""
    middle = scipy.stats.binom.cdf(n, of, usual) - scipy.stats.binom.pmf(n, of, usual) / 2
    return np.asarray(scipy.stats.norm.ppf(np.clip(middle, 1e-15, 1 - 1e-15)), np.float64)


@lru_cache(maxsize=64)
def limit_of(weeks: int) -> float:
    """Return the limit of a sum that ordinary weeks pass, up or down, once in so many (Siegmund 1985)."""
    low, high = 0.5, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        reach = 2 * ALLOWED * (middle + _EDGE)
        between = (np.exp(reach) - reach - 1) / (2 * ALLOWED**2) / 2
        low, high = (middle, high) if between < weeks else (low, middle)
    return high


def _signal(one: Weekly, shift: Shift, limit: float, terms: Terms) -> Signal:
    before = float(one.n[: -terms["weeks"]].sum() / one.of[: -terms["weeks"]].sum())
    of = float(one.of[shift.since :].sum())
    now = float(one.n[shift.since :].sum()) / of if of else 0.0
    facts: Mapping[str, str | int | float] = {
        "measure": one.measure,
        "place": one.unit_name,
        "before": round(100 * before, 1),
        "now": round(100 * now, 1),
        "n": int(one.n[shift.since :].sum()),
        "of": int(of),
        "since": one.weeks[shift.since].date().isoformat(),
    }
    return Signal(
        NAME,
        f"measure:{one.measure}@{one.unit}" if one.unit else f"measure:{one.measure}",
        Level.IMPORTANT if shift.sum >= terms["important_sums"] * limit else Level.GENERAL,
        one.weeks[shift.since],
        round(now, 4),
        round(before, 4),
        "measure_up" if shift.up else "measure_down",
        facts,
        (),
        one.unit,
    )


MEASURE_DRIFT = Detector(NAME, ("weekly",), find)
