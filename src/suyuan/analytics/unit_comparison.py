"""Which units stood out last month among their own sort, and which of them are named? (点名预警)

Each unit is held against all others of its sort together, by exposure. Given how many there were in all,
its count is binomial; that tail is also the one of a negative binomial whose size is one more than the
count of the others. Counts of a month cluster (one bad night brings many), so the size is 1 / (a + v): a is
how much the counts of units in the months before varied beyond chance (variance e + a·e²; Pearson's X² set
to its degrees of freedom), v how unsure the rate of the others is. Where a is 0 it is the exact binomial
test. Wrong names among those named are held at ``q`` over all units and measures (Benjamini and Hochberg
1995). Named is who is past chance, by much and by enough; who is merely high is listed, with what it
lacked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import betainc

from . import intervals
from .ranking import discoveries

MOST = 100.0
"""No counts vary more than that, as a."""
Terms = Mapping[str, Any]
"""The figure ``detect.named_unit``."""


class Standing(StrEnum):
    """How a unit stands, the worst first."""

    NAMED = "named"
    LISTED = "listed"
    USUAL = "usual"
    UNKNOWN = "unknown"
    """Without exposure, among too few of its sort, or where there was never anything to count."""


class Lacks(StrEnum):
    """Why a unit that is high is not named."""

    NONE = ""
    HISTORY = "history"
    """Too few months before are known to tell what such months bring."""
    CHANCE = "chance"
    """Chance alone could make it: small units mostly."""
    FEW = "few"
    SLIGHT = "slight"
    """Past chance, but not by much."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A unit in one measure: its count of the month, its exposure, and its counts of the months before."""

    unit: str
    sort: str
    n: int
    of: float
    before: tuple[int, ...] = ()
    """The oldest first; all units have as many."""


@dataclass(frozen=True, slots=True)
class Held:
    """One unit in one measure; rates are per one of exposure.

    ``low`` and ``high`` are the 95 % interval of ``rate``, widened by a; ``times`` is ``rate`` over
    ``others``, 0 where those had none.
    """

    measure: str
    unit: str
    n: int
    of: float
    rate: float = 0.0
    low: float = 0.0
    high: float = 0.0
    others: float = 0.0
    times: float = 0.0
    p: float = 1.0
    q: float = 1.0
    standing: Standing = Standing.UNKNOWN
    lacks: Lacks = Lacks.NONE


@dataclass(frozen=True, slots=True)
class Month:
    """A month compared: every unit in every measure, and the a of each measure."""

    held: tuple[Held, ...]
    spread: Mapping[str, float]

    def of(self, unit: str) -> dict[str, Held]:
        """Return how one unit stands, by measure."""
        return {one.measure: one for one in self.held if one.unit == unit}


def compare(measures: Mapping[str, Sequence[Counted]], terms: Terms) -> Month:
    """Return how all units stand in a month."""
    spread = {name: dispersion([one.before for one in rows], terms) for name, rows in measures.items()}
    held = [one for name, rows in measures.items() for one in _measure(name, rows, spread[name], terms)]
    short = {name for name, rows in measures.items() if _months(rows) < terms["least_months"]}
    tested = [one for one in held if one.standing is not Standing.UNKNOWN]
    judged = dict(zip(map(id, tested), discoveries([one.p for one in tested]), strict=True))
    return Month(
        tuple(
            _stands(replace(one, q=judged[id(one)]), terms, short=one.measure in short)
            if id(one) in judged
            else one
            for one in held
        ),
        spread,
    )


def _months(rows: Sequence[Counted]) -> int:
    """Return in how many months before anything was counted of any unit."""
    return sum(map(any, zip(*(one.before for one in rows), strict=True)))


def dispersion(before: Sequence[Sequence[int]], terms: Terms) -> float:
    """Return a of units × months, at least 0; ``terms["spread"]`` where there are too few months to tell."""
    table = np.array([row for row in before if sum(row)], dtype=float)
    table = table[:, table.sum(axis=0) > 0] if table.ndim == 2 else np.zeros((0, 0))
    units, months = table.shape
    if units < 2 or months < terms["least_months"]:
        return float(terms["spread"])
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    off, free = (table - expected) ** 2, float((units - 1) * (months - 1))

    def beyond(spread: float) -> float:
        chi: float = (off / (expected + spread * expected**2)).sum()
        return chi - free

    if beyond(0.0) <= 0:
        return 0.0
    return float(brentq(beyond, 0.0, MOST)) if beyond(MOST) < 0 else MOST


def _measure(name: str, rows: Sequence[Counted], spread: float, terms: Terms) -> list[Held]:
    found: list[Held] = []
    for sort in sorted({one.sort for one in rows}):
        alike = [one for one in rows if one.sort == sort]
        known = [one for one in alike if one.of > 0]
        ever = any(one.n or any(one.before) for one in known)
        compared = known if ever and len(known) >= terms["units"] else []
        found += [_against(name, one, compared, spread) for one in compared]
        left = {one.unit for one in alike} - {one.unit for one in compared}
        found += [Held(name, one.unit, one.n, one.of) for one in alike if one.unit in left]
    return found


def _against(name: str, one: Counted, alike: Sequence[Counted], spread: float) -> Held:
    """Hold a unit against all others of its sort together."""
    rest = [each for each in alike if each.unit != one.unit]
    n, of = sum(each.n for each in rest), sum(each.of for each in rest)
    rate, others = one.n / one.of, n / of
    usual = (one.n + n) / (one.of + of)
    unsure = (1 + spread * usual * sum(each.of**2 for each in rest) / of) / (n + 1)
    size, mean = 1 / (spread + unsure), (n + 1) / of * one.of
    p = float(betainc(one.n, size, mean / (size + mean))) if one.n else 1.0
    wide = 1 + spread * usual * one.of
    low, high = intervals.poisson(one.n / wide, one.of / wide) or (0.0, 0.0)
    times = rate / others if others else 0.0
    return Held(name, one.unit, one.n, one.of, rate, low, high, others, times, p, standing=Standing.USUAL)


def _stands(one: Held, terms: Terms, *, short: bool) -> Held:
    """Name who is past chance, by much and by enough; list who is merely high, or all if history is short."""
    if not one.n or (one.others and one.times < terms["listed_times"]):
        return one
    lacks = Lacks.NONE
    if one.q > terms["q"]:
        lacks = Lacks.CHANCE
    elif one.n < terms["least"]:
        lacks = Lacks.FEW
    elif one.others and one.times < terms["times"]:
        lacks = Lacks.SLIGHT
    elif short:
        lacks = Lacks.HISTORY
    return replace(one, standing=Standing.LISTED if lacks else Standing.NAMED, lacks=lacks)


def worst(held: Mapping[str, Held]) -> Held:
    """Return the measure in which a unit stands worst: named before listed, then the surest."""
    return min(held.values(), key=lambda one: (list(Standing).index(one.standing), one.q, one.p, one.measure))
