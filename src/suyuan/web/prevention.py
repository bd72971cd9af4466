"""The playbook of a warning: what sets it off, its steps with their limits, what to say, the emergency."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from suyuan.domain import worktime
from suyuan.domain.rulebook.playbooks import PlayStep
from suyuan.store import rules
from suyuan.store.queries import warnings

from . import signal_words as words
from .templatetags.ui import lang
from .words import duration


def steps(
    found: Sequence[PlayStep], since: datetime | None = None, now: datetime | None = None
) -> list[dict[str, Any]]:
    """Return steps in words; with the moment it was taken up also until when each is to be done."""
    return [_step(n, one, since, now) for n, one in enumerate(found, start=1)]


def _step(n: int, one: PlayStep, since: datetime | None, now: datetime | None) -> dict[str, Any]:
    due = due_at(one, since) if since else None
    return {
        "n": n,
        "action": getattr(one.action, lang()),
        "owner": rules.label("role", one.owner, lang()),
        "limit": duration(one.limit.amount, one.limit.unit),
        "due": due,
        "late": bool(due and now and due < now),
        "check": getattr(one.check, lang()),
    }


def due_at(one: PlayStep, since: datetime) -> datetime:
    """Return until when a step is to be done, from the moment its playbook is taken up."""
    limit, calendar = one.limit, rules.rulebook().calendar
    return worktime.due(since, limit.amount, limit.unit, "elapsed", calendar).at


def book(category: str, on: datetime) -> dict[str, Any]:
    """Return the playbook of a category with the emergency template it turns to, nothing for none."""
    found = warnings.book(category, rules.local_day(on))
    if found is None:
        return {}
    return {
        "category": found.category,
        "title": getattr(found.title, lang()),
        "triggers": [words.detector(one) for one in found.trigger],
        "say": getattr(found.say, lang()),
        "emergency": _emergency(found.emergency),
    }


def _emergency(code: str) -> dict[str, Any]:
    found = rules.rulebook().emergencies[code]
    return {
        "code": code,
        "title": getattr(found.title, lang()),
        "begins": getattr(found.begins, lang()),
        "say": getattr(found.say, lang()),
        "steps": steps(found.steps),
    }
