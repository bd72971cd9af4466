"""What customers of one place bring up more often than they should: the themes past their threshold.

They are found beforehand by ``analytics/themes``, at its stated rate of false discoveries, and graded here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from .detector import Detector, Frames, Terms
from .signal import Level, Signal

NAME = "emerging_theme"


@dataclass(frozen=True, slots=True)
class Brought:
    """A theme past its threshold."""

    key: str
    """Kind, level, unit and place, as pages of themes name it."""
    kind: str
    """A category, or a business type where nothing was classified."""
    is_category: bool
    place: str
    """In words: the unit, the line or the area."""
    unit: str
    since: datetime
    n: int
    days: int
    expected: float
    low: float
    """The lower bound of how many times as many."""
    q: float
    cases: tuple[str, ...]


def find(frames: Frames, terms: Terms, _: datetime) -> Iterator[Signal]:
    """Yield a signal for each theme."""
    themes: Sequence[Brought] = frames["themes"]
    for one in themes:
        level = Level.IMPORTANT if one.low >= terms["important_times"] else Level.GENERAL
        yield Signal(
            NAME,
            f"theme:{one.key}",
            Level.URGENT if one.low >= terms["urgent_times"] else level,
            one.since,
            float(one.n),
            round(one.expected, 3),
            "theme" if one.is_category else "theme_of_type",
            {
                "place": one.place,
                "category" if one.is_category else "business_type": one.kind,
                "n": one.n,
                "days": one.days,
                "usual": round(one.expected, 1),
                "q": f"{one.q:.2g}",
            },
            one.cases,
            one.unit,
            one.kind if one.is_category else "",
        )


EMERGING_THEME = Detector(NAME, ("themes",), find)
