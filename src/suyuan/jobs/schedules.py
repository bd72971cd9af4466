"""Schedules: what is due is done once, however long the worker was away.

While one runs, its lease is renewed beside: whoever needs hours for it is not taken for dead.
"""

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connections

from suyuan.actions import anchor, commitment, firstmoves, knowledge, publish, repeat, schedules
from suyuan.actions.privacy import retention
from suyuan.actions.risk import watching as risk
from suyuan.actions.warn.naming import name_units
from suyuan.actions.warn.watching import watch
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.domain.schedule import Kind
from suyuan.store import lake, leases, rules
from suyuan.store.queries import work

from .carry import carry_out
from .faults import DATABASE_AWAY

Row = Any
"""A schedule as the verbs hand it out."""

Outcome = dict[str, object]


def _anchor(_row: Row, now: datetime) -> Outcome:
    made = anchor.anchor(now=now)
    return {"on": made.on.isoformat(), "streams": made.streams}


def _detect(row: Row, now: datetime) -> Outcome:
    names = str(row.parameters.get("detectors") or "all").split()
    done = watch(names, now=now)
    return {"seen": done.kept.seen, "fresh": done.kept.fresh, "opened": len(done.opened)}


def _lake(_row: Row, _now: datetime) -> Outcome:
    return {"exported_to": lake.refresh()}


def _publication(row: Row, now: datetime) -> Outcome:
    return {"publication": publish.queue_scheduled(row=row, now=now)}


def _retention(row: Row, now: datetime) -> Outcome:
    def alive() -> None:  # and ours: nothing is shredded twice
        schedules.alive(row=row, now=datetime.now(UTC))

    reached = retention.shred_outlived(actor=SYSTEM, now=now, after_batch=alive)
    if "cases" in reached:
        lake.forget()
    return {"reached": reached}


def _naming(_row: Row, now: datetime) -> Outcome:
    done = name_units(now=now)
    return {"month": done.month, "named": done.named, "opened": len(done.opened)}


def _promises(_row: Row, now: datetime) -> Outcome:
    return {"reminded": commitment.remind(now=now)}


def _repeats(_row: Row, now: datetime) -> Outcome:
    return {"told": repeat.alarm(now=now)}


def _first_moves(_row: Row, now: datetime) -> Outcome:
    made = firstmoves.make_lists(day=rules.local_day(now), now=now)
    return {"day": made.day.isoformat(), "lists": made.lists, "moves": made.moves}


def _review(_row: Row, now: datetime) -> Outcome:
    return {"reminded": knowledge.remind(actor=SYSTEM, now=now)}


def _risk(row: Row, now: datetime) -> Outcome:
    def alive() -> None:
        schedules.alive(row=row, now=datetime.now(UTC))

    return risk.refresh(now=now, before_each=alive)


RUN: dict[Kind, Callable[[Row, datetime], Outcome]] = {
    Kind.ANCHOR: _anchor,
    Kind.DETECT: _detect,
    Kind.FIRSTMOVES: _first_moves,
    Kind.LAKE: _lake,
    Kind.NAMING: _naming,
    Kind.PUBLICATION: _publication,
    Kind.PROMISES: _promises,
    Kind.REPEATS: _repeats,
    Kind.RETENTION: _retention,
    Kind.REVIEW: _review,
    Kind.RISK: _risk,
}
"""What each kind of schedule does; a test holds it to the table of kinds."""


LONG = frozenset({Kind.DETECT, Kind.FIRSTMOVES, Kind.NAMING, Kind.RETENTION, Kind.RISK})
"""What may take minutes and computes all the time: done in a process of its own (``long``)."""
SHORT = frozenset(Kind) - LONG
MOST = 12
"""Schedules carried out in one go."""


def waits(now: datetime, kinds: Collection[Kind]) -> bool:
    """Tell whether a schedule of some kinds is due."""
    return work.due_schedules(now, kinds).exists()


def batch(now: datetime, holder: str, kinds: Collection[Kind] = frozenset(Kind), most: int = MOST) -> int:
    """Carry out schedules of some kinds that are due, the longest due first; return how many."""
    done = 0
    while done < most and carry_out("schedule", _run, now, holder, _failed, kinds):
        done += 1
    return done


def _run(row: Row, now: datetime) -> None:
    with held(row, leases.terms("lease.schedule").lease.total_seconds() / 3):
        outcome = RUN[Kind(row.kind)](row, now)
    schedules.done(row=row, outcome=outcome, now=now)


@contextmanager
def held(row: Row, apart: float) -> Iterator[None]:
    """Renew the lease of a row every ``apart`` seconds, in a thread, as long as work on it goes on."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(apart):
            try:
                schedules.alive(row=row, now=datetime.now(UTC))
            except Refused:  # another has it: the work finds out when it comes to keep what it did
                return
            except DATABASE_AWAY:
                continue
            finally:
                connections.close_all()

    beside = threading.Thread(target=renew, name="lease", daemon=True)
    beside.start()
    try:
        yield
    finally:
        over.set()
        beside.join()


def _failed(row: Row, fault: Outcome, now: datetime) -> None:
    schedules.failed(row=row, fault=fault, now=now)
