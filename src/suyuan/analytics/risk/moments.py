"""At which moments subjects are looked at: at ages of their own, or all that are open every so many days."""

import numpy as np

from .question import Question
from .timeline import Asked, Ints
from .told import Told

DAY, HOUR = 86_400, 3_600


def moments(told: Told, given: Question) -> Asked:
    """Return every question that could have been asked within the log, in the order of time."""
    made = _at_ages(told, given) if given.ages else _every(told, given)
    order = np.lexsort((made.subject, made.at))
    return made.some(order)


def asked_at(told: Told, given: Question, at: int) -> Asked:
    """Return the question about each subject that has begun, at one moment.

    By age: none is asked about that is more than a day older than any was when it was learned.
    """
    begun = told.begun
    oldest = at - int(max(given.ages) * HOUR) - DAY if given.ages else 1
    subject = np.flatnonzero((begun >= oldest) & (begun > 0) & (begun <= at)).astype(np.int64)
    asked = Asked(subject, np.full(len(subject), at, np.int64))
    return asked.some(_recent(told, asked, given)) if given.open_for else asked


def _at_ages(told: Told, given: Question) -> Asked:
    begun = told.begun
    subject = np.flatnonzero(begun > 0).astype(np.int64)
    seconds = [int(hours * HOUR) for hours in given.ages]
    at = np.concatenate([begun[subject] + age for age in seconds])
    asked = Asked(np.tile(subject, len(seconds)), at)
    return asked.some(asked.at <= told.end)


def _every(told: Told, given: Question) -> Asked:
    begun = told.begun
    some = begun[begun > 0]
    if not len(some):
        return Asked(np.zeros(0, np.int64), np.zeros(0, np.int64))
    step = max(int(given.every * DAY), HOUR)
    ticks = np.arange(int(some.min()) + step, told.end + 1, step, dtype=np.int64)
    parts = [asked_at(told, given, int(tick)) for tick in ticks]
    if not parts:
        return Asked(np.zeros(0, np.int64), np.zeros(0, np.int64))
    return Asked(np.concatenate([one.subject for one in parts]), np.concatenate([one.at for one in parts]))


def _recent(told: Told, asked: Asked, given: Question) -> Ints:
    idle = told.events.past(asked).since_last()
    return np.flatnonzero(idle <= int(given.open_for * DAY)).astype(np.int64)
