"""Requests for roles that see most: what waits, who may decide, whose account is surely his own."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from suyuan.domain import second as rule
from suyuan.domain import signin
from suyuan.domain.errors import BadInput
from suyuan.domain.procedure import Actor
from suyuan.domain.second import Asked, Held, Second
from suyuan.domain.vocabulary import Role
from suyuan.store import rules
from suyuan.store.models import Event, Holding, Person, RoleRequest, Unit

from .viewer import Viewer, under

HANDS = ("first_password", "factor_reset")
"""The verbs by which somebody has a hand in another's account."""


def held(person: Person) -> tuple[Held, ...]:
    """Return the roles somebody holds now."""
    rows = person.grants.values_list("role", "unit__path", "given_at", "expires_at")
    return tuple(Held(Role(role), path, since, until) for role, path, since, until in rows)


def _open() -> QuerySet[RoleRequest]:
    return RoleRequest.objects.filter(outcome="").select_related("person__unit", "unit", "holding__post")


def waiting_for(person: Person, role: Role, unit: Unit, holding: Holding | None) -> bool:
    """Return whether this very role is asked for already."""
    return _open().filter(person=person, role=role, unit=unit, holding=holding).exists()


def waiting_of(person: Person) -> list[RoleRequest]:
    """Return the roles that wait for a second person to let somebody have them."""
    return list(_open().filter(person=person).order_by("role", "unit__path", "pk"))


def waiting_of_name(username: str) -> list[RoleRequest]:
    """Return what waits for somebody, asked for by the user name; raise BadInput where nobody has it."""
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise BadInput("unknown_person", username=username)
    return waiting_of(person)


def waiting_with(holding: Holding) -> list[RoleRequest]:
    """Return the requests that came with a post."""
    return list(_open().filter(holding=holding).order_by("role", "pk"))


def asked_by(actor: Actor) -> int:
    """Return how many requests somebody made that still wait."""
    return _open().filter(asked_by=actor.username).count()


def overdue(now: datetime) -> QuerySet[RoleRequest]:
    """Return the requests nobody answered in time."""
    return _open().filter(asked_at__lte=now - timedelta(days=_days())).order_by("pk")


def waiting(viewer: Viewer) -> QuerySet[RoleRequest]:
    """Return the requests over units where the viewer confirms, and those he made."""
    paths = [path for role, path in viewer.actor.grants if role in signin.CONFIRMERS]
    mine = Q(asked_by=viewer.actor.username)
    return _open().filter(under(paths, "unit__") | mine).order_by("asked_at", "pk")


def count(viewer: Viewer) -> int:
    """Return how many requests wait for the viewer to decide, his own and those about him left out."""
    me = viewer.actor.username
    return waiting(viewer).exclude(asked_by=me).exclude(person__username=me).count()


def refusals(requests: Sequence[RoleRequest], actor: Actor, now: datetime) -> dict[int, str]:
    """Return why somebody may not confirm each of these requests: what marks a row and stops the verb."""
    person = Person.objects.filter(username=actor.username).first()
    has = held(person) if person else ()
    waits = person is not None and signin.waits(
        person.password_by, person.password_confirmed_by, [each.role for each in has]
    )
    hands = _hands(requests, person) if person else {}
    found = {}
    for one in requests:
        touched = one.asked_by in hands and hands[one.asked_by] >= one.asked_at
        alone = person is not None and person.handed_by == one.asked_by
        standing = Second(actor, has, waits, touched or alone)
        if (reason := rule.refusal_to_confirm(asked(one), standing, now)) is not None:
            found[one.pk] = reason
    return found


def _hands(requests: Sequence[RoleRequest], person: Person) -> dict[str, datetime]:
    """Return who of the askers had a hand in somebody's account since the first asked, and when last."""
    since = min((one.asked_at for one in requests), default=None)
    if since is None:
        return {}
    streams = ("register:org", f"register:person:{person.username}")
    who = {one.asked_by for one in requests}
    events = Event.objects.filter(stream__in=streams, actor__in=who, verb__in=HANDS, at__gte=since)
    return {
        name: at
        for name, at, objects in events.order_by("at").values_list("actor", "at", "objects_json")
        if ["person", person.username] in [list(each) for each in objects]
    }


def asked(request: RoleRequest) -> Asked:
    """Return a request as the rule knows it."""
    over = rule.lapses_at(request.asked_at, _days())
    return Asked(request.asked_by, request.person.username, request.unit.path, request.asked_at, over)


def _days() -> int:
    return int(rules.figure("signin.second_person", "request_days"))


def weighty(person: Person) -> frozenset[Role]:
    """Return the roles that see most which somebody holds or may get: what his password may open."""
    names = {*person.grants.values_list("role", flat=True)}
    names |= {*RoleRequest.objects.filter(person=person, outcome="").values_list("role", flat=True)}
    return frozenset(Role(name) for name in names) & signin.WEIGHTY
