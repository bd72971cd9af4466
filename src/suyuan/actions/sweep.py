"""Sweep: fire the rungs of clocks that have come due for one, each rung once, in bounded batches.

A batch is claimed with its rows locked (rows another worker holds are skipped), and the unique key of a
rung makes a second firing impossible even if a claim were lost. A clock that cannot be swept is set aside
with its reason, so that it stops no other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from suyuan.domain import audit, ladder
from suyuan.store import bulk, chain, rules
from suyuan.store.models import Clock, ClockFault

from . import discipline
from ._tell import Notice, tell

BATCH = 2_000


class Claimed(NamedTuple):
    """What the sweep needs of one clock."""

    id: int
    limit: str
    started_at: datetime
    due_at: datetime
    case_id: int
    number: str
    unit: str
    unit_id: int
    restricted: bool
    origin: str
    next_rung_at: datetime


class Fired(NamedTuple):
    """One rung of one clock."""

    clock: Claimed
    rung: str
    step: int = 0
    """How high it stands: 0 before the due, 1 at it, one more for each rung after it."""


@transaction.atomic
def sweep(*, now: datetime, limit: int = BATCH, only: Sequence[int] | None = None) -> int:
    """Fire what is due in one batch, of all clocks or of ``only`` some; return how many rungs fired."""
    rules.look(now)
    claimed = _claim(now, limit, only)
    if not claimed:
        return 0
    book = rules.rulebook()
    stamp = bulk.stamp()
    fired, next_at = [], []
    for clock in sorted(claimed):
        rungs = ladder.rungs_of(clock.limit, clock.started_at, clock.due_at, book)
        since = clock.next_rung_at if clock.origin == "import" else clock.started_at
        fired += [
            Fired(clock, rung.code, ladder.step(rung.code, rungs))
            for rung in rungs
            if since <= rung.at <= now
        ]
        next_at.append((stamp(next((rung.at for rung in rungs if rung.at > now), None)), clock.id))
    known = set(bulk.known("store_rung", "clock_id", ("clock_id", "rung"), [clock.id for clock in claimed]))
    fresh = [each for each in fired if (each.clock.id, each.rung) not in known]
    bulk.set_many("store_clock", "next_rung_at", "timestamptz", next_at)
    at = stamp(now)
    rows = [(each.clock.id, each.rung, at) for each in fresh]
    bulk.insert("store_rung", ("clock_id", "rung", "fired_at"), rows)
    _write_down(fresh, now)
    discipline.exceed([each.clock for each in fresh if each.rung == "due"], now)
    _tell(fresh, now)
    return len(fresh)


def due(*, now: datetime, limit: int = BATCH) -> list[int]:
    """Return the clocks that the next batch would be made of."""
    rows = Clock.objects.filter(next_rung_at__lte=now).order_by("next_rung_at", "pk")
    return list(rows.values_list("pk", flat=True)[:limit])


@transaction.atomic
def set_aside(*, clock_id: int, fault: Mapping[str, object], now: datetime) -> None:
    """Take a clock that cannot be swept out of the sweep until a person lets it be tried again."""
    clock = Clock.objects.select_for_update(of=("self",)).select_related("case").get(pk=clock_id)
    ClockFault.objects.update_or_create(clock=clock, defaults={"at": now, "fault": dict(fault)})
    Clock.objects.filter(pk=clock_id).update(next_rung_at=None)
    chain.append(
        stream="register:work",
        at=now,
        actor="system",
        verb="set_aside",
        objects=[("case", clock.case.number)],
        detail={"kind": "clock", "limit": clock.limit, "fault": dict(fault)},
    )


def _claim(now: datetime, limit: int, only: Sequence[int] | None) -> list[Claimed]:
    """Lock what is due, clock and case; what somebody is working on is left for the next round."""
    wanted = "" if only is None else f"AND c.id IN ({', '.join(str(int(pk)) for pk in only)}) "
    lock = "FOR UPDATE OF c, s SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_READ} FROM store_clock c JOIN store_case s ON s.id = c.case_id "
            "JOIN store_unit u ON u.id = s.unit_id "
            f"WHERE c.next_rung_at <= %s {wanted}ORDER BY c.next_rung_at, c.id LIMIT %s {lock}",
            (bulk.stamp()(now), limit),
        )
        rows = cursor.fetchall()
    claimed = (Claimed(*row) for row in rows)
    return [
        each._replace(
            started_at=bulk.moment(each.started_at),
            due_at=bulk.moment(each.due_at),
            next_rung_at=bulk.moment(each.next_rung_at),
        )
        for each in claimed
    ]


_READ = (
    'c.id, c."limit", c.started_at, c.due_at, c.case_id, s.number, u.code, s.unit_id, s.restricted, '
    "s.origin, c.next_rung_at"
)
"""The columns of ``Claimed``, read with the lock: one question instead of two."""


def _write_down(fresh: Sequence[Fired], now: datetime) -> None:
    """Append one event a case, in bulk: the heads are read in one query."""
    by_case: dict[Claimed, list[Fired]] = {}
    first: dict[int, Claimed] = {}
    for each in fresh:
        by_case.setdefault(first.setdefault(each.clock.case_id, each.clock), []).append(each)
    if not by_case:
        return
    heads = chain.heads_of([f"case:{clock.number}" for clock in by_case])
    ids = bulk.claim_ids("store_event", len(by_case))
    stamp = bulk.stamp()(now)
    rows, changed = [], []
    for pk, (clock, rungs) in zip(ids, by_case.items(), strict=True):
        stream = f"case:{clock.number}"
        seq, previous = heads.get(stream, (0, audit.GENESIS))
        detail: dict[str, object] = {"rungs": [[each.clock.limit, each.rung] for each in rungs]}
        objects = (("case", clock.number), ("unit", clock.unit))
        entry = audit.Entry(stream, seq + 1, now, "system", "rung", objects, detail)
        written = (chain.plain(objects), chain.plain(detail))
        digest = audit.digest(entry, previous, chain.canonical_plain)
        rows.append((pk, stream, seq + 1, stamp, "system", "rung", *written, digest))
        changed.append((pk, clock.case_id))
    bulk.insert("store_event", chain.COLUMNS, rows)
    bulk.set_many("store_case", "changed_event", "bigint", changed)


def _tell(fresh: Sequence[Fired], now: datetime) -> None:
    book = rules.rulebook()
    notices = [
        Notice(
            key=f"rung:{each.clock.id}:{each.rung}:{role}",
            template="rung",
            recipient=f"{role}@{each.clock.unit}",
            unit_id=each.clock.unit_id,
            case_number=each.clock.number,
            facts={"limit": each.clock.limit, "rung": each.rung},
            restricted=each.clock.restricted,
            urgent=ladder.is_urgent(each.clock.limit, each.rung, book),
        )
        for each in fresh
        for role in ladder.roles_of(each.clock.limit, each.step, book)
    ]
    tell(notices, now)
