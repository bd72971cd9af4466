"""Growing a model with scikit-learn, which is loaded here alone and only while something is learned."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .forest import Forest
from .linear import Linear
from .timeline import Floats

Scorer = Forest | Linear
LEAST_TREES = 40
"""Positives below which trees are not tried: they would learn them by heart."""


def fitted(values: NDArray[np.float32], hit: NDArray[np.bool_], seed: int) -> tuple[str, Scorer]:
    """Return the better of both kinds, learned from all rows; they stand in the order of time.

    Which is better is told on the last quarter of the rows by models that know the others alone.
    """
    border = int(len(hit) * 0.75)
    early, late = slice(0, border), slice(border, None)
    if hit[early].sum() < LEAST_TREES or hit[late].sum() < 10:
        return "linear", linear(values, hit)
    tried = {
        name: _loss(make(values[early], hit[early], seed).scores(values[late]), hit[late])
        for name, make in MAKERS.items()
    }
    best = min(tried, key=lambda name: tried[name])
    return best, MAKERS[best](values, hit, seed)


def _loss(score: Floats, hit: NDArray[np.bool_]) -> float:
    signed = np.where(hit, score, -score)
    return float(np.logaddexp(0.0, -signed).mean())


def linear(values: NDArray[np.float32], hit: NDArray[np.bool_], seed: int = 0) -> Linear:
    """Return a logistic model with a quadratic penalty."""
    from sklearn.linear_model import LogisticRegression

    wide = values.astype(np.float64)
    mean, scale = wide.mean(0), wide.std(0)
    scale[scale < 1e-9] = 1.0
    model = LogisticRegression(C=0.05, max_iter=400, random_state=seed)
    _learn(model, (wide - mean) / scale, hit)
    return Linear(float(model.intercept_[0]), mean, scale, model.coef_[0].copy())


def forest(values: NDArray[np.float32], hit: NDArray[np.bool_], seed: int) -> Forest:
    """Return boosted trees, few and shallow."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        learning_rate=0.06,
        max_iter=150,
        max_leaf_nodes=12,
        min_samples_leaf=max(20, len(hit) // 1_000),
        l2_regularization=5.0,
        early_stopping=False,
        random_state=seed,
    )
    _learn(model, values.astype(np.float64), hit)
    return _kept(model)


def _learn(model: Any, values: Floats, hit: NDArray[np.bool_]) -> None:
    """Fit on one thread: threads that wait for each other on a busy machine cost more than they give."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        model.fit(values, hit)


def _kept(model: Any) -> Forest:
    """Return the trees of a fitted model as our own arrays."""
    trees = [grown[0].nodes for grown in model._predictors]
    root = np.cumsum([0, *(len(nodes) for nodes in trees)])[:-1]
    nodes = np.concatenate(trees)
    offset = np.repeat(root, [len(one) for one in trees])
    place = np.arange(len(nodes))
    leaf = nodes["is_leaf"].astype(bool)
    left = np.where(leaf, place, nodes["left"] + offset)
    right = np.where(leaf, place, nodes["right"] + offset)
    value, count = nodes["value"].copy(), nodes["count"].astype(np.float64)
    for at in np.flatnonzero(~leaf)[np.argsort(-nodes["depth"][~leaf].astype(np.int64), kind="stable")]:
        one, two = left[at], right[at]
        value[at] = (value[one] * count[one] + value[two] * count[two]) / (count[one] + count[two])
    return Forest(
        float(np.ravel(model._baseline_prediction)[0]),
        root.astype(np.int32),
        np.where(leaf, 0, nodes["feature_idx"]).astype(np.int32),
        np.where(leaf, 0.0, nodes["num_threshold"]),
        left.astype(np.int32),
        right.astype(np.int32),
        value,
        np.array([int(one["depth"].max()) for one in trees], np.int32),
    )


MAKERS: dict[str, Callable[[NDArray[np.float32], NDArray[np.bool_], int], Scorer]] = {
    "linear": linear,
    "trees": forest,
}
