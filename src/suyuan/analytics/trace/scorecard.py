"""How often the method was right, of the traces that people judged: by how sure it had been, with intervals.

Where the confidence is calibrated, of the traces that were c sure the share c is right.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from suyuan.analytics.intervals import wilson
from suyuan.domain.trace_verdict import Verdict

from .chains import SURE

BANDS = ((0.8, 1.0), (SURE, 0.8), (0.0, SURE))
"""From where to where confidences are counted together; the upper end belongs to the next band, save 1."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person said of a trace, and how sure the method had been, 0 to 1; None where it was not kept."""

    verdict: Verdict
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Band:
    """Of the traces within a span of confidence: how many were judged, how many were right."""

    low: float
    high: float
    judged: int
    right: int
    interval: tuple[float, float] | None
    """Wilson's, 95 %, of the share that was right; None where nothing was judged."""
    confidence: float | None
    """The mean of what the method had said."""

    @property
    def share(self) -> float | None:
        """Return the share that was right."""
        return self.right / self.judged if self.judged else None


def bands(judged: Sequence[Judged]) -> list[Band]:
    """Return the bands from the surest to the least sure."""
    return [_band(low, high, judged) for low, high in BANDS]


def _band(low: float, high: float, judged: Sequence[Judged]) -> Band:
    sure = [
        (one.confidence, one.verdict is Verdict.CONFIRMED)
        for one in judged
        if one.confidence is not None and low <= one.confidence and (one.confidence < high or high == 1.0)
    ]
    right = sum(is_right for _, is_right in sure)
    mean = sum(confidence for confidence, _ in sure) / len(sure) if sure else None
    return Band(low, high, len(sure), right, wilson(right, len(sure)), mean)


def calibration_error(found: Sequence[Band]) -> float | None:
    """Return by how much confidence and share right differ, weighed by band; None before any verdict."""
    every = sum(one.judged for one in found)
    apart = sum(
        one.judged * abs(one.confidence - one.share)
        for one in found
        if one.confidence is not None and one.share is not None
    )
    return apart / every if every else None
