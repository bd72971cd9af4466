"""Units beside those where something was done: as high before, moving alike before, and left alone."""

import numpy as np
from numpy.typing import NDArray

from .panel import Acted, Panel, Terms, busy, windows


def matched(panel: Panel, one: Acted, acted: list[Acted], terms: Terms) -> NDArray[np.int64]:
    """Return the units nearest to one in level and trend before, none of which was acted on around then.

    Level is the log of the weekly mean, trend the log of the ratio of the later half to the earlier; half a
    complaint is added to each. Both are measured in their spread over the candidates.
    """
    taken = busy(one.week, acted, terms)
    kind = panel.kind[one.unit]
    free = [at for at in range(panel.units) if panel.kind[at] == kind and at not in taken and at != one.unit]
    if not free:
        return np.array([], np.int64)
    before, _ = windows(one.week, terms)
    shape = _shape(panel.counts[:, before])
    candidates = shape[free]
    spread = np.maximum(candidates.std(axis=0), 1e-9)
    far = (((candidates - shape[one.unit]) / spread) ** 2).sum(axis=1)
    return np.asarray(np.array(free)[np.argsort(far, kind="stable")[: terms.controls]], np.int64)


def _shape(before: NDArray[np.int64]) -> NDArray[np.float64]:
    half = before.shape[1] // 2
    early, late = before[:, :half].sum(axis=1), before[:, half:].sum(axis=1)
    level = np.log((before.sum(axis=1) + 0.5) / before.shape[1])
    return np.column_stack([level, np.log((late + 0.5) / (early + 0.5))])
