"""What the worker does: schedules, what is running under which lease, what was set aside and why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from suyuan.domain.errors import Refused
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import Role
from suyuan.store.models import BulkRun, ClockFault, ImportRun, Message, Publication, Schedule
from suyuan.store.models.leased import Leased

MAY = frozenset({Role.ADMIN, Role.OFFICE})
SHOWN = 100
"""Rows shown of each kind; the count is kept whole."""

TABLES: dict[str, type[Leased]] = {
    "bulk": BulkRun,
    "import": ImportRun,
    "publication": Publication,
    "schedule": Schedule,
    "message": Message,
}


@dataclass(frozen=True, slots=True)
class Stuck:
    """A row that was set aside."""

    kind: str
    id: int
    name: str
    since: datetime | None
    fault: Mapping[str, object]
    attempts: int


@dataclass(frozen=True, slots=True)
class Held:
    """A row that a worker is at."""

    kind: str
    id: int
    name: str
    holder: str
    until: datetime | None
    attempts: int


def check(actor: Actor) -> None:
    """Raise Refused unless the actor looks after the worker."""
    if not MAY & {role for role, _ in actor.grants}:
        raise Refused("not_your_role", verb="work")


def check_admin(actor: Actor) -> None:
    """Raise Refused unless the actor may change what the worker does."""
    if Role.ADMIN not in {role for role, _ in actor.grants}:
        raise Refused("not_your_role", verb="schedule_set")


def stuck(actor: Actor) -> list[Stuck]:
    """Return what was set aside: clocks first, then the other kinds."""
    check(actor)
    clocks = ClockFault.objects.select_related("clock__case").order_by("-at")[:SHOWN]
    found = [
        Stuck("clock", one.clock_id, f"{one.clock.case.number} {one.clock.limit}", one.at, one.fault, 1)
        for one in clocks
    ]
    for kind in ("bulk", "import", "publication", "schedule"):
        rows = TABLES[kind]._default_manager.filter(state="aside").order_by("-pk")[:SHOWN]
        found += [Stuck(kind, row.pk, str(row), None, row.fault or {}, row.attempts) for row in rows]
    return found


def running(actor: Actor) -> list[Held]:
    """Return what is under a lease now."""
    check(actor)
    found = []
    for kind, table in TABLES.items():
        rows = table._default_manager.filter(state="running").order_by("next_at")[:SHOWN]
        found += [Held(kind, row.pk, str(row), row.holder, row.next_at, row.attempts) for row in rows]
    return found


def schedules(actor: Actor) -> list[Schedule]:
    """Return the schedules in order of their code."""
    check(actor)
    return every_schedule()


def every_schedule() -> list[Schedule]:
    """Return the schedules for somebody at the machine itself."""
    return list(Schedule.objects.order_by("code"))


def due_schedules(now: datetime, kinds: Collection[str]) -> QuerySet[Schedule]:
    """Return the schedules of some kinds that are due, those among them whose lease is over."""
    return Schedule.objects.filter(paused=False, kind__in=kinds, next_at__lte=now)


def schedule(actor: Actor, code: str) -> Schedule:
    """Return one schedule; raise Refused where there is none."""
    check(actor)
    found = Schedule.objects.filter(code=code).first()
    if found is None:
        raise Refused("unknown_schedule", schedule=code)
    return found
