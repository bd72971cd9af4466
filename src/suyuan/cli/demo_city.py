"""Loading the demo's city: its files come in like anybody's, then its people do what a quarter is full of."""

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

SYSTEMS = "演示：营销与生产系统"
"""Which systems the city's log is said to be of."""
ORDERS = "orders.csv"
"""A workbook of the same would take a second longer to write."""


SUPPLY, MORNINGS = "supply", 2
"""The folder of the tables of supply, by how many mornings before today's each was handed over."""


@dataclass(frozen=True, slots=True)
class Size:
    """Which city, of how many customers, over how many days; the last one is yesterday."""

    seed: int
    customers: int
    days: int


def make(size: Size, city: Path, *, now: datetime) -> None:
    """Write the files of a city whose last day is the day before ``now``."""
    from suyuan import simulate
    from suyuan.simulate.daily import Days
    from suyuan.store import rules

    from . import live_supply

    last = rules.local_day(now) - timedelta(days=1)
    town = simulate.imagine(simulate.Size(size.seed, size.customers, size.days, last))
    simulate.write(town, city, ORDERS)
    days, first = Days(town), 0
    for until in range(size.days - MORNINGS, size.days + 1):
        live_supply.write(days, range(first, until), frozenset(), city / SUPPLY / str(size.days - until))
        first = until


def load(city: Path, *, password: str, now: datetime) -> None:
    """Load the files of a city into an empty home as if it were ``now``, and let its people work."""
    from suyuan.store import rules

    rules.look(now)
    load_people(city, password, now)
    # As if the orders had come in at midnight: what fell due since then is told, as in an office at work.
    midnight = datetime.combine(rules.local_day(now), time(), rules.rulebook().calendar.zone)
    _load_files(city, midnight, now)
    _let_work(city, now)


def load_people(city: Path, password: str, now: datetime) -> None:
    """Load the units and people of a city; the ten of the roles get the password."""
    from suyuan.actions import org
    from suyuan.domain.procedure import SYSTEM
    from suyuan.gateways import registers

    units = registers.read(city / "units.csv", registers.UNIT_COLUMNS)
    org.load_units(rows=units, actor=SYSTEM, now=now)
    people = registers.read(city / "staff.csv", registers.PEOPLE_COLUMNS)
    roles = [row for row in people if row["username"] in row["roles"].split()]
    others = [row for row in people if row not in roles]
    org.load_people(rows=roles, actor=SYSTEM, now=now, password=password)
    org.load_people(rows=others, actor=SYSTEM, now=now)


def _load_files(city: Path, midnight: datetime, now: datetime) -> None:
    from suyuan.actions import customer, imports, trace
    from suyuan.domain.procedure import SYSTEM
    from suyuan.gateways import customerfile

    from .imports import bar

    with bar("载入演示城市") as advance:
        imports.run(path=city / ORDERS, layout="suyuan", actor=SYSTEM, now=midnight, progress=advance)
    customer.import_customers(tables=customerfile.read(city / "customers.csv"), actor=SYSTEM, now=now)
    trace.take_log(path=city / "log.sqlite", actor=SYSTEM, now=now, how=trace.How(source=SYSTEMS))


def _let_work(city: Path, now: datetime) -> None:
    from suyuan.actions import demo
    from suyuan.simulate import quarter

    demo.live_through(stories=quarter.stories(city / "customers.csv"), now=now)
    demo.flag_some(username="office", now=now)
    demo.share_blame(now=now)
    causes = json.loads((city / "truth.json").read_text("utf-8"))["causes"]
    demo.judge_some(causes=causes, now=now)
    demo.appeal_some(now=now)
    demo.urge_some(now=now)
    demo.assess_some(now=now)


def warn(city: Path, now: datetime) -> list[str]:
    """Let detectors look on the last mornings and people work what they warn of; return the warnings."""
    from suyuan.actions import demo

    _take_tables(city, now)
    causes = json.loads((city / "truth.json").read_text("utf-8"))["causes"]
    roots = {f"order:{cause['root']['object']}" for cause in causes}
    staff = demo.Staff(0, None, lambda name: name in roots or not name.startswith("order:"))
    return demo.warn_some(staff=staff, now=now)


def _take_tables(city: Path, now: datetime) -> None:
    """Take the tables of supply in, as each had come at midnight before one of the mornings looked at."""
    from suyuan.store import rules

    from . import live_supply

    for back in range(MORNINGS, -1, -1):
        day = rules.local_day(now) - timedelta(days=back)
        midnight = datetime.combine(day, time(), rules.rulebook().calendar.zone)
        files = sorted((city / SUPPLY / str(back)).glob("*.csv"))
        live_supply.take_in(((path.stem, path) for path in files), midnight)
