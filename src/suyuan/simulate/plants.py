"""The causes put into the city on purpose, so that whoever looks for causes can be marked against the truth.

zero_reading is the paper's case; stuck_connection, late_reconnect, frequent_outage and low_voltage each have
their source in an earlier step of another unit; rude_hall really is the front desk.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from suyuan.simulate.catalogue import MIX
from suyuan.simulate.city import City
from suyuan.simulate.contact import Contact
from suyuan.simulate.demand import assign
from suyuan.simulate.outages import Outage
from suyuan.simulate.window import DAY, HOUR, HOURS_CALL, Window, times_of_day

TOPIC = {
    "zero_reading": "reading_late",
    "stuck_connection": "connect_late",
    "late_reconnect": "reconnect_late",
    "frequent_outage": "frequent",
    "low_voltage": "voltage",
    "rude_hall": "hall_attitude",
}


TOLD_BEFORE = 15
"""So many days before the end the paper's case is complained of: an office has answered it by then."""


@dataclass(slots=True)
class Plan:
    """Where each planted cause sits."""

    feeder: int
    areas: list[int]
    hall: str
    clerk: str
    extra: int
    """Complaints above the usual number, at each of the two elevated units, in the last full week."""
    stations: list[str]
    trips: list[Outage] = field(default_factory=list)

    @property
    def elevated(self) -> list[tuple[str, str]]:
        """Unit and cause of each unit whose complaints are really high in the last full week."""
        return [(self.hall, "rude_hall"), (self.stations[0], "frequent_outage")]


def choose(rng: Generator, city: City, window: Window, per_year: float) -> Plan:
    """Return the places of the planted causes; no two fall on one station."""
    customers = len(city.accounts)
    held = np.bincount(city.customer_area, minlength=len(city.area_names))
    per_feeder = np.bincount(city.area_feeder, weights=held, minlength=len(city.feeder_names))
    good = np.flatnonzero(per_feeder >= np.median(per_feeder))
    feeder = int(rng.choice(good))
    station = city.stations[city.feeder_station[feeder]]
    weak = [a for a in np.argsort(-held).tolist() if city.area_feeder[a] != feeder
            and city.stations[city.area_station[a]] != station]  # fmt: skip
    areas = sorted(
        rng.choice(weak[: max(2, len(weak) // 3)], size=max(1, customers // 6_000), replace=False).tolist()
    )
    halls = [u.code for u in city.units if u.kind == "hall" and u.code[:4] != station[:4]]
    hall = str(rng.choice(halls))
    clerk = city.by_unit[hall][int(rng.integers(len(city.by_unit[hall])))].username
    usual = customers * per_year * MIX["complaint"] * 7 / 365 * 0.27 / 4
    plan = Plan(feeder, areas, hall, clerk, max(10, round(usual + 5 * usual**0.5)), [station])
    monday = window.at(window.last_full_week())
    for n, back in enumerate((44, 37, 29, 20, 12, 5, 1)):
        began = monday - back * DAY + int(rng.integers(7, 21)) * HOUR + int(rng.integers(0, HOUR))
        if began >= 0:
            plan.trips.append(
                Outage(f"TDP{n + 1:04d}", "fault", feeder, -1, began, began + int(rng.integers(1, 4)) * HOUR)
            )
    return plan


def _complaint(city: City, story: str, at: int, customer: int) -> Contact:
    return assign(city, Contact(at, "complaint", customer, topic=TOPIC[story], story=story, level="general"))


def _spread(rng: Generator, window: Window, count: int) -> list[int]:
    """Return moments over the window's second half, by day."""
    low = window.days // 2
    days = rng.integers(low, max(low + 1, window.days - 1), size=count)
    return [int(at) for at in days * DAY + times_of_day(rng, count, HOURS_CALL)]


def _singles(rng: Generator, city: City, window: Window, plan: Plan) -> list[Contact]:
    customers = len(city.accounts)
    free = [c for c in range(customers) if city.station_of(c) != plan.stations[0]
            and city.kinds[c] == "resident"]  # fmt: skip
    out = []
    for story, share in (("zero_reading", 3_000), ("stuck_connection", 1_500), ("late_reconnect", 1_500)):
        count = max(1, customers // share)
        at = _spread(rng, window, count)
        if story == "zero_reading":
            day = max(1, window.days - TOLD_BEFORE)
            at[0] = day * DAY + 9 * HOUR + int(rng.integers(0, 2 * HOUR))
        for moment, customer in zip(at, rng.choice(free, size=count, replace=False).tolist(), strict=True):
            out.append(_complaint(city, story, moment, customer))
    return out


def planted(rng: Generator, city: City, window: Window, plan: Plan) -> list[Contact]:
    """Return the complaints that the planted causes bring about."""
    out = _singles(rng, city, window, plan)
    for area in plan.areas:
        people = np.flatnonzero(city.customer_area == area)
        for at in _spread(rng, window, 3):
            out.append(_complaint(city, "low_voltage", at, int(rng.choice(people))))
    monday = window.at(window.last_full_week())
    county = [u for u in city.stations if u[:4] == plan.hall[:4]]
    where = np.isin(city.area_station[city.customer_area], [city.stations.index(u) for u in county])
    feeder = np.isin(city.customer_area, np.flatnonzero(city.area_feeder == plan.feeder))
    for story, people in (("rude_hall", np.flatnonzero(where)), ("frequent_outage", np.flatnonzero(feeder))):
        who = rng.choice(people, size=plan.extra, replace=len(people) < plan.extra).tolist()
        days = rng.choice(7, size=plan.extra, p=(0.17, 0.17, 0.17, 0.17, 0.16, 0.09, 0.07))
        seconds = rng.integers(10 * HOUR, 18 * HOUR, size=plan.extra)
        for at, customer in zip((monday + days * DAY + seconds).tolist(), who, strict=True):
            out.append(_complaint(city, story, at, customer))
    return out
