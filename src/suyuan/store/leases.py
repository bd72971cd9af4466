"""Leases: a bounded batch of rows is one worker's until it is done, given back, or the lease runs out.

What is claimed is committed before the work begins, so no transaction stays open during an outside call. A
worker that is killed leaves its rows running; when the lease is over, another takes them: at once where its
death is seen (``presence``), otherwise when its time has run out. A worker that was only slow finds, when it
comes to finish, that the row is no longer its own, and must drop what it did: raise inside its transaction,
as ``finish`` and ``renew`` do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import F, QuerySet

from suyuan.domain.errors import Refused

from . import presence, rules
from .models.leased import Leased

Row = TypeVar("Row", bound=Leased)


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a lease lasts and how often a row is tried, as the rulebook says."""

    lease: timedelta
    attempts: int
    """Attempts that may fail before a row is set aside."""
    lapses: int
    """Workers that may vanish over a row before it is set aside: it may be what ends them."""
    wait: timedelta
    """Time before the second attempt; each later one waits twice as long."""
    wait_most: timedelta

    def wait_after(self, failed: int) -> timedelta:
        """Return how long a row waits that has failed so often."""
        return min(self.wait * 2 ** min(failed - 1, 30), self.wait_most)


def terms(figure: str) -> Terms:
    """Return the terms of a kind of row, such as ``lease.import``."""
    seconds = {
        name: timedelta(seconds=rules.figure(figure, f"{name}_seconds"))
        for name in ("lease", "wait", "wait_most")
    }
    return Terms(attempts=rules.figure(figure, "attempts"), lapses=rules.figure(figure, "lapses"), **seconds)


@transaction.atomic
def claim(rows: QuerySet[Row], *, holder: str, now: datetime, by: Terms, count: int = 1) -> list[Row]:
    """Put the first ``count`` of ``rows`` that are due under a lease of ``holder`` and return them.

    The caller chooses and orders the rows; those another worker is claiming are passed over. A row that has
    outlived too many workers is set aside instead.
    """
    skip = connection.features.has_select_for_update_skip_locked
    due = list(rows.filter(next_at__lte=now).select_for_update(skip_locked=skip, of=("self",))[:count])
    if len(due) < count:
        _mend(rows, now, by)
    table = rows.model._default_manager
    lapsed = [row.pk for row in due if row.state == "running"]
    spent = {row.pk for row in due if row.state == "running" and row.lapses + 1 >= by.lapses}
    table.filter(pk__in=lapsed).update(lapses=F("lapses") + 1)
    table.filter(pk__in=spent).update(
        state="aside", next_at=None, holder="", fault={"code": "worker_lost", "facts": {"times": by.lapses}}
    )
    taken = [row for row in due if row.pk not in spent]
    table.filter(pk__in=[row.pk for row in taken]).update(
        state="running", holder=holder, next_at=now + by.lease, attempts=F("attempts") + 1
    )
    for row in taken:
        row.lapses += row.state == "running"
        row.state, row.holder, row.next_at = "running", holder, now + by.lease
        row.attempts += 1
    return taken


def _mend(rows: QuerySet[Row], now: datetime, by: Terms) -> None:
    """End leases that reach further than a lease can: the machine's clock was ahead when they began."""
    rows.filter(state="running", next_at__gt=now + by.lease).order_by().update(next_at=now)


def end(table: type[Leased], *, worker: str, now: datetime) -> int:
    """End the leases of a worker that died, and of what it had begun beside; return how many."""
    held = table._default_manager.filter(state="running", next_at__gt=now, holder__startswith=worker)
    return held.update(next_at=now)


def forsaken(row: Leased, now: datetime) -> bool:
    """Return whether a row was begun and nobody is at it: its worker died here, or its lease is over."""
    over = row.next_at is not None and row.next_at <= now
    return row.state == "running" and (over or presence.gone(row.holder))


def renew(row: Leased, *, now: datetime, by: Terms, **columns: Any) -> None:
    """Let the lease begin again; raise Refused if the row is no longer this worker's."""
    _change(row, next_at=now + by.lease, **columns)


def finish(row: Leased, *, state: str = "done", **columns: Any) -> None:
    """End the work on a row with what came of it; raise Refused if the row is no longer this worker's."""
    _change(row, state=state, next_at=None, holder="", fault=None, **columns)


def give_back(row: Leased, *, at: datetime, **columns: Any) -> None:
    """Let a row wait until ``at`` without counting a failure; raise Refused if it is no longer ours."""
    _change(row, state="queued", next_at=at, holder="", attempts=0, lapses=0, **columns)


def fail(row: Leased, *, now: datetime, by: Terms, fault: Mapping[str, object], last: bool = False) -> bool:
    """Let a row wait for its next attempt, or set it aside after the last one; return whether it was.

    ``last`` says that trying again cannot help. Raises Refused if the row is no longer this worker's.
    """
    failed = row.attempts - row.lapses
    aside = last or failed >= by.attempts
    when = None if aside else now + by.wait_after(failed)
    _change(row, state="aside" if aside else "queued", next_at=when, holder="", fault=dict(fault))
    return aside


def again(row: Leased, *, now: datetime) -> None:
    """Let a row that was set aside be tried afresh; raise Refused where it is not aside."""
    table = type(row)._default_manager
    fresh = {"state": "queued", "next_at": now, "attempts": 0, "lapses": 0, "holder": ""}
    if not table.filter(pk=row.pk, state="aside").update(**fresh):
        raise Refused("not_aside", row=row.pk)


def _change(row: Leased, **columns: Any) -> None:
    """Write columns of a row, and only of the very claim that ``row`` came from."""
    table = type(row)._default_manager
    mine = table.filter(pk=row.pk, state="running", holder=row.holder, attempts=row.attempts)
    if not mine.update(**columns):
        raise Refused("lease_lost", row=row.pk)
    for name, value in columns.items():
        setattr(row, name, value)
