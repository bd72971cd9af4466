"""How often does a case change hands, and who passes on to whom? Teams are ranked with shrinkage.

A hand-over is two events of a case, one after the other, done by different teams; an event that names none is
left out. A team passes on what it had: its rate is drawn to that of all teams the more the less it had.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suyuan.analytics.ranking import shrunk_rates

MANY = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """How often one team passed a case on to another."""

    giver: str
    taker: str
    times: int
    back: int
    """How often the taker had had the case before: it came back."""


@dataclass(frozen=True, slots=True)
class Team:
    """How often a team passed on what it had, and that drawn to the rate of all."""

    name: str
    had: int
    passed_on: int
    rate: float


@dataclass(frozen=True, slots=True)
class HandOvers:
    """The hand-overs of a log."""

    cases: int
    mean: float
    most: int
    share_many: float
    """Of all cases, those with three and more."""
    pairs: tuple[Pair, ...]
    teams: tuple[Team, ...]


def hand_overs(
    case: NDArray[np.integer], team: NDArray[np.integer], names: Sequence[str], cases: int
) -> HandOvers:
    """Return the hand-overs of events in the order of cases and time; ``team`` is -1 where none is named.

    ``cases`` is how many cases there are, those without events too.
    """
    known = team >= 0
    case, team = case[known].astype(np.int64), team[known].astype(np.int64)
    stays = np.append(False, case[1:] == case[:-1]) if len(case) else np.zeros(0, bool)
    moved = np.flatnonzero(stays & np.append(False, team[1:] != team[:-1])) if len(case) else np.zeros(0, int)
    each = np.bincount(case[moved], minlength=cases) if len(moved) else np.zeros(cases, int)
    return HandOvers(
        cases,
        float(each.mean()) if cases else 0.0,
        int(each.max(initial=0)),
        float((each >= MANY).mean()) if cases else 0.0,
        _pairs(case, team, moved, names),
        _teams(case, team, moved, names),
    )


def _pairs(case, team, moved, names) -> tuple[Pair, ...]:  # type: ignore[no-untyped-def]
    """Return who passed on to whom, most often first."""
    wide = len(names)
    code = team[moved - 1] * wide + team[moved]
    held = np.unique(case * wide + team, return_index=True)
    first = dict(zip(held[0].tolist(), held[1].tolist(), strict=True))
    back = np.array([first[int(case[at]) * wide + int(team[at])] < at for at in moved.tolist()], bool)
    found, inverse, times = np.unique(code, return_inverse=True, return_counts=True)
    came_back = np.bincount(inverse[back], minlength=len(found))
    rows = [
        Pair(names[one // wide], names[one % wide], int(n), int(b))
        for one, n, b in zip(found.tolist(), times.tolist(), came_back.tolist(), strict=True)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.times, row.giver, row.taker)))


def _teams(case, team, moved, names) -> tuple[Team, ...]:  # type: ignore[no-untyped-def]
    """Return the teams, those that pass on the most of what they had first."""
    had = np.bincount(np.unique(case * len(names) + team) % len(names), minlength=len(names))
    gave = np.bincount(team[moved - 1], minlength=len(names)) if len(moved) else np.zeros(len(names), int)
    some = np.flatnonzero(had)
    rates = shrunk_rates(gave[some].tolist(), had[some].astype(float).tolist()) if len(some) else []
    rows = [
        Team(names[at], int(had[at]), int(gave[at]), rate)
        for at, rate in zip(some.tolist(), rates, strict=True)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.rate, row.name)))
