"""The other comparison: what was to be expected of a unit by its weeks before, the very last ones among them.

Complaints after are regressed (Poisson) on the level of the early half, of the later half and of the last
weeks before, on the season (what became of units left alone) and on whether something was done. Where a high
lasts, leaving the last weeks out says *more*; where it was chance, holding on to them says *fewer*: the truth
lies between the two (Angrist, Pischke 2009, 5.4; Ding, Li 2019).
"""

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
import scipy
from numpy.typing import NDArray

from .panel import Acted, Panel, Ratio, Terms, busy, windows

Floats = NDArray[np.float64]
_STEPS = 50
_RIDGE = 1e-6
_WIDEST = 50.0


@dataclass(frozen=True, slots=True)
class _Rows:
    """By unit and week of an action: what was known before, what became of it."""

    known: Floats
    """One, early half, later half, last weeks (logs of weekly means), 1 where something was done."""
    season: Floats
    after: Floats
    unit: NDArray[np.int64]


def adjusted(
    panel: Panel, firsts: list[Acted], acted: list[Acted], terms: Terms, level: float
) -> Ratio | None:
    """Return the ratio beside what was to be expected, None where too little is there to tell."""
    rows = _rows(panel, firsts, acted, terms)
    if rows is None:
        return None
    try:
        found, error = _fitted(rows)
    except np.linalg.LinAlgError:
        return None
    half = float(scipy.stats.t.ppf((1 + level) / 2, len(firsts) - 1)) * error
    if not half < _WIDEST:  # who was acted on cannot be told from who was high last
        return None
    return Ratio(exp(found), exp(found - half), exp(found + half))


def _rows(panel: Panel, firsts: list[Acted], acted: list[Acted], terms: Terms) -> _Rows | None:
    parts = []
    for week in sorted({one.week for one in firsts}):
        mine = np.array([one.unit for one in firsts if one.week == week])
        like = {panel.kind[unit] for unit in mine.tolist()}
        taken = busy(week, acted, terms)
        free = [at for at in range(panel.units) if panel.kind[at] in like and at not in taken]
        units = np.concatenate([mine, np.array(free, np.int64)])
        before, after = windows(week, terms)
        middle = (before.start + before.stop) // 2
        spans = (slice(before.start, middle), slice(middle, before.stop), slice(before.stop, week))
        logs = [_log_mean(panel.counts[units, span]) for span in spans]
        done = np.arange(len(units)) < len(mine)
        was, became = (panel.counts[free, span].sum() + 0.5 for span in (before, after))
        season = np.full(len(units), np.log(became / was))
        parts.append((np.column_stack([np.ones(len(units)), *logs, done]), season,
                      panel.counts[units, after].sum(1).astype(np.float64), units))  # fmt: skip
    if not parts:
        return None
    rows = _Rows(*(np.concatenate(each) for each in zip(*parts, strict=True)))
    few = min(int(rows.known[:, -1].sum()), len(np.unique(rows.unit[rows.known[:, -1] == 0])))
    return rows if few >= 3 and rows.after.sum() > 0 else None


def _log_mean(counts: NDArray[np.int64]) -> Floats:
    found: Floats = np.log((counts.sum(1) + 0.5) / counts.shape[1])
    return found


def _fitted(rows: _Rows) -> tuple[float, float]:
    """Return the logarithm of the ratio and its standard error.

    The error is the larger of that by unit (jackknife-like, HC3) and of over-dispersed Poisson counts.
    """
    known, many = rows.known, rows.known.shape[1]
    weight = np.zeros(many)
    weight[0] = np.log(rows.after.mean()) - rows.season.mean()
    for _ in range(_STEPS):
        mean = np.exp(np.clip(known @ weight + rows.season, -20, 20))
        step = np.linalg.solve(
            (known.T * mean) @ known + _RIDGE * np.eye(many), known.T @ (rows.after - mean)
        )
        weight = weight + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-8:
            break
    mean = np.exp(np.clip(known @ weight + rows.season, -20, 20))
    inverse = np.linalg.inv((known.T * mean) @ known + _RIDGE * np.eye(many))
    lever = np.minimum(np.einsum("ij,jk,ik->i", known, inverse, known) * mean, 0.95)
    apart = known * ((rows.after - mean) / (1 - lever))[:, None]
    _, of = np.unique(rows.unit, return_inverse=True)
    by_unit = np.zeros((int(of.max()) + 1, many))
    np.add.at(by_unit, of, apart)
    spread = inverse @ (by_unit.T @ by_unit) @ inverse
    over = max(1.0, float(((rows.after - mean) ** 2 / mean).sum()) / max(len(mean) - many, 1))
    return float(weight[-1]), sqrt(max(float(spread[-1, -1]), over * float(inverse[-1, -1])))
