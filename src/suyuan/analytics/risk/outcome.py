"""What became of each subject at each moment, when it happened, and from when on that was certain."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suyuan.analytics.trace.causality import fits

from .question import LATE, Question
from .timeline import Asked, Ints, Timeline
from .told import Told

DAY = 86_400
LATEST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Outcome:
    """By question asked."""

    happened: NDArray[np.bool_]
    at: Ints
    """When it happened; 0 where it did not."""
    certain: Ints
    """From when on whether it happens is certain, whichever way: the end of the window, or the moment due.

    Not the moment an order was done in time: those done soon would be known before the others, and what is
    learned up to a day would be rosier than it was.
    """
    open: NDArray[np.bool_]
    """Whether it could still be asked then: not done, not late, and not happened since the subject began
    where once is enough."""

    def some(self, rows: NDArray[np.generic]) -> "Outcome":
        """Return the outcome of some of the questions."""
        return Outcome(self.happened[rows], self.at[rows], self.certain[rows], self.open[rows])


def outcome(told: Told, asked: Asked, given: Question) -> Outcome:
    """Return what became of each subject after each moment, as far as the log tells."""
    done = finished(told, given)
    still = (done[asked.subject] == 0) | (done[asked.subject] > asked.at)
    if given.kind == LATE:
        return _late(told, asked, given, done, still)
    lines = told.customers if given.on_customer else told.events
    assert lines is not None
    subject = told.above[asked.subject] if given.on_customer and told.above is not None else asked.subject
    hits = lines.of(_rows(lines, told, given.activities))
    whose = Asked(subject, asked.at)
    until = asked.at + int(given.days * DAY)
    following = _next(hits, whose)
    happened = (following > 0) & (following <= until) & (subject >= 0)
    told_of = asked.at >= (hits.at.min() if len(hits.at) else told.end)  # a log may tell of it only later
    since = Asked(subject, told.begun[asked.subject] - 1)
    first = hits.past(whose).count() == hits.past(since).count()
    fresh = told_of & first if given.once else told_of
    return Outcome(happened, np.where(happened, following, 0), until, still & fresh & (subject >= 0))


def due(told: Told, given: Question) -> Ints:
    """Return the due by which each subject is judged: the first that ran out, or its last; 0 for no limit.

    What is moved after it ran out changes nothing that was certain before.
    """
    if not given.due or told.due is None:
        return _after(told, given)
    lines = told.due
    size = len(lines.at)
    until = np.append(lines.at[1:], LATEST)[:size]
    until[np.maximum(lines.start[1:] - 1, 0)[np.diff(lines.start) > 0]] = LATEST
    by = lines.columns["due"].astype(np.int64)
    return _first_due(lines.of(by <= until), len(lines.start) - 1)


def due_known(told: Told, given: Question, asked: Asked) -> Ints:
    """Return by when each had to be done as that was known at each question; 0 for no limit known."""
    if not given.due or told.due is None:
        return _after(told, given)[asked.subject]
    return told.due.past(asked).read("due").astype(np.int64)


def _after(told: Told, given: Question) -> Ints:
    begun = told.begun
    return np.where((begun > 0) & (given.days > 0), begun + int(given.days * DAY), 0)


def _first_due(lines: Timeline, size: int) -> Ints:
    found = np.zeros(size, np.int64)
    some = np.diff(lines.start) > 0
    found[some] = lines.columns["due"][lines.start[:-1][some]]
    return found


def finished(told: Told, given: Question) -> Ints:
    """Return when each subject was done; 0 where it was not."""
    first = first_of(told.events.of(_rows(told.events, told, given.done)))
    if told.done is None:
        return first
    return np.where(told.done > 0, told.done, first)


def first_of(lines: Timeline) -> Ints:
    """Return the first row of each subject, 0 where it has none."""
    found = np.zeros(len(lines.start) - 1, np.int64)
    some = np.diff(lines.start) > 0
    found[some] = lines.at[lines.start[:-1][some]]
    return found


def _late(told: Told, asked: Asked, given: Question, done: Ints, still: NDArray[np.bool_]) -> Outcome:
    by = due(told, given)[asked.subject]
    when = done[asked.subject]
    late = (by > 0) & ((when == 0) | (when > by))
    running = (by > asked.at) & (due_known(told, given, asked) > asked.at)
    return Outcome(late, np.where(late, by, 0), by, still & running)


def _rows(lines: Timeline, told: Told, patterns: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return which rows are of activities that fit."""
    fitting = np.array([fits(name, patterns) for name in told.activities], np.bool_)
    code = lines.columns["activity"]
    return fitting[code] if len(fitting) else np.zeros(len(code), np.bool_)


def _next(lines: Timeline, asked: Asked) -> Ints:
    """Return the first row after each question; 0 where there is none. For outcomes alone."""
    subject = np.maximum(asked.subject, 0)
    row = np.maximum(lines.upto(Asked(subject, asked.at)), lines.start[subject])
    there = row < lines.start[subject + 1]
    found = np.zeros(len(row), np.int64)
    found[there] = lines.at[row[there]]
    return found
