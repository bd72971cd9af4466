"""What pages show of models of risk: the card of each, why one is not there, what was said of a case.

Files are read once in each state, so a page costs no question to the database.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from suyuan.domain.errors import BadInput
from suyuan.store import risk as files
from suyuan.store import rules
from suyuan.store.models import Case

from . import scoring, training
from .scoring import Score, Scores
from .training import Kept

FRESH = timedelta(days=2)
"""How old what a model said may be; later a case is no longer what it was."""
OF_CASES = ("overdue", "unsatisfied", "again")
"""Models whose subjects are the cases of this home."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one model said of one case."""

    model: str
    score: Score
    as_of: datetime
    learned_at: datetime


def card(name: str) -> Kept | None:
    """Return a model that is kept, with its card; None where there is none that can be read."""
    return _card(name, files.state(name, files.MODEL))


@functools.lru_cache(maxsize=16)
def _card(name: str, state: int) -> Kept | None:
    try:
        return training.kept(name) if state else None
    except BadInput:  # of an older version: learned anew in the night
        return None


def is_off(kept: Kept) -> bool:
    """Return whether a model's chances are so far from what came that its order alone is worth anything."""
    apart = float(rules.rulebook().figures["risk.terms"][-1].terms["apart"])
    return kept.card.judged.error.value >= apart


def refused(name: str) -> dict[str, Any] | None:
    """Return why a model was not learned when that was tried last: ``code``, ``facts``, ``at``."""
    found: dict[str, Any] | None = files.get(name, files.REFUSED)
    return found


def fresh(name: str, now: datetime) -> Scores | None:
    """Return what a model said lately; None where it said nothing, or is no better than a trivial rule."""
    kept = card(name)
    if kept is None or not kept.card.judged.is_worth_it:
        return None
    said = scoring.kept_scores(name)
    return said if said and datetime.fromisoformat(said.as_of) > now - FRESH else None


def of_case(case: Case, now: datetime) -> list[Said]:
    """Return what the models that are worth it said lately of an open case that is open to all."""
    if not case.is_open or case.restricted or case.secrecy:
        return []
    shown = [name for name in OF_CASES if fresh(name, now) is not None]
    return list(_said(scoring.of_case(case.number, shown)))


def _said(found: list[tuple[str, str, Score]]) -> Iterator[Said]:
    for name, as_of, score in found:
        if (kept := card(name)) is not None:
            learned = datetime.fromisoformat(kept.learned_at)
            yield Said(name, score, datetime.fromisoformat(as_of), learned)
