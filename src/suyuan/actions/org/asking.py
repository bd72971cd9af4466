"""Roles that see most: asked for, and waiting for a second person until one decides or time is over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from suyuan.domain.errors import Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.second import Held, needs_second
from suyuan.domain.signin import CONFIRMERS
from suyuan.domain.vocabulary import Role
from suyuan.store import rules
from suyuan.store.models import Holding, Person, RoleRequest, Unit
from suyuan.store.queries import second

from .._tell import Notice, tell
from ._record import record


@dataclass(frozen=True, slots=True)
class Wanted:
    """A role for somebody: over which unit, why, until when, and the post it comes with if any."""

    person: Person
    role: Role
    unit: Unit
    reason: str = ""
    until: datetime | None = None
    holding: Holding | None = None


def waits(wanted: Wanted, held: Iterable[Held], asker: Actor) -> bool:
    """Return whether the role waits for a second person, given what its person holds."""
    return needs_second(asker, held, wanted.role, wanted.unit.path, wanted.until)


@transaction.atomic
def ask(*, wanted: Wanted, asker: Actor, now: datetime) -> RoleRequest:
    """Let a role wait for a second person, and tell those who may be that person; twice is refused."""
    facts = {"role": wanted.role.value, "unit": wanted.unit.code}
    if second.waiting_for(wanted.person, wanted.role, wanted.unit, wanted.holding):
        raise Refused("already_asked", person=wanted.person.username, **facts)
    request = RoleRequest.objects.create(
        person=wanted.person,
        role=wanted.role,
        unit=wanted.unit,
        holding=wanted.holding,
        reason=wanted.reason,
        expires_at=wanted.until,
        asked_by=asker.username,
        asked_at=now,
    )
    _say(request, "role_ask", asker, now, {"reason": wanted.reason} if wanted.reason else {})
    return request


@transaction.atomic
def drop(*, requests: Iterable[RoleRequest], actor: Actor, now: datetime) -> None:
    """End requests that have lost their object: the post was left, the person is gone."""
    for request in requests:
        decide(request, "dropped", actor, now)


@transaction.atomic
def lapse(*, now: datetime) -> int:
    """End the requests nobody answered in time; return how many."""
    over = list(second.overdue(now).select_for_update(of=("self",), skip_locked=True))
    for request in over:
        decide(request, "lapsed", SYSTEM, now)
    return len(over)


VERBS = {
    "confirmed": "role_confirm",
    "declined": "role_decline",
    "dropped": "role_drop",
    "lapsed": "role_lapse",
}


@transaction.atomic
def decide(
    request: RoleRequest, outcome: str, actor: Actor, now: datetime, more: Mapping[str, object] | None = None
) -> None:
    """Let a request wait no longer, and say what became of it."""
    request.outcome, request.decided_by, request.decided_at = outcome, actor.username, now
    request.save(update_fields=["outcome", "decided_by", "decided_at"])
    _say(request, VERBS[outcome], actor, now, more or {})


def _say(request: RoleRequest, verb: str, actor: Actor, now: datetime, more: Mapping[str, object]) -> None:
    """Write what became of a request as an event, and tell everybody it concerns."""
    person, unit = request.person.username, request.unit
    detail = {"role": request.role, "unit": unit.code, "asked_by": request.asked_by, **more}
    event = record(actor, now, verb, detail, [("person", person), ("unit", unit.code)])
    at = now.astimezone(rules.rulebook().calendar.zone).strftime("%Y-%m-%d %H:%M")
    facts = {"verb": verb, "by": actor.username, "at": at, "asked_by": request.asked_by}
    facts |= {"person": person, "role": request.role, "unit": unit.name}
    to = {f"{role}@{unit.code}" for role in CONFIRMERS} | {f"person:{request.asked_by}"}
    if verb == "role_confirm":
        to.add(f"person:{person}")
    template = "role_asked" if verb == "role_ask" else "role_decided"
    tell([Notice(f"role:{event}:{one}", template, one, unit.pk, "", facts) for one in sorted(to)], now)
