"""Clock: pause and resume with reason and evidence, written to each clock's ledger."""

from suyuan.domain.vocabulary import State
from suyuan.store.models import Clock, ClockEntry

from . import _clocks
from ._change import Change


def pause(change: Change) -> State | None:
    """Suspend the company's own clocks of the case; a regulator's runs on."""
    change.case.paused = True
    for clock in _pausable(change, "running"):
        ClockEntry.objects.create(
            clock=clock,
            kind="pause",
            at=change.now,
            reason=change.text("reason"),
            evidence=change.text("evidence"),
            due_before=clock.due_at,
        )
        clock.state, clock.next_rung_at = "paused", None
        clock.save()
    _clocks.refresh_due(change.case)
    return None


def resume(change: Change) -> State | None:
    """Let the paused clocks run on, their due moved by what was suspended."""
    change.case.paused = False
    for clock in _pausable(change, "paused"):
        before = clock.due_at
        entry = ClockEntry.objects.create(clock=clock, kind="resume", at=change.now, due_before=before)
        _clocks.recompute(clock, change.rules)
        entry.due_after = clock.due_at
        entry.save()
        clock.state = "running"
        limit = change.rules.limit(
            clock.limit, clock.started_at.astimezone(change.rules.calendar.zone).date()
        )
        if limit is not None:
            clock.next_rung_at = _clocks.next_rung(clock.started_at, clock.due_at, limit, change.now)
        clock.save()
    _clocks.refresh_due(change.case)
    return None


def _pausable(change: Change, state: str) -> list[Clock]:
    return list(
        change.case.clocks.filter(
            episode=change.case.episode, state=state, kind__in=_clocks.PAUSABLE
        ).select_for_update()
    )
