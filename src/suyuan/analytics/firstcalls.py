"""Whom should each desk call today, before they call?

An open promise about to break or just broken, a dissatisfied callback that nobody took up again, a customer
who keeps calling about the same matter: one line a customer, the strongest reason first, a few a desk.
"""

import functools
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from typing import Any

from suyuan.analytics.measures import terms
from suyuan.analytics.scan import moment
from suyuan.analytics.source import Table, Tables, Value
from suyuan.domain.errors import RulebookError

COLUMNS = (
    "number",
    "unit",
    "unit_path",
    "business_type",
    "category",
    "event_key",
    "is_open",
    "accepted_at",
    "answered_at",
    "called_back_at",
    "satisfaction",
    "urge_count",
    "contact_count",
    "binding_limit",
    "binding_due",
    "binding_stopped",
    "binding_provisional",
)
"""What is read of a case: nothing personal is in the lake."""

Row = Mapping[str, Any]
FILE = "firstcalls.toml"


@dataclass(frozen=True, slots=True)
class Rules:
    """The figures of rulebook/firstcalls.toml; ``reasons`` in order of weight."""

    most: int
    near_hours: int
    overdue_days: int
    dissatisfied_days: int
    repeats: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One customer to call: the order to speak of, others of the same matter, why, what is at stake."""

    unit: str
    number: str
    others: tuple[str, ...]
    reasons: tuple[str, ...]
    accepted_at: datetime
    times: int
    urges: int
    limit: str
    due: datetime | None
    provisional: bool
    business_type: str
    category: str


def rules(record: Mapping[str, Any], where: str) -> Rules:
    """Return the figures of a TOML file; raise RulebookError naming the key that is wrong."""
    numbers = [name for name in Rules.__slots__ if name != "reasons"]
    for name in numbers:
        value = record.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise RulebookError(file=where, key=name, problem="wrong_value")
    codes = tuple(reason.get("code") for reason in record.get("reason", ()))
    if sorted(map(str, codes)) != ["dissatisfied", "due_soon", "overdue", "repeat"]:
        raise RulebookError(file=where, key="reason", problem="wrong_value")
    return Rules(**{name: record[name] for name in numbers}, reasons=codes)


@functools.cache
def shipped() -> Mapping[str, Any]:
    """Return what rulebook/firstcalls.toml says."""
    return tomllib.loads(resources.files("suyuan.rulebook").joinpath(FILE).read_text("utf-8"))


def said_of(code: str) -> Mapping[str, Any]:
    """Return what the file says of one reason: its title, how urgent it is, the sentence to say."""
    return next(each for each in shipped()["reason"] if each["code"] == code)


def candidates(tables: Tables, paths: Iterable[str], now: datetime, figures: Rules) -> Table:
    """Return the cases of these units that may give a reason, and what else was said of the same matters.

    A desk may have a backlog of open cases that give none: most of them stay in the lake.
    """
    rows = _looked_at(tables, paths, now, figures)
    rows = rows.mutate(matter=(rows.event_key != "").ifelse(rows.event_key, rows.number))
    since, until = now - timedelta(days=figures.overdue_days), now + timedelta(hours=figures.near_hours)
    near = _promised(rows) & rows.binding_due.between(moment(since), moment(until))
    why = near | _told(rows, now, figures)
    matters = rows.group_by("unit", "matter").aggregate(
        reasons=why.ifelse(1, 0).sum(), times=terms.amount_of("contact_count", 1)(rows).sum()
    )
    matters = matters.filter((matters.reasons > 0) | (matters.times >= figures.repeats))
    return rows.filter(rows.matter.isin(matters.matter)).select(*COLUMNS)


def _looked_at(tables: Tables, paths: Iterable[str], now: datetime, figures: Rules) -> Table:
    """Return what is open or was called back lately, restricted cases and child orders left out."""
    rows = tables.cases.filter(tables.cases.is_open | _told(tables.cases, now, figures))
    rows = rows.filter(~rows.restricted & ~rows.is_child)
    wanted = None
    for path in paths:
        under = rows.unit_path.startswith(path)
        wanted = under if wanted is None else wanted | under
    return rows.limit(0) if wanted is None else rows.filter(wanted)


def _told(rows: Table, now: datetime, figures: Rules) -> Value:
    since = moment(now - timedelta(days=figures.dissatisfied_days))
    return (rows.satisfaction == "dissatisfied") & (rows.called_back_at >= since)


def _promised(rows: Table) -> Value:
    return rows.is_open & rows.binding_due.notnull() & rows.binding_stopped.isnull()


def first_calls(rows: Iterable[Row], now: datetime, figures: Rules) -> dict[str, list[Call]]:
    """Return at most ``most`` customers a unit, those with most and weightiest reasons first."""
    matters: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        matters.setdefault((row["unit"], row["event_key"] or row["number"]), []).append(row)
    calls: dict[str, list[Call]] = {}
    for (unit, _), group in matters.items():
        call = _call(unit, group, now, figures)
        if call is not None:
            calls.setdefault(unit, []).append(call)
    for found in calls.values():
        found.sort(key=lambda call: _weight(call, figures))
        del found[figures.most :]
    return dict(sorted(calls.items()))


def old_promises(tables: Tables, paths: Iterable[str], now: datetime, figures: Rules) -> int:
    """Return how many open promises broke so long ago that they are a backlog to clear, not a first call."""
    rows = _looked_at(tables, paths, now, figures)
    limit = moment(now - timedelta(days=figures.overdue_days))
    old = rows.filter(_promised(rows) & (rows.binding_due < limit))
    return int(tables.fetch(old.aggregate(n=old.count())).column("n")[0].as_py())


def _runs(row: Row) -> bool:
    return bool(row["is_open"] and row["binding_due"] is not None and row["binding_stopped"] is None)


def _reasons(row: Row, times: int, now: datetime, figures: Rules) -> set[str]:
    found = set()
    if _runs(row):
        left = row["binding_due"] - now
        if timedelta() <= left <= timedelta(hours=figures.near_hours):
            found.add("due_soon")
        elif -timedelta(days=figures.overdue_days) <= left < timedelta():
            found.add("overdue")
    told = row["called_back_at"]
    if row["satisfaction"] == "dissatisfied" and told is not None:
        again = row["answered_at"] is not None and row["answered_at"] > told
        if not again and told >= now - timedelta(days=figures.dissatisfied_days):
            found.add("dissatisfied")
    if row["is_open"] and times >= figures.repeats:
        found.add("repeat")
    return found


def _call(unit: str, group: Sequence[Row], now: datetime, figures: Rules) -> Call | None:
    """Return the call to make about one matter, or None if nothing calls for one."""
    times = sum(max(row["contact_count"] or 1, 1) for row in group)
    why = {row["number"]: _reasons(row, times, now, figures) for row in group}
    every = set().union(*why.values())
    if not every:
        return None
    ranked = sorted(
        group,
        key=lambda row: (min(map(figures.reasons.index, why[row["number"]]), default=9), _moment(row, now)),
    )
    lead = ranked[0]
    return Call(
        unit=unit,
        number=lead["number"],
        others=tuple(row["number"] for row in ranked[1:]),
        reasons=tuple(reason for reason in figures.reasons if reason in every),
        accepted_at=lead["accepted_at"],
        times=times,
        urges=sum(row["urge_count"] or 0 for row in group),
        limit=lead["binding_limit"] if _runs(lead) else "",
        due=lead["binding_due"] if _runs(lead) else None,
        provisional=bool(lead["binding_provisional"]),
        business_type=lead["business_type"],
        category=lead["category"],
    )


def _moment(row: Row, now: datetime) -> tuple[datetime, str]:
    return (row["binding_due"] or now, row["number"])


def _weight(call: Call, figures: Rules) -> tuple[int, int, datetime, str]:
    lead = figures.reasons.index(call.reasons[0])
    return (-len(call.reasons), lead, call.due or call.accepted_at, call.number)
