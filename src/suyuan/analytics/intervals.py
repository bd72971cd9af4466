"""How far can a small count be trusted?

Counts here are small (20 complaints a month is many), so every figure carries an interval and two figures
are compared exactly, never by subtracting percentages.
"""

from dataclasses import dataclass
from math import isfinite, sqrt

import scipy  # its statistics take a second to load: they are loaded by the first who asks for one
from scipy.special import betaincinv, gammaincinv, ndtri

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class RateComparison:
    """How many times higher the first rate is, with an exact interval and two-sided p-value."""

    ratio: float | None
    low: float
    high: float | None
    p: float


def _check(n: float, of: float, level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not {level}")
    if n < 0 or of < 0 or not (isfinite(n) and isfinite(of)):
        raise ValueError(f"a count is finite and not negative: {n} of {of}")


def wilson(n: int, of: int, level: float = LEVEL) -> tuple[float, float] | None:
    """Return Wilson's score interval of ``n/of``, or None when ``of`` is 0 (Wilson 1927, no correction)."""
    _check(n, of, level)
    if n > of:
        raise ValueError(f"a share cannot exceed its whole: {n} of {of}")
    if of == 0:
        return None
    z = float(ndtri((1 + level) / 2))
    share = n / of
    spread = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    centre = share + z * z / (2 * of)
    scale = 1 + z * z / of
    low = 0.0 if n == 0 else (centre - spread) / scale
    high = 1.0 if n == of else (centre + spread) / scale
    return max(low, 0.0), min(high, 1.0)


def poisson(n: float, exposure: float = 1.0, level: float = LEVEL) -> tuple[float, float] | None:
    """Return the exact interval of the rate ``n/exposure``, or None without exposure (Garwood 1936)."""
    _check(n, exposure, level)
    if exposure == 0:
        return None
    tail = (1 - level) / 2
    low = float(gammaincinv(n, tail)) if n else 0.0
    high = float(gammaincinv(n + 1, 1 - tail))
    return low / exposure, high / exposure


def _share_interval(n: int, of: int, level: float) -> tuple[float, float]:
    """Return the exact interval of a binomial share (Clopper and Pearson 1934)."""
    tail = (1 - level) / 2
    low = float(betaincinv(n, of - n + 1, tail)) if n else 0.0
    high = float(betaincinv(n + 1, of - n, 1 - tail)) if n < of else 1.0
    return low, high


def compare_rates(
    first: tuple[int, float], second: tuple[int, float], level: float = LEVEL
) -> RateComparison | None:
    """Compare two counts over their exposures exactly; None when nothing was counted in either.

    Given the total, the first count is binomial (Przyborowski and Wilenski 1940), so no large-sample
    approximation is made. ``ratio`` and ``high`` are None when they would be infinite.
    """
    (n, exposure), (other, other_exposure) = first, second
    _check(n, exposure, level)
    _check(other, other_exposure, level)
    if exposure == 0 or other_exposure == 0:
        raise ValueError("a rate needs an exposure above 0")
    total = n + other
    if total == 0:
        return None
    by_chance = exposure / (exposure + other_exposure)
    low, high = _share_interval(n, total, level)
    odds = other_exposure / exposure
    return RateComparison(
        ratio=None if other == 0 else (n / exposure) / (other / other_exposure),
        low=low / (1 - low) * odds,
        high=None if high == 1.0 else high / (1 - high) * odds,
        p=float(scipy.stats.binomtest(n, total, by_chance).pvalue),
    )
