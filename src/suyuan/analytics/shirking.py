"""Between which units are orders passed back and on, and where do they lie until somebody takes them?

A hand-over is one order given by one unit to another. It ends when it is accepted, or when it bounces: it is
returned, or transferred away. Few hand-overs prove nothing, so each pair's rate and its idle time are drawn
towards those of all pairs, the more the fewer there are (Marshall 1991, as in ranking.py; for the times the
moment estimate of the spread between pairs).
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median, variance
from typing import TypeVar

from suyuan.domain import worktime
from suyuan.domain.worktime import Calendar

from .ranking import shrunk_rates

DISPATCH, RETURN, TRANSFER, ACCEPT = "dispatch", "return", "transfer", "accept"
K = TypeVar("K", bound=Hashable)
VERBS = (DISPATCH, RETURN, TRANSFER, ACCEPT)


@dataclass(frozen=True, slots=True)
class Passed:
    """One event of a case by which it changes hands: who had it before, and who has it now."""

    case: str
    verb: str
    at: datetime
    was: str
    to: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """One order given by a unit to another, how it ended, and how many hours of working days it lay there."""

    case: str
    giver: str
    taker: str
    at: datetime
    ended: str
    """``accept``, ``return``, ``transfer``, or empty while it still lies there."""
    idle_hours: float

    @property
    def bounced(self) -> bool:
        """Return whether it went away again."""
        return self.ended in (RETURN, TRANSFER)


@dataclass(frozen=True, slots=True)
class Pair:
    """What one unit gave another: how often, how often it bounced, how long it lay before it was taken."""

    giver: str
    taker: str
    handed: int
    bounced: int
    rate: float
    shrunk_rate: float
    idle_hours: float
    """The median of its hand-overs."""
    shrunk_idle_hours: float
    """The mean, drawn towards that of all pairs."""
    cases: tuple[str, ...]
    """Those that bounced, oldest first."""


def hand_overs(events: Iterable[Passed], until: datetime, calendar: Calendar) -> list[HandOver]:
    """Return the hand-overs of cases whose events are given each in order; open ones lie until ``until``.

    An order that was accepted and transferred away later bounced all the same; it was idle until accepted.
    """
    found: list[HandOver] = []
    open_now: dict[str, tuple[Passed, Passed | None]] = {}

    def close(case: str, end: Passed | None) -> None:
        given, taken = open_now.pop(case)
        lay_until = taken.at if taken else end.at if end else until
        idle = worktime.worked(given.at, max(given.at, lay_until), calendar).total_seconds() / 3600
        ended = end.verb if end else ACCEPT if taken else ""
        found.append(HandOver(case, given.was, given.to, given.at, ended, idle))

    for event in events:
        standing = open_now.get(event.case)
        if event.verb == ACCEPT:
            if standing and standing[1] is None:
                open_now[event.case] = (standing[0], event)
            continue
        if standing:
            close(event.case, event)
        if event.verb != RETURN:
            open_now[event.case] = (event, None)
    for case in list(open_now):
        close(case, None)
    return sorted(found, key=lambda one: (one.at, one.case))


def pairs(given: Sequence[HandOver]) -> list[Pair]:
    """Return the pairs of units, those first whose drawn rate of bounces is highest."""
    groups: dict[tuple[str, str], list[HandOver]] = {}
    for one in given:
        groups.setdefault((one.giver, one.taker), []).append(one)
    if not groups:
        return []
    rows = list(groups.items())
    bounced = [sum(one.bounced for one in group) for _, group in rows]
    rates = shrunk_rates(bounced, [len(group) for _, group in rows])
    idle = shrunk_means({pair: [one.idle_hours for one in group] for pair, group in rows})
    found = [
        Pair(
            *pair,
            len(group),
            n,
            n / len(group),
            rate,
            median(one.idle_hours for one in group),
            idle[pair],
            tuple(one.case for one in group if one.bounced),
        )
        for (pair, group), n, rate in zip(rows, bounced, rates, strict=True)
    ]
    return sorted(found, key=lambda one: (-one.shrunk_rate, -one.shrunk_idle_hours, one.giver, one.taker))


def shrunk_means(groups: Mapping[K, Sequence[float]]) -> dict[K, float]:
    """Return the mean of each group drawn towards that of all, the more the fewer values it has.

    The spread within groups is pooled; that between them is what their means vary beyond it. Where the means
    vary no more than chance explains, or nothing tells how much a value varies, all are the common mean.
    """
    every = [value for values in groups.values() for value in values]
    common = fmean(every)
    free = len(every) - len(groups)
    if free < 1 or len(groups) < 2:
        return dict.fromkeys(groups, common)
    within = sum((len(v) - 1) * variance(v) for v in groups.values() if len(v) > 1) / free
    total = len(every)
    spread = sum(len(v) * (fmean(v) - common) ** 2 for v in groups.values())
    scale = total - sum(len(v) ** 2 for v in groups.values()) / total
    between = max(0.0, (spread - (len(groups) - 1) * within) / scale)
    if between == 0.0:
        return dict.fromkeys(groups, common)
    return {
        key: common + between / (between + within / len(v)) * (fmean(v) - common) for key, v in groups.items()
    }
