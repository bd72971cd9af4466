"""Between which units are orders passed back and on, and where do they lie until somebody takes them?

A hand-over is one order given by one unit to another. It ends when it is accepted, or when it bounces: it is
returned, or transferred away. Few hand-overs prove nothing, so each pair's rate and its idle time are drawn
towards those of all pairs, the more the fewer there are (Marshall 1991, as in ranking.py; for the times the
moment estimate of the spread between pairs).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from suyuan.domain import worktime
from suyuan.domain.worktime import Calendar

from . import scan
from .period import Period
from .ranking import shrunk_rates
from .source import Table, Tables

DISPATCH, RETURN, TRANSFER, ACCEPT = "dispatch", "return", "transfer", "accept"
VERBS = (DISPATCH, RETURN, TRANSFER, ACCEPT)
SINCE = datetime(2000, 1, 1, tzinfo=UTC)
"""From when working time is counted in the lake, so that what still lies costs no look at the calendar."""
HOUR = 3_600_000_000
Numbers = NDArray[np.float64]


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
    """One order given by a unit to another, how it ended, and how long it lay there in working time."""

    case: str
    giver: str
    taker: str
    at: datetime
    ended: str
    """``accept``, ``return``, ``transfer``, or empty while it still lies there."""
    given_work: int
    """Working microseconds before it was given."""
    idle: int | None
    """Working microseconds it lay there; None while it does."""


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


def hand_overs(events: Iterable[Passed], calendar: Calendar) -> list[HandOver]:
    """Return the hand-overs of cases whose events are given each in order.

    An order that was accepted and transferred away later bounced all the same; it was idle until accepted.
    """
    found: list[HandOver] = []
    open_now: dict[str, tuple[Passed, Passed | None]] = {}

    def close(case: str, end: Passed | None) -> None:
        given, taken = open_now.pop(case)
        until = taken or end
        before = work(given.at, calendar)
        idle = max(0, work(until.at, calendar) - before) if until else None
        ended = end.verb if end else ACCEPT if taken else ""
        found.append(HandOver(case, given.was, given.to, given.at, ended, before, idle))

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


def work(at: datetime, calendar: Calendar) -> int:
    """Return the working microseconds from ``SINCE`` to a moment."""
    return worktime.worked(SINCE, at, calendar) // timedelta(microseconds=1)


def pairs(tables: Tables, period: Period, paths: tuple[str, ...], until: int) -> list[Pair]:
    """Return the pairs of units between which cases of a period changed hands, the worst drawn rate first.

    ``paths`` are the units whose cases count, ``until`` the working time to which what lies there lies.
    """
    rows = _within(tables, period, paths)
    found = tables.fetch(rows.select("giver", "taker", "ended", "given_work", "idle"))
    if not found.num_rows:
        return []
    idle = found.column("idle").to_numpy().astype(np.float64)
    lies = np.maximum(0, until - found.column("given_work").to_numpy().astype(np.float64))
    hours = np.where(np.isnan(idle), lies, idle) / HOUR
    bounced = np.isin(found.column("ended").to_numpy(), (RETURN, TRANSFER))
    named, group = _pairs_of(found)
    return _ranked(named, group, bounced, hours)


def bounced(tables: Tables, period: Period, paths: tuple[str, ...]) -> Table:
    """Return the orders that bounced, an expression with who gave, who got, and when it was given first."""
    rows = _within(tables, period, paths)
    rows = rows.filter(rows.ended.isin((RETURN, TRANSFER)))
    grouped = rows.group_by("giver", "taker", "number").aggregate(given=rows.given.min())
    return grouped.order_by("given", "number")


def orders_of(
    tables: Tables, period: Period, paths: tuple[str, ...], pair: tuple[str, str], page: slice
) -> list[str]:
    """Return the numbers of a page of the orders that bounced between two units, oldest first."""
    rows = bounced(tables, period, paths)
    rows = rows.filter((rows.giver == pair[0]) & (rows.taker == pair[1])).order_by("given", "number")
    asked = rows.select("number", "given").limit(page.stop - page.start, offset=page.start)
    return [str(number) for number in tables.fetch(asked).column("number").to_pylist()]


def orders(tables: Tables, period: Period, paths: tuple[str, ...]) -> dict[tuple[str, str], list[str]]:
    """Return the numbers of the orders that bounced of each pair, oldest first."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in tables.fetch(bounced(tables, period, paths)).to_pylist():
        found.setdefault((row["giver"], row["taker"]), []).append(row["number"])
    return found


def _within(tables: Tables, period: Period, paths: tuple[str, ...]) -> Table:
    rows = scan.in_any(tables.handovers, (period,))
    rows = rows.filter(~rows.restricted.fill_null(False))
    inside = rows.unit_path.startswith(paths[0]) if paths else rows.case_id.isnull()
    for path in paths[1:]:
        inside = inside | rows.unit_path.startswith(path)
    return rows.filter(inside)


def _pairs_of(found: pa.Table) -> tuple[list[tuple[str, str]], NDArray[np.int64]]:
    """Return the pairs that occur, and which of them each row is of."""
    givers, takers = (found.column(n).combine_chunks().dictionary_encode() for n in ("giver", "taker"))
    wide = len(takers.dictionary)
    codes = givers.indices.to_numpy().astype(np.int64) * wide + takers.indices.to_numpy()
    met, group = np.unique(codes, return_inverse=True)
    from_, to = givers.dictionary.to_pylist(), takers.dictionary.to_pylist()
    return [(from_[code // wide], to[code % wide]) for code in met.tolist()], group.reshape(-1)


def _ranked(
    named: list[tuple[str, str]], group: NDArray[np.int64], bounced: NDArray[np.bool_], hours: Numbers
) -> list[Pair]:
    handed, went = np.bincount(group), np.bincount(group, weights=bounced)
    means = np.bincount(group, weights=hours) / handed
    within = np.bincount(group, weights=(hours - means[group]) ** 2).astype(np.float64)
    rates = shrunk_rates(went.astype(int).tolist(), handed.tolist())
    drawn = shrunk_means(handed, means.astype(np.float64), within)
    in_order = hours[np.lexsort((hours, group))]
    first = np.cumsum(handed) - handed
    medians = (in_order[first + (handed - 1) // 2] + in_order[first + handed // 2]) / 2
    found = [
        Pair(pair[0], pair[1], int(n), int(back), float(back / n), rate, float(median), float(mean))
        for pair, n, back, rate, median, mean in zip(named, handed, went, rates, medians, drawn, strict=True)
    ]
    return sorted(found, key=lambda one: (-one.shrunk_rate, -one.shrunk_idle_hours, one.giver, one.taker))


def shrunk_means(sizes: NDArray[np.int64], means: Numbers, squares: Numbers) -> Numbers:
    """Return the mean of each group drawn towards that of all, the more the fewer values it has.

    ``squares`` are the sums of squares about each mean. The spread within groups is pooled; that between
    them is what their means vary beyond it. Where the means vary no more than chance explains, or nothing
    tells how much a value varies, all are the common mean.
    """
    total, groups = int(sizes.sum()), len(sizes)
    common = float((sizes * means).sum() / total)
    if total - groups < 1 or groups < 2:
        return np.full(groups, common)
    within = float(squares.sum()) / (total - groups)
    spread = float((sizes * (means - common) ** 2).sum())
    scale = total - float((sizes**2).sum()) / total
    between = max(0.0, (spread - (groups - 1) * within) / scale)
    if between == 0.0:
        return np.full(groups, common)
    return common + between / (between + within / sizes) * (means - common)
