"""What happened to subjects in the order of time, and what of it was known at a moment.

Whoever asks gets a ``Past``: it hands out rows of one subject up to the moment of each question and checks
every row it hands out. Nothing else gives features access to the rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NEVER = 10 * 365 * 86_400
"""Seconds that stand for what did not happen: ten years."""


class LooksAhead(ValueError):
    """A feature asked for a row that was not known at its moment: a mistake of the program."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions: a subject (-1 for none) and the moment, seconds since 1970, from which it is looked at."""

    subject: Ints
    at: Ints

    def __len__(self) -> int:
        return len(self.at)

    def some(self, rows: NDArray[np.generic]) -> "Asked":
        """Return some of the questions."""
        return Asked(self.subject[rows], self.at[rows])


@dataclass(frozen=True)
class Timeline:
    """Rows by subject and moment; what stands at a row is in ``columns``."""

    start: Ints
    """Rows of subject ``n``: ``start[n]:start[n + 1]``."""
    at: Ints
    columns: Mapping[str, NDArray[np.generic]]

    @cached_property
    def _origin(self) -> int:
        return int(self.at.min()) - 1 if len(self.at) else 0

    @cached_property
    def _span(self) -> int:
        return int(self.at.max()) - self._origin + 2 if len(self.at) else 2

    @cached_property
    def _key(self) -> Ints:
        subject = np.repeat(np.arange(len(self.start) - 1, dtype=np.int64), np.diff(self.start))
        return subject * self._span + (self.at - self._origin)

    def upto(self, asked: Asked) -> Ints:
        """Return the row after the last one at or before each question."""
        moment = np.clip(asked.at - self._origin, 0, self._span - 1)
        return np.searchsorted(self._key, asked.subject * self._span + moment, side="right")

    def past(self, asked: Asked) -> "Past":
        """Return what was known at each question."""
        return Past(self, asked)

    def of(self, rows: NDArray[np.generic]) -> "Timeline":
        """Return the timeline of some rows alone."""
        kept = np.zeros(len(self.at), np.int64)
        kept[rows] = 1
        before = np.append(0, np.cumsum(kept))
        mask = kept.astype(bool)
        columns = {name: column[mask] for name, column in self.columns.items()}
        return Timeline(before[self.start], self.at[mask], columns)


def timeline(subject: Ints, at: Ints, size: int, **columns: NDArray[np.generic]) -> Timeline:
    """Return the timeline of rows in any order; rows of one moment keep theirs."""
    order = np.lexsort((at, subject))
    start = np.append(0, np.cumsum(np.bincount(subject, minlength=size)))
    return Timeline(
        start.astype(np.int64),
        at[order].astype(np.int64),
        {name: column[order] for name, column in columns.items()},
    )


class Past:
    """What was known at each question; every row it hands out is checked."""

    def __init__(self, of: Timeline, asked: Asked) -> None:
        self.asked = asked
        self._of = of
        self._known = asked.subject >= 0
        subject = np.where(self._known, asked.subject, 0)
        size = len(of.start) - 1
        self._begin = of.start[subject] if size else np.zeros(len(asked), np.int64)
        self._end = of.upto(asked) if size else self._begin
        self._end = np.where(self._known, np.maximum(self._end, self._begin), self._begin)

    def count(self) -> Ints:
        """Return how many rows there were."""
        self._check(self._end - 1, self._end > self._begin)
        return self._end - self._begin

    def within(self, seconds: int) -> Ints:
        """Return how many rows lie in the last so many seconds."""
        return self.count() - self.before(seconds).count()

    def before(self, seconds: int) -> "Past":
        """Return what had been known so many seconds earlier."""
        return Past(self._of, Asked(self.asked.subject, self.asked.at - seconds))

    def read(self, name: str, back: int = 0, none: float = 0.0) -> Floats:
        """Return what a column says at the last row, or so many before it; ``none`` where there is none."""
        rows = self._end - 1 - back
        there = (rows >= self._begin) & (self._end > self._begin)
        self._check(rows, there)
        found = np.full(len(rows), none)
        found[there] = self._of.columns[name][rows[there]]
        return found

    def since_last(self) -> Ints:
        """Return how many seconds ago the last row was; ``NEVER`` where there is none."""
        return self._ago(self._end - 1)

    def since_first(self) -> Ints:
        """Return how many seconds ago the first row was; ``NEVER`` where there is none."""
        return self._ago(self._begin)

    def _ago(self, rows: Ints) -> Ints:
        there = self._end > self._begin
        self._check(rows, there)
        found = np.full(len(rows), NEVER, np.int64)
        found[there] = np.minimum(self.asked.at[there] - self._of.at[rows[there]], NEVER)
        return found

    def _check(self, rows: Ints, there: NDArray[np.bool_]) -> None:
        """Raise LooksAhead where a row is later than its question, or another subject's."""
        rows, size = rows[there], len(self._of.at)
        if (rows >= size).any() or (self._of.at[rows] > self.asked.at[there]).any():
            raise LooksAhead("a feature asked for what was not known yet")
        subject = self.asked.subject[there]
        if ((rows < self._of.start[subject]) | (rows >= self._of.start[subject + 1])).any():
            raise LooksAhead("a feature asked for what is another subject's")
