"""Hot spots: a place, a kind of order, or both, with more orders than are to be expected.

They are found beforehand by ``analytics/hotspots``, which bears with a stated number of false alarms a month;
here they are graded by how unlikely they are and by how many more there were.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .detector import Detector, Frames, Terms
from .signal import Level, Signal


@dataclass(frozen=True, slots=True)
class Spotted:
    """A hot spot that still goes on."""

    key: str
    """Where and what, as ``unit:0101+category:outage.repair``; ``all`` is everything there is."""
    place: str
    """In words: a unit, a line, an area; empty where it is none."""
    business_type: str
    """Empty for none, and where there is a category."""
    category: str
    unit: str
    since: datetime
    first: date
    last: date
    observed: float
    expected: float
    p: float
    """How likely an ordinary day has as high a score anywhere."""
    cases: tuple[str, ...]


def find(frames: Frames, terms: Terms, _: datetime) -> Iterator[Signal]:
    """Yield a signal for each hot spot that still goes on."""
    spotted: Sequence[Spotted] = frames["hot_spots"]
    for one in spotted:
        yield Signal(
            detector="hot_spot",
            object=one.key if ":" in one.key else f"scope:{one.key}",
            level=_level(one, terms),
            since=one.since,
            observed=one.observed,
            expected=one.expected,
            why=_why(one),
            facts=_facts(one),
            cases=one.cases,
            unit=one.unit,
            category=one.category or str(terms.get(f"becomes_{one.business_type}", "")),
        )


def _level(one: Spotted, terms: Terms) -> Level:
    if one.p <= terms["urgent_p"] and one.observed - one.expected >= terms["urgent_excess"]:
        return Level.URGENT
    return Level.IMPORTANT if one.p <= terms["important_p"] else Level.GENERAL


def _why(one: Spotted) -> str:
    kind = "_category" if one.category else "_type" if one.business_type else ""
    return f"hot_spot{'_place' if one.place else ''}{kind}"


def _facts(one: Spotted) -> Mapping[str, Any]:
    named = {"place": one.place, "business_type": one.business_type, "category": one.category}
    facts: dict[str, Any] = {name: value for name, value in named.items() if value}
    days = {"first": one.first.isoformat(), "last": one.last.isoformat()}
    return facts | days | {"n": round(one.observed), "usual": float(one.expected)}


HOT_SPOT = Detector("hot_spot", ("hot_spots",), find)
