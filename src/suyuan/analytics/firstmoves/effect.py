"""Did the calls spare complaints? Those on the list against those held out, as they were drawn.

Everybody drawn for the list counts as called, reached or not (intention to treat): whoever picks out those
who were reached compares people who answer with people who do not.
"""

from dataclasses import dataclass
from math import ceil, sqrt

from scipy.special import ndtr, ndtri

from suyuan.analytics.intervals import LEVEL, wilson

FEWER, MORE, UNCLEAR = "fewer", "more", "unclear"
POWER = 0.8


@dataclass(frozen=True, slots=True)
class Arm:
    """How many complained, of how many."""

    n: int
    of: int

    @property
    def share(self) -> float | None:
        """Return the part that complained; None where there was nobody."""
        return self.n / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Effect:
    """The difference of the shares that complained, listed less held out: below 0 is fewer."""

    listed: Arm
    held: Arm
    difference: float | None
    low: float | None
    high: float | None
    level: float
    verdict: str
    """``fewer`` or ``more`` where the interval lies wholly on one side of 0, else ``unclear``."""
    detectable: float | None
    """The smallest fall of the share that so many people would show with a power of 80 %; None for none."""


def newcombe(first: Arm, second: Arm, level: float = LEVEL) -> tuple[float, float] | None:
    """Return the hybrid score interval of ``first`` less ``second`` (Newcombe 1998, method 10)."""
    one, two = wilson(first.n, first.of, level), wilson(second.n, second.of, level)
    if one is None or two is None:
        return None
    p, q = first.n / first.of, second.n / second.of
    low = p - q - sqrt((p - one[0]) ** 2 + (two[1] - q) ** 2)
    high = p - q + sqrt((one[1] - p) ** 2 + (q - two[0]) ** 2)
    return max(low, -1.0), min(high, 1.0)


def effect(listed: Arm, held: Arm, fewest: int, level: float = LEVEL) -> Effect:
    """Return the effect of the list; with fewer than ``fewest`` people on either side nothing is claimed."""
    found = newcombe(listed, held, level)
    if found is None:
        return Effect(listed, held, None, None, None, level, UNCLEAR, None)
    low, high = found
    verdict = FEWER if high < 0 else MORE if low > 0 else UNCLEAR
    if min(listed.of, held.of) < fewest:
        verdict = UNCLEAR
    difference = listed.n / listed.of - held.n / held.of
    return Effect(listed, held, difference, low, high, level, verdict, detectable(listed, held, level))


def power(base: float, fall: float, sizes: tuple[int, int], level: float = LEVEL) -> float:
    """Return how often a fall of the share from ``base`` would be shown by so many listed and held out."""
    less = base - fall
    deviation = sqrt(less * (1 - less) / sizes[0] + base * (1 - base) / sizes[1])
    if deviation == 0:
        return 1.0
    return float(ndtr(fall / deviation - ndtri((1 + level) / 2)))


def detectable(listed: Arm, held: Arm, level: float = LEVEL) -> float | None:
    """Return the smallest fall, in thousandths, that a power of 80 % would show; None where none would.

    The share without calls is taken to be what was seen of the held out, or of all where none of them
    complained.
    """
    base = held.n / held.of if held.n else (listed.n + held.n) / (listed.of + held.of)
    falls = (thousandths / 1000 for thousandths in range(1, int(base * 1000) + 1))
    return next((fall for fall in falls if power(base, fall, (listed.of, held.of), level) >= POWER), None)


def needed(base: float, fall: float, share: float, level: float = LEVEL) -> int | None:
    """Return how many people, both arms together, a fall needs to be shown with a power of 80 %."""
    less = base - fall
    if fall <= 0 or less < 0:
        return None
    spread = less * (1 - less) / (1 - share) + base * (1 - base) / share
    wanted = float(ndtri((1 + level) / 2) + ndtri(POWER))
    return ceil(spread * (wanted / fall) ** 2)


def each_level(count: int, level: float = LEVEL) -> float:
    """Return the level of each of several intervals that makes them hold all together (Bonferroni)."""
    return 1 - (1 - level) / max(count, 1)
