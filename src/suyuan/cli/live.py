"""``suyuan simulate --live``: a home lives through the days of a city, each told as if it were that day."""

import json
import tempfile
import time as clock
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suyuan.domain.errors import BadInput, Refused
from suyuan.simulate import Size, imagine
from suyuan.simulate.contact import Contact
from suyuan.simulate.daily import Days
from suyuan.simulate.precursors.planted import PREVENTED

if TYPE_CHECKING:
    from suyuan.simulate.prevention import Prevention

STATE = "live.json"
"""How far a home has lived, in the home itself."""
MORNING, NOON, AFTER_NOON = time(6), time(10), time(10, 20)


@dataclass(slots=True)
class Lived:
    """How far a home has lived through which city."""

    seed: int
    customers: int
    days: int
    begins: str
    done: int = 0
    """So many days are over."""
    in_time: dict[str, bool] = field(default_factory=dict)
    """Complaints of what was acted on before they came: whether they stay away."""

    @property
    def prevented(self) -> frozenset[str]:
        """Return the complaints that would have come and do not."""
        return frozenset(number for number, away in self.in_time.items() if away)

    @property
    def city(self) -> dict[str, object]:
        """Return which city was asked for, whatever became of it."""
        return {name: getattr(self, name) for name in ("seed", "customers", "days", "begins")}

    @property
    def size(self) -> Size:
        """Return which city it is."""
        end = date.fromisoformat(self.begins) + timedelta(days=self.days - 1)
        return Size(self.seed, self.customers, self.days, end, precursors=True)

    def until(self, last: date | None) -> int:
        """Return how many days there are up to one, all without; raise BadInput where the city has it not."""
        if last is None:
            return self.days
        first = date.fromisoformat(self.begins)
        many = (last - first).days + 1
        if not 0 < many <= self.days:
            raise BadInput("no_day_of_the_city", until=last, begins=first, end=self.size.end)
        return many


def live(asked: Lived, speed: float, until: date | None = None) -> Iterator[dict[str, Any]]:
    """Live day after day, on from where the home is; yield what each day brought.

    ``speed`` is how many seconds a day lasts at the least; ``until`` is the last day to live now. Raise
    BadInput where the city has no such day.
    """
    from suyuan.config.home import home
    from suyuan.simulate.prevention import Prevention
    from suyuan.store import seal

    place, last = home() / STATE, asked.until(until)
    lived = _begun(asked, place)
    days = Days(imagine(lived.size))
    prevention = Prevention(days.town, lambda account: seal.index("account", account))
    for day in range(lived.done, last):
        started = clock.monotonic()
        told = _day(prevention, days, day, lived)
        lived.done = day + 1
        _keep(place, lived)
        seconds = clock.monotonic() - started
        yield told | {"seconds": round(seconds, 2)}
        clock.sleep(max(0.0, speed - seconds))


def truth(asked: Lived) -> dict[str, Any]:
    """Return what acting in time truly did, as only the city knows: what came, what would have come besides.

    ``effect`` is the part of the complaints kept away of those there would have been, where people keep at
    warnings and elsewhere.
    """
    from suyuan.config.home import home
    from suyuan.simulate.prevention import Prevention

    lived = Lived(**json.loads((home() / STATE).read_text("utf-8")))
    town = imagine(asked.size)
    eager = Prevention(town, str).eager()
    over = lived.done * 86_400
    told = [one for one in town.contacts if one.kind == "complaint" and one.at < over]
    groups = {"eager": [one for one in told if one.unit in eager],
              "other": [one for one in told if one.unit not in eager]}  # fmt: skip
    return {
        "eager_units": sorted(eager),
        "in_time": sum(one.number in lived.in_time for one in told),
        "chance": PREVENTED,
        **{name: _counted(found, lived.prevented) for name, found in groups.items()},
    }


def _counted(found: list[Contact], prevented: frozenset[str]) -> dict[str, Any]:
    away = sum(one.number in prevented for one in found)
    return {"would_be": len(found), "prevented": away, "effect": away / len(found) if found else None}


def _begun(asked: Lived, place: Path) -> Lived:
    """Return how far this home is with the city asked for; raise Refused where it lives another life."""
    from suyuan.config.home import SIMULATED
    from suyuan.store.queries import org

    if place.exists():
        lived = Lived(**json.loads(place.read_text("utf-8")))
        if lived.city != asked.city:
            raise Refused("lives_another_city", **lived.city)
        return lived
    if org.every():
        raise Refused("city_needs_empty_home")
    asked.size.check()
    _found(asked)
    (place.parent / SIMULATED).touch()
    _keep(place, asked)
    return asked


def _keep(place: Path, lived: Lived) -> None:
    beside = place.with_suffix(".new")
    beside.write_text(json.dumps(asdict(lived), ensure_ascii=False), encoding="utf-8")
    beside.replace(place)


def moment(day: date, at: time) -> datetime:
    """Return a local time of a day."""
    from suyuan.store import rules

    return datetime.combine(day, at, rules.rulebook().calendar.zone)


def _found(lived: Lived) -> None:
    """Load the registers: units, people, customers, on the morning of the first day."""
    from suyuan.actions import customer
    from suyuan.actions import demo as demo_actions
    from suyuan.domain.procedure import SYSTEM
    from suyuan.gateways import customerfile
    from suyuan.simulate.files import write_registers
    from suyuan.store import rules

    from . import demo, demo_city

    now = moment(date.fromisoformat(lived.begins), time())
    rules.look(now)
    with tempfile.TemporaryDirectory() as folder:
        city = Path(folder)
        write_registers(city, imagine(lived.size).given.city)
        demo_city.load_people(city, demo.password(), now)
        customer.import_customers(tables=customerfile.read(city / "customers.csv"), actor=SYSTEM, now=now)
    demo_actions.begin_day(now=now)


def _day(prevention: "Prevention", days: Days, day: int, lived: Lived) -> dict[str, Any]:
    """Live one day: look in the morning, work by day, take in at night what the systems hand over."""
    from suyuan.actions import demo
    from suyuan.store import rules

    from . import live_looks

    on = days.date(day)
    rules.look(moment(on, MORNING))
    told: dict[str, Any] = {"day": on.isoformat()}
    if day:
        told |= _warned(prevention, on, day, lived)
    with tempfile.TemporaryDirectory() as folder:
        if day:
            seen = live_looks.look(days, day, lived.prevented, Path(folder), moment(on, AFTER_NOON))
            told["opened"] += seen.pop("opened")
            told |= seen
        told |= _take_in(days, day, lived.prevented, Path(folder))
    demo.begin_day(now=moment(days.date(day + 1), time()))
    return told


def _warned(prevention: "Prevention", on: date, day: int, lived: Lived) -> dict[str, int]:
    """Let detectors look in the morning and people work by day; what they act on in time may stay away."""
    from suyuan.actions import demo
    from suyuan.actions.warn.watching import watch

    found = watch(("all",), now=moment(on, MORNING))
    staff = demo.Staff(lived.seed, prevention.eager(), prevention.shows)
    done = demo.work_warnings(staff=staff, now=moment(on, NOON))
    called = demo.call_first(seed=lived.seed, now=moment(on, NOON))
    at = day * 86_400 + NOON.hour * 3_600
    before = len(lived.prevented)
    lived.in_time |= prevention.in_time(called.reached, at)
    for objects in done.acted_on.values():
        lived.in_time |= prevention.in_time(objects, at)
    opened = sum(not one.joined for one in found.opened)
    return {"signals": found.kept.seen, "fresh": found.kept.fresh, "opened": opened,
            "acknowledged": done.acknowledged, "acted": len(done.acted_on), "closed": done.closed,
            "dismissed": done.dismissed, "listed": called.listed, "called": called.called,
            "prevented": len(lived.prevented) - before}  # fmt: skip


def _take_in(days: Days, day: int, without: frozenset[str], folder: Path) -> dict[str, int]:
    """Take in the orders that came or moved, what other systems logged and their tables; return how much.

    A day may have neither.
    """
    from suyuan.actions import imports, trace
    from suyuan.domain.procedure import SYSTEM
    from suyuan.simulate.files import write_orders
    from suyuan.simulate.ocel import write_ocel

    from . import demo_city, live_supply

    city, window = days.town.given.city, days.window
    night = moment(days.date(day + 1), time())
    orders = days.orders(day, without)
    if orders:
        write_orders(folder / "orders.xlsx", orders, city, window)
        done = imports.run(path=folder / "orders.xlsx", layout="suyuan", actor=SYSTEM, now=night)
        if done.quarantined:
            raise BadInput("live_orders", file=str(done.quarantine_file), count=done.quarantined)
    log, earlier = days.log(day, without)
    new = 0
    if log.events:
        write_ocel(folder / "log.sqlite", log, window, earlier)
        how = trace.How(source=demo_city.SYSTEMS)
        new = trace.take_log(path=folder / "log.sqlite", actor=SYSTEM, now=night, how=how).new
    rows = live_supply.take_in(live_supply.write(days, range(day, day + 1), without, folder), night)
    fresh = sum(one.at >= day * 86_400 for one in orders)
    complaints = sum(one.at >= day * 86_400 and one.kind == "complaint" for one in orders)
    return {"contacts": fresh, "complaints": complaints, "moved": len(orders) - fresh, "events": new,
            "rows": rows}  # fmt: skip
