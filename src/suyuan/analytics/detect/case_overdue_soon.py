"""Cases whose clock has little left: the signal form of the rungs, one a case, by its tightest clock.

The share of the budget that is left counts working time for a clock of working days and wall time for any
other; pauses that are over lie in the due already. A clock too short to be warned of here is its rungs' own.
One that has run out is told as that, the most urgent, until the case is answered or it is long ago.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from suyuan.domain.worktime import Calendar

from . import columns
from .columns import DAY, HOUR, Micros
from .detector import Detector, Frames, Terms
from .signal import Level, Signal

_BUDGET = {"working_days": DAY, "days": DAY, "hours": HOUR, "minutes": HOUR // 60}


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    """Yield a signal for each case of which some clock has less left than the figure says."""
    frame: pa.Table = frames["clocks"]
    if not frame.num_rows:
        return
    left, budget = _left(frame, frames["calendar"], columns.micro(as_of))
    share = left / np.maximum(budget, 1)
    lately = columns.micros(frame, "due") > columns.micro(as_of) - terms["forget_days"] * DAY
    near = lately & (share <= terms["general"]) & (budget >= terms["least_hours"] * HOUR)
    told: set[str] = set()
    at = np.flatnonzero(near)
    for row, place in _tightest_first(frame, at[np.argsort(share[at], kind="stable")]):
        if row["number"] not in told:
            told.add(row["number"])
            due = row["due"].astimezone(frames["calendar"].zone)
            yield _signal(row | {"due": due}, float(share[place]), float(left[place]), terms)


def _left(frame: pa.Table, calendar: Calendar, now: int) -> tuple[Micros, Micros]:
    """Return how much of each clock is left, and how much there was, in microseconds."""
    started, due = columns.micros(frame, "started"), columns.micros(frame, "due")
    working = columns.text(frame, "counted") == "working_days"
    time = columns.clock(calendar, started, due, np.array([now]))
    at = np.full(len(due), now)
    left = np.where(working, time.worked(due) - time.worked(at), due - now)
    amount = np.nan_to_num(frame.column("amount").to_numpy(zero_copy_only=False).astype(np.float64))
    unit = np.array([_BUDGET.get(one, 0) for one in columns.text(frame, "counted")], np.float64)
    given = np.where(working, time.worked(due) - time.worked(started), due - started)
    return left, np.where(amount * unit > 0, amount * unit, given).astype(np.int64)


def _tightest_first(frame: pa.Table, at: Micros) -> Iterator[tuple[dict[str, Any], int]]:
    yield from zip(frame.take(at).to_pylist(), at.tolist(), strict=True)


def _signal(row: Mapping[str, Any], share: float, left: float, terms: Terms) -> Signal:
    """Return what is told of a case by a clock; ``row`` has its due in local time."""
    urgent, important, over = share <= terms["urgent"], share <= terms["important"], left <= 0
    number = row["number"]
    return Signal(
        detector="case_overdue_soon",
        object=f"case:{number}",
        level=Level.URGENT if urgent else Level.IMPORTANT if important else Level.GENERAL,
        since=row["due"] if over else row["started"],
        observed=share,
        expected=float(terms["general"]),
        why="clock_over" if over else "clock_near",
        facts={
            "case": number,
            "limit": row["limit"],
            "due": f"{row['due']:%Y-%m-%d %H:%M}",
            "left_hours": round(left / HOUR, 1),
            "percent": round(100 * share),
        },
        cases=(number,),
        unit=row["unit"],
        category=columns.becomes(terms, row["category"], row["procedure"]),
    )


CASE_OVERDUE_SOON = Detector("case_overdue_soon", ("clocks", "calendar"), find)
