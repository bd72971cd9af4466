"""Is the effect of first moves told rightly: planted ones found, none claimed where there is none?

Desks with customers who come up as candidates day after day, each with a risk of their own that the ranking
half knows; lists of ten a desk and day, a tenth held out by the keyed draw, as the house makes them. Calls
reach some, and spare a part of the complaints of those they reach.
"""

import argparse
import random
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from suyuan.analytics.firstmoves.effect import Arm, Effect, each_level, effect
from suyuan.analytics.firstmoves.holding import is_held_out
from suyuan.analytics.firstmoves.ranking import Candidate, Reason, Weights, ranked

DESKS, CUSTOMERS, A_DAY, MOST, SHARE, LASTS = 6, 4000, 25, 10, 0.1, 30
REACHED = 0.7
NOW = datetime(2026, 3, 4, tzinfo=UTC)
BY = Weights({"general": 0.05, "important": 0.15, "urgent": 0.3}, 48, 1.0, 0.5, 1.5)


@dataclass(slots=True)
class Told:
    """What one simulated year and a half came to: the effect that was planted, and what is said of it."""

    planted: float
    whole: Effect
    desks: list[Effect]


def lived(seed: int, days: int, spared: float) -> Told:
    """Return what is told of lists over some days, of which calls spare a part of the complaints."""
    chance = random.Random(seed)  # noqa: S311 a seed, no secret
    arms = {(desk, held): [0, 0] for desk in range(DESKS) for held in (True, False)}
    expected = {True: [0.0, 0], False: [0.0, 0]}
    for desk in range(DESKS):
        risk = [min(chance.expovariate(1 / 0.12), 0.9) for _ in range(CUSTOMERS)]
        busy: dict[int, int] = {}
        for day in range(days):
            people = [one for one in chance.sample(range(CUSTOMERS), A_DAY) if busy.get(one, 0) <= day]
            for _, candidate in ranked((_candidate(one, risk[one]) for one in people), NOW, BY)[:MOST]:
                who = int(candidate.who)
                busy[who] = day + LASTS
                held = is_held_out(sha256(f"{seed}|{desk}|{who}|{day}".encode()).hexdigest(), SHARE)
                left = risk[who] * (1 if held else 1 - REACHED * spared)
                arms[desk, held][0] += chance.random() < left
                arms[desk, held][1] += 1
                for arm, still in ((True, risk[who]), (False, risk[who] * (1 - REACHED * spared))):
                    expected[arm][0] += still
                    expected[arm][1] += 1
    level = each_level(DESKS)
    desks = [effect(Arm(*arms[one, False]), Arm(*arms[one, True]), 30, level) for one in range(DESKS)]
    sums = {arm: [sum(arms[one, arm][at] for one in range(DESKS)) for at in (0, 1)] for arm in (True, False)}
    planted = expected[False][0] / expected[False][1] - expected[True][0] / expected[True][1]
    return Told(planted, effect(Arm(*sums[False]), Arm(*sums[True]), 30), desks)


def _candidate(who: int, risk: float) -> Candidate:
    """Return somebody with reasons that know half of the risk."""
    level = "urgent" if risk > 0.3 else "important" if risk > 0.1 else "general"
    return Candidate(str(who), "0101", (Reason("x", "signal", level),))


def shown(told: list[Told], spared: float, days: int) -> None:
    """Print what is told over all years with one planted effect."""
    verdicts = Counter(one.whole.verdict for one in told)
    family = sum(any(desk.verdict != "unclear" for desk in one.desks) for one in told)
    seen = sum((one.whole.difference or 0) for one in told) / len(told)
    planted = sum(one.planted for one in told) / len(told)
    inside = sum((one.whole.low or -1) <= one.planted <= (one.whole.high or 1) for one in told)
    held = sum(one.whole.held.of for one in told) / len(told)
    listed = sum(one.whole.listed.of for one in told) / len(told)
    print(
        f"days {days:>3}  spared {spared:.2f}  listed {listed:.0f}  held out {held:.0f}  "
        f"planted {planted:+.4f}  told {seen:+.4f}  interval holds {inside}/{len(told)}  "
        f"fewer {verdicts['fewer']}  more {verdicts['more']}  cannot tell {verdicts['unclear']}  "
        f"any desk claims {family}"
    )


def main() -> None:
    """Live through many simulated homes and print how often what is told is true."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--homes", type=int, default=200)
    asked.add_argument("--days", type=int, default=60)
    homes, days = (given := asked.parse_args()).homes, given.days
    began = time.perf_counter()
    for spared in (0.0, 0.25, 0.5, 1.0):
        shown([lived(seed, days, spared) for seed in range(homes)], spared, days)
    print(f"{time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
