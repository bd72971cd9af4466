"""Customers who said they were not content and complained of nothing: the complaint may still come (B4).

A low score is a call-back or a card marked dissatisfied, or a crew rated poor, on an order that is no
complaint. It is silent as long as the account and the telephone made no complaint since the order came in. A
follow-up is owed by the day that lies ``follow_days`` working days after the score.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from suyuan.domain.worktime import Calendar

from . import columns
from .detector import Detector, Frames, Terms
from .signal import Level, Signal

COMPLAINTS = frozenset({"complaint", "report"})
LOW = (("satisfaction", "called_back_at"), ("card", "card_at"), ("crew_rating", "called_back_at"))
"""Where a score stands, and when it was given."""
Row = Mapping[str, Any]


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    """Yield a signal for each order with a low score of late and no complaint since."""
    frame: pa.Table = frames["cases"]
    rows = frame.select(
        ["number", "procedure", "category", "unit", "account", "phone", "accepted_at"]
        + [name for name, _ in LOW] + ["called_back_at", "card_at"]
    ).to_pylist()  # fmt: skip
    since = as_of - timedelta(days=terms["days"])
    complained = _complained(rows)
    low = [
        (row, at) for row in rows if row["procedure"] not in COMPLAINTS and (at := _low(row)) and at >= since
    ]
    silent = [
        (row, at) for row, at in low if not any(at >= row["accepted_at"] for at in _of(row, complained))
    ]
    often: dict[str, int] = defaultdict(int)
    for row, _ in silent:
        often[_who(row)] += 1
    for row, at in silent:
        yield _signal(row, at, often[_who(row)] if _who(row) else 1, (as_of, frames["calendar"], terms))


def _low(row: Row) -> datetime | None:
    """Return when a low score was given, None where none was."""
    given = [row[at] for name, at in LOW if row[name] in ("dissatisfied", "poor")]
    return min(given) if given else None


def _complained(rows: list[Row]) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = defaultdict(list)
    for row in rows:
        if row["procedure"] in COMPLAINTS:
            for who in {row["account"], row["phone"]} - {""}:
                found[who].append(row["accepted_at"])
    return found


def _of(row: Row, complained: Mapping[str, list[datetime]]) -> list[datetime]:
    return [at for who in {row["account"], row["phone"]} - {""} for at in complained.get(who, ())]


def _who(row: Row) -> str:
    return str(row["account"] or row["phone"])


def _signal(row: Row, at: datetime, times: int, looking: tuple[datetime, Calendar, Terms]) -> Signal:
    as_of, calendar, terms = looking
    follow = _after(calendar.local(at).date(), terms["follow_days"], calendar)
    over = calendar.local(as_of).date() > follow
    often = times >= terms["often"]
    return Signal(
        detector="silent_dissatisfaction",
        object=f"case:{row['number']}",
        level=Level.URGENT if often else Level.IMPORTANT if over else Level.GENERAL,
        since=at,
        observed=float(times),
        expected=0.0,
        why="not_content_often" if often else "not_content",
        facts={"case": row["number"], "times": times, "day": follow.isoformat()},
        cases=(row["number"],),
        unit=row["unit"],
        category=columns.becomes(terms, row["category"], row["procedure"]),
    )


def _after(day: date, working_days: int, calendar: Calendar) -> date:
    """Return the day so many working days after one."""
    while working_days:
        day += timedelta(days=1)
        working_days -= calendar.provisional_workday(day)
    return day


SILENT_DISSATISFACTION = Detector("silent_dissatisfaction", ("cases", "calendar"), find)
