"""Clock: pause and resume with reason and evidence; set right what was guessed before a notice came out."""

from datetime import datetime

from django.db import transaction

from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import State
from suyuan.store import chain, rules
from suyuan.store.models import Case, Clock, ClockEntry

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
        _clocks.end_pause(clock, change.now, change.rules)
        clock.state = "running"
        _clocks.climb(clock, change.rules, change.now)
        clock.save()
    _clocks.refresh_due(change.case)
    return None


def _pausable(change: Change, state: str) -> list[Clock]:
    return list(
        change.case.clocks.filter(
            episode=change.case.episode, state=state, kind__in=_clocks.PAUSABLE
        ).select_for_update()
    )


def retarget_guessed(*, actor: Actor, now: datetime) -> int:
    """Recompute every clock that was provisional; each case in its own transaction; return how many moved."""
    cases = (
        Clock.objects.filter(provisional=True).exclude(state="void").values_list("case__number", flat=True)
    )
    return sum(_retarget_case(number, actor, now) for number in sorted(set(cases)))


@transaction.atomic
def _retarget_case(number: str, actor: Actor, now: datetime) -> int:
    case = Case.objects.select_for_update().get(number=number)
    book = rules.pinned(case.edition_id)
    moved: list[dict[str, str]] = []
    for clock in case.clocks.filter(provisional=True).exclude(state="void").select_for_update():
        before = clock.due_at
        _clocks.recompute(clock, book)
        if clock.provisional and clock.due_at == before:
            continue
        _clocks.climb(clock, book, now)
        clock.save()
        ClockEntry.objects.create(
            clock=clock,
            kind="retarget",
            at=now,
            reason="calendar_published",
            due_before=before,
            due_after=clock.due_at,
        )
        moved.append(
            {"limit": clock.limit, "due_before": before.isoformat(), "due": clock.due_at.isoformat()}
        )
    if not moved:
        return 0
    event = chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=actor.username,
        verb="calendar",
        objects=[("case", case.number)],
        detail={"clocks": moved},
    )
    _clocks.refresh_due(case)
    case.changed_event = event
    case.save(update_fields=["changed_event", "next_due_at"])
    return len(moved)
