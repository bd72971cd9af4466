"""A logistic regression, learned from outages: did who lost supply call? (Newton, with a ridge)"""

from typing import NamedTuple

import numpy as np

from .features import Floats

_TURNS, _CLOSE = 50, 1e-6


class Model(NamedTuple):
    """What was learned; features are taken by logarithm and in units of their spread."""

    middle: Floats
    spread: Floats
    weight: Floats
    """The constant first."""

    def probability(self, features: Floats) -> Floats:
        """Return how likely each is to call in an outage."""
        found: Floats = 1 / (1 + np.exp(-np.clip(self._columns(features) @ self.weight, -30, 30)))
        return found

    def _columns(self, features: Floats) -> Floats:
        return _with_constant((np.log1p(features) - self.middle) / self.spread)


def learn(features: Floats, called: Floats, ridge: float = 1.0) -> Model:
    """Return the model of exposures: features as of each outage, and whether the account called in it.

    Raise ValueError where all called or none did: nothing can be told apart.
    """
    if not 0 < called.mean() < 1:
        raise ValueError("all called, or none did")
    logs = np.log1p(features)
    middle, spread = logs.mean(0), logs.std(0)
    spread = np.where(spread > 0, spread, 1.0)
    columns = _with_constant((logs - middle) / spread)
    drawn = np.full(columns.shape[1], ridge)
    drawn[0] = 0.0
    weight = np.zeros(columns.shape[1])
    weight[0] = np.log(called.mean() / (1 - called.mean()))
    for _ in range(_TURNS):
        likely = 1 / (1 + np.exp(-np.clip(columns @ weight, -30, 30)))
        curve = (columns * (likely * (1 - likely))[:, None]).T @ columns + np.diag(drawn)
        step = np.linalg.solve(curve, columns.T @ (called - likely) - drawn * weight)
        before = _loss(columns, called, drawn, weight)
        while np.abs(step).max() > _CLOSE and _loss(columns, called, drawn, weight + step) > before:
            step = step / 2
        weight = weight + step
        if np.abs(step).max() <= _CLOSE:
            break
    return Model(middle, spread, weight)


def _loss(columns: Floats, called: Floats, drawn: Floats, weight: Floats) -> float:
    """Return the negative logarithm of the likelihood and the prior."""
    margin = columns @ weight
    return float((np.logaddexp(0, margin) - called * margin).sum() + (drawn * weight**2).sum() / 2)


def _with_constant(columns: Floats) -> Floats:
    return np.column_stack([np.ones(len(columns)), columns])


def caught(score: Floats, called: Floats, top: float) -> float:
    """Return which part of those who called is among the highest scores; ties by chance of their number."""
    order = np.argsort(-score, kind="stable")
    chosen = max(round(top * len(score)), 1)
    edge = score[order[chosen - 1]]
    above, at = score > edge, score == edge
    part = (chosen - above.sum()) / at.sum()
    return float((called[above].sum() + part * called[at].sum()) / called.sum())
