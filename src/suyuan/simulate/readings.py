"""Meter readings: every account once a month, and the daily voltage of a sample.

Consumption is log-normal between accounts (median 160 kWh a month for a household) with a summer and a winter
peak; 1.5 % of accounts are empty homes that honestly read zero. Voltage is normal around 228 V; in an area
with the planted low-voltage cause around 201 V, so that many days lie under the 198 V a phase may fall to.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.random import Generator

from suyuan.simulate.city import City
from suyuan.simulate.contact import Contact
from suyuan.simulate.golden import reading_day, zeroed
from suyuan.simulate.window import DAY, HISTORY_DAYS, Window

USE = {"resident": 160.0, "commercial": 700.0, "industrial": 9_000.0, "farm": 240.0}
USE_MONTHS = (1.3, 1.2, 0.95, 0.85, 0.85, 1.0, 1.4, 1.5, 1.05, 0.85, 0.9, 1.15)
VACANT = 0.015
NOMINAL = 228.0
LOW = 201.0
SAMPLE = 40
"""One account in that many has its daily voltage in the file; every account of a low-voltage area has."""
MOST = 2_000


@dataclass(slots=True)
class Readings:
    """Monthly readings of all accounts: kWh by account and month, not a number where the day has not come."""

    months: list[date]
    kwh: np.ndarray


def build_readings(rng: Generator, city: City, window: Window, contacts: list[Contact]) -> Readings:
    """Return the monthly readings, with zeros where the paper's case made the reader write zero."""
    first = window.date_of(-HISTORY_DAYS * DAY).replace(day=1)
    months = [first]
    while (following := (months[-1] + timedelta(days=32)).replace(day=1)) <= window.end:
        months.append(following)
    customers = len(city.accounts)
    level = np.array([USE[k] for k in city.kinds]) * rng.lognormal(0.0, 0.5, customers)
    shape = np.array([USE_MONTHS[m.month - 1] for m in months])
    kwh = level[:, None] * shape * rng.lognormal(0.0, 0.12, (customers, len(months)))
    kwh[rng.random(customers) < VACANT] = 0.0
    for contact in contacts:
        if contact.story == "zero_reading":
            kwh[contact.customer] = level[contact.customer] * shape
            for at in zeroed(window, contact):
                kwh[contact.customer, months.index(window.date_of(at).replace(day=1))] = 0.0
    day = np.array([reading_day(c) for c in range(customers)])
    kwh[day > window.end.day, -1] = np.nan
    return Readings(months, kwh.round(1))


def _monthly(city: City, readings: Readings) -> pa.Table:
    customers = np.arange(len(city.accounts))
    day = np.array([reading_day(c) for c in customers.tolist()])
    base = np.array([np.datetime64(m.isoformat()) for m in readings.months])
    read_on = (base[None, :] + (day[:, None] - 1)).ravel()
    kwh = readings.kwh.ravel()
    who = np.repeat(customers, len(readings.months))
    keep = ~np.isnan(kwh)
    return _table(city, who[keep], read_on[keep], kwh[keep], None)


def _table(
    city: City, who: np.ndarray, read_on: np.ndarray, kwh: np.ndarray | None, volts: np.ndarray | None
) -> pa.Table:
    empty = pa.nulls(len(who), pa.float64())
    phases = [empty] * 3 if volts is None else [pa.array(volts[:, i]) for i in range(3)]
    columns = {
        "account": pa.array(city.accounts).take(pa.array(who)),
        "meter": pa.array(city.meters).take(pa.array(who)),
        "read_on": pa.array(read_on.astype("datetime64[D]")),
        "kwh": empty if kwh is None else pa.array(kwh),
        "v_a": phases[0], "v_b": phases[1], "v_c": phases[2],
    }  # fmt: skip
    return pa.table(columns)


def _voltages(rng: Generator, city: City, window: Window, areas: list[int]) -> pa.Table:
    low = np.isin(city.customer_area, areas)
    sample = np.zeros(len(city.accounts), dtype=bool)
    sample[:: max(SAMPLE, len(city.accounts) // MOST)] = True
    who = np.flatnonzero(low | sample)
    days = np.arange(window.days)
    base = np.datetime64(window.start.isoformat())
    middle = np.where(low[who], LOW, NOMINAL)
    volts = (middle[:, None, None] + rng.normal(0.0, 3.2, (len(who), window.days, 3))).round(1)
    phases = np.array([city.kinds[c] == "industrial" for c in who.tolist()])
    volts[~phases, :, 1:] = np.nan
    volts = volts.reshape(-1, 3)
    read_on = np.tile(base + days, len(who))
    table = _table(city, np.repeat(who, window.days), read_on, None, volts)
    for name in ("v_b", "v_c"):
        column = pa.array(table[name].to_numpy(), from_pandas=True)
        table = table.set_column(table.schema.get_field_index(name), name, column)
    return table


def write_readings(
    rng: Generator, path: Path, city: City, window: Window, readings: Readings, areas: list[int]
) -> int:
    """Write readings.parquet and return its number of rows."""
    table = pa.concat_tables([_monthly(city, readings), _voltages(rng, city, window, areas)])
    pq.write_table(table, path, compression="zstd")
    return int(table.num_rows)
