"""Whom is it best to call first? By the complaint a call is expected to spare, weighed by what is at stake.

docs/methods/firstmoves.md has the formula; every figure in it stands in the rulebook.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import prod
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for calling somebody; nothing personal is in it."""

    code: str
    """Of the sentence that says it, filled from ``facts``."""
    source: str
    """Where it comes from: ``order`` (own cases), ``signal``, ``agreed`` (a call that was agreed upon)."""
    level: str = "general"
    """``general``, ``important`` or ``urgent``."""
    due: datetime | None = None
    """When a promise breaks, where one is at stake."""
    promise: str = ""
    """The limit or commitment at stake."""
    case: str = ""
    category: str = ""
    detector: str = ""
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom there is a reason to call."""

    who: str
    """A key that tells people apart and says nothing."""
    unit: str
    reasons: tuple[Reason, ...]
    risk: float | None = None
    """How likely they are to complain soon, where a model says so."""
    flagged: bool = False
    """Whether the office has to mind something about them, and they agreed to that."""

    @property
    def due(self) -> datetime | None:
        """Return when the first of the promises breaks."""
        return min((one.due for one in self.reasons if one.due is not None), default=None)


@dataclass(frozen=True, slots=True)
class Weights:
    """The figures of ``firstmoves.rank``."""

    level: Mapping[str, float]
    """How likely a complaint is by a reason of each level alone."""
    near_hours: float
    urgency: float
    promise: float
    flagged: float


def weights(terms: Mapping[str, Any]) -> Weights:
    """Return the weights that the terms of the figure say."""
    level = {name: terms[name] for name in ("general", "important", "urgent")}
    return Weights(level, terms["near_hours"], terms["urgency"], terms["promise"], terms["flagged"])


def chance(candidate: Candidate, by: Weights) -> float:
    """Return how likely a complaint is: what a model says, else the reasons taken together as independent."""
    if candidate.risk is not None:
        return candidate.risk
    return 1 - prod(1 - by.level[one.level] for one in candidate.reasons)


def nearness(due: datetime | None, now: datetime, near_hours: float) -> float:
    """Return 0 for a promise that is far off or none, rising to 1 at its moment; one that is broken is 1."""
    if due is None:
        return 0.0
    left = (due - now).total_seconds() / 3600
    return min(1.0, max(0.0, 1 - left / near_hours))


def benefit(candidate: Candidate, now: datetime, by: Weights) -> float:
    """Return what a call is expected to be worth; docs/methods/firstmoves.md says in what."""
    at_stake = 1.0 + by.urgency * nearness(candidate.due, now, by.near_hours)
    at_stake += by.promise * any(one.promise for one in candidate.reasons)
    return chance(candidate, by) * at_stake * (by.flagged if candidate.flagged else 1.0)


def ranked(candidates: Iterable[Candidate], now: datetime, by: Weights) -> list[tuple[float, Candidate]]:
    """Return the candidates with their benefit, best first; equals by what is due first, then by key."""
    scored = [(benefit(one, now, by), one) for one in candidates]

    def place(each: tuple[float, Candidate]) -> tuple[float, float, str]:
        score, one = each
        return -score, one.due.timestamp() if one.due else float("inf"), one.who

    return sorted(scored, key=place)
