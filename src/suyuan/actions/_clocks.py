"""Keeping a case's clocks in step with its milestones."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from suyuan.domain import clockplan, worktime
from suyuan.domain.order import MILESTONES
from suyuan.domain.rulebook import Limit, Rulebook
from suyuan.domain.rulebook.records import FACTS
from suyuan.domain.vocabulary import State
from suyuan.store import bulk, rows
from suyuan.store.models import Case, Clock, ClockEntry
from suyuan.store.queries import history

from ._pauses import climb, end_pause, go_on, next_rung, recompute, run_on, wait

PAUSABLE = ("internal", "public", "practice")
"""Kinds of clock the company may pause; a regulator's clock is not ours to stop."""
RUNS = ("running", "paused")


def keep(case: Case, rules: Rulebook, now: datetime, *, source: str) -> list[dict[str, str]]:
    """Start, move, stop and void the clocks of ``case``; return what was done, for the event.

    ``source`` is the state it comes from: one that was only received has no clocks to look for.
    """
    mine = [] if source == State.RECEIVED else list(case.clocks.filter(episode=case.episode))
    by_key = {clock.pk: clock for clock in mine}
    back = clockplan.GOES_BACK_BEHIND.get(case.procedure, frozenset()) if not case.paused else frozenset()
    reached, ended = moments(case), ended_at(case, now)
    plan = clockplan.plan(applicable(case, rules), reached, _running(mine), ended, back)
    target = next((c for c in mine if c.kind == "imported" and c.state != "void"), None)
    starting = [
        limit
        for limit in plan.start
        if not _is_history(case, limit, rules, now) and not _was_met_before(case, limit, reached)
    ]
    fresh_ones = _start(case, starting, rules, may_bind=target is None)
    done = [{"limit": c.limit, "did": "start", "due": c.due_at.isoformat()} for c in fresh_ones]
    for key, limit in plan.move:
        assert isinstance(limit, Limit)
        done.append(_move(by_key[key], limit, rules, now, may_bind=target is None))
    stops = [*plan.stop, *_met(target, case)]
    for key, at in stops:
        rung = by_key[key].next_rung_at
        _stop(by_key[key], at, rules)
        done.append({"limit": by_key[key].limit, "did": "stop", "at": at.isoformat()})
        if rung is not None:
            done[-1]["rung"] = rung.isoformat()
    done += [_void(by_key[key], now) for key in plan.void]
    done += _turned(plan, by_key, rules, now)
    changed = {key for key, _ in stops} | {*plan.void, *plan.run_on, *plan.wait, *plan.go_on}
    if changed:
        rows.update_each([by_key[key] for key in changed], _ENDED)
    if done:
        running = (c.due_at for c in (*mine, *fresh_ones) if c.state == "running")
        case.next_due_at = min(running, default=None)
    case.clock_reason = _why_unjudged(case)
    return done


def _turned(
    plan: clockplan.Plan, by_key: Mapping[int, Clock], rules: Rulebook, now: datetime
) -> list[dict[str, str]]:
    """Let clocks run on, wait and go on as the plan says; return what was done."""
    for key in plan.run_on:
        run_on(by_key[key], now, BACK, rules)
    for key in plan.wait:
        wait(by_key[key], now, BACK)
    for key in plan.go_on:
        go_on(by_key[key], now, rules)
    said = (("run_on", plan.run_on), ("pause", plan.wait), ("resume", plan.go_on))
    return [
        {"limit": by_key[key].limit, "did": did, "due": by_key[key].due_at.isoformat()}
        for did, keys in said
        for key in keys
    ]


BACK = "went_back"
"""Why a clock waits, or ran on: the case went back behind the milestone it starts or stops with."""


def _is_history(case: Case, limit: clockplan.Terms, rules: Rulebook, now: datetime) -> bool:
    """Return whether a clock of an imported case was over before anybody here could keep it."""
    assert isinstance(limit, Limit)
    if case.origin != "import" or limit.binding:
        return False
    start = moments(case)[limit.starts]
    assert start is not None
    due = worktime.due(start, limit.amount, limit.unit, limit.count, rules.calendar)
    return next_rung(start, due.at, limit, now) is None


def _was_met_before(case: Case, limit: clockplan.Terms, reached: Mapping[str, datetime | None]) -> bool:
    """Return whether a clock ends with what a former handling passed: another handling owes it no more."""
    met = reached.get(limit.stops)
    return case.reopened_at is not None and met is not None and met < case.reopened_at


_ENDED = ["stopped_at", "state", "next_rung_at", "due_at", "provisional"]


def _stop(clock: Clock, at: datetime, rules: Rulebook) -> None:
    """Stop a clock; one that was paused ends its pause there, so that the pause still counts."""
    if clock.state == "paused":
        end_pause(clock, max(at, clock.entries.latest("at", "pk").at), rules)
    clock.stopped_at, clock.state, clock.next_rung_at = at, "stopped", None


def stop_all(case: Case, rules: Rulebook, now: datetime) -> list[dict[str, str]]:
    """Stop every clock of the present episode that runs: its round is over; return what was done."""
    rows = list(case.clocks.filter(episode=case.episode, state__in=("running", "paused")))
    for clock in rows:
        _stop(clock, now, rules)
        clock.save()
    return [{"limit": clock.limit, "did": "stop", "at": now.isoformat()} for clock in rows]


def put_back(case: Case, moved: Iterable[Mapping[str, str]], now: datetime) -> list[dict[str, str]]:
    """Take back what a step did to the clocks: what it started is void, what it stopped runs on."""
    rows = case.clocks.filter(episode=case.episode).exclude(state="void").order_by("pk")
    mine = {clock.limit: clock for clock in rows.select_for_update()}
    done = []
    for one in moved:
        clock = mine[one["limit"]]
        if one["did"] == "start":
            done.append(_void(clock, now, "undone"))
        else:
            clock.stopped_at, clock.state = None, "running"
            clock.next_rung_at = datetime.fromisoformat(one["rung"]) if "rung" in one else None
            ClockEntry.objects.create(
                clock=clock, kind="run_on", at=now, reason="undone", due_before=clock.due_at
            )
            done.append({"limit": clock.limit, "did": "run_on", "due": clock.due_at.isoformat()})
        clock.save()
    if done:
        refresh_due(case)
    return done


def _met(target: Clock | None, case: Case) -> list[tuple[int, datetime]]:
    """Return when the target a file gave was met: with the answer, or with the archive."""
    met = case.answered_at or case.archived_at
    return [(target.pk, met)] if target is not None and target.stopped_at is None and met is not None else []


def applicable(case: Case, rules: Rulebook) -> Sequence[Limit]:
    """Return the limits that bind this case, by the rules of the local day it was accepted.

    An imported order may be older than every rule: what begins here is held to the rules of its own day.
    """
    if case.state == "void" or case.state == "received":
        return ()
    here = history.reached_here(case) if case.origin == "import" else {}
    found: list[Limit] = []
    for name, start in {"": case.reopened_at or case.accepted_at, **here}.items():
        on = start.astimezone(rules.calendar.zone).date()
        every = rules.limits_for(case.procedure, facts(case), on)
        found += [limit for limit in every if name == (limit.starts if limit.starts in here else "")]
    return [limit for limit in found if limit.stops in MILESTONES]


def _why_unjudged(case: Case) -> str:
    """Return why no clock judges an imported order whose type or site became known, empty where one does."""
    if case.clock_reason not in ("type_unknown", "site_unknown") or case.business_type == "unknown":
        return case.clock_reason
    if case.clocks.filter(binding=True).exclude(state="void").exists():
        return ""
    return "site_unknown" if case.procedure == "repair" and not case.site else "no_rule_in_force"


def facts(case: Case) -> dict[str, str]:
    """Return what limits look at."""
    return {name: getattr(case, name) for name in FACTS}


def moments(case: Case) -> dict[str, datetime | None]:
    """Return the milestones of the present episode."""
    reached: dict[str, datetime | None] = {name: getattr(case, name) for name in MILESTONES}
    if case.reopened_at is not None:
        reached["accepted_at"] = case.reopened_at
    return reached


def ended_at(case: Case, now: datetime) -> datetime | None:
    """Return the moment after which no clock runs on, or None while the case is open."""
    return (case.archived_at or now) if case.state == "archived" else None


def _running(mine: Iterable[Clock]) -> list[clockplan.Running]:
    return [
        clockplan.Running(clock.pk, clock.limit, clock.family, clock.state in RUNS, clock.state == "paused")
        for clock in mine
        if clock.kind != "imported" and clock.state != "void"
    ]


def _start(case: Case, limits: Iterable[clockplan.Terms], rules: Rulebook, *, may_bind: bool) -> list[Clock]:
    reached = moments(case)
    begun = []
    for limit in limits:
        assert isinstance(limit, Limit)
        start = reached[limit.starts]
        assert start is not None
        clock = fresh(case, limit, start, reached.get(limit.stops), rules)
        clock.binding = limit.binding and may_bind
        begun.append(clock)
    bulk.insert("store_clock", _COLUMNS, [rows.stored(clock, _COLUMNS) for clock in begun])
    return begun


_COLUMNS = [column.attname for column in Clock._meta.concrete_fields if not column.primary_key]


def fresh(case: Case, limit: Limit, start: datetime, stop: datetime | None, rules: Rulebook) -> Clock:
    """Return the clock of ``limit`` on ``case``, not yet saved."""
    due = worktime.due(start, limit.amount, limit.unit, limit.count, rules.calendar)
    return Clock(
        case=case,
        limit=limit.id,
        family=limit.family,
        kind=limit.kind,
        amount=limit.amount,
        unit=limit.unit,
        count=limit.count,
        certainty=limit.certainty.value,
        episode=case.episode,
        started_at=start,
        due_at=due.at,
        provisional=due.provisional,
        stopped_at=stop,
        state="running" if stop is None else "stopped",
        next_rung_at=None if stop is not None else next_rung(start, due.at, limit, start),
        limit_from=limit.in_force_from,
    )


def _move(clock: Clock, limit: Limit, rules: Rulebook, now: datetime, *, may_bind: bool) -> dict[str, str]:
    """Put a running clock under other terms, the old due kept in its ledger."""
    before = clock.due_at
    old = clock.limit
    put_under(clock, limit, rules, may_bind=may_bind)
    climb(clock, rules, now)
    clock.save()
    ClockEntry.objects.create(
        clock=clock,
        kind="retarget",
        at=now,
        reason="reclassified",
        evidence=f"{old} → {limit.id}",
        due_before=before,
        due_after=clock.due_at,
    )
    return {
        "limit": limit.id,
        "did": "retarget",
        "was": old,
        "due_before": before.isoformat(),
        "due": clock.due_at.isoformat(),
    }


def put_under(clock: Clock, limit: Limit, rules: Rulebook, *, may_bind: bool) -> None:
    """Give a clock the terms of a limit, and the due they lead to; its start and its pauses stay."""
    clock.limit, clock.family, clock.kind = limit.id, limit.family, limit.kind
    clock.binding = limit.binding and may_bind
    clock.amount, clock.unit, clock.count = limit.amount, limit.unit, limit.count
    clock.certainty, clock.limit_from = limit.certainty.value, limit.in_force_from
    recompute(clock, rules)


def fits(case: Case, limit: Limit) -> bool:
    """Tell whether an edition holds a case: its procedure and facts, begun and not yet reached."""
    reached = moments(case)
    on_the_way = reached.get(limit.starts) is not None and reached.get(limit.stops) is None
    return on_the_way and case.procedure in limit.procedures and limit.matches(facts(case))


def _void(clock: Clock, now: datetime, reason: str = "no_longer_applies") -> dict[str, str]:
    clock.state, clock.stopped_at, clock.next_rung_at = "void", now, None
    ClockEntry.objects.create(clock=clock, kind="void", at=now, reason=reason, due_before=clock.due_at)
    return {"limit": clock.limit, "did": "void"}


def refresh_due(case: Case) -> None:
    """Set the due that the case's light is read from: the earliest of its running clocks."""
    dues = case.clocks.filter(episode=case.episode, state="running").values_list("due_at", flat=True)
    case.next_due_at = min(dues, default=None)
