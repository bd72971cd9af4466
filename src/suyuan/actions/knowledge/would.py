"""What a proposal would do to what runs now. Nothing is changed by asking."""

from dataclasses import dataclass
from datetime import date, datetime

from suyuan.actions import clock
from suyuan.domain.rulebook import Limit
from suyuan.store.models import Clock, RuleDraft
from suyuan.store.queries import rulebook

from . import _shelf


@dataclass(frozen=True, slots=True)
class Effect:
    """How many running clocks a proposal speaks of, and what a re-target would do to them."""

    running: int = 0
    guessed: int = 0
    """Provisional clocks that a notice would set right."""
    moved: clock.Preview | None = None


def effect(*, draft: RuleDraft, now: datetime) -> Effect:
    """Return what a proposal would do; a limit as if it were in force today and clocks were re-targeted."""
    book = _shelf.book_with(draft)
    if draft.kind == "calendar":
        rows = Clock.objects.filter(provisional=True, due_at__year__lte=book.calendar.last.year)
        return Effect(guessed=rows.exclude(state="void").count())
    if draft.kind == "limit":
        since = date.fromisoformat(draft.entry["in_force_from"])
        edition = next(one for one in book.limits[draft.entry["id"]] if one.in_force_from == since)
        return Effect(running=_running(edition), moved=clock.preview(edition=edition, now=now, book=book))
    if "limit" in draft.entry and draft.kind in ("confirm", "revoke"):
        running = rulebook.running_under(draft.entry["limit"])
        return Effect(running=running.get(draft.entry["in_force_from"], 0))
    return Effect()


def _running(edition: Limit) -> int:
    return sum(rulebook.running_under(edition.id).values())
