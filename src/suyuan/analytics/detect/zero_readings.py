"""Zero readings, month after month, of an account that used power before: nobody reads what is not there.

A run is of months, each with nothing but zeros. It has to last till now, and to follow on use: a flat that
stood empty all along honestly reads zero.
"""

from collections.abc import Iterator
from datetime import date, datetime, tzinfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .columns import looked_at
from .detector import Detector, Frames, Terms
from .signal import Level, Signal

NAME = "zero_readings"
SCHEMA = pa.schema(
    [
        ("account", pa.dictionary(pa.int32(), pa.string())),
        ("read_on", pa.date32()),
        ("kwh", pa.float64()),  # null: read, and not known how much
        ("zero", pa.bool_()),
        ("unit", pa.dictionary(pa.int32(), pa.string())),
    ]
)
CATEGORY = "business.billing.reading"


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    """Yield the accounts whose last months are nothing but zeros."""
    table: pa.Table = frames["readings"]
    if not table.num_rows:
        return
    account = table["account"].combine_chunks()
    day = table["read_on"].cast(pa.int32()).to_numpy()
    zero = table["zero"].to_numpy(zero_copy_only=False)
    used = np.nan_to_num(table["kwh"].to_numpy(zero_copy_only=False), nan=np.inf)
    used = np.where(zero, 0.0, used)
    who = account.indices.to_numpy()
    month = table["read_on"].to_numpy().astype("datetime64[M]").astype(np.int64)
    order = np.lexsort((day, who))
    run = _runs(who[order], month[order], used[order], day[order], terms["used_kwh"])
    zone = frames["rulebook"].calendar.zone
    today = (looked_at(as_of, zone).date() - date(1970, 1, 1)).days
    told = (run.months >= terms["months"]) & run.before & (today - run.last <= terms["stale_days"])
    for at in np.flatnonzero(told).tolist():
        yield _signal(table, order, run, at, terms, zone)


class _Run:
    """The zeros each account ends with."""

    def __init__(self, who: NDArray[np.int64], months: NDArray[np.int64], since: NDArray[np.int64]) -> None:
        self.who, self.months, self.since = who, months, since
        self.before = np.zeros(len(who), bool)
        self.last = np.zeros(len(who), np.int64)
        self.row = np.zeros(len(who), np.int64)


def _runs(
    who: NDArray[np.int64],
    month: NDArray[np.int64],
    used: NDArray[np.float64],
    day: NDArray[np.int64],
    least: float,
) -> _Run:
    """Return the trailing run of each account; rows stand by account, then by day."""
    rows = np.arange(len(who))
    first = np.append(True, who[1:] != who[:-1])
    start = np.flatnonzero(first)
    group = np.cumsum(first) - 1
    end = np.append(start[1:], len(who)) - 1
    some = np.full(len(start), -1)
    some[group[used != 0]] = rows[used != 0]  # the last that is no zero: one below it is an error
    begin = np.where(some >= 0, some + 1, start)
    fresh = first | np.append(True, month[1:] != month[:-1])
    distinct = np.cumsum(fresh)
    has = begin <= end
    into = np.minimum(begin, len(who) - 1)
    months = np.where(has, distinct[end] - distinct[into] + 1, 0)
    months -= has & (some >= 0) & (month[into] == month[np.maximum(some, 0)])  # a month that began with use
    run = _Run(who[start], months, np.where(has, day[into], 0))
    used_enough = np.zeros(len(start), bool)
    used_enough[group[used >= least]] = True
    run.before, run.last, run.row = used_enough, day[end], end
    return run


def _signal(
    table: pa.Table, order: NDArray[np.int64], run: _Run, at: int, terms: Terms, zone: tzinfo
) -> Signal:
    names, unit = table["account"].combine_chunks().dictionary, table["unit"]
    months = int(run.months[at])
    since = date.fromordinal(date(1970, 1, 1).toordinal() + int(run.since[at]))
    level = Level.GENERAL
    if months >= terms["important_months"]:
        level = Level.URGENT if months >= terms["urgent_months"] else Level.IMPORTANT
    account = names[int(run.who[at])].as_py()
    return Signal(
        NAME,
        f"account:{account}",
        level,
        datetime(since.year, since.month, since.day, tzinfo=zone),
        months,
        terms["months"],
        "zero_readings",
        {"months": months, "since": since.isoformat()},
        (),
        unit[int(order[run.row[at]])].as_py() or "",
        CATEGORY,
    )


ZERO_READINGS = Detector(NAME, ("readings", "rulebook"), find)
