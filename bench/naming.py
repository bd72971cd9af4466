"""How often is a bad unit named, and how often anybody where all are alike? Months drawn from known rates.

``python -m bench.naming`` prints a line for each way in which counts vary, as docs/methods/naming.md has it.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bench import home
from bench.detectworlds import BOOK
from suyuan.analytics.unit_comparison import Counted, Month, Standing, compare

TERMS = BOOK().figures["detect.named_unit"][-1].terms
UNITS, BAD, LOOKS = 30, 7, 400
Counts = NDArray[np.int64]
Vary = Callable[[Generator, NDArray[np.float64]], Counts]


def alike(chance: Generator, usual: NDArray[np.float64]) -> Counts:
    """Draw Poisson counts."""
    return chance.poisson(usual)


def shaken(spread: float) -> Vary:
    """Return a draw that multiplies each usual count by a gamma of this variance."""
    return lambda chance, usual: chance.poisson(usual * chance.gamma(1 / spread, spread, len(usual)))


def clusters(size: float) -> Vary:
    """Return a draw of clusters of so many on the mean, each geometric."""

    def drawn(chance: Generator, usual: NDArray[np.float64]) -> Counts:
        return np.array([chance.geometric(1 / size, n).sum() for n in chance.poisson(usual / size)])

    return drawn


def city(chance: Generator, vary: Vary, *, rate: float, times: float) -> Month:
    """Return a month of thirty stations of mostly 1,000 to 20,000 customers; one has so many times more."""
    size = np.exp(chance.normal(8.5, 0.8, UNITS))
    worse = np.where(np.arange(UNITS) == BAD, times, 1.0)
    measures = {}
    for name, usual, more in (("complaints", rate * size, worse), ("signals", 2 * rate * size, 1.0)):
        before = np.array([vary(chance, usual) for _ in range(TERMS["months"])]).T.tolist()
        now = vary(chance, usual * more).tolist()
        measures[name] = [
            Counted(f"u{at}", "station", now[at], float(size[at]), tuple(before[at])) for at in range(UNITS)
        ]
    return compare(measures, TERMS)


def named(month: Month) -> set[str]:
    """Return the units a month names."""
    return {one.unit for one in month.held if one.standing is Standing.NAMED}


def world(chance: Generator) -> dict[str, object]:
    """Return what is found of 200 bad months among 400, and how many are named wrongly a month."""
    found, wrong = 0, 0
    for look in range(LOOKS):
        seen = named(city(chance, shaken(0.1), rate=0.002, times=4.0 if look % 2 else 1.0))
        found += look % 2 and f"u{BAD}" in seen
        wrong += len(seen - {f"u{BAD}"} if look % 2 else seen)
    return {"found": found, "of": LOOKS // 2, "delay_days": 32.0, "false_a_month": round(wrong / LOOKS, 2)}


WORLDS: Mapping[str, Callable[[Generator], dict[str, object]]] = {"named_unit": world}
SAID: Mapping[str, tuple[str, str]] = {
    "named_unit": (
        "30 个供电所、400 个月，其中 200 个月一个所的投诉是同类的四倍，次月2日点名",
        "30 stations, 400 months; in 200 one has four times the complaints of its like, named on the 2nd",
    ),
}


def main() -> None:
    """Print how often each way of varying names somebody wrongly, and the bad one rightly."""
    home.fresh()
    ways = {"poisson": alike, "gamma 0.25": shaken(0.25), "gamma 0.5": shaken(0.5), "twos": clusters(2.0)}
    for name, vary in ways.items():
        for rate in (0.001, 0.004):
            chance = np.random.default_rng(31)
            false = sum(bool(named(city(chance, vary, rate=rate, times=1.0))) for _ in range(LOOKS))
            right = sum(f"u{BAD}" in named(city(chance, vary, rate=rate, times=3.0)) for _ in range(LOOKS))
            home.line("naming", vary=name, rate=rate, false=false / LOOKS, named=right / LOOKS)


if __name__ == "__main__":
    main()
