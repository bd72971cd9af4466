"""Promises about to break: open, and their day is a few working days off, is today, or is over.

One signal a case, by its promise with the earliest day: what the customer was told first is missed first.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from suyuan.domain.worktime import Calendar

from . import columns
from .detector import Detector, Frames, Terms
from .signal import Level, Signal


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    """Yield a signal for each case with an open promise whose day is near or over."""
    frame: pa.Table = frames["commitments"]
    calendar: Calendar = frames["calendar"]
    today = columns.looked_at(as_of, calendar.zone).date()
    told: set[str] = set()
    for row in sorted(frame.to_pylist(), key=lambda one: (one["promised_on"], one["number"], one["seq"])):
        left = _working_days(today, row["promised_on"], calendar, terms["days"] + 1)
        if left > terms["days"] or row["number"] in told:
            continue
        told.add(row["number"])
        yield _signal(row, left, terms)


def _working_days(today: date, day: date, calendar: Calendar, most: int) -> int:
    """Return the working days after today up to a day, ``most`` at most; below 0 where the day is over."""
    if day < today:
        return -(today - day).days
    found, at = 0, today
    while at < day and found < most:
        at += timedelta(days=1)
        found += calendar.provisional_workday(at)
    return found


def _signal(row: Mapping[str, Any], left: int, terms: Terms) -> Signal:
    number, day = row["number"], row["promised_on"]
    why = "promise_over" if left < 0 else "promise_near"
    return Signal(
        detector="commitment_breaking",
        object=f"case:{number}",
        level=Level.URGENT if left < 0 else Level.IMPORTANT if left == 0 else Level.GENERAL,
        since=row["made"],
        observed=float(left),
        expected=float(terms["days"]),
        why=why,
        facts={"case": number, "day": day.isoformat(), "days": abs(left)},
        cases=(number,),
        unit=row["unit"],
        category=columns.becomes(terms, row["category"], row["procedure"]),
    )


COMMITMENT_BREAKING = Detector("commitment_breaking", ("commitments", "calendar"), find)
