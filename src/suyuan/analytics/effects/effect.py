"""Did complaints fall where warnings were acted on? Difference in differences, held against a placebo.

The ratio is (after ÷ before where it was acted on) ÷ (after ÷ before at matched units). Its interval is wide
by the larger of two variances of its logarithm: the jackknife over units acted on (units that differ in what
became of them), and the Poisson one times the over-dispersion of the matched units (control units that are
shared). ``cannot tell`` is the usual answer: it is given where units or complaints are too few, where the
same comparison within the weeks before finds a difference already, where the interval holds 1, where it
would hold 1 if what was seen before had merely gone on, and where the other comparison (``adjusted``), which
holds on to the last weeks before the action, does not say the same.
"""

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
import scipy  # its statistics take a second to load: they are loaded by the first who asks for one
from numpy.typing import NDArray

from suyuan.analytics.intervals import LEVEL

from .adjusted import adjusted
from .matching import matched
from .panel import Acted, Panel, Ratio, Terms, first_of_each, windows

FEWER, MORE, UNCLEAR = "fewer", "more", "cannot_tell"
PLACEBO_LEVEL = 0.90
"""A difference before that is as clear as this is one: a narrower interval doubts sooner."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What can be told: ``verdict`` fewer, more or cannot_tell, and ``why`` where it cannot."""

    verdict: str
    why: str
    found: Ratio | None
    placebo: Ratio | None
    adjusted: Ratio | None
    """The other comparison: beside what the last weeks before lead one to expect."""
    units: int
    """Units acted on that could be compared."""
    controls: int
    before: int
    after: int
    """Complaints there."""
    controls_before: int
    controls_after: int
    left_out: int
    """Units acted on of which weeks or units like them are lacking."""


def effect(panel: Panel, acted: list[Acted], terms: Terms) -> Effect:
    """Return what became of complaints where something was done, beside matched units."""
    firsts = first_of_each(acted, panel, terms)
    rows, beside, earlier = [], set(), []
    for one in firsts:
        controls = matched(panel, one, acted, terms)
        if controls.size:
            rows.append(_counts(panel, one, controls, windows(one.week, terms)))
            earlier.append(_counts(panel, one, controls, _halves(one, terms)))
            beside |= set(controls.tolist())
    table = np.array(rows, np.float64).reshape(-1, 4)
    placebo = _ratio(np.array(earlier, np.float64).reshape(-1, 4), PLACEBO_LEVEL)
    found = _ratio(table, LEVEL)
    other = adjusted(panel, firsts, acted, terms, LEVEL)
    verdict, why = _judged(table, found, placebo, terms)
    if verdict != UNCLEAR and not _agrees(verdict, other):
        verdict, why = UNCLEAR, "last_weeks_may_explain"
    before, after, other_before, other_after = table.sum(axis=0).astype(int).tolist()
    return Effect(
        verdict=verdict,
        why=why,
        found=found,
        placebo=placebo,
        adjusted=other,
        units=len(table),
        controls=len(beside),
        before=before,
        after=after,
        controls_before=other_before,
        controls_after=other_after,
        left_out=len({one.unit for one in acted}) - len(table),
    )


def _halves(one: Acted, terms: Terms) -> tuple[slice, slice]:
    before, _ = windows(one.week, terms)
    middle = before.start + (before.stop - before.start) // 2
    return slice(before.start, middle), slice(middle, before.stop)


def _counts(panel: Panel, one: Acted, controls: NDArray[np.int64], weeks: tuple[slice, slice]) -> list[float]:
    """Return complaints before and after, there and at the matched units together."""
    here = [float(panel.counts[one.unit, each].sum()) for each in weeks]
    there = [float(panel.counts[controls, each].sum()) for each in weeks]
    return [*here, *there]


def _ratio(table: NDArray[np.float64], level: float) -> Ratio | None:
    """Return the pooled ratio; None for fewer than three units or where nothing was counted."""
    n = len(table)
    if n < 3 or (table.sum(axis=0) <= 0).any():
        return None
    found = _log(table.sum(axis=0))
    each = np.array([_log(table.sum(axis=0) - row) for row in table])
    jackknife = (n - 1) / n * float(((each - each.mean()) ** 2).sum())
    variance = max(jackknife, _dispersion(table) * float((1 / (table.sum(axis=0) + 0.5)).sum()))
    half = float(scipy.stats.t.ppf((1 + level) / 2, n - 1)) * sqrt(variance)
    return Ratio(exp(found), exp(found - half), exp(found + half))


def _log(totals: NDArray[np.float64]) -> float:
    before, after, other_before, other_after = (totals + 0.5).tolist()
    return log(after / before) - log(other_after / other_before)


def _dispersion(table: NDArray[np.float64]) -> float:
    """Return how many times as far as by Poisson the changes at the matched units spread; 1 at least."""
    before, after = table[:, 2], table[:, 3]
    total = before + after
    share = after.sum() / max(total.sum(), 1.0)
    expected = total * share
    variance = np.maximum(total * share * (1 - share), 1e-9)
    return max(
        1.0,
        float((((after - expected) ** 2) / variance).sum() / max(len(table) - 1, 1)),
    )


def _agrees(verdict: str, other: Ratio | None) -> bool:
    """Tell whether the other comparison says the same: where a high lasts the first alone says *more*."""
    return other is not None and (other.high < 1 if verdict == FEWER else other.low > 1)


def _judged(
    table: NDArray[np.float64], found: Ratio | None, placebo: Ratio | None, terms: Terms
) -> tuple[str, str]:
    if len(table) < terms.least_units:
        return UNCLEAR, "few_units"
    if found is None or table[:, 0].sum() < terms.least_complaints:
        return UNCLEAR, "few_complaints"
    if placebo is None or placebo.high < 1 or placebo.low > 1:
        return UNCLEAR, "trends_differ"
    if found.low <= 1 <= found.high:
        return UNCLEAR, "interval_holds_one"
    went_on = log(placebo.ratio) * terms.further
    low, high = log(found.low) - max(0.0, went_on), log(found.high) - min(0.0, went_on)
    if low <= 0 <= high:
        return UNCLEAR, "trend_may_explain"
    return (FEWER if high < 0 else MORE), ""
