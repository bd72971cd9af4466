"""One whole town as it was imagined: everything that its files, or its days, are made of."""

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator

from suyuan.domain.errors import BadInput
from suyuan.simulate import background
from suyuan.simulate.city import City, build_city
from suyuan.simulate.contact import Contact
from suyuan.simulate.demand import base_load, surges
from suyuan.simulate.flow import run, unit_slowness
from suyuan.simulate.golden import tell_zero_reading
from suyuan.simulate.log import Log
from suyuan.simulate.outages import Outage, build_outages
from suyuan.simulate.plants import Plan, choose, planted
from suyuan.simulate.precursors import accounts, anyway, hazard, told
from suyuan.simulate.precursors.planted import Ground, Planted
from suyuan.simulate.precursors.planting import live_on, plant, put_words
from suyuan.simulate.readings import Readings, build_readings
from suyuan.simulate.repeats import build_repeats
from suyuan.simulate.stories import Teller, tell
from suyuan.simulate.window import Window
from suyuan.simulate.wording import write_words

CONTACTS_PER_CUSTOMER = 6.0
"""Contacts per customer and year: about one in real life, times six so that a small city fills its boards."""
LEAST_CUSTOMERS = 200
LEAST_DAYS = 21
TELLING = 41
"""The dice that the orders of precursors are told with."""


@dataclass(frozen=True, slots=True)
class Size:
    """Which town: same size, same town. ``contacts`` is how many times a customer calls in a year."""

    seed: int
    customers: int
    days: int
    end: date
    contacts: float = CONTACTS_PER_CUSTOMER
    precursors: bool = False

    def check(self) -> None:
        """Raise BadInput where the town would be too small to hold its causes."""
        pairs = ("customers", self.customers, LEAST_CUSTOMERS), ("days", self.days, LEAST_DAYS)
        for name, value, least in pairs:
            if value < least:
                raise BadInput("simulate_too_small", option=name, value=value, least=least)
        if not 0 < self.contacts <= 100:
            raise BadInput("simulate_contacts", option="contacts", value=self.contacts, least=0, most=100)


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


@dataclass(slots=True)
class Town:
    """A town with everything that happened in it."""

    size: Size
    given: Setting
    contacts: list[Contact]
    outages: list[Outage]
    slow: list[str]
    ground: Ground
    rate: np.ndarray
    """The usual complaints a day of each customer."""
    readings: Readings
    log: Log
    causes: list[dict[str, object]]
    exposures: list[hazard.Exposure] = field(default_factory=list)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Millions of small tuples and no cycles to free: collecting costs a sixth of the time."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


def imagine(size: Size) -> Town:
    """Return a town; the same size gives the same one."""
    size.check()
    window = Window(size.end - timedelta(days=size.days - 1), size.days)
    with _uncollected():
        city = build_city(np.random.default_rng([size.seed, 0]), size.customers)
        plan = choose(np.random.default_rng([size.seed, 1]), city, window, size.contacts)
        given = Setting(size.seed, city, window, plan, size.contacts)
        return _lived(size, given)


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


def _lived(size: Size, given: Setting) -> Town:
    """Let everything happen: the town as it always is, then what precursors add, then the log of both."""
    city, window = given.city, given.window
    outages = [*build_outages(given.dice(2), city, window), *given.plan.trips]
    outages.sort(key=lambda o: (o.began, o.number))
    slowness, slow = unit_slowness(given.dice(6), city)
    always, eager = _anyway(given, outages, slowness)
    rate = hazard.usual(eager, given.per_year)
    ground = Ground(given.dice(20), city, window, given.plan, always, outages, Planted())
    exposures: list[hazard.Exposure] = []
    if size.precursors:
        exposures = plant(ground, given.dice, rate)
        live_on(ground, given.dice, slowness, given.per_year)
    contacts = [*always, *ground.out.contacts]
    _number(contacts, window)
    write_words(given.dice(10), always, city, window)
    if size.precursors:
        put_words(ground, given.dice)
    every = sorted([*outages, *ground.out.outages], key=lambda o: (o.began, o.number))
    readings = build_readings(given.dice(12), city, window, always)
    _zero(ground, readings)
    log, causes = _told(given, ground, every, readings, contacts)
    return Town(size, given, contacts, every, slow, ground, rate, readings, log, causes, exposures)


def _anyway(
    given: Setting, outages: list[Outage], slowness: dict[str, float]
) -> tuple[list[Contact], np.ndarray]:
    """Return all contacts that come without precursors, with their outcomes, in order."""
    city, window = given.city, given.window
    contacts, eager = base_load(given.dice(3), city, window, given.per_year)
    contacts += surges(given.dice(4), city, window, outages, given.per_year)
    contacts += planted(given.dice(5), city, window, given.plan)
    contacts = [c for c in contacts if 0 <= c.at < window.cut]
    contacts.sort(key=_order)
    run(given.dice(7), contacts, city, window, slowness)
    again = build_repeats(given.dice(8), city, window, contacts)
    run(given.dice(9), again, city, window, slowness)
    contacts += again
    contacts.sort(key=_order)
    return contacts, eager


def _zero(ground: Ground, readings: Readings) -> None:
    """Let the months read as zero in which a reader of a precursor wrote zero."""
    for customer, months in ground.out.zeros:
        for at in months:
            month = ground.window.date_of(at).replace(day=1)
            if at < ground.window.cut and month in readings.months:
                readings.kwh[customer, readings.months.index(month)] = 0.0


def _told(
    given: Setting, ground: Ground, outages: list[Outage], readings: Readings, contacts: list[Contact]
) -> tuple[Log, list[dict[str, object]]]:
    """Return the event log and the true cause of each complaint."""
    teller = Teller(given.dice(11), Log(given.city), given.window, given.plan)
    causes = [
        tell_zero_reading(teller, c) if c.story == "zero_reading" else tell(teller, c)
        for c in ground.anyway
        if c.kind == "complaint"
    ]
    other = Teller(given.dice(TELLING), teller.log, given.window, given.plan)
    anyway.told_before(ground, causes)
    background.write_ordinary(teller)
    told.tell_orders(other, ground.out)
    told.tell_zeros(other, ground.out)
    told.tell_alarms(other, ground.out)
    causes += told.causes(other, ground.out)
    accounts.honest_zeros(ground, readings.kwh, 0)
    background.write_outages(teller, outages)
    background.write_cases(teller, contacts)
    zeroed = {(customer, at) for customer, months in ground.out.zeros for at in months}
    background.write_readings(teller, contacts, readings, zeroed)
    return teller.log, causes


def planted_truth(town: Town) -> dict[str, object]:
    """Return where each planted cause sits, for whoever marks a detector against it."""
    city, window, plan, contacts = town.given.city, town.given.window, town.given.plan, town.contacts
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
        "slow_units": town.slow,
        "rude_clerk": {"unit": plan.hall, "staff": plan.clerk},
        "frequent_outage_line": {"code": f"XL{plan.feeder + 1:05d}", "name": city.feeder_names[plan.feeder],
                                 "trips": [window.date_of(t.began).isoformat() for t in plan.trips]},
        "low_voltage_areas": [{"code": f"TQ{a + 1:05d}", "name": city.area_names[a]} for a in plan.areas],
        "stories": stories,
        "repeat_callers": [{"order": c.number, "account": city.accounts[c.customer], "contacts": c.times}
                           for c in contacts if c.times >= 3 and c.parent is None],
    }  # fmt: skip
