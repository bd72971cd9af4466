"""Roles: given with a reason, withdrawn, gone in time; no office is left without an administrator.

One that sees most is asked for here, and given by a second person in ``requests``.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from suyuan.domain import staffing
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.signin import WEIGHTY
from suyuan.domain.vocabulary import Role
from suyuan.store.models import Grant, Person, RoleRequest, Unit
from suyuan.store.queries import second

from .._forms import clean
from . import asking
from ._record import person_locked, record, unit_locked


@transaction.atomic
def give(*, username: str, form: Mapping[str, object], actor: Actor, now: datetime) -> Grant | RoleRequest:
    """Give somebody a role over a unit, for a reason and perhaps until a moment; return the grant.

    The same role over the same unit again changes its reason and its end. One that sees most waits for a
    second person: then the request is returned.
    """
    values = clean(staffing.GRANT_FORM, form, now)
    ends = values.get("expires_at")
    until = ends if isinstance(ends, datetime) else None
    if until is not None and until <= now:
        raise BadInput("bad_form", fields={"expires_at": "in_the_past"})
    person, unit = person_locked(username), unit_locked(str(values["unit"]))
    if person.ended_at is not None:
        raise Refused("person_ended", person=username)
    role = Role(str(values["role"]))
    check_giving(actor, username, role, unit)
    wanted = asking.Wanted(person, role, unit, str(values["reason"]), until)
    if asking.waits(wanted, second.held(person), actor):
        return asking.ask(wanted=wanted, asker=actor, now=now)
    return _give(wanted, actor, now)


def _give(wanted: asking.Wanted, actor: Actor, now: datetime) -> Grant:
    person, role, unit = wanted.person, wanted.role, wanted.unit
    terms = {"reason": wanted.reason, "expires_at": wanted.until, "given_by": actor.username}
    grant, _ = Grant.objects.update_or_create(
        person=person,
        role=role,
        unit=unit,
        holding=None,
        defaults=terms,
        create_defaults={**terms, "given_at": now},
    )
    detail: dict[str, object] = {"role": role.value, "unit": unit.code, "reason": wanted.reason}
    if wanted.until is not None:
        detail["until"] = wanted.until.isoformat()
    record(actor, now, "grant", detail, [("person", person.username), ("unit", unit.code)])
    return grant


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


def hand_over(old: Unit, new: Unit, actor: Actor, now: datetime) -> None:
    """Let the roles given over a unit be held over the one that takes its place, each once.

    One that sees most stays where it is, and reaches the other when a second person agrees.
    """
    for grant in Grant.objects.select_related("person").filter(unit=old, holding=None):
        person, role = grant.person, Role(grant.role)
        wanted = asking.Wanted(person, role, new, grant.reason, grant.expires_at)
        if asking.waits(wanted, second.held(person), actor):
            if not second.waiting_for(person, role, new, None):
                asking.ask(wanted=wanted, asker=actor, now=now)
        elif Grant.objects.filter(person=person, role=role, unit=new, holding=None).exists():
            grant.delete()
        else:
            grant.unit = new
            grant.save(update_fields=["unit"])


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
        reason = staffing.refusal_to_take(actor, grant.person.username, Role(grant.role), grant.unit.path)
        if reason is not None:
            raise Refused(reason, role=grant.role, unit=grant.unit.code)


def lay_down(person: Person, actor: Actor, now: datetime) -> None:
    """Take the roles that see most from somebody who is out for a while: each is asked for again."""
    if actor is SYSTEM:
        return
    weighty = person.grants.select_related("person", "unit", "holding").filter(role__in=WEIGHTY)
    held = list(weighty.order_by("pk"))
    check_taking(actor, held)
    for grant in held:
        role, unit, holding = Role(grant.role), grant.unit, grant.holding
        _drop(grant, actor, now, "grant_withdraw")
        if not second.waiting_for(person, role, unit, holding):
            wanted = asking.Wanted(person, role, unit, grant.reason, grant.expires_at, holding)
            asking.ask(wanted=wanted, asker=actor, now=now)


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
