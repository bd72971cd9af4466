"""What fails again: the same cause at the same place within so many days of the repair."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from .counting import DAY, Faults, Told


@dataclass(frozen=True, slots=True)
class Returned:
    """Faults of one cause at one place, each within so many days of the end of the one before."""

    cause: str
    line: str
    area: str
    told: tuple[Told, ...]
    """Two at least, the first first."""

    @property
    def n(self) -> int:
        """Return how many faults there were."""
        return len(self.told)

    @property
    def days(self) -> float:
        """Return the days from the first to the last."""
        return (self.told[-1].began - self.told[0].began) / DAY


def returned(found: Faults, days: float) -> list[Returned]:
    """Return what failed again, the most often first; faults of unknown cause return for nobody knows what.

    Areas are looked at, and lines by what was told of the line as a whole alone: two areas of a line that
    fail of one cause are no repeated fault.
    """
    by: dict[tuple[str, str, str], list[Told]] = defaultdict(list)
    whole = [one for one in found.lines if one.whole]
    for one in (*found.areas, *whole):
        if one.cause:
            by[one.line, one.area, one.cause].append(one)
    chains = [
        Returned(cause, line, area, tuple(chain))
        for (line, area, cause), told in by.items()
        for chain in _chains(sorted(told, key=lambda one: one.began), days)
    ]
    return sorted(chains, key=lambda one: (-one.n, -one.told[-1].began, one.line, one.area, one.cause))


def _chains(told: Sequence[Told], days: float) -> list[list[Told]]:
    """Return runs of two and more, each begun within so many days of the end of the one before."""
    runs: list[list[Told]] = []
    for one in told:
        if runs and one.began - runs[-1][-1].ended <= days * DAY:
            runs[-1].append(one)
        else:
            runs.append([one])
    return [run for run in runs if len(run) > 1]


def again(chains: Sequence[Returned]) -> int:
    """Return how many faults were the return of another."""
    return sum(one.n - 1 for one in chains)
