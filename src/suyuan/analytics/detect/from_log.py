"""Readings and alarms of voltage as an event log tells them, as tables."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from suyuan.analytics.trace.eventlog import EventLog

from . import low_voltage, zero_readings
from .orders import MARK, flagged
from .outages import above, moments, named
from .watched import Watched


def readings(log: EventLog, watched: Watched) -> pa.Table:
    """Return the readings of accounts: that were set to zero, and real ones, of which it says no number."""
    zero, read = (
        flagged(log.activities, every)[log.activity] for every in (watched.named.zero, watched.named.read)
    )
    event, account = _touched(log, zero | read, flagged(log.types, watched.named.accounts)[log.type])
    unit = _unit(log, watched)[event]
    day = np.asarray(log.at[event], "datetime64[us]").astype("datetime64[D]")
    return pa.table(
        [
            _coded(log, account),
            pa.array(day),
            pa.nulls(len(event), pa.float64()),
            pa.array(zero[event]),
            _coded(log, unit),
        ],
        schema=zero_readings.SCHEMA,
    )


def alarms(log: EventLog, watched: Watched) -> pa.Table:
    """Return the alarms of low voltage, each at the smallest place that it names."""
    low = flagged(log.activities, watched.named.low_voltage)[log.activity]
    parts, told = [], np.zeros(len(log.at), bool)
    for kind, types in (("account", watched.named.accounts), ("area", watched.named.areas)):
        event, place = _touched(log, low & ~told, flagged(log.types, types)[log.type])
        told[event] = True
        columns = [_coded(log, place), named([kind] * len(event)), moments(log.at[event])]
        columns.append(named(above(log, place, flagged(log.types, watched.roles.all_units)[log.type])))
        parts.append(pa.table(columns, schema=low_voltage.ALARMS))
    return pa.concat_tables(parts).unify_dictionaries()


def _touched(
    log: EventLog, events: NDArray[np.bool_], things: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of some events and some objects."""
    event, thing = log.touched.left, log.touched.item
    wanted = events[event] & things[thing]
    return event[wanted].astype(np.int64), thing[wanted].astype(np.int64)


def _unit(log: EventLog, watched: Watched) -> NDArray[np.int64]:
    """Return of each event the unit it names, -1 for none."""
    is_unit = flagged(log.types, watched.roles.all_units)[log.type]
    event, thing = _touched(log, np.ones(len(log.at), bool), is_unit)
    found = np.full(len(log.at), -1, np.int64)
    found[event] = thing
    return found


def _coded(log: EventLog, things: NDArray[np.int64]) -> pa.DictionaryArray:
    """Return the names of objects, each once; of -1 an empty one."""
    which, code = np.unique(things, return_inverse=True)
    names = [log.objects[one].removeprefix(MARK) if one >= 0 else "" for one in which.tolist()]
    return pa.DictionaryArray.from_arrays(pa.array(code, pa.int32()), pa.array(names, pa.string()))
