"""The ledger of one clock: its pauses, the due they lead to, and when it is to be looked at next."""

from datetime import datetime, timedelta

from suyuan.domain import clock as clocks
from suyuan.domain import worktime
from suyuan.domain.rulebook import Limit, Rulebook
from suyuan.store.models import Clock, ClockEntry


def end_pause(clock: Clock, at: datetime, rules: Rulebook) -> None:
    """Write the end of a pause to the ledger and move the due by what was suspended."""
    before = clock.due_at
    entry = ClockEntry.objects.create(clock=clock, kind="resume", at=at, due_before=before)
    recompute(clock, rules)
    entry.due_after = clock.due_at
    entry.save(update_fields=["due_after"])


def wait(clock: Clock, now: datetime, why: str) -> None:
    """Let a clock wait: what it began with was taken back."""
    ClockEntry.objects.create(clock=clock, kind="pause", at=now, reason=why, due_before=clock.due_at)
    clock.state, clock.next_rung_at = "paused", None


def go_on(clock: Clock, now: datetime, rules: Rulebook) -> None:
    """Let a clock that waits run on, its due moved by the pause."""
    end_pause(clock, now, rules)
    clock.state = "running"
    climb(clock, rules, now)


def run_on(clock: Clock, now: datetime, why: str, rules: Rulebook) -> None:
    """Let a clock that had stopped run on: the time in between does not count."""
    stopped = clock.stopped_at
    assert stopped is not None
    ClockEntry.objects.create(clock=clock, kind="pause", at=stopped, reason=why, due_before=clock.due_at)
    clock.stopped_at = None
    go_on(clock, now, rules)


def climb(clock: Clock, rules: Rulebook, now: datetime) -> None:
    """Set when a running clock is to be looked at next, by the ladder of its own limit."""
    editions = rules.limits.get(clock.limit, ())
    limit = next((one for one in editions if one.in_force_from == clock.limit_from), None)
    if limit is None and editions:
        limit = rules.limit(clock.limit, clock.started_at.astimezone(rules.calendar.zone).date())
    if clock.state == "running" and limit is not None:
        clock.next_rung_at = next_rung(clock.started_at, clock.due_at, limit, now)


def next_rung(start: datetime, due: datetime, limit: Limit, after: datetime) -> datetime | None:
    """Return the first rung later than ``after``, or None past the last."""
    ladder = clocks.rungs(start, due, limit.warn, [timedelta(hours=hours) for hours in limit.after])
    return next((rung.at for rung in ladder if rung.at > after), None)


def recompute(clock: Clock, rules: Rulebook) -> None:
    """Set the due of a clock from its terms and its ledger of suspensions."""
    if clock.amount is None:
        return
    due = worktime.due(
        clock.started_at, clock.amount, clock.unit, clock.count, rules.calendar, suspensions(clock)
    )
    clock.due_at, clock.provisional = due.at, due.provisional


def suspensions(clock: Clock) -> list[tuple[datetime, datetime]]:
    """Return the closed suspensions of a clock, from its ledger."""
    spans: list[tuple[datetime, datetime]] = []
    opened: datetime | None = None
    for kind, at in clock.entries.order_by("at", "pk").values_list("kind", "at"):
        if kind == "pause":
            opened = at
        elif kind == "resume" and opened is not None:
            spans.append((opened, at))
            opened = None
    return spans
