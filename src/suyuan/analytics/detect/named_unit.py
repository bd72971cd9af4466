"""Units named in the monthly comparison: the comparison is kept once a month, what it named stands on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from .detector import Detector, Frames, Terms
from .signal import Level, Signal


@dataclass(frozen=True, slots=True)
class Named:
    """A unit named of a month, in the measure in which it stands worst."""

    month: str
    unit: str
    running: int
    """For how many months in a row it was named, this one counted."""
    measure: str
    since: datetime
    n: int
    expected: float
    category: str


def find(frames: Frames, terms: Terms, _: datetime) -> Iterator[Signal]:
    """Yield a signal for each month a unit was named of, as long as it is named month after month."""
    every: Sequence[Named] = frames["named_units"]
    for one in every:
        urgent = one.running >= terms["urgent_months"]
        yield Signal(
            detector=NAME,
            object=f"unit:{one.unit}@{one.month}",
            level=Level.URGENT if urgent else Level.IMPORTANT,
            since=one.since,
            observed=float(one.n),
            expected=one.expected,
            why=f"named_{one.measure}{'_again' if one.running > 1 else ''}",
            facts=_facts(one),
            unit=one.unit,
            category=one.category,
        )


def _facts(one: Named) -> dict[str, str | int | float]:
    facts: dict[str, str | int | float] = {"month": one.month, "n": one.n, "usual": one.expected}
    return facts | {"running": one.running} if one.running > 1 else facts


NAME = "named_unit"
NAMED_UNIT = Detector(NAME, ("named_units",), find)
