"""Build the city and write its files; the one place that knows the order of things."""

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.random import Generator

from suyuan.domain.errors import BadInput
from suyuan.simulate import background, calls, grid
from suyuan.simulate.city import City, build_city
from suyuan.simulate.contact import Contact
from suyuan.simulate.demand import base_load, surges
from suyuan.simulate.files import write_csv, write_orders, write_registers
from suyuan.simulate.flow import run, unit_slowness
from suyuan.simulate.golden import tell_zero_reading
from suyuan.simulate.log import Log
from suyuan.simulate.ocel import write_ocel
from suyuan.simulate.outages import Outage, build_outages
from suyuan.simulate.plants import Plan, choose, planted
from suyuan.simulate.readings import Readings, build_readings, write_readings
from suyuan.simulate.repeats import build_repeats
from suyuan.simulate.stories import Teller, tell
from suyuan.simulate.window import Window
from suyuan.simulate.wording import write_words

CONTACTS_PER_CUSTOMER = 6.0
"""Contacts per customer and year: about one in real life, times six so that a small city fills its boards."""
LEAST_CUSTOMERS = 200
LEAST_DAYS = 21


def _check(customers: int, days: int, contacts: float) -> None:
    for name, value, least in (("customers", customers, LEAST_CUSTOMERS), ("days", days, LEAST_DAYS)):
        if value < least:
            raise BadInput("simulate_too_small", option=name, value=value, least=least)
    if not 0 < contacts <= 100:
        raise BadInput("simulate_contacts", option="contacts", value=contacts, least=0, most=100)


def _dice(seed: int, stage: int) -> Generator:
    """Give each stage its own stream, so that a change in one does not reshuffle the others."""
    return np.random.default_rng([seed, stage])


def _number(contacts: list[Contact], window: Window) -> None:
    """Sort the contacts by acceptance and number them day by day, as order systems do."""
    contacts.sort(key=lambda c: (c.at, c.customer, c.kind))
    day, serial = -1, 0
    for contact in contacts:
        today = contact.at // 86_400
        serial = serial + 1 if today == day else 1
        day = today
        contact.number = f"SY{window.date_of(contact.at):%Y%m%d}{serial:06d}"


def _live(seed: int, city: City, window: Window, plan: Plan, per_year: float) -> tuple[list[Contact], list[Outage], list[str]]:
    """Return all contacts with their outcomes, the outages, and the units that are slow in truth."""
    usual = build_outages(_dice(seed, 2), city, window)
    outages = sorted([*usual, *plan.trips], key=lambda o: (o.began, o.number))
    contacts = base_load(_dice(seed, 3), city, window, per_year)
    contacts += surges(_dice(seed, 4), city, window, outages, per_year)
    contacts += planted(_dice(seed, 5), city, window, plan)
    contacts = [c for c in contacts if 0 <= c.at < window.cut]
    slowness, slow = unit_slowness(_dice(seed, 6), city)
    contacts.sort(key=lambda c: (c.at, c.customer, c.kind))
    run(_dice(seed, 7), contacts, city, window, slowness)
    again = build_repeats(_dice(seed, 8), city, window, contacts)
    run(_dice(seed, 9), again, city, window, slowness)
    return contacts + again, outages, slow


def _tell(seed: int, city: City, window: Window, plan: Plan, contacts: list[Contact], outages: list[Outage],
          readings: Readings) -> tuple[Log, list[dict[str, object]]]:  # fmt: skip
    teller = Teller(_dice(seed, 11), Log(city), window, plan)
    causes = [
        tell_zero_reading(teller, c) if c.story == "zero_reading" else tell(teller, c)
        for c in contacts
        if c.kind == "complaint"
    ]
    background.write_ordinary(teller)
    background.write_outages(teller, outages)
    background.write_cases(teller, contacts)
    background.write_readings(teller, contacts, readings)
    return teller.log, causes


def _planted_truth(city: City, window: Window, plan: Plan, contacts: list[Contact], slow: list[str]) -> dict[str, object]:
    monday = window.last_full_week()
    low, high = window.at(monday), window.at(monday + timedelta(days=7))
    week = Counter(c.unit for c in contacts if c.kind == "complaint" and low <= c.at < high)
    year, number, _ = monday.isocalendar()
    stories: dict[str, list[str]] = {}
    for contact in contacts:
        if contact.story:
            stories.setdefault(contact.story, []).append(contact.number)
    return {
        "elevated_units": [
            {"unit": unit, "week": f"{year}-W{number:02d}", "because": kind, "complaints": week[unit], "added": plan.extra}
            for unit, kind in plan.elevated
        ],
        "slow_units": slow,
        "rude_clerk": {"unit": plan.hall, "staff": plan.clerk},
        "frequent_outage_line": {"code": f"XL{plan.feeder + 1:05d}", "name": city.feeder_names[plan.feeder],
                                 "trips": [window.date_of(t.began).isoformat() for t in plan.trips]},
        "low_voltage_areas": [{"code": f"TQ{a + 1:05d}", "name": city.area_names[a]} for a in plan.areas],
        "stories": stories,
        "repeat_callers": [{"order": c.number, "account": city.accounts[c.customer], "contacts": c.times}
                           for c in contacts if c.times >= 3 and c.parent is None],
    }  # fmt: skip


def build(
    seed: int, customers: int, days: int, end: date, out: Path, contacts: float = CONTACTS_PER_CUSTOMER
) -> dict[str, int]:
    """Write the city's files into ``out`` and return how much of each there is.

    Identical arguments give identical files. ``end`` is the last day; nothing later than its midnight is known.
    """
    _check(customers, days, contacts)
    out.mkdir(parents=True, exist_ok=True)
    window = Window(end - timedelta(days=days - 1), days)
    city = build_city(_dice(seed, 0), customers)
    plan = choose(_dice(seed, 1), city, window, contacts)
    orders, outages, slow = _live(seed, city, window, plan, contacts)
    _number(orders, window)
    write_words(_dice(seed, 10), orders, city, window)
    readings = build_readings(_dice(seed, 12), city, window, orders)
    counts = write_registers(out, city)
    nodes, edges = grid.build_grid(_dice(seed, 13), city)
    counts["grid_nodes"] = write_csv(out / "grid_nodes.csv", grid.NODE_COLUMNS, nodes)
    counts["grid_edges"] = write_csv(out / "grid_edges.csv", grid.EDGE_COLUMNS, edges)
    rows = calls.build_calls(_dice(seed, 14), city, window, orders)
    counts["calls"] = write_csv(out / "calls.csv", calls.COLUMNS, rows)
    counts["orders"] = write_orders(out / "orders.xlsx", orders, city, window)
    counts["readings"] = write_readings(_dice(seed, 15), out / "readings.parquet", city, window, readings, plan.areas)
    log, causes = _tell(seed, city, window, plan, orders, outages, readings)
    counts["events"], counts["objects"] = write_ocel(out / "log.sqlite", log, window)
    counts["causes"] = len(causes)
    truth = {"seed": seed, "customers": customers, "days": days, "start": window.start.isoformat(),
             "end": window.end.isoformat(), "contacts_per_customer": contacts, "causes": causes,
             "planted": _planted_truth(city, window, plan, orders, slow)}  # fmt: skip
    text = json.dumps(truth, ensure_ascii=False, indent=1)
    (out / "truth.json").write_text(text + "\n", encoding="utf-8")
    return counts
