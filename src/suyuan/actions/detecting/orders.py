"""The log that was taken over as the detectors read it: its orders, outages, readings and alarms.

It is read once for all detectors that are asked at a moment, and cut at that moment.
"""

import functools
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import numpy as np
import pyarrow as pa

from suyuan.actions import eventlogs
from suyuan.analytics.detect import from_log, low_voltage, outages, zero_readings
from suyuan.analytics.detect.known import until
from suyuan.analytics.detect.orders import Orders
from suyuan.analytics.trace import eventlog
from suyuan.analytics.trace.eventlog import EventLog, Names, Relations
from suyuan.analytics.trace.promised import EVER, promised
from suyuan.gateways import ocel_whole
from suyuan.store import event_log, own_log
from suyuan.store.frames import classes as store


def orders(as_of: datetime) -> Orders:
    """Return the orders of other systems as they stood."""
    return _orders(event_log.state(), as_of)


@functools.lru_cache(maxsize=1)
def _orders(state: tuple[int, int] | None, as_of: datetime) -> Orders:
    """Return the orders of one state of the log: frames of one moment share them."""
    return Orders(until(_read() if state else _empty(), as_of), eventlogs.watched())


def _read() -> EventLog:
    path = event_log.path()
    whole = ocel_whole.whole(path)
    made = eventlog.log(
        (whole.activities, whole.types, Names(whole.events), Names(whole.objects)),
        whole.activity,
        whole.at,
        whole.type,
        Relations(*whole.touches, *whole.links),
    )
    said = ocel_whole.promises(path)
    place = {name: at for at, name in enumerate(whole.objects.to_pylist())} if said else {}
    rows = [(place[thing], name, at, EVER) for thing, name, at in said if thing in place]
    return EventLog(**{**vars(made), "promised": promised(rows)}) if rows else made


def _empty() -> EventLog:
    none, texts = np.zeros(0, np.int64), Names(pa.array([], pa.string()))
    return eventlog.log(([], [], texts, texts), none, none, none, Relations(none, none, none, none))


def classes(as_of: datetime) -> Callable[[Collection[str]], Mapping[str, str]]:
    """Return what answers the class of customer of accounts by their keys."""
    ask, kinds = store.load(as_of), eventlogs.classes()

    def answer(accounts: Collection[str]) -> dict[str, str]:
        return {one: kinds[kind] for one, kind in ask(accounts).items() if kind in kinds}

    return answer


def supply(as_of: datetime) -> pa.Table:
    """Return the outages that the log tells of."""
    known = orders(as_of)
    if not len(known.log.at):
        return outages.SCHEMA.empty_table()
    return _called(outages.of_log(known.log, known.watched), ("place", "line"))


def readings(as_of: datetime) -> pa.Table:
    """Return the readings that the log tells of."""
    known = orders(as_of)
    return (
        from_log.readings(known.log, known.watched)
        if len(known.log.at)
        else zero_readings.SCHEMA.empty_table()
    )


def alarms(as_of: datetime) -> pa.Table:
    """Return the alarms of low voltage that the log tells of."""
    known = orders(as_of)
    if not len(known.log.at):
        return low_voltage.ALARMS.empty_table()
    return _called(from_log.alarms(known.log, known.watched), ("place",))


def _called(table: pa.Table, columns: tuple[str, ...]) -> pa.Table:
    """Return a table with lines and areas by the names the register has for their codes, as cases have."""
    names = {code: name for kind in ("line", "area") for name, code in own_log.codes_of(kind).items()}
    for name in columns if names else ():
        texts = table[name].cast(pa.string()).to_pylist()
        coded = pa.array([names.get(one, one) for one in texts], pa.string()).dictionary_encode()
        table = table.set_column(table.schema.get_field_index(name), name, coded)
    return table


def voltage(_as_of: datetime) -> pa.Table:
    """Return no voltages: they come in tables alone."""
    return low_voltage.SCHEMA.empty_table()
