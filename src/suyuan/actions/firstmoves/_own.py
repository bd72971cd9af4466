"""What speaks for a call in the cases of this house: promises, dissatisfaction, calls about one matter."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from suyuan.analytics import firstcalls
from suyuan.analytics.firstcalls import Call
from suyuan.analytics.firstmoves.ranking import Reason
from suyuan.gateways.engine import open_duckdb
from suyuan.store import lake

EVERYWHERE = ("/",)
NO_END = 10**9
BROKEN = frozenset({"due_soon", "overdue"})
"""The reasons in which a promise is at stake."""


def reasons(now: datetime) -> list[Reason]:
    """Return what the cases of the whole house say, each reason with its case."""
    lake.refresh()
    with open_duckdb(lake.folder()) as engine:
        tables = engine.tables()
        found = firstcalls.candidates(tables, EVERYWHERE, now, figures())
        return of_rows(tables.fetch(found).to_pylist(), now)


def of_rows(rows: Iterable[firstcalls.Row], now: datetime) -> list[Reason]:
    """Return what some cases say, as they were at a moment."""
    found = firstcalls.first_calls(rows, now, figures())
    return [reason for calls in found.values() for call in calls for reason in _of(call)]


def figures() -> firstcalls.Rules:
    """Return the figures of first calls, with no end to how many a desk."""
    return replace(firstcalls.rules(firstcalls.shipped(), firstcalls.FILE), most=NO_END)


def _of(call: Call) -> Iterator[Reason]:
    facts: dict[str, str | int | float] = {"accepted": call.accepted_at.isoformat(), "times": call.times}
    if call.due is not None:
        facts["due"] = call.due.isoformat()
    if call.urges:
        facts["urges"] = call.urges
    for code in call.reasons:
        promised = code in BROKEN
        yield Reason(
            code=code,
            source="order",
            level=firstcalls.said_of(code)["level"],
            due=call.due if promised else None,
            promise=call.limit if promised else "",
            case=call.number,
            category=call.category,
            facts=facts,
        )
