"""Who is there: units, staff, customers.

A prefecture company of four counties, each with supply stations 供电所, a hall 营业厅, a repair crew 抢修班
and a metering team 计量班, under the departments that the source papers name.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from suyuan.simulate import names

DEPARTMENTS = (
    ("0101", "优质服务办公室", "service", "office"),
    ("0102", "营销部", "marketing", "department"),
    ("0103", "运维检修部", "operations", "department"),
    ("0104", "电力调度控制中心", "dispatching", "department"),
    ("0105", "建设部", "construction", "department"),
    ("0106", "监察审计部", "service", "department"),
    ("0107", "党群工作部", "service", "department"),
    ("0108", "95598远程工作站", "service", "workstation"),
)
DEMO_STAFF = (
    ("agent", "0108"), ("lead", "0108"), ("office", "0101"), ("marketing", "0102"), ("operations", "0103"),
    ("station", "011101"), ("audit", "0106"), ("party", "0107"), ("leader", "01"), ("admin", "01"),
)  # fmt: skip
STAFF_OF_KIND = {
    "station": (5, "station"), "hall": (6, "station"), "crew": (6, "station"), "team": (4, "station"),
    "workstation": (12, "agent"), "department": (3, ""), "office": (3, "office"), "county": (2, "lead"),
}  # fmt: skip
DEPARTMENT_ROLE = {"0102": "marketing", "0103": "operations", "0104": "operations", "0105": "operations",
                   "0106": "audit", "0107": "party"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """One row of the organisation register."""

    code: str
    name: str
    parent: str
    specialty: str
    kind: str


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the staff register."""

    username: str
    name: str
    unit: str
    role: str


@dataclass(slots=True)
class City:
    """The registers, customers as parallel arrays (index = customer)."""

    units: list[Unit]
    staff: list[Person]
    stations: list[str]
    area_station: np.ndarray
    area_feeder: np.ndarray
    feeder_station: np.ndarray
    feeder_names: list[str]
    area_names: list[str]
    customer_area: np.ndarray
    accounts: list[str]
    meters: list[str]
    names: list[str]
    phones: list[str]
    addresses: list[str]
    sites: list[str]
    kinds: list[str]
    by_unit: dict[str, list[Person]] = field(default_factory=dict)

    def station_of(self, customer: int) -> str:
        """The code of the supply station that serves a customer."""
        return self.stations[int(self.area_station[self.customer_area[customer]])]

    def area_of(self, customer: int) -> str:
        """The name of the customer's transformer area."""
        return self.area_names[int(self.customer_area[customer])]

    def feeder_of(self, customer: int) -> str:
        """The name of the customer's feeder."""
        return self.feeder_names[int(self.area_feeder[self.customer_area[customer]])]

    def unit_for(self, role: str, customer: int) -> str:
        """The unit that plays a role (station, hall, crew, team or a department) for a customer."""
        county = self.station_of(customer)[:4]
        here = {"station": self.station_of(customer), "hall": f"{county}21", "crew": f"{county}31",
                "team": f"{county}41"}  # fmt: skip
        fixed = {"service": "0101", "marketing": "0102", "operations": "0103", "dispatching": "0104",
                 "construction": "0105", "audit": "0106", "party": "0107", "workstation": "0108"}  # fmt: skip
        return here[role] if role in here else fixed[role]

    def customers_of(self) -> dict[str, int]:
        """Customers served by each unit, units below it included; absent where it serves none."""
        counts: dict[str, int] = {}
        per_station = np.bincount(self.area_station[self.customer_area], minlength=len(self.stations))
        for code, count in zip(self.stations, per_station.tolist(), strict=True):
            for served in (code, f"{code[:4]}21", f"{code[:4]}31", f"{code[:4]}41", code[:4], "01"):
                counts[served] = counts.get(served, 0) + count
        return counts


def _units() -> list[Unit]:
    units = [Unit("01", f"{names.CITY}供电公司", "", "", "company")]
    units += [Unit(code, name, "01", specialty, kind) for code, name, specialty, kind in DEPARTMENTS]
    for c, county in enumerate(names.COUNTIES):
        code, short = f"01{c + 11}", county[:2]
        units.append(Unit(code, f"{county}供电公司", "01", "", "county"))
        units += [
            Unit(f"{code}{t + 1:02d}", f"{town}供电所", code, "marketing", "station")
            for t, town in enumerate(names.TOWNS[c])
        ]
        units.append(Unit(f"{code}21", f"{short}营业厅", code, "marketing", "hall"))
        units.append(Unit(f"{code}31", f"{short}抢修班", code, "operations", "crew"))
        units.append(Unit(f"{code}41", f"{short}计量班", code, "marketing", "team"))
    return units


def _person_names(rng: Generator, count: int) -> list[str]:
    surname = rng.choice(names.SURNAMES, size=count).tolist()
    first = rng.choice(names.GIVEN, size=count).tolist()
    second = rng.choice((*names.GIVEN, *[""] * 12), size=count).tolist()
    return [s + a + b for s, a, b in zip(surname, first, second, strict=True)]


def _staff(rng: Generator, units: list[Unit]) -> list[Person]:
    posts: list[tuple[str, str, str]] = [(role, unit, role) for role, unit in DEMO_STAFF]
    for unit in units:
        count, role = STAFF_OF_KIND.get(unit.kind, (0, ""))
        role = role or DEPARTMENT_ROLE.get(unit.code, "lead")
        posts += [(f"s{unit.code}{i + 1:02d}", unit.code, role) for i in range(count)]
    people = _person_names(rng, len(posts))
    return [
        Person(username, name, unit, role) for (username, unit, role), name in zip(posts, people, strict=True)
    ]


def _account(index: int) -> str:
    body = f"9900{index + 10_000_000:08d}"
    return f"{body}{sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body)) % 10}"


def _addresses(rng: Generator, station: np.ndarray, sites: list[str]) -> list[str]:
    count = len(station)
    street = rng.choice(names.STREETS, size=count).tolist()
    estate = rng.choice(names.ESTATES, size=count).tolist()
    village = rng.choice(names.VILLAGES, size=count).tolist()
    number = rng.integers(1, 200, size=(count, 3)).tolist()
    out = []
    for i, place in enumerate(station.tolist()):
        county, town = names.COUNTIES[place // 4], names.TOWNS[place // 4][place % 4]
        a, b, c = number[i]
        if sites[i] == "urban":
            out.append(
                f"{names.CITY}{county}{street[i]}{a}号{estate[i]}{b % 30 + 1}栋{c % 18 + 1}0{c % 4 + 1}室"
            )
        else:
            out.append(f"{names.CITY}{county}{town}镇{village[i]}{b % 12 + 1}组{a}号")
    return out


def _network(rng: Generator, customers: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return area → station, area → feeder, feeder → station."""
    stations = 16
    feeders = max(stations, customers // 1_200)
    areas = max(2 * feeders, customers // 60)
    feeder_station = np.sort(np.arange(feeders) % stations)
    area_feeder = np.sort(np.concatenate([np.arange(2 * feeders) % feeders,
                                          rng.integers(0, feeders, size=areas - 2 * feeders)]))  # fmt: skip
    return feeder_station[area_feeder], area_feeder, feeder_station


def build_city(rng: Generator, customers: int) -> City:
    """Return the registers of a city with that many customers."""
    units = _units()
    staff = _staff(rng, units)
    stations = [u.code for u in units if u.kind == "station"]
    area_station, area_feeder, feeder_station = _network(rng, customers)
    weight = rng.gamma(4.0, size=len(area_station))
    customer_area = np.sort(rng.choice(len(area_station), size=customers, p=weight / weight.sum()))
    place = area_station[customer_area]
    sites = [names.SITES[p // 4][p % 4] for p in place.tolist()]
    word = names.FEEDER_WORDS
    feeder_names = [
        f"10kV{word[i % 12]}{word[(i // 12 + i) % 12]}{i + 1:03d}线" for i in range(len(feeder_station))
    ]
    towns = [t for row in names.TOWNS for t in row]
    area_names = [f"{towns[s]}{i + 1:04d}号台区" for i, s in enumerate(area_station.tolist())]
    people = _person_names(rng, customers)
    kinds = rng.choice(("resident", "commercial", "industrial", "farm"), size=customers,
                       p=(0.86, 0.08, 0.02, 0.04)).tolist()  # fmt: skip
    phones = [f"100{n:08d}" for n in rng.integers(10_000_000, 99_999_999, size=customers).tolist()]
    city = City(
        units=units, staff=staff, stations=stations, area_station=area_station, area_feeder=area_feeder,
        feeder_station=feeder_station, feeder_names=feeder_names, area_names=area_names,
        customer_area=customer_area, accounts=[_account(i) for i in range(customers)],
        meters=[f"M{i + 30_000_000:010d}" for i in range(customers)], names=people, phones=phones,
        addresses=_addresses(rng, place, sites), sites=sites, kinds=kinds,
    )  # fmt: skip
    for person in staff:
        city.by_unit.setdefault(person.unit, []).append(person)
    return city
