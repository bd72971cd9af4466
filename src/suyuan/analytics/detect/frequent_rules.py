"""The two published definitions of frequent outages, each as its publisher counts (figures ``frequent.*``).

Outages stand by entity, then by begin. What is returned is one judgement an entity: frequent goes before a
warning, and of several rules the first in the publisher's order counts; it is dated by the outage that
crossed the line.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .columns import DAY, micro

Ints = NDArray[np.int64]


class Judged(NamedTuple):
    """Entities that a rule holds for."""

    entity: Ints
    rule: str
    frequent: bool
    n: Ints
    """So many outages it is judged by."""
    limit: int
    crossed: Ints
    """When the outage began that crossed the line."""


class Rows(NamedTuple):
    """Outages by entity, then by begin."""

    entity: Ints
    at: Ints
    planned: NDArray[np.bool_]
    fault: NDArray[np.bool_]


def csg(rows: Rows, terms: Mapping[str, Any], warning: Mapping[str, Any], as_of: datetime) -> list[Judged]:
    """Return what the pack of CSG Guangdong says on a local day, in its order.

    Frequent: more than ``year_over`` in the year, ``rolling_over`` in any [t, t + ``rolling_days``), or
    more than ``planned_year_over`` planned in the year. Warning: exactly so many in the last 30 or 50 days
    (from 00:00 of the first to 24:00 of today), or so many in the year.
    """
    midnight = as_of.replace(hour=0, minute=0, second=0, microsecond=0)
    year = micro(midnight.replace(month=1, day=1))
    until = micro(midnight + timedelta(days=1))
    known = _only(rows, rows.at < until)
    this_year = known.at >= year
    found = [
        _over("csg_year", known, this_year, terms["year_over"]),
        _rolling(known, this_year, terms["rolling_over"], terms["rolling_days"]),
        _over("csg_planned", known, this_year & known.planned, terms["planned_year_over"]),
    ]
    for days in (30, 50):
        since = micro(midnight - timedelta(days=days - 1))
        exact = warning[f"last_{days}_days"]
        found.append(_exactly(f"csg_last_{days}", known, known.at >= since, exact, exact))
    found.append(_exactly("csg_year_near", known, this_year, warning["year_from"], warning["year_to"]))
    return _first_of(found)


def state_grid(rows: Rows, terms: Mapping[str, Any], as_of: datetime) -> list[Judged]:
    """Return what the pack of a State Grid province says on a local day: so many in the last months.

    One outage short of it is told as a warning (ours; the pack itself has none).
    """
    since = micro(months_before(as_of, terms["months"]))
    until = micro(as_of.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1))
    known = _only(rows, (rows.at >= since) & (rows.at < until))
    every = np.ones(len(known.at), bool)
    limit = terms["outages"]
    return _first_of(
        [
            _over("sg_severe", known, every, terms["severe"] - 1),
            _over("sg_months", known, every, limit - 1),
            _exactly("sg_near", known, every, limit - 1, limit - 1),
        ]
    )


def lists(rows: Rows, terms: Mapping[str, Any], as_of: datetime) -> dict[str, Ints]:
    """Return the State Grid pack's further lists: entities of which planned work repeats, with faults, and
    with a fault after planned work.
    """
    since = micro(months_before(as_of, terms["months"]))
    known = _only(rows, rows.at >= since)
    planned, faults = known.entity[known.planned], known.entity[known.fault]
    size = int(rows.entity.max(initial=-1)) + 1
    first = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(first, planned, known.at[known.planned])
    after = faults[known.at[known.fault] > first[faults]]
    return {
        "repeated_planned": np.flatnonzero(np.bincount(planned, minlength=size) >= 2),
        "faults": np.flatnonzero(np.bincount(faults, minlength=size) >= terms["faults"]),
        "fault_after_planned": np.unique(after),
    }


def months_before(as_of: datetime, months: int) -> datetime:
    """Return 00:00 of the same day so many months before, of the last day where that month is shorter."""
    count = as_of.year * 12 + as_of.month - 1 - months
    year, month = divmod(count, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    day = min(as_of.day, (following - timedelta(days=1)).day)
    return as_of.replace(year=year, month=month + 1, day=day, hour=0, minute=0, second=0, microsecond=0)


def _only(rows: Rows, wanted: NDArray[np.bool_]) -> Rows:
    return Rows(rows.entity[wanted], rows.at[wanted], rows.planned[wanted], rows.fault[wanted])


def _ranks(entity: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the entities there are, how many rows each has, and where they begin; rows stand by entity."""
    which, start, count = np.unique(entity, return_index=True, return_counts=True)
    return which, start, count


def _over(rule: str, rows: Rows, among: NDArray[np.bool_], over: int) -> Judged:
    """Return the entities with more than so many among some rows, dated by the one that is one more."""
    place = np.flatnonzero(among)
    which, start, count = _ranks(rows.entity[place])
    crossed = count > over
    return Judged(which[crossed], rule, True, count[crossed], over, rows.at[place[start[crossed] + over]])


def _rolling(rows: Rows, this_year: NDArray[np.bool_], over: int, days: int) -> Judged:
    """Return the entities with more than so many in a half-open window, that crossed the line this year."""
    last = np.arange(over, len(rows.at))
    first = last - over
    crossed = (rows.entity[last] == rows.entity[first]) & (rows.at[last] < rows.at[first] + days * DAY)
    place = last[crossed & this_year[last]]
    which, start, _ = _ranks(rows.entity[place])
    return Judged(which, "csg_rolling", True, np.full(len(which), over + 1), over, rows.at[place[start]])


def _exactly(rule: str, rows: Rows, among: NDArray[np.bool_], low: int, high: int) -> Judged:
    """Return the entities with from ``low`` to ``high`` among some rows, dated by the ``low``-th."""
    place = np.flatnonzero(among)
    which, start, count = _ranks(rows.entity[place])
    held = (count >= low) & (count <= high)
    return Judged(which[held], rule, False, count[held], low, rows.at[place[start[held] + low - 1]])


def _first_of(every: list[Judged]) -> list[Judged]:
    """Leave each entity to the first rule that holds for it."""
    taken: Ints = np.zeros(0, np.int64)
    found = []
    for one in every:
        new = ~np.isin(one.entity, taken)
        found.append(Judged(one.entity[new], one.rule, one.frequent, one.n[new], one.limit, one.crossed[new]))
        taken = np.concatenate([taken, one.entity])
    return found
