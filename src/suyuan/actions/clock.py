"""Clock: pause and resume with reason and evidence; set right what a notice or a new edition changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet

from suyuan.domain.errors import Refused
from suyuan.domain.procedure import Actor
from suyuan.domain.rulebook import Limit, Rulebook, edits
from suyuan.domain.vocabulary import State
from suyuan.store import chain, rules
from suyuan.store.models import Case, Clock, ClockEntry

from . import _clocks, _pauses
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
        _pauses.go_on(clock, change.now, change.rules)
        clock.save()
    _clocks.refresh_due(change.case)
    return None


def _pausable(change: Change, state: str) -> list[Clock]:
    return list(
        change.case.clocks.filter(
            episode=change.case.episode, state=state, kind__in=_clocks.PAUSABLE
        ).select_for_update()
    )


MANY = 500
"""Cases one call re-targets at most: a page answers, and the next call goes on where this one stopped."""
RUNNING = ("running", "paused")


def retarget_guessed(*, actor: Actor, now: datetime, most: int | None = None) -> int:
    """Recompute every clock that was provisional; each case in its own transaction; return how many moved."""
    covered = rules.rulebook().calendar
    end = datetime.combine(covered.last, time(), covered.zone) + timedelta(days=1)
    cases = Clock.objects.filter(provisional=True, due_at__lt=end).exclude(state="void")
    numbers = sorted(set(cases.values_list("case__number", flat=True)))[:most]
    return sum(_shift(number, _published, actor, now) for number in numbers)


@dataclass(frozen=True, slots=True)
class Retargeted:
    """What one batch did: clocks moved, cases the edition does not fit, clocks still under old terms."""

    moved: int
    passed_over: int
    left: int
    last: str = ""
    """The number of the last case looked at: the next batch goes on after it."""


def retarget(*, limit: str, actor: Actor, now: datetime, after: str = "", most: int = MANY) -> Retargeted:
    """Put the running clocks of one limit under the edition in force now, case by case after ``after``.

    Running clocks keep the limit they started under; this verb is the one way it changes for them.
    """
    if not edits.may_decide("limit", actor):
        raise Refused("not_your_role", verb="rule_retarget")
    edition = in_force(limit, now)
    waiting = other_terms(edition)
    numbers = sorted(set(waiting.filter(case__number__gt=after).values_list("case__number", flat=True)))[
        :most
    ]
    shift = partial(_under, edition=edition)
    moved = [_shift(number, shift, actor, now) for number in numbers]
    done = Retargeted(sum(moved), moved.count(0), waiting.count(), (numbers or [""])[-1])
    if done.moved:
        _write_batch(edition, done.moved, actor, now)
    return done


@transaction.atomic
def _write_batch(edition: Limit, moved: int, actor: Actor, now: datetime) -> None:
    chain.append(
        stream=rules.STREAM,
        at=now,
        actor=actor.username,
        verb="rule_retarget",
        objects=[("rule", f"limit:{edition.id}:{edition.in_force_from}")],
        detail={"limit": edition.id, "clocks": moved},
    )


def in_force(limit: str, now: datetime) -> Limit:
    """Return the edition of a limit in force now; raise Refused where none is."""
    rules.look(now)
    book = rules.rulebook()
    found = book.limit(limit, now.astimezone(book.calendar.zone).date())
    if found is None:
        raise Refused("no_limit_in_force", limit=limit)
    return found


def other_terms(edition: Limit) -> QuerySet[Clock]:
    """Return the clocks of open cases that run under other terms than an edition's."""
    same = Q(limit_from=edition.in_force_from, amount=edition.amount, unit=edition.unit, kind=edition.kind)
    rows = Clock.objects.filter(limit=edition.id, state__in=RUNNING, case__is_open=True)
    return rows.exclude(same & Q(count=edition.count))


@dataclass(frozen=True, slots=True)
class Preview:
    """What a re-target would do: of ``looked_at`` clocks, whose due would move and how."""

    waiting: int
    looked_at: int
    later: int
    earlier: int
    overdue: int
    """Those that would have run out already."""
    passed_over: int


LOOKED_AT = 1_000


def preview(*, edition: Limit, now: datetime, book: Rulebook) -> Preview:
    """Return what putting the running clocks under an edition would do; nothing is changed."""
    waiting = other_terms(edition).select_related("case").order_by("pk")
    moves: list[int] = []
    overdue = passed = 0
    for clock in waiting[:LOOKED_AT]:
        before = clock.due_at
        if not _clocks.fits(clock.case, edition):
            passed += 1
            continue
        _clocks.put_under(clock, edition, book, may_bind=True)
        moves.append((clock.due_at > before) - (clock.due_at < before))
        overdue += clock.due_at <= now < before
    looked = len(moves) + passed
    return Preview(waiting.count(), looked, moves.count(1), moves.count(-1), overdue, passed)


Shift = Callable[[Case, datetime], list[tuple[Clock, datetime]]]
"""Moves what is to be moved of a locked case's clocks; returns each with the due it had."""


def _published(case: Case, now: datetime) -> list[tuple[Clock, datetime]]:
    """Recompute the guessed clocks of a case by the calendar published since."""
    book, moved = rules.pinned(case.edition_id), []
    for clock in case.clocks.filter(provisional=True).exclude(state="void").select_for_update():
        before = clock.due_at
        _pauses.recompute(clock, book)
        if not clock.provisional or clock.due_at != before:
            _pauses.climb(clock, book, now)
            moved.append((clock, before))
    return moved


def _under(case: Case, now: datetime, *, edition: Limit) -> list[tuple[Clock, datetime]]:
    """Put the running clocks of one limit of a case under an edition, where it fits the case."""
    book, moved = rules.rulebook(), []
    if not _clocks.fits(case, edition):
        return []
    given = case.clocks.filter(kind="imported").exclude(state="void").exists()
    for clock in other_terms(edition).filter(case=case).select_for_update(of=("self",)):
        before = clock.due_at
        _clocks.put_under(clock, edition, book, may_bind=not given)
        _pauses.climb(clock, book, now)
        moved.append((clock, before))
    return moved


@transaction.atomic
def _shift(number: str, shift: Shift, actor: Actor, now: datetime) -> int:
    """Move clocks of one case with a line in each ledger and one event; return how many moved."""
    calendar = shift is _published
    verb, reason = ("calendar", "calendar_published") if calendar else ("retarget", "rule_retarget")
    case = Case.objects.select_for_update().get(number=number)
    moved = shift(case, now)
    for clock, before in moved:
        clock.save()
        ClockEntry.objects.create(
            clock=clock, kind="retarget", at=now, reason=reason, due_before=before, due_after=clock.due_at
        )
    if not moved:
        return 0
    shown = [
        {"limit": clock.limit, "due_before": before.isoformat(), "due": clock.due_at.isoformat()}
        for clock, before in moved
    ]
    event = chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=actor.username,
        verb=verb,
        objects=[("case", case.number)],
        detail={"clocks": shown},
    )
    _clocks.refresh_due(case)
    case.changed_event = event
    case.save(update_fields=["changed_event", "next_due_at"])
    return len(moved)
