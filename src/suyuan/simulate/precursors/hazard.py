"""Who complains more: people after outages, whose orders were late, who were dissatisfied; and how probably.

The rate of complaints of a customer is his own usual rate, times one and a sum of factors of what befell him
in the 30 days before. So the probability of a complaint in the next 30 days is known, and how well any
model could do at best.
"""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from suyuan.simulate.catalogue import MIX
from suyuan.simulate.precursors.planted import Ground, Precursor
from suyuan.simulate.window import DAY, MONTHS, Window

LASTS = 30 * DAY
OUTAGE, BROKEN, UNHAPPY, WEAK = 0.6, 6.0, 5.0, 3.0
"""How much each adds to the rate of its customer, as a multiple of the usual rate (ours)."""
TOPICS = {OUTAGE: "no_notice", BROKEN: "change_late", UNHAPPY: "hall_conduct", WEAK: "voltage"}
HAZARD = "hazard"
"""What complaints are called that came of a higher rate alone."""

Exposure = tuple[int, int, int, float]
"""Customer, from when, until when, factor."""


def exposures(ground: Ground) -> list[Exposure]:
    """Return what makes customers complain more, and for how long."""
    city = ground.city
    members = [np.flatnonzero(city.customer_area == a).tolist() for a in range(len(city.area_names))]
    found: list[Exposure] = []
    for outage in [*ground.outages, *ground.out.outages]:
        areas = (
            [outage.area] if outage.area >= 0 else np.flatnonzero(city.area_feeder == outage.feeder).tolist()
        )
        found += [(c, outage.began, outage.began + LASTS, OUTAGE) for area in areas for c in members[area]]
    for seen in ground.out.found:
        if seen.detector == "promise_watch" and seen.due is not None:
            found.append((seen.customer, seen.due, seen.due + LASTS, BROKEN))
        if seen.detector == "silent_dissatisfaction":
            found.append((seen.customer, seen.began, seen.began + LASTS, UNHAPPY))
    for area, began, ended in ground.out.weak:
        found += [(c, began, ended, WEAK) for c in members[area]]
    return found


def usual(eager: np.ndarray, per_year: float) -> np.ndarray:
    """Return the usual complaints a day of each customer."""
    share = MIX["complaint"] / sum(MIX.values())
    return np.asarray(eager / eager.mean() * per_year / 365 * share)


def complaints(ground: Ground, rate: np.ndarray, seen: list[Exposure]) -> None:
    """Let customers complain at the rate that was added to theirs."""
    length = np.array([until - since for _, since, until, _ in seen]) / DAY
    mean = rate[[c for c, *_ in seen]] * length * np.array([factor for *_, factor in seen])
    for place in np.flatnonzero(ground.rng.random(len(seen)) < mean).tolist():
        customer, since, until, factor = seen[place]
        at = ground.calling(since + ground.rng.random() * (until - since - DAY))
        nobody = Precursor(HAZARD, "", "", since)
        ground.complain(TOPICS[factor], customer, at, nobody)


def probabilities(
    rate: np.ndarray, seen: list[Exposure], window: Window, every: int = 7
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield days of looking and each customer's probability to complain within 30 days, by the rates alone.

    Of what befalls a customer after the day of looking nobody knows more than how much befalls anybody: that
    is in it.
    """
    ahead = sum(factor for *_, factor in seen) / len(rate) / window.days * (LASTS / DAY) ** 2 / 2
    by_day: dict[int, list[Exposure]] = defaultdict(list)
    looks = range(LASTS // DAY, window.days - LASTS // DAY + 1, every)
    breath = window.day_weights(MONTHS)
    for one in seen:
        for look in looks:
            if one[1] < look * DAY < one[2]:
                by_day[look].append(one)
    for look in looks:
        more, usually = np.zeros(len(rate)), float(breath[look : look + LASTS // DAY].sum())
        for customer, _, until, factor in by_day[look]:
            more[customer] += factor * min(until - look * DAY, LASTS) / DAY
        yield look, 1 - np.exp(-rate * (usually + ahead + more))
