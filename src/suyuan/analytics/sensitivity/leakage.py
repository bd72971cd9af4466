"""How much of the answer leaks: the same scores with and without the calls that they are to foretell."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import entropy, learned
from .features import Calls, Floats, Ints, features


class Home(NamedTuple):
    """The area of each account (a number, -1 unknown), all calls, and those that said there is no supply."""

    area: Ints
    calls: Calls
    repairs: Calls


class Leaked(NamedTuple):
    """Which part of those who called in an outage are in the top part of a score."""

    exposed: int
    called: int
    same_period: float
    """The entropy weights with the very calls that are foretold, as published."""
    earlier: float
    """The same with earlier calls alone."""
    learned: float | None
    """Learned from the period before, on earlier calls alone; None where nobody or everybody called then."""


def exposed(home: Home, start: float, end: float) -> tuple[NDArray[np.bool_], Floats]:
    """Return which accounts lay in an area from which somebody called for no supply, and which called."""
    within = (home.repairs.day >= start) & (home.repairs.day < end)
    who = home.repairs.account[within]
    called = np.zeros(len(home.area))
    called[who] = 1.0
    out = np.unique(home.area[who])
    return np.isin(home.area, out[out >= 0]), called


def measured(home: Home, as_of: float, days: float, top: float) -> Leaked | None:
    """Return how many are caught in the last days; None where nobody was without supply or all alike."""
    size, start = len(home.area), as_of - days
    out, called = exposed(home, start, as_of)
    said = called[out]
    if not len(said) or not 0 < said.mean() < 1:
        return None
    late, early = features(home.calls, size, as_of)[out], features(home.calls, size, start)[out]
    scores = [entropy.weighed(each).score for each in (late, early)]
    found = [learned.caught(score, said, top) for score in scores]
    return Leaked(
        len(said), int(said.sum()), found[0], found[1], _learned(home, start, days, (early, said, top))
    )


def _learned(home: Home, start: float, days: float, asked: tuple[Floats, Floats, float]) -> float | None:
    before, said = exposed(home, start - days, start)
    known = features(home.calls, len(home.area), start - days)[before]
    answered = said[before]
    if not len(answered) or not 0 < answered.mean() < 1:
        return None
    early, called, top = asked
    return learned.caught(learned.learn(known, answered).probability(early), called, top)
