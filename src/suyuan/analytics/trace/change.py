"""Does it become more, and what is new this month? Counts by month, held against what was done meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy  # its statistics take a second to load: they are loaded by the first who asks for one
from numpy.typing import NDArray

from suyuan.analytics.ranking import Q_LEVEL, discoveries

from .deviating import Deviating
from .profile import Passages
from .sources import Sources
from .working import WorkingTime

BEFORE = 6
"""So many months before are what this month is held against."""
ROUNDS = 50
TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Month:
    """One local month of a log."""

    month: int
    """Months since January 1970."""
    done: int
    """Steps done."""
    deviations: int
    complaints: float
    traced: float
    """Complaints traced to a source, by weight."""


@dataclass(frozen=True, slots=True)
class Slope:
    """By how much a rate changes from one month to the next, as a factor, with its 95 % interval."""

    factor: float
    low: float
    high: float
    p: float
    spread: float
    """By how much months differ more than chance has them; 1 where they do not."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """What deviates this month and did not, or less, in the months before."""

    kind: int
    mode: int
    activity: int
    unit: int
    now: int
    before: int
    expected: float
    """This month at the rate of the months before and this one together."""
    p: float
    q: float

    @property
    def is_new(self) -> bool:
        """Return whether there was nothing of it before."""
        return self.before == 0

    @property
    def is_more(self) -> bool:
        """Return whether it is more than chance lets it be, over all that was looked at."""
        return self.q <= Q_LEVEL


def months(steps: Passages, deviating: Deviating, found: Sources, working: WorkingTime) -> list[Month]:
    """Return what was done and went otherwise, by month, from the first to the last month with a step."""
    done = working.months(steps.at)
    if not len(done):
        return []
    first, last = int(done.min()), int(done.max())
    many = last - first + 1

    def counted(at: NDArray[np.int64], weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        month = working.months(at) - first
        here = (month >= 0) & (month < many)
        part = None if weights is None else weights[here]
        return np.bincount(month[here], part, minlength=many).astype(np.float64)

    columns = (
        counted(steps.at),
        counted(deviating.at),
        counted(found.made) * found.stands_for,
        counted(found.at, found.weight) * found.stands_for,
    )
    return [
        Month(first + n, int(n_done), int(n_deviations), float(complaints), float(traced))
        for n, (n_done, n_deviations, complaints, traced) in enumerate(zip(*columns, strict=True))
    ]


@dataclass(frozen=True, slots=True)
class Trend:
    """What was counted by month, and by how much it changes, per step done."""

    months: list[Month]
    deviations: Slope | None
    complaints: Slope | None


def trend(told: list[Month]) -> Trend:
    """Return months with the change of their rates, from the first month with a complaint on.

    Before it the log knows of no complaints: a rate there is none.
    """
    first = next((at for at, month in enumerate(told) if month.complaints), len(told))
    held = told[first:]
    done = np.array([month.done for month in held], float)
    slopes = [
        slope(np.array([getattr(month, name) for month in held], float), done)
        for name in ("deviations", "complaints")
    ]
    return Trend(told, *slopes)


def slope(counts: NDArray[np.float64], exposure: NDArray[np.float64]) -> Slope | None:
    """Return by how much counts over exposures change a month; None with fewer than three months.

    A Poisson regression of the logarithm of the rate on the month; where months differ by more than Poisson
    has it, the interval is wider by the root of Pearson's dispersion (quasi-Poisson, Wedderburn 1974).
    """
    at = np.flatnonzero(exposure > 0)
    y, size = counts[at], exposure[at]
    if len(at) < 3 or not y.sum():
        return None
    x = np.column_stack([np.ones(len(at)), at - at.mean()])
    beta = np.array([np.log(y.sum() / size.sum()), 0.0])
    for _ in range(ROUNDS):
        fit = size * np.exp(x @ beta)
        step = np.linalg.solve(x.T @ (x * fit[:, None]), x.T @ (y - fit))
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:
            break
    fit = size * np.exp(x @ beta)
    spread = max(float(((y - fit) ** 2 / fit).sum() / (len(at) - 2)), 1.0)
    error = float(np.sqrt(np.linalg.inv(x.T @ (x * fit[:, None]))[1, 1] * spread))
    freedom = len(at) - 2
    far = float(scipy.stats.t.ppf(1 - TAIL, freedom)) * error
    p = 2 * float(scipy.stats.t.sf(abs(beta[1]) / error, freedom))
    low, middle, high = (float(np.exp(min(beta[1] + part, 700.0))) for part in (-far, 0.0, far))
    return Slope(middle, low, high, p, spread)


def fresh(deviating: Deviating, steps: Passages, working: WorkingTime, month: int) -> tuple[list[Fresh], int]:
    """Return what deviates in a month and did not in the six before, or significantly less; and how many are.

    Of a kind of order, step, unit and mode the count of the month is, given that of all seven, binomial in
    the month's part of the steps that the unit did on such orders (Przyborowski and Wilenski 1940).
    """
    of = working.months(steps.at)
    since = max(month - BEFORE, int(of.min(initial=month)))
    if since == month:
        return [], 0
    wide = int(max(steps.unit.max(initial=0), deviating.unit.max(initial=0))) + 2
    here = working.months(deviating.at)
    held = (here >= since) & (here <= month)
    code = (
        ((deviating.kind * 16 + deviating.mode) * (1 << 24) + deviating.activity) * wide + deviating.unit + 1
    )
    keys, number = np.unique(code[held], return_inverse=True)
    now = np.bincount(number, here[held] == month, minlength=len(keys)).astype(int)
    every = np.bincount(number, minlength=len(keys))
    part = _parts(steps, of, (since, month), wide)
    rows = []
    for key, n, total in zip(keys.tolist(), now.tolist(), every.tolist(), strict=True):
        unit, rest = key % wide - 1, key // wide
        activity, rest = rest % (1 << 24), rest >> 24
        if n:
            chance = part(rest // 16, unit)
            p = float(scipy.stats.binom.sf(n - 1, total, chance))
            rows.append((rest // 16, rest % 16, activity, unit, n, total - n, total * chance, p))
    told = [Fresh(*row, q) for row, q in zip(rows, discoveries([row[7] for row in rows]), strict=True)]
    told = [one for one in told if one.is_new or one.is_more]
    return sorted(told, key=lambda one: (one.q, one.p, -one.now, one.activity, one.unit)), month - since


def _parts(
    steps: Passages, of: NDArray[np.int64], months: tuple[int, int], wide: int
) -> Callable[[int, int], float]:
    """Return what gives a month's part of the steps a unit did on a type of order, of some months.

    Where the unit did nothing on them, the part of everybody's steps.
    """
    since, month = months
    held = (of >= since) & (of <= month)
    code, is_now = (steps.kind * wide + steps.unit + 1)[held], (of == month)[held]
    size = int(code.max(initial=0)) + 1
    now, every = np.bincount(code, is_now, minlength=size), np.bincount(code, minlength=size)
    whole = float(is_now.mean()) if len(is_now) else 1.0

    def part(kind: int, unit: int) -> float:
        at = kind * wide + unit + 1
        return float(now[at] / every[at]) if at < size and now[at] else whole

    return part
