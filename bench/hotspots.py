"""How fast are hot spots looked for, how often falsely, how soon is an outbreak seen?

A company of ten counties, two hundred stations and 4,800 areas; days with weeks, seasons, holidays, growth,
and on some days more or less of everything. Outbreaks of two weeks grow by the same number a day
(Neill 2009).
"""

import argparse
import os
import resource
import time
from datetime import date

import numpy as np
from numpy.typing import NDArray

from suyuan.actions import hotspots
from suyuan.analytics.hotspots import scanning
from suyuan.analytics.hotspots.expect import expected
from suyuan.analytics.hotspots.nodes import Nodes, meet, nodes
from suyuan.analytics.hotspots.ordinary import MONTH, Borne
from suyuan.analytics.hotspots.score import scores
from suyuan.analytics.hotspots.seasons import Days
from suyuan.analytics.hotspots.signals import Looked, signals
from suyuan.domain import rulebook

COUNTIES, STATIONS, AREAS, DAYS, LASTS = 10, 20, 24, 730, 14
FIRST = date(2024, 1, 1)
LEVELS = {"county": 1, "station": 2, "area": 3}
Floats = NDArray[np.float64]


def company(seed: int, a_day: float) -> tuple[list[tuple[tuple[str, ...], ...]], Floats, NDArray[np.int64]]:
    """Return the areas, what is usual at each on each day, and what was counted."""
    chance, day = np.random.default_rng(seed), np.arange(DAYS)
    days = calendar()
    places = [
        ((f"{county}", f"{county}.{station}", f"{county}.{station}.{area}"),)
        for county in range(COUNTIES)
        for station in range(STATIONS)
        for area in range(AREAS)
    ]
    week = np.array([1.2, 1.1, 1.0, 1.0, 1.0, 0.8, 0.7])[days.weekday]
    season = (1 + 0.3 * np.sin(2 * np.pi * day / 365.25)) * np.exp(0.1 * day / 365)
    usual = chance.gamma(1, a_day / len(places), len(places))[:, None] * week * season
    usual = usual * np.where(days.rest, 0.6, 1.0)
    return places, usual, chance.poisson(usual * chance.gamma(20, 1 / 20, DAYS))


def calendar() -> Days:
    """Return the days by the one calendar."""
    return hotspots.days(rulebook.load(), FIRST.toordinal(), DAYS, plain=False)


def counts_of(tree: Nodes, counted: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return counts by node and day."""
    place, day = np.nonzero(counted)
    return scanning.counts_of(tree, place, day, counted[place, day].astype(np.float64), DAYS)


def outbreaks(
    tree: Nodes, usual: Floats, counted: NDArray[np.int64], limit: float, asked: tuple[str, int]
) -> None:
    """Print how many outbreaks at a level were seen while they lasted, and after how many days."""
    level, times = asked
    figures = hotspots.figures(rulebook.load(), FIRST)
    chance, delays, excess, put = np.random.default_rng(times), [], [], 0
    at_level = [number for number, name in enumerate(tree.names) if len(name[0]) == LEVELS[level]]
    for _ in range(4):
        more, plan = counted.copy(), []
        for start in range(130, DAYS - 30, 30):
            node = int(chance.choice(at_level))
            below = tree.below[[node]].indices
            spread = np.sqrt(usual[below, start : start + LASTS].sum())
            many = max(round(times * spread), 3)
            day = start + chance.choice(LASTS, many, p=np.arange(1, LASTS + 1) / (LASTS * (LASTS + 1) / 2))
            weight = usual[below].mean(1)
            np.add.at(more, (chance.choice(below, many, p=weight / weight.sum()), day), 1)
            plan.append((node, start))
            excess.append(many)
        counts = counts_of(tree, more)
        hoped = expected(counts, tree, calendar(), figures)
        told = signals(Looked(tree, counts, hoped, scores(counts, hoped, figures)), limit, figures)
        for node, start in plan:
            put += 1
            seen = [
                one.raised - start + 1
                for one in told
                if start <= one.raised < start + LASTS
                and tree.names[one.node] != tree.names[0]
                and meet(tree.names[one.node], tree.names[node]) is not None
            ]
            delays += [min(seen)] if seen else []
    said = f"{np.mean(delays):.1f} days" if delays else "–"
    print(
        f"{level:8} {times:3} sd, {np.mean(excess):5.1f} more: seen {len(delays)}/{put}, after {said}",
        flush=True,
    )


def main() -> None:
    """Time one scan; count what is told of mixed days; then outbreaks of several sizes at each level."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=101)
    asked.add_argument("--a-day", type=float, default=100.0, help="Events a day in the whole company.")
    asked.add_argument("--mixed", type=int, default=5)
    given = asked.parse_args()
    figures = hotspots.figures(rulebook.load(), FIRST)
    places, usual, counted = company(given.seed, given.a_day)
    tree = nodes(places)
    counts = counts_of(tree, counted)
    print(f"{len(tree.names):,} nodes, {DAYS} days, load {os.getloadavg()[0]:.1f}")
    started = time.perf_counter()
    found = scanning.scan(counts, tree, calendar(), figures)
    took = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    print(f"scan with significance {took:.1f} s, {memory:,.0f} MiB")
    months = (DAYS - figures.warm_up) / MONTH
    print(f"as it was: {len(found.signals)} signals in {months:.1f} months, limit {found.ordinary.limit:.2f}")
    chance, told = np.random.default_rng(given.seed), []
    for seed in range(given.mixed):
        mixed = np.ascontiguousarray(counts[:, chance.permutation(DAYS)])
        told.append(len(scanning.scan(mixed, tree, calendar(), figures, Borne(rounds=5, seed=seed)).signals))
    print(f"days mixed: {sum(told)} signals in {months * given.mixed:.1f} months {told}", flush=True)
    for level in LEVELS:
        for times in (4, 6, 8, 12):
            outbreaks(tree, usual, counted, found.ordinary.limit, (level, times))


if __name__ == "__main__":
    main()
