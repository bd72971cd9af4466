"""Which units are really high, and which only look it?

A unit is named only when its count is too high for chance given the others, after allowing for how many
units were looked at. Three things are shown beside the bare rate: the exact test of the unit against all
others together (given the total, its count is binomial in its share of the exposure), the funnel within
which a unit of its size moves by chance, and the rate shrunk towards the whole (Marshall 1991).
Wrong names among those named are held at ``Q_LEVEL`` (Benjamini and Hochberg 1995).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its statistics take a second to load: they are loaded by the first who asks for one

from suyuan.analytics.measures.measure import UNCONFIRMED, Measure
from suyuan.domain.errors import Refused

Q_LEVEL = 0.05
"""Share of units named wrongly that is accepted among those named."""
FUNNEL = 0.95

HIGH, LOW, NOISE, USUAL, UNKNOWN = "high", "low", "noise", "usual", "unknown"


@dataclass(frozen=True, slots=True)
class Counted:
    """A unit's count and what it is measured against: customers, orders, or a denominator."""

    unit: str
    n: int
    exposure: float | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """One unit's standing; ``verdict`` is high, low, noise (above, by chance), usual or unknown."""

    unit: str
    n: int
    exposure: float | None
    expected: float | None
    rate: float | None
    shrunk: float | None
    low: float | None
    high: float | None
    """Counts between which a unit of this exposure moves by chance."""
    p: float | None
    q: float | None
    verdict: str


def gate(measure: Measure) -> None:
    """Refuse to rank by a measure that rests on an unconfirmed limit or threshold (decision 0010)."""
    if measure.threshold in UNCONFIRMED:
        raise Refused("unconfirmed_rule", measure=measure.id, certainty=measure.threshold)
    if measure.practice:
        raise Refused("only_compared", measure=measure.id)


def rank(units: Sequence[Counted], q_level: float = Q_LEVEL) -> list[Ranked]:
    """Return the units, those really high first, then by shrunk rate; without exposure: unknown, last."""
    _check(units)
    known = [unit for unit in units if unit.exposure]
    unknown = [unit for unit in units if not unit.exposure]
    judged = _judged(known, q_level) if known else []
    order = {HIGH: 0, NOISE: 1, USUAL: 1, LOW: 1}
    judged.sort(key=lambda row: (order[row.verdict], -(row.shrunk or 0.0), row.unit))
    return judged + [
        Ranked(unit.unit, unit.n, unit.exposure, None, None, None, None, None, None, None, UNKNOWN)
        for unit in sorted(unknown, key=lambda unit: unit.unit)
    ]


def discoveries(p_values: Sequence[float]) -> list[float]:
    """Return the Benjamini-Hochberg q-value of each p-value."""
    count = len(p_values)
    order = sorted(range(count), key=lambda at: p_values[at], reverse=True)
    q_values = [1.0] * count
    least = 1.0
    for above, at in enumerate(order):
        least = min(least, p_values[at] * count / (count - above))
        q_values[at] = least
    return q_values


def shrunk_rates(n: Sequence[int], exposure: Sequence[float]) -> list[float]:
    """Return each rate drawn towards the common one, the more the less exposure it rests on.

    Marshall's moment estimate of the spread between units; no spread beyond chance draws all rates to one.
    """
    counts, weights = np.asarray(n, float), np.asarray(exposure, float)
    total = weights.sum()
    common = counts.sum() / total
    variance = float((weights * (counts / weights - common) ** 2).sum() / total)
    between = max(0.0, variance - common / (total / len(weights)))
    if between == 0.0:
        return [float(common)] * len(counts)
    trust = between / (between + common / weights)
    return [float(rate) for rate in common + trust * (counts / weights - common)]


def _check(units: Sequence[Counted]) -> None:
    for unit in units:
        if unit.n < 0 or (unit.exposure is not None and unit.exposure < 0):
            raise ValueError(f"counts and exposures are not negative: {unit}")


def _tail(units: Sequence[Counted], *, above: bool) -> list[float]:
    """Return each unit's one-sided p-value against the others: given the total, its count is binomial."""
    total = sum(unit.n for unit in units)
    whole = sum(float(unit.exposure or 0.0) for unit in units)
    chances = [float(unit.exposure or 0.0) / whole for unit in units]
    pairs = zip(units, chances, strict=True)
    if above:
        return [float(scipy.stats.binom.sf(unit.n - 1, total, chance)) for unit, chance in pairs]
    return [float(scipy.stats.binom.cdf(unit.n, total, chance)) for unit, chance in pairs]


def _judged(units: Sequence[Counted], q_level: float) -> list[Ranked]:
    """Judge the high against all; the low only against those not named high, or one unit lowers the rest."""
    p_high = _tail(units, above=True)
    q_high = discoveries(p_high)
    rest = [at for at, q in enumerate(q_high) if q > q_level]
    p_rest = _tail([units[at] for at in rest], above=False)
    low = dict(zip(rest, zip(p_rest, discoveries(p_rest), strict=True), strict=True))
    exposures = [float(unit.exposure or 0.0) for unit in units]
    rate = sum(unit.n for unit in units) / sum(exposures)
    shrunk = shrunk_rates([unit.n for unit in units], exposures)
    rows = []
    for at, unit in enumerate(units):
        expected = rate * exposures[at]
        below = at in low and unit.n < expected
        p, q = low[at] if below else (p_high[at], q_high[at])
        bounds = _funnel(expected)
        chosen = _verdict(unit.n > expected, q <= q_level, below)
        rows.append(
            Ranked(
                unit.unit,
                unit.n,
                unit.exposure,
                expected,
                unit.n / exposures[at],
                shrunk[at],
                *bounds,
                p,
                q,
                chosen,
            )
        )
    return rows


def _verdict(above: bool, proven: bool, below: bool) -> str:
    if proven:
        return LOW if below else HIGH
    return NOISE if above else USUAL


def _funnel(expected: float) -> tuple[float, float]:
    if expected == 0:
        return 0.0, 0.0
    tail = (1 - FUNNEL) / 2
    return float(scipy.stats.poisson.ppf(tail, expected)), float(scipy.stats.poisson.ppf(1 - tail, expected))
