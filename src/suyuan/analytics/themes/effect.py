"""Did it become fewer? What was brought up at one place before and since, beside the same elsewhere.

The ratio of since to before here, over that elsewhere, is the odds ratio of a two by two table; given its
margins the count here is noncentral hypergeometric, so the interval is exact (Fisher; conditional maximum
likelihood) and a season that moves every place alike moves nothing. Where elsewhere nothing was brought up
the two counts here are compared alone.
"""

from dataclasses import dataclass

import scipy  # its statistics take a second to load: they are loaded by the first who asks for one

from suyuan.analytics.intervals import LEVEL, compare_rates

FEWER, MORE, UNCLEAR = "fewer", "more", "unclear"


@dataclass(frozen=True, slots=True)
class Effect:
    """How many times as often as before, allowing for elsewhere; None where that cannot be said."""

    ratio: float | None
    low: float | None
    high: float | None
    verdict: str
    """``fewer`` or ``more`` where the interval lies wholly on one side of 1, else ``unclear``."""


def effect(here: tuple[int, int], elsewhere: tuple[int, int]) -> Effect:
    """Return what became of counts before and since, over equally long times."""
    before, since = here
    if before + since == 0:
        return Effect(None, None, None, UNCLEAR)
    if not all(elsewhere):
        alone = compare_rates((since, 1.0), (before, 1.0))
        assert alone is not None
        return _judged(alone.ratio, alone.low, alone.high)
    found = scipy.stats.contingency.odds_ratio([[since, before], [elsewhere[1], elsewhere[0]]])
    bounds = found.confidence_interval(LEVEL)
    return _judged(_finite(found.statistic), _finite(bounds.low), _finite(bounds.high))


def _finite(value: float) -> float | None:
    return float(value) if value < float("inf") else None


def _judged(ratio: float | None, low: float | None, high: float | None) -> Effect:
    if high is not None and high < 1:
        return Effect(ratio, low, high, FEWER)
    if low is not None and low > 1:
        return Effect(ratio, low, high, MORE)
    return Effect(ratio, low, high, UNCLEAR)
