"""Logs for tracing, written as rows: a day, what was done, on what; types stand before a colon."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from suyuan.analytics.trace import causality, eventlog, told
from suyuan.analytics.trace.eventlog import EventLog, Names, Relations
from suyuan.analytics.trace.tracer import Tracer

DAY = 86_400_000_000
Row = tuple[float, str, str]
ROLES = {"complaints": ["T"], "units": ["u"], "places": ["home", "line"], "events": ["cut"]}


def log(rows: Sequence[Row], links: Sequence[tuple[str, str]] = (), more: Sequence[str] = ()) -> EventLog:
    """Return a log of rows; links are between objects, ``more`` activities that nobody did."""
    rows = sorted(rows, key=lambda row: row[0])
    objects = list(dict.fromkeys(name for row in rows for name in row[2].split()))
    objects += [
        name for name in dict.fromkeys(name for link in links for name in link) if name not in objects
    ]
    types = sorted({name.partition(":")[0] for name in objects})
    activities = [*sorted({done for _, done, _ in rows}), *more]
    number = {name: at for at, name in enumerate(objects)}
    pairs = np.array(
        [(at, number[name]) for at, row in enumerate(rows) for name in row[2].split()], np.int32
    ).reshape(-1, 2)
    joined = np.array([[number[one] for one in link] for link in links], np.int32).reshape(-1, 2)
    return eventlog.log(
        (
            activities,
            types,
            Names(pa.array([f"e{n}" for n in range(len(rows))], pa.string())),
            Names(pa.array(objects, pa.string())),
        ),
        np.array([activities.index(done) for _, done, _ in rows], np.int32),
        np.array([round(day * DAY) for day, _, _ in rows], np.int64),
        np.array([types.index(name.partition(":")[0]) for name in objects], np.int32),
        Relations(pairs[:, 0], pairs[:, 1], joined[:, 0], joined[:, 1]),
    )


def tracer(rows: Sequence[Row], *causes: dict[str, Any], links: Sequence[tuple[str, str]] = (), **more: Any):
    """Return what traces a log of rows by rules."""
    rules = causality.rules({"roles": ROLES, "cause": list(causes), **more}, "own.toml")
    made = log(rows, links)
    asked = causality.with_due(made.activities, rules)
    return Tracer(log(rows, links, asked[len(made.activities) :]), rules)


def found(traces: Tracer, complaint: str = "T:1") -> set[tuple[str, str, str, str]]:
    """Return what deviates before a complaint: how, the object, the activity, the unit."""
    log = traces.log
    return {
        (
            one.mode.value,
            log.objects[one.thing],
            log.activities[one.activity],
            log.objects[one.unit] if one.unit >= 0 else "",
        )
        for one in traces.before(log.objects.find(complaint))
    }


def answer(traces: Tracer, complaint: str = "T:1", language: str = "en") -> dict[str, Any]:
    """Return a trace as it is told."""
    return told.told(traces.log, traces.trace(traces.log.objects.find(complaint)), language)
