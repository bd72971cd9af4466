"""A third town: a telephone company whose log has another shape than both others, and more ways to go wrong.

Ids are those of a machine, units are objects or an attribute of events, relations carry qualifiers or are not
there, complaints say what they are about or do not. Every story that ends in a ticket happens without one
too, and orders go wrong beside tickets that have nothing to do with them. What causes what is told by
``RULES`` alone, written as docs/methods/trace.md says. Nothing is shared with ``elsewhere``.
"""

from pathlib import Path

import numpy as np

from .stories import STORIES
from .town import DAYS, YEARLY, Shape, Town, bills, lay_out, usual
from .written import write

RULES = Path(__file__).with_name("rules.toml")
__all__ = ["RULES", "Shape", "Town", "build", "write"]


def build(seed: int, shape: Shape | None = None) -> Town:
    """Return a town with about so many tickets as its shape says, some stories bringing several."""
    town = Town(np.random.default_rng(seed), shape or Shape())
    lay_out(town)
    for kind, yearly in YEARLY.items():
        for _ in range(int(town.dice.poisson(len(town.homes) * yearly * DAYS / 365))):
            usual(town, kind)
    names = list(STORIES)
    weights = np.array([STORIES[name][0] for name in names], float)
    for told, times in ((True, town.shape.tickets), (False, town.shape.tickets // 2)):
        for name in town.dice.choice(names, times, p=weights / weights.sum()).tolist():
            STORIES[name][1](town, name, told)
    bills(town)
    town.events.sort()
    return town
