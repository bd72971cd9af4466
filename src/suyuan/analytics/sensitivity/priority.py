"""Which place comes first: points for what speaks for it, each said with its number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime


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


def ranked(places: Iterable[Place], weights: Mapping[str, float], now: datetime) -> list[Ranked]:
    """Return places, the first to go to first; what was out longer goes before its equals.

    ``weights`` has points an hour out, an account affected, a sensitive one, a caller, and for each flag by
    its code (``flag`` for all others).
    """
    found = [Ranked(one, _reasons(one, weights, now)) for one in places]
    return sorted(found, key=lambda one: (-one.points, one.place.since, one.place.cases))


def _reasons(place: Place, weights: Mapping[str, float], now: datetime) -> tuple[Reason, ...]:
    hours = max((now - place.since).total_seconds() / 3600, 0.0)
    numbers = {
        **{f"flag.{code}": float(n) for code, n in place.flags.items()},
        "sensitive": float(place.sensitive),
        "affected": float(place.affected),
        "callers": float(len(place.cases)),
        "hours": hours,
    }
    reasons = [Reason(code, n, n * _weight(code, weights)) for code, n in numbers.items() if n > 0]
    return tuple(sorted(reasons, key=lambda one: (-one.points, one.code)))


def _weight(code: str, weights: Mapping[str, float]) -> float:
    flag = code.removeprefix("flag.")
    return float(weights.get(flag, weights["flag"] if code.startswith("flag.") else 0.0))
