"""Roles that see most: a second person confirms what one asked for, or turns it down."""

from datetime import datetime

from django.db import transaction

from suyuan.domain import second as rule
from suyuan.domain import signin, staffing
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import Role
from suyuan.store.models import Grant, RoleRequest
from suyuan.store.queries import second, viewer

from ._record import person_locked
from .asking import decide
from .passwords import begin_anew


@transaction.atomic
def confirm_role(*, request: int, actor: Actor, now: datetime) -> bool:
    """Let somebody have the role that was asked for; return whether the password he had is over with it.

    A password that one person alone handed out may still be known there: it ends when its account first
    sees most, and the next one is handed out by two.
    """
    found = _waiting(request)
    facts = {"person": found.person.username, "role": found.role, "unit": found.unit.code}
    if (reason := second.refusals([found], actor, now).get(found.pk)) is not None:
        raise Refused(reason, **facts)
    if found.person.ended_at is not None:
        raise Refused("person_ended", person=found.person.username)
    if found.unit.closed_at is not None:
        raise Refused("unit_closed", unit=found.unit.code)
    _check_asker(found)
    first = signin.WEIGHTY.isdisjoint(each.role for each in second.held(found.person))
    _grant(found, now)
    ended = first and begin_anew(found.person, actor, now)
    decide(found, "confirmed", actor, now, {"password_ended": True} if ended else None)
    return ended


@transaction.atomic
def decline_role(*, request: int, actor: Actor, now: datetime) -> None:
    """Turn a request down, or take back one's own."""
    found = _waiting(request)
    if (reason := rule.refusal_to_decline(second.asked(found), actor)) is not None:
        raise Refused(reason, person=found.person.username, role=found.role, unit=found.unit.code)
    decide(found, "declined", actor, now)


def _waiting(pk: int) -> RoleRequest:
    """Return a request that waits, its person locked before it: whoever leaves meanwhile takes it along."""
    seen = RoleRequest.objects.select_related("person").filter(pk=pk).first()
    if seen is None:
        raise Refused("not_found", request=pk)
    person_locked(seen.person.username)
    found = RoleRequest.objects.select_for_update(of=("self",)).select_related("person", "unit", "holding")
    held = found.get(pk=pk)
    if held.outcome:
        raise Refused("already_decided", outcome=held.outcome)
    return held


def _check_asker(found: RoleRequest) -> None:
    """Refuse what its asker may no longer give: he left, or lost the role that let him."""
    asker = viewer.named(found.asked_by)
    path, role = found.unit.path, Role(found.role)
    if asker is None or staffing.refusal_to_give(asker.actor, "", role, path) is not None:
        raise Refused("asker_gone", asked_by=found.asked_by)


def _grant(found: RoleRequest, now: datetime) -> None:
    Grant.objects.update_or_create(
        person=found.person,
        role=found.role,
        unit=found.unit,
        holding=found.holding,
        defaults={
            "reason": found.reason,
            "expires_at": found.expires_at,
            "given_by": found.asked_by,
            "given_at": now,
        },
    )
