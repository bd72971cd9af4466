"""Which place comes first: points for what speaks for it, each said with its number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Weights = Mapping[str, Any]
FLAG = "flag."
"""Before the code of a special flag among reasons."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where supply is out: open repairs of one area, or one repair whose area nobody knows."""

    line: str
    area: str
    unit: str
    since: datetime
    cases: tuple[str, ...]
    affected: int
    """Accounts on the area: so many at most are without supply."""
    sensitive: int = 0
    flags: Mapping[str, int] = field(default_factory=dict)
    """By code of a special flag, on how many accounts it is set."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What speaks for a place: a code, how much there is of it, and the points it makes."""

    code: str
    n: float
    points: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place with its reasons, the strongest first."""

    place: Place
    reasons: tuple[Reason, ...]

    @property
    def points(self) -> float:
        """Return all points."""
        return sum(one.points for one in self.reasons)


def ranked(places: Iterable[Place], weights: Weights, now: datetime) -> list[Ranked]:
    """Return places, the first to go to first.

    Places with a flag of ``first`` go before all others, in the order of that list, whatever the points; then
    by points; what was out longer goes before its equals. ``weights`` has points an hour out (of
    ``hours_most`` hours at most: what somebody forgot outranks nobody), an account affected, a sensitive one,
    a caller, and for each flag by its code (``flag`` for all others).
    """
    found = [Ranked(one, _reasons(one, weights, now)) for one in places]
    first: Sequence[str] = weights["first"]
    return sorted(
        found, key=lambda one: (turn(one.place, first), -one.points, one.place.since, one.place.cases)
    )


def turn(place: Place, first: Sequence[str]) -> int:
    """Return where in the list of flags that go first the foremost of a place stands; its end for none."""
    return next((at for at, code in enumerate(first) if place.flags.get(code)), len(first))


def _reasons(place: Place, weights: Weights, now: datetime) -> tuple[Reason, ...]:
    hours = max((now - place.since).total_seconds() / 3600, 0.0)
    numbers = {
        **{f"{FLAG}{code}": float(n) for code, n in place.flags.items()},
        "sensitive": float(place.sensitive),
        "affected": float(place.affected),
        "callers": float(len(place.cases)),
        "hours": hours,
    }
    most = {"hours": float(weights["hours_most"])}
    reasons = [
        Reason(code, n, min(n, most.get(code, n)) * _weight(code, weights))
        for code, n in numbers.items()
        if n > 0
    ]
    return tuple(sorted(reasons, key=lambda one: (_last(one, weights["first"]), -one.points, one.code)))


def _last(one: Reason, first: Sequence[str]) -> int:
    """Return a number that puts flags that go first before all other reasons."""
    code = one.code.removeprefix(FLAG)
    return first.index(code) if one.code.startswith(FLAG) and code in first else len(first)


def _weight(code: str, weights: Weights) -> float:
    flag = code.removeprefix(FLAG)
    return float(weights.get(flag, weights["flag"] if code.startswith(FLAG) else 0.0))
