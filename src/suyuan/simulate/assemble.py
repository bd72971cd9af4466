"""Build the city and write its files; the one place that knows the order of things."""

import gc
import json
from collections import Counter
from dataclasses import dataclass
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


def _order(contact: Contact) -> tuple[int, int, str]:
    return (contact.at, contact.customer, contact.kind)


def _number(contacts: list[Contact], window: Window) -> None:
    """Sort the contacts by acceptance and number them day by day, as order systems do."""
    contacts.sort(key=_order)
    day, serial = -1, 0
    for contact in contacts:
        today = contact.at // 86_400
        serial = serial + 1 if today == day else 1
        day = today
        contact.number = f"SY{window.date_of(contact.at):%Y%m%d}{serial:06d}"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a run is made of before anybody calls."""

    seed: int
    city: City
    window: Window
    plan: Plan
    per_year: float

    def dice(self, stage: int) -> Generator:
        """Give each stage its own stream, so that a change in one does not reshuffle the others."""
        return np.random.default_rng([self.seed, stage])


def _setting(seed: int, customers: int, window: Window, per_year: float) -> Setting:
    city = build_city(np.random.default_rng([seed, 0]), customers)
    plan = choose(np.random.default_rng([seed, 1]), city, window, per_year)
    return Setting(seed, city, window, plan, per_year)


def _live(given: Setting) -> tuple[list[Contact], list[Outage], list[str]]:
    """Return all contacts with their outcomes, the outages, and the units that are slow in truth."""
    city, window = given.city, given.window
    outages = [*build_outages(given.dice(2), city, window), *given.plan.trips]
    outages.sort(key=lambda o: (o.began, o.number))
    contacts = base_load(given.dice(3), city, window, given.per_year)
    contacts += surges(given.dice(4), city, window, outages, given.per_year)
    contacts += planted(given.dice(5), city, window, given.plan)
    contacts = [c for c in contacts if 0 <= c.at < window.cut]
    contacts.sort(key=_order)
    slowness, slow = unit_slowness(given.dice(6), city)
    run(given.dice(7), contacts, city, window, slowness)
    again = build_repeats(given.dice(8), city, window, contacts)
    run(given.dice(9), again, city, window, slowness)
    contacts += again
    _number(contacts, window)
    write_words(given.dice(10), contacts, city, window)
    return contacts, outages, slow


def _tell(
    given: Setting, contacts: list[Contact], outages: list[Outage], readings: Readings
) -> tuple[Log, list[dict[str, object]]]:
    """Return the event log and the true cause of each complaint."""
    teller = Teller(given.dice(11), Log(given.city), given.window, given.plan)
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


def _planted_truth(given: Setting, contacts: list[Contact], slow: list[str]) -> dict[str, object]:
    """Return where each planted cause sits, for whoever marks a detector against it."""
    city, window, plan = given.city, given.window, given.plan
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
            {"unit": unit, "week": f"{year}-W{number:02d}", "because": kind,
             "complaints": week[unit], "added": plan.extra}
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


def _write_tables(given: Setting, out: Path, contacts: list[Contact], readings: Readings) -> dict[str, int]:
    """Write every file but the log and the truth, and return how many rows each has."""
    city, window = given.city, given.window
    counts = write_registers(out, city)
    nodes, edges = grid.build_grid(given.dice(13), city)
    counts["grid_nodes"] = write_csv(out / "grid_nodes.csv", grid.NODE_COLUMNS, nodes)
    counts["grid_edges"] = write_csv(out / "grid_edges.csv", grid.EDGE_COLUMNS, edges)
    rows = calls.build_calls(given.dice(14), city, window, contacts)
    counts["calls"] = write_csv(out / "calls.csv", calls.COLUMNS, rows)
    counts["orders"] = write_orders(out / "orders.xlsx", contacts, city, window)
    path = out / "readings.parquet"
    counts["readings"] = write_readings(given.dice(15), path, city, window, readings, given.plan.areas)
    return counts


def build(
    seed: int, customers: int, days: int, end: date, out: Path, contacts: float = CONTACTS_PER_CUSTOMER
) -> dict[str, int]:
    """Write the city's files into ``out`` and return how much of each there is.

    Identical arguments give identical files. ``end`` is the last day; nothing after its midnight is known.
    ``contacts`` is how many times a customer calls in a year.
    """
    _check(customers, days, contacts)
    out.mkdir(parents=True, exist_ok=True)
    window = Window(end - timedelta(days=days - 1), days)
    paused = gc.isenabled()
    gc.disable()  # millions of small tuples and no cycles to free: collecting costs a sixth of the time
    try:
        given = _setting(seed, customers, window, contacts)
        orders, outages, slow = _live(given)
        readings = build_readings(given.dice(12), given.city, window, orders)
        counts = _write_tables(given, out, orders, readings)
        log, causes = _tell(given, orders, outages, readings)
        counts["events"], counts["objects"] = write_ocel(out / "log.sqlite", log, window)
        counts["causes"] = len(causes)
        truth = {"seed": seed, "customers": customers, "days": days, "start": window.start.isoformat(),
                 "end": end.isoformat(), "contacts_per_customer": contacts, "causes": causes,
                 "planted": _planted_truth(given, orders, slow)}  # fmt: skip
    finally:
        if paused:
            gc.enable()
    text = json.dumps(truth, ensure_ascii=False, indent=1)
    (out / "truth.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    return counts
