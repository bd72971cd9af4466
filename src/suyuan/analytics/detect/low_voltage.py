"""Voltage that stays too low: of accounts day after day, and of areas where several are low.

A day counts as low where its one reading is below the limit, or its readings stayed below it for so many
hours on end. Where an area is told, its accounts are not. Alarms that a log knows count by themselves.
"""

from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from suyuan.domain.rulebook.book import Rulebook

from . import columns
from .columns import DAY, HOUR, micro, moment
from .detector import Detector, Frames, Terms
from .signal import Level, Signal

NAME = "low_voltage"
CATEGORY = "quality.voltage.abnormal"
_NAMED = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("account", _NAMED),
        ("area", _NAMED),
        ("at", pa.timestamp("us", "UTC")),
        ("v_a", pa.float64()),
        ("v_b", pa.float64()),
        ("v_c", pa.float64()),
        ("unit", _NAMED),
    ]
)
ALARMS = pa.schema(
    [("place", _NAMED), ("place_kind", _NAMED), ("at", pa.timestamp("us", "UTC")), ("unit", _NAMED)]
)
_BETWEEN_LINES = 300.0
"""A voltage above it is measured between two lines and held against the limit of three phases."""
_EPOCH = date(1970, 1, 1).toordinal()


class _Low(NamedTuple):
    """By account of the window: its days, which of them were low, the worst value."""

    days: NDArray[np.int64]
    since: NDArray[np.int64]
    worst: NDArray[np.float64]
    limit: NDArray[np.float64]
    """What the worst was held against."""


class _Said(NamedTuple):
    """What every signal is told by."""

    terms: Terms
    zone: tzinfo


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    """Yield the areas and accounts whose voltage stays too low, each once."""
    told: dict[str, Signal] = {}
    every = (
        *_measured(frames["voltage"], frames["rulebook"], terms, as_of),
        *_alarmed(frames["voltage_alarms"], terms, as_of),
    )
    for one in every:
        known = told.get(one.object)
        if known is None or one.level.rank > known.level.rank:
            told[one.object] = one
    yield from told.values()


def _measured(table: pa.Table, book: Rulebook, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    shift = as_of.astimezone(book.calendar.zone).utcoffset()
    offset = round(shift.total_seconds() * 1e6) if shift else 0
    today = (micro(as_of) + offset - 1) // DAY  # 00:00 ends the day before
    at = columns.micros(table, "at")
    day = (at + offset) // DAY
    wanted = (day > today - terms["window_days"]) & (at <= micro(as_of))
    table, at, day = table.filter(pa.array(wanted)), at[wanted], day[wanted]
    limits = [
        book.figure(f"voltage.{name}", columns.looked_at(as_of, book.calendar.zone).date())
        for name in ("single", "three")
    ]
    if not table.num_rows or None in limits:
        return
    single, three = (float(one.terms["low"]) for one in limits if one is not None)
    phases = np.stack([table[name].to_numpy() for name in ("v_a", "v_b", "v_c")])
    lowest = np.nanmin(np.where(np.isnan(phases), np.inf, phases), axis=0)
    limit = np.where(np.nanmax(np.nan_to_num(phases), axis=0) > _BETWEEN_LINES, three, single)
    names = table["account"].combine_chunks()
    who = names.indices.to_numpy().astype(np.int64)
    order = np.lexsort((at, who))
    low = _low_days(who[order], at[order], day[order], (lowest < limit)[order], terms["hours"] * HOUR)
    found = _by_account(who[order], day[order], low, (lowest[order], limit[order]), len(names.dictionary))
    yield from _told(table, names, who, found, _Said(terms, book.calendar.zone))


def _low_days(
    who: NDArray[np.int64],
    at: NDArray[np.int64],
    day: NDArray[np.int64],
    low: NDArray[np.bool_],
    least: float,
) -> NDArray[np.bool_]:
    """Return of each reading whether its day counts as low by it; rows stand by account, then in time."""
    same = (who[1:] == who[:-1]) & (day[1:] == day[:-1])
    new_day = np.append(True, ~same)
    alone = new_day & np.append(~same, True)
    breaks = np.append(True, ~(same & low[1:] & low[:-1]))
    start = np.flatnonzero(breaks)
    run = np.cumsum(breaks) - 1
    long = (at - at[start[run]]) >= least
    found: NDArray[np.bool_] = low & (alone | long)
    return found


def _by_account(
    who: NDArray[np.int64],
    day: NDArray[np.int64],
    low: NDArray[np.bool_],
    held: tuple[NDArray[np.float64], NDArray[np.float64]],
    size: int,
) -> _Low:
    """Return the low days of each account; ``held`` is by reading its value and its limit."""
    key = np.unique(who[low] * (1 << 24) + day[low])
    account, days = key >> 24, key & ((1 << 24) - 1)
    since = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(since, account, days)
    value, limits = held
    lowest, limit = np.full(size, np.inf), np.zeros(size)
    worst = np.argsort(-(value - limits), kind="stable")  # the furthest below its own limit is written last
    lowest[who[worst]], limit[who[worst]] = value[worst], limits[worst]
    return _Low(np.bincount(account, minlength=size), since, lowest, limit)


def _told(
    table: pa.Table,
    names: pa.DictionaryArray,
    who: NDArray[np.int64],
    found: _Low,
    said: _Said,
) -> Iterator[Signal]:
    """Yield the areas, and the accounts that are in none of them."""
    terms = said.terms
    area_of = np.full(len(names.dictionary), -1, np.int64)
    areas = table["area"].combine_chunks()
    area_of[who] = areas.indices.fill_null(-1).to_numpy()
    units = table["unit"].to_pylist()
    row_of = np.zeros(len(names.dictionary), np.int64)
    row_of[who] = np.arange(len(who))
    bad = found.days >= terms["days"]
    measured = np.bincount(area_of[np.unique(who)] + 1, minlength=len(areas.dictionary) + 1)[1:]
    low = np.bincount(area_of[bad] + 1, minlength=len(areas.dictionary) + 1)[1:]
    whole = (low >= terms["area_accounts"]) & (low >= terms["area_share"] * measured)
    called = areas.dictionary.to_pylist()
    whole &= np.array([bool(one) for one in called], bool)
    for area in np.flatnonzero(whole).tolist():
        mine = np.flatnonzero(bad & (area_of == area))
        first, lowest = int(found.since[mine].min()), mine[np.argmin((found.worst - found.limit)[mine])]
        worst, limit = float(found.worst[lowest]), float(found.limit[lowest])
        facts = {"place": called[area], "accounts": int(low[area]), "of": int(measured[area]), "volts": worst}
        unit = units[int(row_of[mine[0]])] or ""
        yield _signal(f"area:{called[area]}", "low_voltage_area", first, (worst, limit), (facts, unit, said))
    for account in np.flatnonzero(bad & ~np.append(whole, False)[area_of]).tolist():
        worst = float(found.worst[account])
        facts = {"days": int(found.days[account]), "window": terms["window_days"], "volts": worst}
        told, held = (facts, units[int(row_of[account])] or "", said), (worst, float(found.limit[account]))
        name = f"account:{names.dictionary[account].as_py()}"
        yield _signal(name, "low_voltage_account", int(found.since[account]), held, told)


def _signal(
    name: str,
    why: str,
    since: int,
    held: tuple[float, float],
    told: tuple[dict[str, str | int | float], str, _Said],
) -> Signal:
    (worst, limit), (facts, unit, said) = held, told
    level = Level.IMPORTANT if why == "low_voltage_area" else Level.GENERAL
    if worst < said.terms["urgent_volts"]:
        level = Level.URGENT
    begin = date.fromordinal(since + _EPOCH)
    at = datetime(begin.year, begin.month, begin.day, tzinfo=said.zone)
    return Signal(NAME, name, level, at, worst, limit, why, facts, (), unit, CATEGORY)


def _alarmed(table: pa.Table, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    """Yield the places with so many alarms in the window of alarms."""
    at = columns.micros(table, "at")
    wanted = (at <= micro(as_of)) & (at > micro(as_of) - terms["alarm_days"] * DAY)
    table, at = table.filter(pa.array(wanted)), at[wanted]
    if not table.num_rows:
        return
    names = table["place"].combine_chunks()
    who = names.indices.to_numpy().astype(np.int64)
    size = len(names.dictionary)
    count = np.bincount(who, minlength=size)
    first, row = np.full(size, np.iinfo(np.int64).max), np.zeros(size, np.int64)
    np.minimum.at(first, who, at)
    row[who] = np.arange(len(who))
    for place in np.flatnonzero(count >= terms["alarms"]).tolist():
        kind, unit = (table[name][int(row[place])].as_py() or "" for name in ("place_kind", "unit"))
        facts: dict[str, str | int | float] = {"alarms": int(count[place]), "window": terms["alarm_days"]}
        if kind != "account":
            facts["place"] = names.dictionary[place].as_py()
        level = Level.IMPORTANT if kind != "account" or count[place] >= 2 * terms["alarms"] else Level.GENERAL
        name = f"{kind}:{names.dictionary[place].as_py()}"
        since, many = moment(int(first[place])), float(count[place])
        why = "voltage_alarms_account" if kind == "account" else "voltage_alarms"
        yield Signal(NAME, name, level, since, many, terms["alarms"], why, facts, (), unit, CATEGORY)


LOW_VOLTAGE = Detector(NAME, ("voltage", "voltage_alarms", "rulebook"), find)
