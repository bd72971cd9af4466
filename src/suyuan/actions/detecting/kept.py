"""Frames of the tables of supply that the home keeps, in place of what its log and its cases tell."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from suyuan.analytics.detect import low_voltage
from suyuan.gateways import kept_supply
from suyuan.store import rules, supply
from suyuan.store.queries import supply as queries

from . import files, orders

Loader = Callable[[datetime], Any]
ASKED = {
    "voltage": ("detect.low_voltage", "window_days"),
    "calls": ("detect.call_surge", "history_days"),
}
"""How many days back is asked of a kind: a figure and its term; of the others all that is kept."""


def or_else(kind: str, other: Loader) -> Loader:
    """Return what loads a kind as it had been taken in by a moment, else what something else tells of it."""

    def load(as_of: datetime) -> Any:
        table = kept_supply.known(supply.folder(), kind, as_of, _since(kind, as_of))
        return other(as_of) if table is None else files.made_of(kind, table, as_of)

    return load


def outages_until(as_of: datetime) -> datetime:
    """Return until when it is known whether outages go on: when a table of them, else a log, came last."""
    if kept_supply.any_known(supply.folder(), "outages", as_of):
        last = queries.last_taken(["outages"], as_of).get("outages")
        return last.at if last else as_of
    return queries.log_taken(as_of) or as_of


def alarms(as_of: datetime) -> pa.Table:
    """Return the alarms of voltage that the log tells of; none beside voltages that were taken in."""
    if kept_supply.any_known(supply.folder(), "voltage", as_of, _since("voltage", as_of)):
        return low_voltage.ALARMS.empty_table()
    return orders.alarms(as_of)


def _since(kind: str, as_of: datetime) -> date | None:
    """Return a day before which no detector asks for a kind; None where all is asked for."""
    if kind not in ASKED:
        return None
    name, term = ASKED[kind]
    told = rules.rulebook().figure(name, rules.local_day(as_of))
    return None if told is None else rules.local_day(as_of) - timedelta(days=told.terms[term] + 1)
