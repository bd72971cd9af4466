"""How long does it take to score a million accounts, and how much of the score of the field leaks?

The towns have forty accounts an area and six outages an area in eighteen months; in one a tenth of all
accounts call in most of them, in the other everybody is alike.
"""

import argparse
import os
import resource
import time

import numpy as np

from suyuan.analytics.sensitivity import entropy, leakage, learned
from suyuan.analytics.sensitivity.features import Calls, features
from suyuan.analytics.sensitivity.leakage import Home

DAYS, PERIOD, TOP, ON_AREA = 545.0, 91.0, 0.25, 40


def town(size: int, seed: int, *, habit: bool) -> Home:
    """Return a town whose calls are all for no supply."""
    chance = np.random.default_rng(seed)
    rate = np.where(chance.random(size) < 0.1, 0.6, 0.02) if habit else np.full(size, 0.08)
    area = np.arange(size) // ON_AREA
    account, day = [], []
    for _ in range(6):
        start = chance.uniform(0, DAYS, area[-1] + 1)
        out = np.flatnonzero(chance.random(size) < rate)
        account.append(out)
        day.append(start[area[out]])
    calls = Calls(np.concatenate(account), np.concatenate(day))
    return Home(area, calls, calls)


def main() -> None:
    """Print the times of a large town and what leaks in two."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--accounts", type=int, default=1_000_000)
    given = asked.parse_args()
    home = town(given.accounts, 1, habit=True)
    print(f"{given.accounts:,} accounts, {len(home.calls.day):,} calls, load {os.getloadavg()[0]:.1f}")
    started = time.perf_counter()
    known = features(home.calls, given.accounts, DAYS)
    entropy.weighed(known)
    print(f"features and entropy score {time.perf_counter() - started:.1f} s")
    out, called = leakage.exposed(home, DAYS - PERIOD, DAYS)
    started = time.perf_counter()
    learned.learn(known[out], called[out]).probability(known)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    took = time.perf_counter() - started
    print(f"learned on {out.sum():,} exposures, all scored {took:.1f} s, {memory:,.0f} MiB")
    for habit in (True, False):
        found = leakage.measured(town(100_000, 2, habit=habit), DAYS, PERIOD, TOP)
        print("a tenth call often:" if habit else "all alike:", found)


if __name__ == "__main__":
    main()
