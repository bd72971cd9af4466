"""What a model goes by: how much weight each feature has."""

from dataclasses import dataclass

import numpy as np

from .learned import Model
from .linear import Linear


@dataclass(frozen=True, slots=True)
class Weight:
    """The weight of one feature."""

    feature: str
    share: float
    """Of all the weight there is."""
    odds: float | None
    """By what the odds are multiplied where the feature is one standard deviation higher; None for trees,
    to which a feature may speak for and against."""


def weights(model: Model) -> list[Weight]:
    """Return the features that have any weight, the heaviest first.

    Of trees: how far apart what is learned on either side of the nodes that ask for it lies, added up.
    """
    if isinstance(model.scorer, Linear):
        size = np.abs(model.scorer.weight)
        odds = [float(one) for one in np.exp(model.scorer.weight)]
    else:
        trees = model.scorer
        asks = np.flatnonzero(trees.left != np.arange(len(trees.left)))
        apart = np.abs(trees.value[trees.left[asks]] - trees.value[trees.right[asks]])
        size = np.bincount(trees.feature[asks], weights=apart, minlength=len(model.features))
        odds = None
    total = float(size.sum())
    order = np.argsort(-size, kind="stable").tolist()
    return [
        Weight(model.features[at], float(size[at]) / total, odds[at] if odds else None)
        for at in order
        if size[at] > 0
    ]
