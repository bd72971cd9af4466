"""The detectors of orders and supply over a large log: how long each takes, all of them, and the memory.

The log is one simulated city with what shows before complaints, many times over (``bench.tracelarge``). It
lies in memory when the clock starts; cutting it at the moment of looking and making the frames is counted.
"""

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from suyuan.actions import eventlogs
from suyuan.analytics.detect import from_log, low_voltage, outages
from suyuan.analytics.detect.columns import moment
from suyuan.analytics.detect.index import DETECTORS
from suyuan.analytics.detect.known import until
from suyuan.analytics.detect.orders import Orders
from suyuan.analytics.trace import causality
from suyuan.analytics.trace.causality import Rules
from suyuan.analytics.trace.eventlog import EventLog, Promised
from suyuan.domain.rulebook import load
from suyuan.gateways import eventlog as files
from suyuan.gateways.eventlog import Columns
from suyuan.simulate import Size, imagine, write

from . import tracelarge

NAMES = (
    "promise_watch",
    "arrears_disconnection",
    "foreign_stuck",
    "zero_readings",
    "late_restoration",
    "frequent_outage",
    "low_voltage",
)
BEFORE_END = timedelta(hours=36)
"""The moment looked at lies so long before the last event: the log has to be cut."""


def city(customers: int, days: int) -> Columns:
    """Return the log of one simulated city with what shows before complaints."""
    with tempfile.TemporaryDirectory() as folder:
        size = Size(tracelarge.SEED, customers, days, tracelarge.END, precursors=True)
        write(imagine(size), Path(folder))
        return files.read(Path(folder) / "log.sqlite")


def many(one: Columns, times: int, rules: Rules) -> EventLog:
    """Return the log so many times over, with what its orders are promised by in every copy."""
    made = tracelarge.many(one, times, rules)
    said = eventlogs.traceable(one, rules).promised
    if said is None:
        return made
    actors = sorted(causality.codes(one.types, (*rules.roles.actors, *rules.roles.units)))
    rows = tracelarge.numbers(np.isin(one.type, actors), times)
    thing = np.concatenate([row[said.thing] for row in rows])
    order = np.argsort(thing, kind="stable")
    hours = np.repeat(np.arange(times), len(said.thing)) * tracelarge.HOUR
    code, at, since = (np.tile(np.asarray(each), times)[order] for each in (said.code, said.at, said.since))
    return replace(made, promised=Promised(said.names, thing[order], code, at + hours[order], since))


def timed(of: dict[str, float], name: str, made: Callable[[], Any]) -> Any:
    """Return what is made, and write down how long it took."""
    began = time.perf_counter()
    found = made()
    of[f"{name}_s"] = round(time.perf_counter() - began, 3)
    return found


def looked(log: EventLog, as_of: datetime) -> dict[str, float]:
    """Ask every detector of a log at a moment."""
    spent: dict[str, float] = {}
    book, began = load(), time.perf_counter()
    known = timed(spent, "cut", lambda: until(log, as_of))
    orders = Orders(known, eventlogs.watched())
    frames = {
        "rulebook": book,
        "orders": orders,
        "classes": lambda _: {},
        "voltage": low_voltage.SCHEMA.empty_table(),
        "outages": timed(spent, "outages", lambda: outages.of_log(known, orders.watched)),
        "readings": timed(spent, "readings", lambda: from_log.readings(known, orders.watched)),
        "voltage_alarms": timed(spent, "alarms", lambda: from_log.alarms(known, orders.watched)),
    }
    for name in NAMES:
        terms = book.figures[f"detect.{name}"][-1].terms
        found = timed(spent, name, lambda one=DETECTORS[name], terms=terms: [*one.find(frames, terms, as_of)])
        spent[f"{name}_signals"] = len(found)
    return {**spent, "all_s": round(time.perf_counter() - began, 2)}


def main() -> None:
    """Make the log, then ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--customers", type=int, default=tracelarge.CUSTOMERS)
    parser.add_argument("--days", type=int, default=tracelarge.DAYS)
    given = parser.parse_args()
    rules, one = eventlogs.rules(), city(given.customers, given.days)
    log = many(one, max(round(given.events / len(one.at)), 1), rules)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found = looked(log, moment(int(log.at[-1])).astimezone(UTC) - BEFORE_END)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    size = {"events": len(log.at), "objects": len(log.type), "relations": len(log.touched.item)}
    rest = {"mib_before": before, "mib_peak": peak, "load": round(os.getloadavg()[0], 2)}
    print(json.dumps({"bench": "detectlarge", **size, **found, **rest}), flush=True)


if __name__ == "__main__":
    main()
