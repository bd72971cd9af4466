"""From a score to a probability, learned on later rows than the score was; with how sure that is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suyuan.analytics.intervals import wilson

from .timeline import Floats

BINS = 10
ISOTONIC = 200
"""Positives from which on a free rising curve is learned; below it one of two numbers."""
MOST = 1e-4
"""A probability is never nearer to 0 or 1 than this."""


@dataclass(frozen=True)
class Calibrated:
    """A curve through points, and ten equal parts of the rows it was learned on."""

    kind: str
    score: Floats
    chance: Floats
    """Between points it is straight; for the curve of two numbers the points lie close."""
    edges: Floats
    """Scores between the parts, rising."""
    many: NDArray[np.int64]
    hits: NDArray[np.int64]
    """By part."""

    def chances(self, score: Floats) -> Floats:
        """Return the probability of each score."""
        return np.interp(score, self.score, self.chance)

    def intervals(self, score: Floats) -> tuple[Floats, Floats]:
        """Return the 95 % interval of the share in the part that each score falls in (Wilson).

        It reaches as far as the curve does: where what happened among scores like it does not bear out the
        probability, the interval is as wide as the two are apart.
        """
        each = [
            wilson(int(hits), int(many)) or (0.0, 1.0)
            for hits, many in zip(self.hits, self.many, strict=True)
        ]
        low, high = np.array(each).T
        part = np.searchsorted(self.edges, score, side="right")
        chance = self.chances(score)
        return np.minimum(low[part], chance), np.maximum(high[part], chance)


def calibrated(score: Floats, hit: NDArray[np.bool_]) -> Calibrated:
    """Return the curve and the parts of rows that the score was not learned on."""
    kind = "isotonic" if hit.sum() >= ISOTONIC and (~hit).sum() >= ISOTONIC else "sigmoid"
    points, chance = (_isotonic if kind == "isotonic" else _sigmoid)(score, hit)
    edges = np.unique(np.quantile(score, np.arange(1, BINS) / BINS))
    part = np.searchsorted(edges, score, side="right")
    many = np.bincount(part, minlength=len(edges) + 1)
    hits = np.bincount(part, weights=hit, minlength=len(edges) + 1).astype(np.int64)
    return Calibrated(kind, points, np.clip(chance, MOST, 1 - MOST), edges, many, hits)


def _isotonic(score: Floats, hit: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    from sklearn.isotonic import IsotonicRegression

    curve = IsotonicRegression(out_of_bounds="clip").fit(score, hit)
    return curve.X_thresholds_.astype(np.float64), curve.y_thresholds_.astype(np.float64)


def _sigmoid(score: Floats, hit: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    from sklearn.linear_model import LogisticRegression

    low, high = float(score.min()), float(score.max())
    points = np.linspace(low - 1, high + 1, 101)
    # As many of either kind as Platt adds keep the curve from a step where all is told apart.
    ends = np.append(score, [score.mean(), score.mean()])
    fit = LogisticRegression(C=1e3).fit(ends[:, None], np.append(hit, [True, False]))
    slope = max(float(fit.coef_[0, 0]), 0.0)
    return points, 1 / (1 + np.exp(-(slope * points + float(fit.intercept_[0]))))
