"""The callback on the page of a case: what to ask, the attempts so far, when the next one counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from suyuan.store import rules
from suyuan.store.queries import callbacks, cards

from .names import Named, named
from .templatetags.ui import lang, local


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt in words."""

    attempt: callbacks.Attempt
    who: Named | None
    why: str


def script(case, now: datetime) -> list[str]:
    """Return what the customer of a case is asked, in order."""
    asked = rules.rulebook().script(case.procedure, rules.local_day(now))
    return [one.title.en if lang() == "en" else one.title.zh for one in asked]


def panel(case) -> dict[str, object]:
    """Return the attempts at a case, newest last, and when the next one counts."""
    found = callbacks.attempts(case)
    who = named([one.by for one in found])
    tried = [Tried(one, who.get(one.by), _why(one)) for one in found]
    return {
        "attempts": tried,
        "next_attempt": callbacks.next_attempt(case) if case.is_open else None,
        "disagrees": cards.differing(case),
    }


def _why(attempt: callbacks.Attempt) -> str:
    return rules.label("reason.dissatisfied" if attempt.reached else "reason.unreached", attempt.why, lang())


def when(facts: Mapping[str, object]) -> str:
    """Return since when it will go, where a refusal says so."""
    since = facts.get("since")
    if not isinstance(since, str):
        return ""
    return gettext("（%(at)s 起可以）") % {"at": local(datetime.fromisoformat(since))}
