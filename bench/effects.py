"""How often the effect of acting on warnings is told rightly, on simulated units whose truth is known.

For each true effect: how often it was claimed, how often wrongly, how often the interval held the truth.
Units differ, drift, are over-dispersed, and are acted on because their last weeks were high.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suyuan.analytics.effects.effect import FEWER, MORE, Effect, effect
from suyuan.analytics.effects.panel import Acted, Panel, Terms

TERMS = Terms(before=24, gap=4, after=8, controls=5, least_units=8, least_complaints=30)
WEEKS = 46


@dataclass(frozen=True, slots=True)
class World:
    """Units that differ, drift by themselves and share a season; ``effect`` multiplies what follows."""

    units: int = 80
    acted: int = 20
    mean: float = 2.0
    shape: float = 2.0
    drift: float = 0.01
    own_drift: float = 0.0
    """Of the units acted on alone: what breaks the comparison."""
    effect: float = 1.0
    lasting: tuple[float, float] = (0.0, 0.0)
    """How much of what a week is above or below stays in the next, and its standard deviation (log)."""
    highs: tuple[int, int, float] = (0, 0, 1.0)
    """Highs that begin anywhere and end by themselves: least and most weeks, and how many times as much."""


def simulate(world: World, seed: int) -> tuple[Panel, list[Acted]]:
    """Return a panel and where it was acted on: at units whose last four weeks before were the highest."""
    chance = np.random.default_rng(seed)
    level = chance.gamma(world.shape, world.mean / world.shape, world.units)
    drift = chance.normal(0, world.drift, world.units)
    week = np.arange(WEEKS)
    season = 1 + 0.3 * np.sin(2 * np.pi * week / 26 + chance.uniform(0, 6.28))
    kinds = tuple("station" if at % 4 else "hall" for at in range(world.units))
    rate = level[:, None] * season * np.exp(drift[:, None] * (week - WEEKS / 2))
    if world.lasting[1]:
        rate = rate * np.exp(wandering(*world.lasting, rate.shape, chance))
    if world.highs[0]:
        rate = rate * ending(world.highs, rate.shape, chance)
    counts = chance.poisson(rate * chance.gamma(4.0, 0.25, rate.shape))
    at = 32
    recent = counts[:, at - 4 : at].sum(axis=1) / np.maximum(level * 4, 1e-9)
    chosen = np.argsort(-recent)[: world.acted]
    for unit in chosen:
        rate[unit] *= np.exp(world.own_drift * (week - at))
        rate[unit, at + 1 :] *= world.effect
        fresh = chance.poisson(rate[unit] * chance.gamma(4.0, 0.25, WEEKS))
        counts[unit, at:] = fresh[at:]
        if world.own_drift:
            counts[unit, : at - 4] = fresh[: at - 4]
    return Panel(counts, kinds), [Acted(int(unit), at) for unit in chosen]


def wandering(
    stays: float, spread: float, shape: tuple[int, ...], chance: np.random.Generator
) -> NDArray[np.float64]:
    """Return logs that wander about nothing: AR(1) over weeks."""
    fresh = chance.normal(0, spread, shape)
    for week in range(1, shape[1]):
        fresh[:, week] = stays * fresh[:, week - 1] + np.sqrt(1 - stays**2) * fresh[:, week]
    return fresh


def ending(
    highs: tuple[int, int, float], shape: tuple[int, ...], chance: np.random.Generator
) -> NDArray[np.float64]:
    """Return how many times as much there is by unit and week: a unit has a high every half year or so."""
    least, most, times = highs
    found = np.ones(shape)
    for unit, week in np.argwhere(chance.random(shape) < 1 / 26).tolist():
        found[unit, week : week + int(chance.integers(least, most + 1))] = times
    return found


def measure(world: World, worlds: int, terms: Terms = TERMS, first: int = 1) -> dict[str, float]:
    """Return shares of worlds: claimed, claimed wrongly, interval holds the truth."""
    every = [effect(*simulate(world, first + at), terms) for at in range(worlds)]
    return {
        "claimed": _share(every, lambda one: one.verdict in (FEWER, MORE)),
        "wrong": _share(every, lambda one: _wrong(one, world.effect)),
        "held": _share(every, lambda one: _held(one, world.effect)),
        "last": _share(every, lambda one: one.why == "last_weeks_may_explain"),
        "trend": _share(every, lambda one: one.why in ("trends_differ", "trend_may_explain")),
    }


def _wrong(one: Effect, truth: float) -> bool:
    return (one.verdict == FEWER and truth >= 1) or (one.verdict == MORE and truth <= 1)


def _held(one: Effect, truth: float) -> bool:
    return one.found is not None and one.found.low <= truth <= one.found.high


def _share(every: list[Effect], holds: Callable[[Effect], bool]) -> float:
    return sum(map(holds, every)) / len(every)


WORLDS = {
    "none": World(),
    "none, 8 units": World(acted=8),
    "none, 40 of 160": World(units=160, acted=40),
    "none, rare": World(mean=0.3),
    "half": World(effect=0.5),
    "a quarter fewer": World(effect=0.75),
    "none, falling anyway": World(own_drift=-0.04),
    "none, lasting 0.6/0.5": World(lasting=(0.6, 0.5)),
    "none, lasting 0.8/0.3": World(lasting=(0.8, 0.3)),
    "none, lasting 0.8/0.5": World(lasting=(0.8, 0.5)),
    "none, lasting 0.9/0.3": World(lasting=(0.9, 0.3)),
    "none, lasting 0.93/0.5": World(lasting=(0.93, 0.5)),
    "none, highs of 4 to 6 weeks": World(highs=(4, 6, 4.0)),
    "none, highs of 6 to 10 weeks": World(highs=(6, 10, 3.0)),
    "none, highs of 2 to 3 weeks": World(highs=(2, 3, 3.0)),
    "half, lasting 0.6/0.5": World(lasting=(0.6, 0.5), effect=0.5),
    "half, lasting 0.8/0.3": World(lasting=(0.8, 0.3), effect=0.5),
    "half, lasting 0.8/0.5": World(lasting=(0.8, 0.5), effect=0.5),
    "half, lasting 0.93/0.5": World(lasting=(0.93, 0.5), effect=0.5),
}


def main() -> None:
    """Measure every kind of world."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=1000)
    given = parser.parse_args()
    for name, world in WORLDS.items():
        said = {
            "bench": "effects",
            "truth": name,
            "ratio": world.effect,
            "worlds": given.worlds,
        }
        print(json.dumps(said | measure(world, given.worlds)), flush=True)


if __name__ == "__main__":
    main()
