"""Orders that one unit gave another within the window before a moment, and what came of it by then."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from suyuan.analytics import shirking
from suyuan.analytics.shirking import Passed
from suyuan.store import bulk, rules
from suyuan.store.lake.reading import chunks, moment, timestamps

from .reading import MOMENT, NUMBER, OPEN_TO_ALL, TEXT, of_rows

COLUMNS = {
    "number": ("", TEXT),
    "giver": ("", TEXT),
    "taker": ("", TEXT),
    "at": ("", MOMENT),
    "ended": ("", TEXT),
    "idle_hours": ("", NUMBER),
}
"""``giver`` and ``taker`` are units; ``ended`` is accept, return, transfer, or empty while it lies there;
``idle_hours`` is working time until it was taken, or until the moment."""
FIGURE = "detect.window"


def load(as_of: datetime) -> pa.Table:
    """Return the hand-overs of cases that came in within the window, none of a step that was taken back."""
    calendar = rules.rulebook().calendar
    until = shirking.work(as_of, calendar)
    rows = []
    for one in shirking.hand_overs(_passed(as_of), calendar):
        idle = until - one.given_work if one.idle is None else one.idle
        rows.append((one.case, one.giver, one.taker, one.at, one.ended, idle / shirking.HOUR))
    return of_rows(COLUMNS, rows)


def _passed(as_of: datetime) -> Iterator[Passed]:
    """Yield the events by which cases change hands, each case's in order."""
    marks = ", ".join(["%s"] * len(shirking.VERBS))
    sql = (
        f"SELECT e.id, c.number, e.verb, {moment('e.at')}, CAST(e.objects AS TEXT), CAST(e.detail AS TEXT) "
        "FROM store_case c JOIN store_event e ON e.stream = 'case:' || c.number "
        f"WHERE {OPEN_TO_ALL} AND c.origin = 'live' AND NOT c.is_child AND c.accepted_at > %s "
        f"AND c.accepted_at <= %s AND e.at <= %s AND (e.verb IN ({marks}) OR e.verb = 'recall') "
        "ORDER BY c.number, e.seq"
    )
    stamp = bulk.stamp()
    since = as_of - timedelta(days=rules.figure(FIGURE, "days"))
    given = (stamp(since), stamp(as_of), stamp(as_of), *shirking.VERBS)
    rows = [row for part in chunks(sql, given) for row in part]
    moments = timestamps([row[3] for row in rows]).to_pylist()
    read = [(row[0], row[1], row[2], json.loads(row[4]), json.loads(row[5])) for row in rows]
    undone = {detail["undoes"] for *_, detail in read if "undoes" in detail}
    for (pk, number, verb, objects, detail), at in zip(read, moments, strict=True):
        if verb in shirking.VERBS and pk not in undone and "undoes" not in detail:
            to = next(key for kind, key in objects if kind == "unit")
            yield Passed(number, verb, at.replace(tzinfo=UTC), detail.get("was", {}).get("unit", ""), to)
