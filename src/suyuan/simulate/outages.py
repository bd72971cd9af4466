"""When the power goes off, where, for how long, and why: the six classes of the papers.

计划 planned, 临时 temporary, 欠费 arrears (one account: made by the reconnection routine, not here),
故障 fault, 拉闸限电 load shedding, 其他 other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from suyuan.simulate.city import City
from suyuan.simulate.window import DAY, FAULT_MONTHS, HOUR, HOURS_FAULT, Window, times_of_day

CLASSES = ("planned", "temporary", "fault", "shedding", "other")
SHARES = (0.24, 0.1, 0.58, 0.03, 0.05)
LABELS = {"planned": "计划停电", "temporary": "临时停电", "arrears": "欠费停电", "fault": "故障停电",
          "shedding": "拉闸限电", "other": "其他停电"}  # fmt: skip
HOURS_OFF = {"planned": 5.0, "temporary": 3.0, "fault": 1.4, "shedding": 2.0, "other": 1.0}
AREA_RATE = 3.2
"""Interruptions per transformer area and year that hit that area alone (blown fuse, low-voltage cable)."""
FEEDER_RATE = 3.0
"""Interruptions per feeder and year, seen by all its areas."""


@dataclass(frozen=True, slots=True)
class Outage:
    """One interruption of a feeder (``area`` −1) or of one transformer area."""

    number: str
    kind: str
    feeder: int
    area: int
    began: int
    ended: int


def _draw(rng: Generator, window: Window, places: int, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Return place and begin of a Poisson number of interruptions."""
    weights = window.day_weights(FAULT_MONTHS, (1.0,) * 7)
    per_place = rng.gamma(4.0, 0.25, size=places) * rate * window.days / 365
    count = rng.poisson(per_place)
    place = np.repeat(np.arange(places), count)
    day = rng.choice(window.days, size=len(place), p=weights / weights.sum())
    return place, day * DAY + times_of_day(rng, len(place), HOURS_FAULT)


def build_outages(rng: Generator, city: City, window: Window) -> list[Outage]:
    """Return every interruption of the window in the order they began."""
    area, area_at = _draw(rng, window, len(city.area_names), AREA_RATE)
    feeder, feeder_at = _draw(rng, window, len(city.feeder_names), FEEDER_RATE)
    feeders = np.concatenate([city.area_feeder[area], feeder])
    areas = np.concatenate([area, np.full(len(feeder), -1)])
    began = np.concatenate([area_at, feeder_at])
    order = np.argsort(began, kind="stable")
    kinds = rng.choice(CLASSES, size=len(order), p=SHARES).tolist()
    length = rng.lognormal(0.0, 0.6, size=len(order))
    out = []
    for n, (i, kind) in enumerate(zip(order.tolist(), kinds, strict=True)):
        at = int(began[i])
        if kind == "planned":
            at = at - at % DAY + 8 * HOUR
        off = int(length[n] * HOURS_OFF[kind] * HOUR)
        out.append(Outage(f"TD{n + 1:06d}", kind, int(feeders[i]), int(areas[i]), at, at + off))
    return sorted(out, key=lambda o: (o.began, o.number))
