"""Precursors at accounts: a reader who writes zero month after month, and empty homes that only look so."""

import numpy as np

from suyuan.simulate.golden import readings_before
from suyuan.simulate.precursors.planted import Ground, Precursor
from suyuan.simulate.window import DAY


def zeros(ground: Ground) -> None:
    """Let readers write zero at some accounts for three months and more; some of these complain in time."""
    rng, window = ground.rng, ground.window
    told = {c.customer for c in ground.anyway if c.story == "zero_reading"}
    spare = [c for c in range(ground.customers) if ground.city.kinds[c] == "resident" and c not in told]
    count = min(len(spare), max(3, round(ground.customers / 400 * max(1.0, window.days / 90))))
    for n, customer in enumerate(rng.choice(spare, size=count, replace=False).tolist()):
        until = window.cut if n == 0 else int(rng.uniform(5, window.days) * DAY)
        months = readings_before(window, until, customer, int(rng.integers(3, 6)))
        ground.out.zeros.append((customer, months))
        seen = Precursor("zero_readings", f"account:{ground.city.accounts[customer]}",
                         ground.city.station_of(customer), months[2], "business.billing.reading",
                         customer=customer)  # fmt: skip
        ground.out.found.append(seen)
        if rng.random() < 0.6:
            at = ground.calling(months[2] + ground.days(6, 26))
            ground.complain("reading_late", customer, at, seen)


def honest_zeros(ground: Ground, kwh: np.ndarray, at: int) -> None:
    """Write down the empty homes: their readings are zero throughout and nothing is wrong."""
    zeroed = {customer for customer, _ in ground.out.zeros}
    for customer in np.flatnonzero(np.nan_to_num(kwh, nan=0.0).sum(axis=1) == 0).tolist():
        if customer not in zeroed:
            ground.out.found.append(
                Precursor("zero_readings", f"account:{ground.city.accounts[customer]}",
                          ground.city.station_of(customer), at, customer=customer, real=False)
            )  # fmt: skip
