"""Schedules: those the house comes with, those an administrator makes, and what became of each run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from suyuan.domain import schedule as rule
from suyuan.domain.characters import storable
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.gateways import cron
from suyuan.store import bulk, chain, leases, rules
from suyuan.store.models import Schedule
from suyuan.store.queries import work

from .detecting.finding import EVERY, named

STANDARD = "schedule."
"""The figures that are schedules of the house."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an administrator says of a schedule."""

    kind: str
    cron: str
    title: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


def tick_after(expression: str, moment: datetime) -> datetime:
    """Return the first tick of an expression after a moment, in the utility's zone."""
    return cron.next_after(expression, moment, rules.rulebook().calendar.zone)


@transaction.atomic
def keep(*, now: datetime) -> int:
    """Make the standard schedules that are missing, put right what a wrong clock left; return how many."""
    bulk.one_at_a_time("schedules")
    known = set(Schedule.objects.values_list("code", flat=True))
    figures = rules.rulebook().figures
    missing = [name for name in figures if name.startswith(STANDARD) and name[len(STANDARD) :] not in known]
    for name in missing:
        figure, code = figures[name][-1], name[len(STANDARD) :]
        rest = {key: value for key, value in figure.terms.items() if key not in ("kind", "cron", "at_once")}
        first = now if figure.terms["at_once"] else tick_after(figure.terms["cron"], now)
        row = Schedule(code=code, kind=figure.terms["kind"], cron=figure.terms["cron"], parameters=rest)
        row.title = {"zh": figure.title.zh, "en": figure.title.en}
        row.tick_at = row.next_at = first
        row.save()
        _write(row, "schedule_set", SYSTEM, now)
    return len(missing) + _put_right(now)


def _put_right(now: datetime) -> int:
    """Plan anew what last ran at a moment so far ahead that the clock must have been wrong."""
    apart = timedelta(hours=rules.figure("work.clock", "ahead_hours"))
    ahead = Schedule.objects.filter(state="queued", ran_at__gt=now + apart).select_for_update()
    wrong = [row for row in ahead if rule.ran_ahead(row.ran_at, now, apart)]
    for row in wrong:
        row.tick_at = row.next_at = tick_after(row.cron, now)
        row.ran_at = row.ran_for = None
        row.save()
        _write(row, "schedule_set", SYSTEM, now)
    return len(wrong)


@transaction.atomic
def change(*, code: str, terms: Terms, actor: Actor, now: datetime) -> Schedule:
    """Make a schedule or change one; its next tick is the first of the new expression."""
    work.check_admin(actor)
    _check(code, terms)
    row = Schedule.objects.select_for_update().filter(code=code).first() or Schedule(code=code)
    if row.state == "running":
        raise Refused("schedule_running", schedule=code)
    if terms.title or not row.title:
        row.title = {"zh": terms.title or code, "en": terms.title or code}
    same = row.kind == terms.kind == rule.Kind.DETECT  # a form without names changes the hour alone
    row.parameters = dict(terms.parameters) or (row.parameters if same else {})
    row.kind, row.cron = terms.kind, terms.cron
    row.tick_at = row.next_at = tick_after(terms.cron, now)
    row.state, row.attempts, row.lapses, row.fault = "queued", 0, 0, None
    row.save()
    _write(row, "schedule_set", actor, now)
    return row


def _check(code: str, terms: Terms) -> None:
    wrong = {}
    if not code or len(code) > 60 or not code.replace("_", "").replace("-", "").isalnum():
        wrong["code"] = "unknown_value" if code else "required"
    if terms.kind not in list(rule.Kind):
        wrong["schedule_kind"] = "unknown_choice" if terms.kind else "required"
    given = terms.parameters
    if terms.kind == rule.Kind.PUBLICATION and given.get("document") not in rule.DOCUMENTS:
        wrong["document"] = "unknown_choice"
    if terms.kind == rule.Kind.PUBLICATION and given.get("period") not in rule.PERIODS:
        wrong["schedule_period"] = "unknown_choice" if given.get("period") else "required"
    if terms.kind == rule.Kind.DETECT:
        named(str(given.get("detectors") or EVERY).split())
    if len(terms.cron) > 60:
        wrong["cron"] = "too_long"
    if len(terms.title) > 60:
        wrong["title"] = "too_long"
    if not storable(f"{code}{terms.cron}{terms.title}"):
        wrong.setdefault("title", "bad_characters")
    if wrong:
        raise BadInput("bad_form", fields=wrong)


@transaction.atomic
def pause(*, code: str, paused: bool, actor: Actor, now: datetime) -> Schedule:
    """Stop a schedule from running, or let it run again from its next tick; nothing missed is made up."""
    work.check_admin(actor)
    row = Schedule.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise Refused("unknown_schedule", schedule=code)
    row.paused = paused
    if not paused and row.state == "queued":
        row.tick_at = row.next_at = tick_after(row.cron, now)
    row.save()
    _write(row, "schedule_pause" if paused else "schedule_resume", actor, now)
    return row


def soon(*, kind: rule.Kind, now: datetime) -> None:
    """Let the schedules of a kind run in this round: what they look after has just changed."""
    waiting = Schedule.objects.filter(kind=kind.value, state="queued", paused=False, next_at__gt=now)
    waiting.update(next_at=now)


def alive(*, row: Schedule, now: datetime) -> None:
    """Say that a long run is still at work; raise Refused where another worker has taken it over."""
    leases.renew(row, now=now, by=leases.terms("lease.schedule"))


def done(*, row: Schedule, outcome: Mapping[str, object], now: datetime) -> None:
    """Keep what came of a run, and wait for the next tick."""
    tick = rule.next_tick(now, row.tick_at, lambda moment: tick_after(row.cron, moment))
    kept = {"state": "done", **outcome}
    leases.give_back(row, at=tick, tick_at=tick, ran_for=row.tick_at, ran_at=now, outcome=kept, fault=None)


def failed(*, row: Schedule, fault: Mapping[str, object], now: datetime) -> None:
    """Try a run again after a wait; after the last attempt keep the reason and wait for the next tick."""
    by = leases.terms("lease.schedule")
    if row.attempts - row.lapses < by.attempts:
        leases.fail(row, now=now, by=by, fault=fault)
        return
    tick = rule.next_tick(now, row.tick_at, lambda moment: tick_after(row.cron, moment))
    kept = {"state": "failed", **fault}
    leases.give_back(row, at=tick, tick_at=tick, ran_for=row.tick_at, ran_at=now, outcome=kept)


def _write(row: Schedule, verb: str, actor: Actor, now: datetime) -> None:
    chain.append(
        stream="register:schedule",
        at=now,
        actor=actor.username,
        verb=verb,
        objects=[("schedule", row.code)],
        detail={
            "kind": row.kind,
            "cron": row.cron,
            "parameters": row.parameters,
            "paused": row.paused,
            "tick_at": row.tick_at.isoformat(),
        },
    )
