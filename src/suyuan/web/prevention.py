"""The playbook of a warning: what sets it off, its steps with their limits, what to say, the emergency."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from suyuan.actions.detecting.sentences import told
from suyuan.domain import worktime
from suyuan.domain.rulebook.playbooks import WITHIN, Playbook, PlayStep
from suyuan.store import rules

from . import signal_words as words
from .templatetags.ui import lang
from .words import budget


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
        "limit": budget(one.limit.amount, one.limit.unit, one.limit.kind),
        "due": due,
        "late": bool(due and now and due < now),
        "check": getattr(one.check, lang()),
    }


def due_at(one: PlayStep, since: datetime) -> datetime | None:
    """Return until when a step is to be done, from the moment its playbook is taken up.

    None where it is to be done before something whose moment nobody knows, or for a time.
    """
    limit, calendar = one.limit, rules.rulebook().calendar
    if limit.kind != WITHIN:
        return None
    return worktime.due(since, limit.amount, limit.unit, "elapsed", calendar).at


def books(found: Sequence[Playbook], facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return playbooks in words, with what to say filled from the facts of a signal."""
    return [
        {
            "category": one.category,
            "title": getattr(one.title, lang()),
            "triggers": [words.detector(name) for name in one.trigger],
            "say": told(getattr(one.say, lang()), facts),
        }
        for one in found
    ]


def emergency(found: Sequence[Playbook], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the emergency template that the first playbook with one turns to, nothing for none."""
    code = next((one.emergency for one in found if one.emergency), "")
    return _emergency(code, facts) if code else {}


def _emergency(code: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    found = rules.rulebook().emergencies[code]
    return {
        "code": code,
        "title": getattr(found.title, lang()),
        "begins": getattr(found.begins, lang()),
        "say": told(getattr(found.say, lang()), facts),
        "steps": steps(found.steps),
    }
