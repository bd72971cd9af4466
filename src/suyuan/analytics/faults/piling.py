"""Where a cause piles up: exactly, given how many faults each place and each cause had.

Of N faults whose cause is known a place had C and a cause R; were causes alike everywhere, those of that
cause there are hypergeometric with mean R C / N. A place as a whole is held against its accounts: what it has
is negative binomial, as places differ by more than chance (analytics/themes).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its statistics take a second to load: they are loaded by the first who asks for one

from suyuan.analytics.themes.tails import Counts, discoveries, held, interval

from .counting import AREA, LEVELS, LINE, Faults, Told

ANY = ""
"""Stands for all causes together."""
Place = tuple[str, str]
"""Line and area; the area is empty of a line."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """When something is a hot spot: the figure ``faults.threshold`` of the rulebook."""

    least: int
    """So many faults at least, of the cause, at the place, and of the cause at the place."""
    q: float


@dataclass(frozen=True, slots=True)
class Piled:
    """A cause at a place that is more than chance allows; ``low`` and ``high`` bound ``n`` / ``expected``."""

    cause: str
    """``ANY`` where the place has more faults by account than others, whatever their cause."""
    level: str
    line: str
    area: str
    n: int
    expected: float
    low: float
    high: float
    q: float
    told: tuple[Told, ...]

    @property
    def ratio(self) -> float:
        """Return how many times what was expected there was."""
        return self.n / self.expected

    @property
    def key(self) -> str:
        """Return the text that names it in addresses."""
        return "|".join((self.cause, self.level, self.line, self.area))


@dataclass(frozen=True, slots=True)
class _Asked:
    cause: str
    level: str
    place: Place
    n: int
    expected: float
    p: float


def piled(found: Faults, accounts: Mapping[Place, int], rule: Threshold) -> list[Piled]:
    """Return what is past the threshold, the least likely to be chance first.

    ``accounts`` are those of each area by line and area, and of each line (its area empty); without any no
    place is held against others as a whole. A line whose faults of a cause are mostly those of one of its
    areas that is named itself is left to that area.
    """
    asked = [one for level in LEVELS for one in _asked(found.of(level), level, accounts, rule)]
    (q,) = discoveries([np.array([one.p for one in asked])])
    named: list[Piled] = []
    for one, each in zip(asked, q.tolist(), strict=True):
        if one.n >= rule.least and each <= rule.q and one.n > one.expected:
            told = tuple(_behind(found.of(one.level), one))
            bounds = interval(one.n, one.expected)
            named.append(Piled(one.cause, one.level, *one.place, one.n, one.expected, *bounds, each, told))
    kept = [one for one in named if not _is_of_an_area(one, named)]
    return sorted(kept, key=lambda one: (one.q, -one.ratio, one.key))


def place_of(one: Told, level: str) -> Place:
    """Return where a fault lies at a level."""
    return one.line, one.area if level == AREA else ""


def _asked(told: Sequence[Told], level: str, accounts: Mapping[Place, int], rule: Threshold) -> list[_Asked]:
    """Return every cause at every place that could be a hot spot, whatever it had of that cause."""
    known = [one for one in told if one.cause]
    cells = Counter((one.cause, place_of(one, level)) for one in known)
    causes = Counter(one.cause for one in known)
    places = Counter(place_of(one, level) for one in known)
    pairs = [
        (cause, place)
        for cause, many in causes.items()
        for place, here in places.items()
        if min(many, here) >= rule.least and len(causes) > 1 and len(places) > 1
    ]
    n = np.array([cells[pair] for pair in pairs], np.int64)
    of_cause = np.array([causes[cause] for cause, _ in pairs], np.int64)
    at_place = np.array([places[place] for _, place in pairs], np.int64)
    p = scipy.stats.hypergeom.sf(n - 1, max(len(known), 1), of_cause, at_place)
    expected = of_cause * at_place / max(len(known), 1)
    across = zip(pairs, n.tolist(), expected.tolist(), p.tolist(), strict=True)
    found = [_Asked(cause, level, place, *rest) for (cause, place), *rest in across]
    return found + _by_account(told, level, accounts, rule)


def _by_account(
    told: Sequence[Told], level: str, accounts: Mapping[Place, int], rule: Threshold
) -> list[_Asked]:
    """Return every place held against the others by its accounts; those without accounts are left out."""
    at = Counter(place_of(one, level) for one in told)
    known = [place for place, many in accounts.items() if many and bool(place[1]) == (level == AREA)]
    if len(known) < 2 or not any(at[place] for place in known):
        return []
    many = np.array([[at[place] for place in known], [accounts[place] for place in known]], np.float64)
    judged = held(Counts(many, np.zeros_like(many)))
    return [
        _Asked(ANY, level, place, at[place], float(judged.others[0, each]), float(judged.p_others[0, each]))
        for each, place in enumerate(known)
        if at.total() >= rule.least
    ]


def _behind(told: Sequence[Told], one: _Asked) -> list[Told]:
    return [
        each for each in told if place_of(each, one.level) == one.place and one.cause in (ANY, each.cause)
    ]


def _is_of_an_area(one: Piled, named: Sequence[Piled]) -> bool:
    """Tell whether more than half of a line's faults of a cause are those of one named area of it."""
    return one.level == LINE and any(
        other.level == AREA and (other.line, other.cause) == (one.line, one.cause) and 2 * other.n > one.n
        for other in named
    )
