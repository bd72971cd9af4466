"""Precursors in the supply: lines on their way to frequent outages, late restorations, weak areas, rings."""

import numpy as np

from suyuan.simulate.outages import Outage
from suyuan.simulate.precursors.planted import Ground, Precursor
from suyuan.simulate.window import DAY, HOUR

HALF = 1_800
PLANNED = ("planned", "temporary", "shedding")
LATE = 0.12
"""Share of outages with a planned end that last longer than they were planned to."""


def planned_ends(ground: Ground) -> None:
    """Give every planned outage its planned end; some last longer."""
    rng = ground.rng
    for outage in ground.outages:
        if outage.kind not in PLANNED:
            continue
        length = outage.ended - outage.began
        late = rng.random() < LATE and length > 2 * HOUR
        told = length * rng.uniform(0.45, 0.8) if late else length + rng.uniform(0, HOUR)
        until = outage.began + int(-(-told // HALF) * HALF)
        if late and until + HALF > outage.ended:
            continue
        ground.out.planned_ends[outage.number] = until
        if outage.ended > until:
            _late(ground, outage, until)


def _late(ground: Ground, outage: Outage, until: int, calls: float = 0.0) -> None:
    """Write down a late restoration; some customers without power complain of it."""
    people = _people(ground, outage)
    if not len(people):
        return
    seen = Precursor("late_restoration", f"outage:{outage.number}",
                     ground.city.station_of(int(people[0])), until, "outage.repair.overtime",
                     area=outage.area, feeder=outage.feeder, due=until, ended=outage.ended)  # fmt: skip
    ground.out.found.append(seen)
    if ground.rng.random() < calls:
        at = until + int(ground.rng.uniform(0.7, 4.0) * HOUR)
        ground.complain("repair_late", int(ground.rng.choice(people)), at, seen)


def _people(ground: Ground, outage: Outage) -> np.ndarray:
    areas = ground.city.customer_area
    if outage.area >= 0:
        return np.flatnonzero(areas == outage.area)
    return np.flatnonzero(ground.city.area_feeder[areas] == outage.feeder)


def late_restorations(ground: Ground) -> None:
    """Plan outages that go on past their end, one of them still when the last day is over."""
    rng, city, window = ground.rng, ground.city, ground.window
    count = max(3, round(ground.customers / 1_000 * window.days / 30))
    held = np.flatnonzero(np.bincount(city.customer_area, minlength=len(city.area_names)))
    for n in range(count):
        day = window.days - 1 if n == 0 else int(rng.integers(0, window.days))
        area = int(rng.choice(held))
        began = day * DAY + int(rng.integers(7, 10)) * HOUR
        until = began + int(rng.integers(4, 7)) * HOUR
        ended = until + (20 * HOUR if n == 0 else int(rng.uniform(1.5, 8.0) * HOUR))
        outage = Outage(f"TDY{n + 1:04d}", "planned", int(city.area_feeder[area]), area, began, ended)
        ground.out.outages.append(outage)
        ground.out.planned_ends[outage.number] = until
        _late(ground, outage, until, calls=0.6)


def approaching(ground: Ground) -> None:
    """Let lines trip again and again: what counts as frequent is reached with the third and fourth trip."""
    rng, city, window = ground.rng, ground.city, ground.window
    spare = [f for f in range(len(city.feeder_names)) if f != ground.plan.feeder
             and len(_people(ground, Outage("", "fault", f, -1, 0, 0)))]  # fmt: skip
    count = min(len(spare), max(2, round(len(city.feeder_names) / 8 * window.days / 45)))
    for n, feeder in enumerate(sorted(rng.choice(spare, size=count, replace=False).tolist())):
        first = int(rng.uniform(-10, window.days - 30)) if n else window.days - 33
        trips = []
        for k, after in enumerate((0.0, rng.uniform(9, 14), rng.uniform(24, 30), rng.uniform(36, 44))):
            began = int((first + after) * DAY) // DAY * DAY + int(rng.integers(7, 22)) * HOUR
            if 0 <= began < window.cut:
                ended = began + int(rng.uniform(0.6, 3.5) * HOUR)
                trips.append(Outage(f"TDX{n + 1:02d}{k + 1:02d}", "fault", feeder, -1, began, ended))
        ground.out.outages += trips
        if len(trips) >= 2:
            _frequent(ground, feeder, trips)


def _frequent(ground: Ground, feeder: int, trips: list[Outage]) -> None:
    people = _people(ground, trips[0])
    seen = Precursor("frequent_outage", f"line:{ground.city.feeder_names[feeder]}",
                     ground.city.stations[int(ground.city.feeder_station[feeder])], trips[1].ended,
                     "quality.reliability.frequent", feeder=feeder)  # fmt: skip
    ground.out.found.append(seen)
    for trip in trips[2:]:
        for _ in range(int(ground.rng.integers(2, 5))):
            at = ground.calling(trip.ended + ground.days(0.2, 5))
            ground.complain("frequent", int(ground.rng.choice(people)), at, seen)


def weak_areas(ground: Ground) -> None:
    """Let the voltage of areas go low on a day and stay so for weeks."""
    rng, city, window = ground.rng, ground.city, ground.window
    held = np.bincount(city.customer_area, minlength=len(city.area_names))
    spare = [a for a in np.flatnonzero(held >= 3).tolist() if a not in ground.plan.areas]
    count = min(len(spare), max(2, round(ground.customers / 1_500 * window.days / 60)))
    for n, area in enumerate(rng.choice(spare, size=count, replace=False).tolist()):
        from_day = window.days - 14 if n == 0 else int(rng.integers(2, max(3, window.days - 12)))
        began = from_day * DAY
        ended = began + int(rng.integers(20, 45)) * DAY
        ground.out.weak.append((area, began, ended))
        people = np.flatnonzero(city.customer_area == area)
        seen = Precursor("low_voltage", f"area:{city.area_names[area]}", city.station_of(int(people[0])),
                         began, "quality.voltage.abnormal", area=area, ended=ended)  # fmt: skip
        ground.out.found.append(seen)
        for _ in range(int(rng.integers(2, 4))):
            at = ground.calling(began + ground.days(8, 24))
            ground.complain("voltage", int(rng.choice(people)), at, seen)


def ring_storms(ground: Ground) -> None:
    """Let the telephone ring for half an hour as on no ordinary day: three times, once on the last."""
    rng, window = ground.rng, ground.window
    usual = max(12, ground.customers // 100)
    for n in range(3):
        day = window.days - 1 if n == 0 else int(rng.integers(8, window.days - 1))
        began = day * DAY + int(rng.integers(9, 20)) * HOUR
        ground.out.rings += sorted((began + rng.integers(0, HALF, size=3 * usual)).tolist())
        ground.out.found.append(Precursor("call_surge", "unit:0108", "0108", began, ended=began + HALF))
