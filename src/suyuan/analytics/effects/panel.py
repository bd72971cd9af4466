"""Counts by unit and week, where something was done and when, and which weeks are looked at around it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Panel:
    """How many complaints each unit had in each week; only units of one ``kind`` are compared."""

    counts: Counts
    """Units × weeks."""
    kind: tuple[str, ...]

    @property
    def units(self) -> int:
        return len(self.kind)

    @property
    def weeks(self) -> int:
        return int(self.counts.shape[1])


@dataclass(frozen=True, slots=True)
class Acted:
    """That something was done at a unit in a week, by their positions in the panel."""

    unit: int
    week: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as many as without, with its interval."""

    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rulebook says of the comparison, in weeks and numbers of units.

    ``gap`` weeks before the action are left out: the warning was opened because they were high, so what
    follows them is lower by itself.
    """

    before: int
    gap: int
    after: int
    controls: int
    least_units: int
    least_complaints: int

    @property
    def reach(self) -> tuple[int, int]:
        """Return how many weeks are needed before the week of the action, and from it on."""
        return self.before + self.gap, self.after + 1

    @property
    def further(self) -> float:
        """Return how many times as far apart as the halves before are the weeks before and after."""
        return (self.before / 2 + self.gap + (self.after + 1) / 2) / (self.before / 2)


def first_of_each(acted: list[Acted], panel: Panel, terms: Terms) -> list[Acted]:
    """Return the first action at each unit around which all weeks are there."""
    back, on = terms.reach
    found: dict[int, Acted] = {}
    for one in sorted(acted, key=lambda one: (one.week, one.unit)):
        if one.week - back >= 0 and one.week + on <= panel.weeks:
            found.setdefault(one.unit, one)
    return list(found.values())


def windows(week: int, terms: Terms) -> tuple[slice, slice]:
    """Return the weeks before and after an action in a week: the gap and the week itself are in neither."""
    back, _ = terms.reach
    return slice(week - back, week - terms.gap), slice(week + 1, week + 1 + terms.after)


def busy(week: int, acted: list[Acted], terms: Terms) -> set[int]:
    """Return the units where something was done in the weeks around a week."""
    back, on = terms.reach
    return {other.unit for other in acted if week - back <= other.week < week + on}
