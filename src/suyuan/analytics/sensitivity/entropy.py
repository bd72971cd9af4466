"""The entropy-weight model of the field (domain source id 15803034878, on some 583,000 accounts).

Each feature is scaled to its range and 1e-6 added, intervals reversed; a feature weighs by 1 minus the
entropy of its distribution over accounts; the score is the weighted sum. Who is in the top part is sensitive.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .features import INTERVALS, Floats

_LEAST = 1e-6


class Weighed(NamedTuple):
    """The score of each account, and what each feature weighs."""

    score: Floats
    weight: Floats


def scaled(features: Floats) -> Floats:
    """Return features from 0 to 1 and a little more; a feature that does not vary is the little alone."""
    low, high = features.min(0), features.max(0)
    spread = np.where(high > low, high - low, 1.0)
    found = (features - low) / spread
    found[:, INTERVALS] = np.where(high > low, 1 - found, 0.0)[:, INTERVALS]
    scaled_up: Floats = found + _LEAST
    return scaled_up


def weighed(features: Floats) -> Weighed:
    """Return scores and weights; of one account, or where nothing varies, all features weigh alike."""
    if not len(features):
        return Weighed(np.zeros(0), np.full(features.shape[1], 1 / features.shape[1]))
    values = scaled(features)
    share = values / values.sum(0)
    entropy = -(share * np.log(share)).sum(0) / np.log(max(len(values), 2))
    told = np.maximum(1 - entropy, 0.0)
    total = float(told.sum())
    weight = told / total if total > _LEAST else np.full(values.shape[1], 1 / values.shape[1])
    return Weighed(values @ weight, weight)


def sensitive(score: Floats, top: float) -> NDArray[np.bool_]:
    """Return which accounts are in the top part; equal ones at its edge are out, so who never called is."""
    if not len(score):
        return np.zeros(0, np.bool_)
    return np.asarray(score > np.quantile(score, 1 - top), np.bool_)
