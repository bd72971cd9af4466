"""How soon are outbreaks of stated size seen at one false alarm a month? (Neill 2009, table 3)

Into counts orders are put that nobody made: on day t of fourteen so many times min(t, 7), at the places of
one node by how much is usual at each, Poisson (his *fictional linear onset outbreak*). The size is how many
there are at their height in standard deviations of a day there. Each method has the limit at which the counts
as they were alarm once a month: by day (Neill), or what goes on at related nodes counted once (what the scan
promises). An alarm is the outbreak's where its node shares a place with it and does not alarm without it.
Days are those of the outbreak until it is seen, an unseen one counts as fourteen.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.outbreak_methods import METHODS, Base
from suyuan.actions import hotspots
from suyuan.analytics.hotspots import scanning
from suyuan.analytics.hotspots.expect import Counts, expected
from suyuan.analytics.hotspots.nodes import Node, Nodes, meet, nodes
from suyuan.analytics.hotspots.ordinary import MONTH, Borne
from suyuan.domain import rulebook
from suyuan.gateways import countfile

LASTS, RISES = 14, 7
SHARES = {"small": (0.0, 0.02), "medium": (0.02, 0.15), "large": (0.15, 0.6)}
"""Which part of all is counted at a node."""
Floats = NDArray[np.float64]


def base(name: str, places: list[Node], by_place: NDArray[np.int64], first: int, *, plain: bool) -> Base:
    """Return counts by place and day as a base; few days are judged with short windows."""
    book, size = rulebook.load(), by_place.shape[1]
    on = date(2026, 1, 1)
    short = size < 300
    figures = hotspots.figures(book, on, "hotspots.windows_short" if short else "hotspots.windows")
    tree = nodes(places)
    days = hotspots.days(book, first, size, plain=plain)
    return Base(name, tree, counted(tree, by_place), by_place, days, figures)


def counted(tree: Nodes, by_place: NDArray[np.int64]) -> Counts:
    """Return counts by node and day."""
    place, day = np.nonzero(by_place)
    return scanning.counts_of(tree, place, day, by_place[place, day].astype(np.float64), by_place.shape[1])


def of_file(name: str, path: Path, columns: countfile.Columns, *, plain: bool) -> Base:
    """Return the counts of a table as a base, its last day left out: it may be cut off."""
    found = countfile.read(path, columns, "Asia/Shanghai")
    first, size = int(found.day.min()), int(found.day.max() - found.day.min())
    by_place = np.zeros((len(found.places), size + 1), np.int64)
    np.add.at(by_place, (found.place, found.day - first), found.many.astype(np.int64))
    return base(name, found.places, by_place[:, :-1], first, plain=plain)


def boston(data: Path) -> Base:
    """Return the requests of Boston, 2011-07 to 12, by neighbourhood and by department and reason."""
    import zipfile

    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(data) as packed:
        file = Path(packed.extract(packed.namelist()[0], folder))
        trees = (("neighborhood",), ("subject", "reason"))
        return of_file("Boston 2011", file, countfile.Columns(trees, "open_dt"), plain=True)


def city(seed: int) -> Base:
    """Return the orders of a simulated city by line and area, and by type and category."""
    from suyuan import simulate

    with tempfile.TemporaryDirectory() as folder:
        simulate.build(seed, 3000, 365, date(2025, 10, 31), Path(folder))
        columns = countfile.Columns((("line", "area"), ("business_type", "category")), "accepted_at")
        return of_file(f"city {seed}", Path(folder) / "orders.xlsx", columns, plain=False)


def company(seed: int, a_day: float = 60.0) -> Base:
    """Return the company of ``bench.hotspots`` with a twelfth of its areas."""
    from bench import hotspots as large

    chance, size = np.random.default_rng(seed), 500
    places = [
        ((f"{county}", f"{county}.{station}", f"{county}.{station}.{area}"),)
        for county in range(5)
        for station in range(10)
        for area in range(8)
    ]
    days = large.calendar()
    week = np.array([1.2, 1.1, 1.0, 1.0, 1.0, 0.8, 0.7])[days.weekday[:size]]
    season = (1 + 0.3 * np.sin(2 * np.pi * np.arange(size) / 365.25)) * np.where(days.rest[:size], 0.6, 1.0)
    usual = chance.gamma(1, a_day / len(places), len(places))[:, None] * week * season
    by_place = chance.poisson(usual * chance.gamma(20, 1 / 20, size))
    return base(f"company {seed}", places, by_place, large.FIRST.toordinal(), plain=False)


def episodes(tree: Nodes, scored: Counts, highest: float, gap: int) -> int:
    """Return how often there is an alarm: by the highest node of a day, once while related nodes alarm."""
    going: list[tuple[int, int]] = []
    told = 0
    for day in np.flatnonzero(scored.max(0) >= highest).tolist():
        node = int(scored[:, day].argmax())
        going = [(one, last) for one, last in going if day - last <= gap]
        same = [
            at for at, (one, _) in enumerate(going) if meet(tree.names[one], tree.names[node]) is not None
        ]
        told += not same
        if same:
            going[same[0]] = going[same[0]][0], day
        else:
            going.append((node, day))
    return told


def limit(base: Base, scored: Counts, *, by_day: bool, alarms: float = 1.0) -> float:
    """Return the lowest score above which there are never more alarms than so many a month.

    An alarm is a day (Neill), or with ``by_day`` unset what goes on as one.
    """
    judged_days = scored[:, base.start :]
    most = alarms * judged_days.shape[1] / MONTH
    tops = np.sort(judged_days.max(0))[::-1]
    if by_day:
        return float(tops[int(most)])
    found = float(tops[0])
    for highest in np.unique(tops)[::-1].tolist():
        if episodes(base.tree, judged_days, highest, base.figures.gap) > most:
            break
        found = highest
    return found


def of_size(base: Base, size: str) -> NDArray[np.int64]:
    """Return the nodes of a size, those with one in five days at least."""
    total = base.counts.sum(1)
    low, high = SHARES[size]
    within = (total / total[0] >= low) & (total / total[0] < high) & (total >= 0.2 * base.counts.shape[1])
    within[0] = False
    return np.flatnonzero(within)


@dataclass(frozen=True, slots=True)
class Outbreak:
    """What was put in: where, from when, how many."""

    node: int
    start: int
    many: int


def injected(
    base: Base, apart: Floats, size: str, times: float, chance: np.random.Generator
) -> tuple[Counts, list[Outbreak]]:
    """Return counts with an outbreak of a size every four weeks; ``apart`` is the spread by node."""
    more, plan, among = base.by_place.copy(), [], of_size(base, size)
    begin = base.start + int(chance.integers(LASTS))
    for start in range(begin, base.counts.shape[1] - LASTS + 1, 2 * LASTS):
        node = int(chance.choice(among))
        below = base.tree.below[[node]].indices
        weight = base.by_place[below].sum(1) + 0.1
        rise = np.minimum(np.arange(1, LASTS + 1), RISES) / RISES
        many = chance.poisson(times * apart[node] * rise)
        for at, n in enumerate(many.tolist()):
            np.add.at(more[:, start + at], chance.choice(below, n, p=weight / weight.sum()), 1)
        plan.append(Outbreak(node, start, int(many.sum())))
    return counted(base.tree, more), plan


def delay(base: Base, scored: Counts, plain: NDArray[np.bool_], highest: float, one: Outbreak) -> int:
    """Return on which day of an outbreak its place first alarmed, 0 for never.

    What alarms without it (``plain``) is not its alarm.
    """
    shares = (base.tree.below @ base.tree.below[[one.node]].T.toarray()[:, 0]) > 0
    within = slice(one.start, one.start + LASTS)
    days = ((scored[shares, within] >= highest) & ~plain[shares, within]).any(0)
    return int(np.argmax(days)) + 1 if days.any() else 0


Calm = Mapping[str, tuple[float, NDArray[np.bool_]]]
"""By method its limit, and what alarms by it in the counts as they were."""


def judged(base: Base, size: str, times: float, rounds: int, calm: Calm) -> dict[str, list[int]]:
    """Return the delays of every method on the same outbreaks, and under no name how many orders each had."""
    chance = np.random.default_rng(int(times * 10) + len(size))
    hoped = expected(base.counts, base.tree, base.days, base.figures)
    apart = (base.counts - hoped.mean)[:, base.start :].std(1)
    found: dict[str, list[int]] = {name: [] for name in calm} | {"": []}
    for _ in range(rounds):
        counts, plan = injected(base, apart, size, times, chance)
        found[""] += [one.many for one in plan]
        for name, (highest, plain) in calm.items():
            scored = METHODS[name](base, counts)
            found[name] += [delay(base, scored, plain, highest, one) for one in plan]
    return found


def said(delays: list[int]) -> str:
    """Return the share that was seen and the mean day, an unseen one counting as the last."""
    days = np.array(delays)
    seen = days > 0
    return f"{seen.mean():6.1%} {np.where(seen, days, LASTS).mean():5.2f} d"


def main() -> None:
    """Print every base: its own limit, then each size and height with each method."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", type=Path, default=os.environ.get("SUYUAN_DATA", "."))
    asked.add_argument("--rounds", type=int, default=6)
    asked.add_argument("--seed", type=int, default=101)
    asked.add_argument("--times", type=float, nargs="+", default=[4, 8])
    asked.add_argument("--only", default="")
    given = asked.parse_args()
    file = given.data / "service_requests/boston_2011.zip"
    every: dict[str, Callable[[], Base]] = {
        "boston": lambda: boston(file),
        "city": lambda: city(given.seed),
        "company": lambda: company(given.seed),
    }
    for name, make in every.items():
        if given.only not in ("", name):
            continue
        if name == "boston" and not file.exists():
            print(f"skipped: {file} is not there; SUYUAN_DATA says where the real files lie")
            continue
        shown(make(), given.times, given.rounds)


def shown(base: Base, times: list[float], rounds: int) -> None:
    """Print what every method does on a base, by both ways to count alarms."""
    plain = {name: method(base, base.counts) for name, method in METHODS.items()}
    started = time.perf_counter()
    found = scanning.scan(base.counts, base.tree, base.days, base.figures, Borne())
    took, months = time.perf_counter() - started, (base.counts.shape[1] - base.start) / MONTH
    size = f"{len(base.tree.names):,} nodes, {base.counts.shape[1]} days, {base.counts[0].mean():.0f} a day"
    print(
        f"{base.name}: {size}, {months:.1f} months; {len(found.signals)} signals of its own, {took:.0f} s",
        flush=True,
    )
    for by_day in (True, False):
        limits = {name: limit(base, scored, by_day=by_day) for name, scored in plain.items()}
        calm = {name: (highest, plain[name] >= highest) for name, highest in limits.items()}
        print("  one day a month" if by_day else "  one alarm a month, what goes on counted once", flush=True)
        for size in SHARES:
            for height in times:
                got = judged(base, size, height, rounds, calm)
                orders = np.array(got.pop(""))
                line = "  ".join(f"{name} {said(delays)}" for name, delays in got.items())
                print(
                    f"    {size:6} {height:4g} sd, {orders.mean():6.1f} more, {len(orders)}: {line}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
