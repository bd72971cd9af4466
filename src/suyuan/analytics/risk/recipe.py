"""What features have to know of the past: what is counted, and how long waits usually are.

Learned from the rows that learn, up to the end of learning; part of the model.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .question import Question
from .timeline import Ints, Timeline
from .told import Told

ACTIVITIES = 24
"""So many activities have features of their own; the others count together."""
SELDOM = 20
"""An activity of fewer events has none."""
WAIT = 0.9
"""A wait is usual up to that quantile of the waits after the same activity."""
HOUR = 3_600.0


@dataclass(frozen=True)
class Recipe:
    """What the features of a model are made with."""

    activities: tuple[str, ...]
    above: tuple[str, ...]
    """Activities of the customer that are counted."""
    waits: dict[str, float]
    """By activity: hours until the next event, usual at most."""
    traits: tuple[str, ...]
    """What is said of subjects that has a share of earlier ones alike."""
    limited: bool = False
    """Whether subjects have moments promised."""
    prior: float = 0.0
    """The share to which it happened, in learning."""


def recipe(told: Told, given: Question, border: int) -> Recipe:
    """Return what was known at the end of learning; ``prior`` is filled by who knows the outcomes."""
    known = told.events.of(told.events.at <= border)
    above = told.customers.of(told.customers.at <= border) if told.customers is not None else None
    return Recipe(
        _frequent(known, told.activities),
        _frequent(above, told.activities) if above is not None else (),
        _waits(known, told.activities),
        tuple(sorted(told.traits)),
        given.due != "" or given.kind == "late",
    )


def _frequent(lines: Timeline, names: Sequence[str]) -> tuple[str, ...]:
    count = np.bincount(lines.columns["activity"].astype(np.int64), minlength=len(names))
    order = np.argsort(-count, kind="stable")[:ACTIVITIES]
    return tuple(names[at] for at in order if count[at] >= SELDOM)


def _waits(lines: Timeline, names: Sequence[str]) -> dict[str, float]:
    """Return the usual wait after each activity, of events that something followed."""
    gap = np.diff(lines.at)
    same = np.diff(np.repeat(np.arange(len(lines.start) - 1), np.diff(lines.start))) == 0
    code = lines.columns["activity"][:-1].astype(np.int64)[same]
    return dict(_quantiles(code, gap[same], names))


def _quantiles(code: Ints, gap: Ints, names: Sequence[str]) -> Iterator[tuple[str, float]]:
    order = np.lexsort((gap, code))
    code, gap = code[order], gap[order]
    for value, begin, many in zip(*np.unique(code, return_index=True, return_counts=True), strict=True):
        if many >= SELDOM:
            yield str(names[int(value)]), float(gap[begin + int(WAIT * (many - 1))]) / HOUR
