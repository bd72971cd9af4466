"""What the worker does with models of risk: learns the old ones anew, then scores what is open."""

from collections.abc import Callable
from datetime import datetime, timedelta

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.store import risk as files
from suyuan.store import rules

from . import scoring, training
from .asked import asked, names
from .home_log import Logs


def refresh(*, now: datetime, before_each: Callable[[], object] = lambda: None) -> dict[str, object]:
    """Learn what is older than the rulebook says, score with all; return what became of each.

    ``before_each`` is called before each model, so that a long run can say it is still at work.
    """
    book, learned, logs = rules.rulebook(), {}, Logs(now)
    for name in names(book):
        if _is_old(name, now):
            before_each()
            learned[name] = _learn(name, now, logs)
    return {"learned": learned, "scored": scoring.keep_scores(now=now, before_each=before_each)}


def _is_old(name: str, now: datetime) -> bool:
    try:
        kept = training.kept(name)
    except BadInput:  # of an older version: learned anew
        return True
    days = timedelta(days=rules.figure("risk.weekly", "days"))
    return kept is None or now - datetime.fromisoformat(kept.learned_at) >= days


def _learn(name: str, now: datetime, logs: Logs) -> str:
    """Return what became of learning one model here."""
    given = asked(rules.rulebook(), name, now.date())
    try:
        told = training.told_here(given, now, logs)
        training.train(name=name, told=told, given=given, actor=SYSTEM, now=now)
    except (Refused, BadInput) as refused:  # too little, or no such orders here
        said = {"code": refused.code, "facts": dict(refused.facts), "at": now.isoformat()}
        files.put(name, files.REFUSED, said)
        return refused.code
    return "learned"
