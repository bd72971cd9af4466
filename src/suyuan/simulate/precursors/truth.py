"""The rows of what is to be found, when, what it becomes; of outages, voltages and use in plain tables."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
from numpy.random import Generator

from suyuan.simulate.city import City
from suyuan.simulate.files import write_csv
from suyuan.simulate.golden import reading_day
from suyuan.simulate.outages import LABELS, Outage
from suyuan.simulate.precursors.planted import Ground, Precursor
from suyuan.simulate.readings import MOST, NOMINAL, SAMPLE, Readings
from suyuan.simulate.window import DAY, HOUR, Window

COLUMNS = ("detector", "object", "unit", "account", "line", "area", "category", "began", "due", "ended",
           "complaint", "complaint_at", "real")  # fmt: skip
OUTAGE_COLUMNS = ("停电编号", "线路", "台区", "停电类型", "停电原因", "开始", "计划结束", "结束")
VOLTAGE_COLUMNS = ("台区", "户号", "时间", "电压")
USE_COLUMNS = ("户号", "月份", "电量")
EVENING = 19 * HOUR + HOUR // 2
LOW, SPREAD = 192.0, 3.2
"""Volts of an evening in an area of low voltage: most evenings lie under the 198 V a phase may fall to."""
CAUSES = {"fault": ("树障", "雷击", "设备老化", "外力破坏", "用户设备故障"), "planned": ("检修", "改造施工"),
          "temporary": ("消缺",), "shedding": ("负荷控制",), "other": ("不明",)}  # fmt: skip


def moment(window: Window, at: int | None) -> str:
    """Return a moment as ISO text, empty for none."""
    return "" if at is None else str(window.iso(np.array([at]))[0])


def rows(ground: Ground) -> Iterator[tuple[object, ...]]:
    """Yield the rows of precursors.csv: one for each complaint it becomes, one where it becomes none."""
    for one in sorted(ground.out.found, key=lambda each: (each.began, each.detector, each.customer)):
        if one.object and one.began < ground.window.cut:
            for complaint in one.complaints or [None]:
                at = complaint.at if complaint else None
                number = complaint.number if complaint else ""
                yield (*_said(ground, one), number, moment(ground.window, at), "是" if one.real else "否")


def _said(ground: Ground, one: Precursor) -> tuple[object, ...]:
    city, window = ground.city, ground.window
    area = one.area if one.area >= 0 or one.customer < 0 else int(city.customer_area[one.customer])
    feeder = one.feeder if one.feeder >= 0 or area < 0 else int(city.area_feeder[area])
    named = one.object if isinstance(one.object, str) else f"case:{one.object.number}"
    account = city.accounts[one.customer] if one.customer >= 0 else ""
    line, place = city.feeder_names[feeder] if feeder >= 0 else "", city.area_names[area] if area >= 0 else ""
    times = (moment(window, at) for at in (one.began, one.due, one.ended))
    return (one.detector, named, one.unit, account, line, place, one.category, *times)


def write_truth(path: Path, ground: Ground) -> int:
    """Write precursors.csv and return how many rows it has."""
    return write_csv(path, COLUMNS, rows(ground))


def outage_rows(
    rng: Generator, ground: Ground, outages: Iterable[Outage], until: int
) -> Iterator[tuple[object, ...]]:
    """Yield the rows of outages.csv as known at a moment: an end that has not come is empty."""
    city, window = ground.city, ground.window
    favourite = rng.integers(0, 5, size=len(city.feeder_names)).tolist()
    for one in sorted(outages, key=lambda each: (each.began, each.number)):
        causes = CAUSES[one.kind]
        usual = causes[favourite[one.feeder] % len(causes)]
        cause = usual if rng.random() < 0.6 else causes[int(rng.integers(len(causes)))]
        area = city.area_names[one.area] if one.area >= 0 else ""
        ended = one.ended if one.ended < until else None
        if one.began < until:
            yield (one.number, city.feeder_names[one.feeder], area, LABELS[one.kind], cause,
               moment(window, one.began), moment(window, ground.out.planned_ends.get(one.number)),
               moment(window, ended))  # fmt: skip


def voltage_table(
    rng: Generator, city: City, window: Window, weak: list[tuple[int, int, int]]
) -> tuple[np.ndarray, np.ndarray]:
    """Return whose evenings are measured (index of customer) and the volts, customers by days."""
    sample = np.zeros(len(city.accounts), dtype=bool)
    sample[:: max(SAMPLE, len(city.accounts) // MOST)] = True
    low = np.isin(city.customer_area, [area for area, _, _ in weak])
    who = np.flatnonzero(sample | low)
    middle = np.full((len(who), window.days), NOMINAL)
    for area, began, ended in weak:
        days = np.arange(window.days)
        during = (days >= began // DAY) & (days * DAY < ended)
        middle[np.ix_(city.customer_area[who] == area, during)] = LOW
    return who, (middle + rng.normal(0.0, SPREAD, middle.shape)).round(1)


def voltage_rows(
    city: City, window: Window, who: np.ndarray, volts: np.ndarray, days: range
) -> Iterator[tuple[object, ...]]:
    """Yield the rows of voltage.csv of some days: one evening of each account that is measured."""
    for day in days:
        at = moment(window, day * DAY + EVENING)
        for place, customer in enumerate(who.tolist()):
            yield city.area_of(customer), city.accounts[customer], at, volts[place, day]


def use_rows(city: City, readings: Readings, last: date) -> Iterator[tuple[object, ...]]:
    """Yield the rows of use.csv: what each account used in each month that was read by a day."""
    months = [(month, f"{month:%Y-%m}") for month in readings.months]
    for customer, (account, used) in enumerate(zip(city.accounts, readings.kwh.tolist(), strict=True)):
        day = reading_day(customer)
        for (month, name), kwh in zip(months, used, strict=True):
            if kwh == kwh and month.replace(day=day) <= last:
                yield account, name, kwh
