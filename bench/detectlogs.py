"""How right are the detectors over orders of other systems and supply, in the log of a simulated city?

The log is read as a file is, so objects bear the city's own names; each day is looked at as it stood when it
ended. Found is what a signal of the detector is about, or an order among its orders.
"""

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from suyuan.actions import eventlogs
from suyuan.analytics.detect import from_log, low_voltage, outages
from suyuan.analytics.detect.index import DETECTORS
from suyuan.analytics.detect.known import until
from suyuan.analytics.detect.orders import Orders
from suyuan.analytics.detect.signal import Signal
from suyuan.analytics.trace.eventlog import EventLog
from suyuan.domain import rulebook
from suyuan.gateways import eventlog as files

NAMES = (
    "account_conflict",
    "promise_watch",
    "foreign_stuck",
    "arrears_disconnection",
    "zero_readings",
    "late_restoration",
    "frequent_outage",
    "low_voltage",
)
SHORT = {"late_restoration"}
"""Over within hours: looked at every three of them."""
STEP = timedelta(hours=3)
DAY = timedelta(days=1)


def planted(city: Path) -> dict[str, dict[str, dict[str, str]]]:
    """Return by detector and object what was planted, lines and areas by their codes, as the log has them."""
    found: dict[str, dict[str, dict[str, str]]] = {name: {} for name in NAMES}
    with (city / "grid_nodes.csv").open(encoding="utf-8-sig", newline="") as stream:
        codes = {row["name"]: row["code"] for row in csv.DictReader(stream)}
    with (city / "precursors.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["detector"] in found and row["real"] == "是":
                kind, _, name = row["object"].partition(":")
                found[row["detector"]][f"{kind}:{codes.get(name, name)}"] = row
    return found


def areas(city: Path) -> Mapping[str, str]:
    """Return by account its area, as the log names it: an alarm of a meter is one of its area."""
    with (city / "customers.csv").open(encoding="utf-8-sig", newline="") as stream:
        return {f"account:{row['account']}": f"area:{row['area_code']}" for row in csv.DictReader(stream)}


def classes(city: Path) -> Mapping[str, str]:
    """Return the class of customer that limits know, by account."""
    kinds = eventlogs.classes()
    with (city / "customers.csv").open(encoding="utf-8-sig", newline="") as stream:
        return {row["account"]: kinds[row["kind"]] for row in csv.DictReader(stream) if row["kind"] in kinds}


def frames(log: EventLog, at: datetime, of: Mapping[str, str]) -> dict[str, Any]:
    """Return the frames of a log as it stood at a moment; nothing of the home is known."""
    from suyuan.store.frames import account_orders, units
    from suyuan.store.frames.reading import of_rows

    orders = Orders(until(log, at), eventlogs.watched())
    return {
        "rulebook": rulebook.load(),
        "calendar": rulebook.load().calendar,
        "orders": orders,
        "account_orders": of_rows(account_orders.COLUMNS, []),
        "units": of_rows(units.COLUMNS, []),
        "classes": lambda accounts: {one: of[one] for one in accounts if one in of},
        "outages": outages.of_log(orders.log, orders.watched),
        "readings": from_log.readings(orders.log, orders.watched),
        "voltage": low_voltage.SCHEMA.empty_table(),
        "voltage_alarms": from_log.alarms(orders.log, orders.watched),
    }


def looked(city: Path, first: date, last: date) -> dict[str, list[tuple[datetime, Signal]]]:
    """Return what each detector told at each look, the first ones first."""
    log = eventlogs.traceable(files.read(city / "log.sqlite"), eventlogs.rules())
    book, of = rulebook.load(), classes(city)
    told: dict[str, list[tuple[datetime, Signal]]] = {name: [] for name in NAMES}
    at = datetime.combine(first, datetime.min.time(), book.calendar.zone) + STEP
    while at.date() <= last + DAY and (at.date() <= last or not at.hour):
        whole = not at.hour
        known = frames(log, at, of)
        for name in NAMES if whole else SHORT:
            terms = book.figures[f"detect.{name}"][-1].terms
            told[name] += [(at, one) for one in DETECTORS[name].find(known, terms, at)]
        at += STEP
    return told


def figures(
    rows: Mapping[str, Mapping[str, str]],
    told: Sequence[tuple[datetime, Signal]],
    span: tuple[date, date],
    within: Mapping[str, str],
) -> dict[str, object]:
    """Return how many that began in the span were found, with what delay, and what was told beside them."""
    from bench.detectors import MONTH, summed

    seen: dict[str, datetime] = {}
    beside: set[str] = set()
    accounts = {f"account:{row['account']}": name for name, row in rows.items() if row["account"]}
    for at, one in told:
        about = {one.object, *(f"order:{each}" for each in one.cases), within.get(one.object, "")}
        found = [name for name in (*about, accounts.get(one.object, "")) if name in rows]
        for name in found:
            seen.setdefault(name, at)
        if not found:
            beside.add(one.object)
    first, last = span
    began = {name: datetime.fromisoformat(row["began"]) for name, row in rows.items()}
    planted = {name: at for name, at in began.items() if first <= at.date() < last}
    days = (last - first).days + 1
    return summed(planted, seen) | {"beside_a_month": round(len(beside) / days * MONTH, 1)}


def measured(city: Path, first: date, last: date) -> dict[str, dict[str, object]]:
    """Return the figures of each detector over a city's log, each of its days looked at."""
    told, rows, within = looked(city, first, last), planted(city), areas(city)
    return {name: figures(rows[name], told[name], (first, last), within) for name in NAMES}
