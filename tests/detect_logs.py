"""Event logs written by hand for the detectors of orders and supply: a row an event, and what it is about."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from suyuan.actions import eventlogs
from suyuan.analytics.detect import from_log, low_voltage, outages
from suyuan.analytics.detect.known import until
from suyuan.analytics.detect.orders import Orders
from suyuan.analytics.detect.signal import Signal
from suyuan.analytics.trace import eventlog
from suyuan.analytics.trace.eventlog import EventLog, Names, Relations
from suyuan.analytics.trace.promised import EVER, promised
from tests.detecting import BOOK, found

Row = tuple[str, str, tuple[str, ...]]
"""Activity, local moment, ``type:name`` of each object."""


def at(text: str) -> datetime:
    """Return a local moment."""
    return datetime.fromisoformat(text).replace(tzinfo=BOOK.calendar.zone)


def micros(text: str) -> int:
    """Return a local moment as microseconds of UTC."""
    return round(at(text).timestamp()) * 1_000_000


def log_of(
    rows: Iterable[Row], links: Iterable[tuple[str, str]] = (), promises: Iterable[tuple[str, str, str]] = ()
) -> EventLog:
    """Return a log of events; ``links`` join objects, ``promises`` say of an object by when, by attribute."""
    every = sorted(rows, key=lambda row: micros(row[1]))
    objects = list(
        dict.fromkeys([*(one for row in every for one in row[2]), *(o for pair in links for o in pair)])
    )
    kinds = list(dict.fromkeys(one.partition(":")[0] for one in objects))
    activities = list(dict.fromkeys(row[0] for row in every))
    place = {one: n for n, one in enumerate(objects)}
    pairs = np.array([(n, place[one]) for n, row in enumerate(every) for one in row[2]], np.int64).reshape(
        -1, 2
    )
    joined = np.array([(place[a], place[b]) for a, b in links], np.int64).reshape(-1, 2)
    names = pa.array([one.partition(":")[2] for one in objects])
    made = eventlog.log(
        (activities, kinds, Names(pa.array([f"e{n}" for n in range(len(every))])), Names(names)),
        np.array([activities.index(row[0]) for row in every], np.int64),
        np.array([micros(row[1]) for row in every], np.int64),
        np.array([kinds.index(one.partition(":")[0]) for one in objects], np.int64),
        Relations(*pairs.T, *joined.T),
    )
    said = [(place[one], name, micros(when), EVER) for one, name, when in promises]
    return replace(made, promised=promised(said)) if said else made


def seen(
    name: str, log: EventLog, as_of: str, classes: dict[str, str] | None = None, **given: Any
) -> list[Signal]:
    """Return what a detector finds in a log as it stood at a local moment; ``given`` replaces frames."""
    known = until(log, at(as_of))
    orders = Orders(known, eventlogs.watched())
    frames = {
        "rulebook": BOOK,
        "orders": orders,
        "classes": lambda accounts: {one: kind for one, kind in (classes or {}).items() if one in accounts},
        "outages": outages.of_log(known, orders.watched),
        "readings": from_log.readings(known, orders.watched),
        "voltage": low_voltage.SCHEMA.empty_table(),
        "voltage_alarms": from_log.alarms(known, orders.watched),
    }
    return found(name, at(as_of), **{**frames, **given})
