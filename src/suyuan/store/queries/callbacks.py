"""The attempts to call a customer back, as the events of the case hold them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from suyuan.domain.card import DIFFERS
from suyuan.store import rules
from suyuan.store.models import Case, Event

BEGIN = frozenset({"second_handle", "reopen"})
"""Verbs that begin another episode: its attempts are counted anew."""
AGAIN = {
    "second": Q(episode__gt=1),
    "unanalysed": Q(episode__gt=1, responsibility=""),
    "mismatch": Q(card_match=DIFFERS),
}
"""Cases that came back after an answer, those of which nobody said why, and cards that say something else."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to reach the customer."""

    episode: int
    number: int
    at: datetime
    by: str
    reached: bool
    why: str = ""
    """Why nobody was reached, or why the customer was dissatisfied: codes of the rulebook."""
    satisfaction: str = ""
    more_needed: bool | None = None


def attempts(case: Case) -> list[Attempt]:
    """Return every attempt of a case, oldest first."""
    found: list[Attempt] = []
    episode, number = 1, 0
    verbs = ("call_back", *BEGIN)
    for event in Event.objects.filter(stream=f"case:{case.number}", verb__in=verbs).order_by("seq"):
        if event.verb in BEGIN:
            episode, number = episode + 1, 0
            continue
        number += 1
        form = event.detail.get("form") or {}
        found.append(
            Attempt(
                episode=episode,
                number=number,
                at=datetime.fromisoformat(form["at"]) if form.get("at") else event.at,
                by=event.actor,
                reached=form["reached"],
                why=form.get("unreached_reason" if not form["reached"] else "dissatisfied_reason", ""),
                satisfaction=form.get("satisfaction", "") if form["reached"] else "",
                more_needed=form.get("more_needed"),
            )
        )
    return found


def next_attempt(case: Case) -> datetime | None:
    """Return when the next attempt counts, None where the last one of this episode reached somebody."""
    if not case.unreached:
        return None
    of_now = [one for one in attempts(case) if one.episode == case.episode]
    if not of_now or of_now[-1].reached:
        return None
    return of_now[-1].at + timedelta(hours=rules.figure("callback.spacing", "hours"))
