"""Roles: given with a reason, withdrawn, gone in time; no office is left without an administrator."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from suyuan.domain import staffing
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.vocabulary import Role
from suyuan.store.models import Grant, Person, Unit

from .._forms import clean
from ._record import person_locked, record, unit_locked


@transaction.atomic
def give(*, username: str, form: Mapping[str, object], actor: Actor, now: datetime) -> int:
    """Give somebody a role over a unit, for a reason and perhaps until a moment; return the grant's id.

    The same role over the same unit again changes its reason and its end.
    """
    values = clean(staffing.GRANT_FORM, form, now)
    ends = values.get("expires_at")
    if isinstance(ends, datetime) and ends <= now:
        raise BadInput("bad_form", fields={"expires_at": "in_the_past"})
    person, unit = person_locked(username), unit_locked(str(values["unit"]))
    if person.ended_at is not None:
        raise Refused("person_ended", person=username)
    role = Role(str(values["role"]))
    check_giving(actor, username, role, unit)
    grant, _ = Grant.objects.update_or_create(
        person=person,
        role=role,
        unit=unit,
        holding=None,
        defaults={
            "reason": str(values["reason"]),
            "expires_at": ends if isinstance(ends, datetime) else None,
            "given_by": actor.username,
            "given_at": now,
        },
    )
    until = {"until": ends.isoformat()} if isinstance(ends, datetime) else {}
    detail = {"role": role.value, "unit": unit.code, "reason": values["reason"], **until}
    record(actor, now, "grant", detail, [("person", username), ("unit", unit.code)])
    return grant.pk


@transaction.atomic
def withdraw(*, grant: int, actor: Actor, now: datetime) -> None:
    """Take a role away that was given for itself; one that comes with a post goes with the post."""
    found = Grant.objects.select_for_update(of=("self",)).select_related("person", "unit").filter(pk=grant)
    held = found.first()
    if held is None:
        raise Refused("not_found", grant=grant)
    if held.holding_id is not None:
        raise Refused("grant_of_a_post", role=held.role)
    check_taking(actor, [held])
    with keeping_an_administrator():
        _drop(held, actor, now, "grant_withdraw")


def _drop(held: Grant, actor: Actor, now: datetime, verb: str) -> None:
    held.delete()
    person, unit = held.person.username, held.unit.code
    record(actor, now, verb, {"role": held.role, "unit": unit}, [("person", person), ("unit", unit)])


@transaction.atomic
def expire(*, now: datetime) -> int:
    """Take away the roles whose time is over, the last administrator's excepted; return how many went."""
    gone = 0
    over = Grant.objects.select_for_update(of=("self",), skip_locked=True).filter(expires_at__lte=now)
    for held in over.select_related("person", "unit").order_by("pk"):
        if held.role == Role.ADMIN and not _administrators().exclude(grants=held).exists():
            continue
        _drop(held, SYSTEM, now, "grant_expire")
        gone += 1
    return gone


def check_giving(actor: Actor, to: str, role: Role, unit: Unit) -> None:
    """Refuse who may not give this role over this unit; nobody gives himself anything."""
    reason = staffing.refusal_to_give(actor, to, role, unit.path)
    if reason is not None:
        raise Refused(reason, role=role.value, unit=unit.code)


def check_taking(actor: Actor, held: Iterable[Grant]) -> None:
    """Refuse who takes roles away that he could not have given; giving up one's own is everybody's right."""
    for grant in held:
        reason = staffing.refusal_to_give(actor, grant.person.username, Role(grant.role), grant.unit.path)
        if reason not in (None, "own_grant"):
            raise Refused(str(reason), role=grant.role, unit=grant.unit.code)


@contextmanager
def keeping_an_administrator() -> Iterator[None]:
    """Refuse what happens inside if it leaves an office that had an administrator without one.

    Everybody who could be the last is locked first: two who leave at once cannot both be second to last.
    """
    had = list(_administrators().select_for_update(of=("self",)).order_by("pk"))
    yield
    if had and not _administrators().exists():
        raise Refused("last_administrator")


def _administrators() -> QuerySet[Person]:
    """Return who administers a whole company and may sign in."""
    whole = Grant.objects.filter(role=Role.ADMIN, unit__parent=None).values("person")
    return Person.objects.filter(is_active=True, pk__in=whole)
