"""Work: rows under a lease are claimed, fail, and are let back in by a person after they were set aside."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.store import chain, leases, presence
from suyuan.store.models import BulkRun, Clock, ClockFault, ImportRun, Publication, Schedule
from suyuan.store.models.leased import Leased
from suyuan.store.queries import work

KINDS: dict[str, type[Leased]] = {
    "bulk": BulkRun,
    "import": ImportRun,
    "publication": Publication,
    "schedule": Schedule,
}
"""The kinds of rows that workers claim here; messages are delivered in batches by a job of their own."""


def claim(*, kind: str, holder: str, now: datetime, of: Collection[str] | None = None) -> Leased | None:
    """Put the oldest row of a kind that is due under a lease and return it, or None where there is none.

    ``of`` are kinds of schedules: of them alone.
    """
    table: Any = KINDS[kind]
    rows: QuerySet[Any] = table.objects.order_by("next_at", "pk")
    if table is Schedule:
        rows = rows.filter(paused=False, **({} if of is None else {"kind__in": of}))
    found = leases.claim(rows, holder=holder, now=now, by=leases.terms(f"lease.{kind}"))
    return found[0] if found else None


def release(*, holder: str, now: datetime) -> int:
    """Give back every row a worker still holds: it was cut off and is at work on none; return how many."""
    mine = {"state": "running", "holder": holder}
    back = {"state": "queued", "holder": "", "next_at": now, "attempts": F("attempts") - 1}
    return sum(table._default_manager.filter(**mine).update(**back) for table in work.TABLES.values())


def take_back(*, now: datetime) -> int:
    """End the leases of workers that died on this machine, so that the next claim takes what they held.

    Returns how many. That a worker vanished over a row is counted at the claim, as when a lease ran out.
    """
    tables = work.TABLES.values()
    return sum(leases.end(table, worker=worker, now=now) for worker in presence.dead() for table in tables)


@transaction.atomic
def fail(*, kind: str, row: Leased, fault: Mapping[str, object], now: datetime) -> bool:
    """Let a row wait for its next attempt; write down that it was set aside, and return whether it was."""
    aside = leases.fail(row, now=now, by=leases.terms(f"lease.{kind}"), fault=fault)
    if aside:
        chain.append(
            stream="register:work",
            at=now,
            actor="system",
            verb="set_aside",
            objects=[(kind, str(row.pk))],
            detail={"kind": kind, "fault": dict(fault)},
        )
    return aside


@transaction.atomic
def retry(*, kind: str, row_id: int, actor: Actor, now: datetime) -> None:
    """Let what was set aside be tried afresh; raise Refused where it is not aside or not this person's."""
    work.check(actor)
    if kind == "clock":
        _retry_clock(row_id, now)
    elif kind in KINDS:
        leases.again(_row(kind, row_id), now=now)
    else:
        raise BadInput("unknown_value", field="kind", value=kind)
    chain.append(
        stream="register:work",
        at=now,
        actor=actor.username,
        verb="retry",
        objects=[(kind, str(row_id))],
        detail={"kind": kind},
    )


def _row(kind: str, row_id: int) -> Leased:
    row = KINDS[kind]._default_manager.filter(pk=row_id).first()
    if row is None:
        raise Refused("not_found", row=row_id)
    return row


def _retry_clock(clock_id: int, now: datetime) -> None:
    if not ClockFault.objects.filter(clock=clock_id).delete()[0]:
        raise Refused("not_aside", row=clock_id)
    Clock.objects.filter(pk=clock_id, state="running").update(next_rung_at=now)
