"""What models of risk say now: scored once a day and kept, or asked for a moment."""

import functools
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from suyuan.analytics.risk import learned as models
from suyuan.analytics.risk.doubt import KINDS
from suyuan.analytics.risk.told import Told
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import risk as files
from suyuan.store import rules
from suyuan.store.queries import customer

from . import training
from .asked import asked, names
from .home_log import Logs
from .training import Kept

HIGH, RAISED, LOW, UNSAID = "high", "raised", "low", "unsaid"
MOST = 20_000
"""So many scores are kept of a model, the highest; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a model says of one subject."""

    subject: str
    """The number of the case or order, or the keyed reference of the account."""
    chance: float
    low: float
    high: float
    """95 % of the share among those with scores like it."""
    band: str
    """``high``: among the share that can be looked at; ``raised``: above the usual; ``low``; ``unsaid``."""
    doubt: str
    """Why nothing is said; empty where something is."""
    why: tuple[tuple[str, float], ...]
    """By group of features what it adds to the log odds, the largest first."""
    account: str = ""
    """The keyed reference of the account of an order, empty where none is known."""

    def is_about(self, these: Collection[str]) -> bool:
        """Return whether it is said of one of some subjects, or of an order of one."""
        return self.subject in these or (self.account != "" and self.account in these)


@dataclass(frozen=True, slots=True)
class Scores:
    """What a model said at a moment, the highest first, and last of whom it says nothing."""

    model: str
    as_of: str
    learned_at: str
    of: int
    scores: tuple[Score, ...]


def scores(name: str, as_of: datetime, logs: Logs | None = None) -> Scores:
    """Return what a model says at a moment of every subject that is open then; keeps nothing.

    Nothing is said of customers who opted out, nor of their cases and orders.
    """
    here = training.needed(name)
    given = asked(rules.rulebook(), name, as_of.date())
    found = score(here, training.told_here(given, as_of, logs), int(as_of.timestamp()))
    out = customer.subjects_opted_out()
    return replace(found, scores=tuple(one for one in found.scores if not one.is_about(out)))


def score(here: Kept, told: Told, at: int) -> Scores:
    """Return what a model says of a log at a moment."""
    model = here.model
    alike, open_ones = models.known_outcomes(told, model.question), models.open_now(model, told, at)
    said = models.scored(model, told, alike, open_ones)
    order = np.lexsort((-said.score, said.doubt > 0))[:MOST]
    groups, parts, _ = models.added(model, said.matrix.some(order))
    usual = here.card.judged.prevalence
    found = [
        Score(
            told.subjects[int(open_ones.subject[row])],
            float(said.chance[row]),
            float(said.low[row]),
            float(said.high[row]),
            UNSAID if said.doubt[row] else _band(said.score[row], said.chance[row], model.cut, usual),
            str(KINDS[int(said.doubt[row])]),
            _why(groups, parts[place]),
            told.customer_of(int(open_ones.subject[row])),
        )
        for place, row in enumerate(order.tolist())
    ]
    moment = datetime.fromtimestamp(at, UTC).isoformat()
    return Scores(model.question.name, moment, here.learned_at, len(open_ones), tuple(found))


def _band(value: float, chance: float, cut: float, usual: float) -> str:
    if value >= cut:
        return HIGH
    return RAISED if chance > usual else LOW


def _why(groups: Sequence[str], parts: Any) -> tuple[tuple[str, float], ...]:
    order = np.argsort(-np.abs(parts), kind="stable")
    return tuple((groups[at], float(parts[at])) for at in order.tolist() if abs(parts[at]) > 0)


def keep_scores(*, now: datetime, before_each: Callable[[], object] = lambda: None) -> dict[str, int]:
    """Score what is open with every model that is kept, and keep it; return how many of each."""
    found, logs = {}, Logs(now)
    for name in names(rules.rulebook()):
        before_each()
        try:
            said = scores(name, now, logs)
        except (Refused, BadInput):  # not learned, from another kind of log, or nothing to ask about yet
            continue
        files.put(name, files.SCORES, asdict(said))
        found[name] = said.of
    return found


def of_subjects(these: Collection[str]) -> list[tuple[str, Score]]:
    """Return what is kept of some subjects and of orders of theirs, each with its model."""
    every = [(name, kept_scores(name)) for name in names(rules.rulebook())]
    return [(name, one) for name, said in every if said for one in said.scores if one.is_about(these)]


def forget(these: Collection[str]) -> int:
    """Remove what is kept of some subjects; return how much."""
    found = of_subjects(these)
    for name in {name for name, _ in found}:
        said = kept_scores(name)
        if said is not None:
            left = tuple(one for one in said.scores if not one.is_about(these))
            files.put(name, files.SCORES, asdict(replace(said, scores=left)))
    return len(found)


def forget_opted_out() -> int:
    """Remove what is kept of customers who opted out, and of their cases; return how much."""
    return forget(customer.subjects_opted_out())


def kept_scores(name: str) -> Scores | None:
    """Return what a model said when it was asked last; None where it never was."""
    return _read(name, files.state(name, files.SCORES))


@functools.lru_cache(maxsize=16)
def _read(name: str, state: int) -> Scores | None:
    content = files.get(name, files.SCORES) if state else None
    if content is None:
        return None
    each = [
        Score(**{**one, "why": tuple((str(g), float(v)) for g, v in one["why"])}) for one in content["scores"]
    ]
    return Scores(**{**content, "scores": tuple(each)})


def of_case(
    number: str, shown: Sequence[str] = ("overdue", "unsatisfied", "again")
) -> list[tuple[str, str, Score]]:
    """Return what the models of cases said of one when they were asked last: the model, when, the score."""
    found = []
    for name in shown:
        said = kept_scores(name)
        mine = _by_subject(name, files.state(name, files.SCORES)).get(number) if said else None
        if said and mine:
            found.append((name, said.as_of, mine))
    return found


@functools.lru_cache(maxsize=16)
def _by_subject(name: str, state: int) -> dict[str, Score]:
    said = _read(name, state)
    return {one.subject: one for one in said.scores} if said else {}
