"""What a rectification order says that is signed for, and by when it is to be carried out."""

import json
from datetime import date, datetime, time, timedelta

from suyuan.domain import clock as clocks
from suyuan.domain.rulebook import Rulebook
from suyuan.store import rules, seal
from suyuan.store.models import Case, Clock, ClockEntry
from suyuan.store.queries import countersign as sheets

from . import _clocks
from ._change import Change, not_between

GUARDED = ("problems", "measures")
"""The texts that are signed for, beside the unit and the due date."""


def due_on(change: Change) -> date:
    """Return the day a form names; raise BadInput for one that is over."""
    day = change.form["due_on"]
    assert isinstance(day, date)
    today = rules.local_day(change.now)
    if day < today:
        raise not_between("due_on", today)
    return day


def content_digest(change: Change, due: date) -> str:
    """Return the keyed digest of what is signed for, as the order says it once the form is in."""
    texts = [change.text(name) or sheets.said(change.case, name) for name in GUARDED]
    said = json.dumps([*texts, change.case.unit.code, due.isoformat()], ensure_ascii=False)
    return seal.digest(said.encode())


DUE = "rectification.due"
"""The clock that runs to the day an order names."""


def run_to(case: Case, due: date, book: Rulebook, now: datetime, limit: str = DUE) -> None:
    """Let a clock run to the end of the day an order names, or move the one that runs already."""
    midnight = datetime.combine(due + timedelta(days=1), time(), book.calendar.zone)
    clock = case.clocks.filter(limit=limit, episode=case.episode, state="running").first()
    if clock is None:
        clock = Clock(case=case, limit=limit, family=limit, kind="imported", certainty="confirmed")
        clock.binding, clock.episode, clock.started_at, clock.state = True, case.episode, now, "running"
    else:
        before = clock.due_at
        ClockEntry.objects.create(
            clock=clock, kind="retarget", at=now, reason="revised", due_before=before, due_after=midnight
        )
    clock.due_at = midnight
    clock.next_rung_at = _rung(clock, book, now)
    clock.save()
    _clocks.refresh_due(case)


def _rung(clock: Clock, book: Rulebook, now: datetime) -> datetime | None:
    terms = book.figures["clock.ladder"][-1].terms
    after = [timedelta(hours=hours) for hours in terms["after_hours"]]
    ladder = clocks.rungs(clock.started_at, clock.due_at, tuple(terms["warn"]), after)
    return next((rung.at for rung in ladder if rung.at > now), None)
