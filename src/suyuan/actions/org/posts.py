"""Posts 岗位: what they give, who holds them; a post's roles come when it is taken and go when it is left."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db import transaction

from suyuan.domain import staffing
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.second import Held
from suyuan.domain.staffing import COMPANIES, Over
from suyuan.domain.vocabulary import Role
from suyuan.store.models import Grant, Holding, Person, Post, Unit
from suyuan.store.queries import second

from .._forms import clean
from . import asking
from ._record import check, path_of, person_locked, record
from .grants import check_giving, check_taking, keeping_an_administrator

CODE = re.compile(r"[\w.-]{1,40}")


@transaction.atomic
def save_post(*, code: str, form: Mapping[str, object], actor: Actor, now: datetime) -> bool:
    """Make or change a post and return whether anything changed; who holds it gets what it now gives."""
    check(actor, "post_save", "/")
    if not CODE.fullmatch(code):
        raise BadInput("bad_form", fields={"code": "bad_identifier"})
    post = Post.objects.select_for_update().filter(code=code).first() or Post(code=code)
    values = clean(staffing.POST_FORM, form, now, {"specialty": post.specialty})
    roles = [str(role) for role in cast("tuple[str, ...]", values.get("roles", ()))]
    given = {
        "name": values["post_name"],
        "duties": values.get("duties", ""),
        "specialty": values.get("specialty", ""),
        "roles": roles,
        "over": values["over"],
    }
    before = {name: getattr(post, name) for name in given} if post.pk else {}
    if before == given:
        return False
    _check_roles(actor, {*roles, *(post.roles if post.pk else ())})
    for name, value in given.items():
        setattr(post, name, value)
    post.closed_at = None
    post.save()
    with keeping_an_administrator():
        for holding in Holding.objects.select_for_update().filter(post=post, until=None):
            _refit(holding, post, _Turn(actor, actor, second.held(holding.person), now))
    detail = {name: value for name, value in given.items() if before.get(name) != value}
    record(actor, now, "post_save", detail, [("post", code)])
    return True


def _check_roles(actor: Actor, roles: set[str]) -> None:
    """Refuse a post that gives, or gave, what its maker may not give."""
    if actor is SYSTEM:
        return
    may = {one for role, _ in actor.grants for one in staffing.MAY_GIVE.get(role, ())}
    if beyond := sorted(role for role in roles if role not in may):
        raise Refused("not_yours_to_give", roles=beyond)


@transaction.atomic
def close_post(*, code: str, actor: Actor, now: datetime) -> None:
    """Close a post nobody holds any more."""
    check(actor, "post_close", "/")
    post = _post(code)
    held = post.holdings.filter(until=None).count()
    if held:
        raise Refused("post_held", post=code, people=held)
    post.closed_at = now
    post.save(update_fields=["closed_at"])
    record(actor, now, "post_close", {}, [("post", code)])


@transaction.atomic
def take_post(*, username: str, post: str, actor: Actor, now: datetime) -> bool:
    """Put somebody into a post at his unit, out of the one held before; return whether anything changed."""
    person = person_locked(username)
    check(actor, "post_take", path_of(person))
    if person.unit is None:
        raise Refused("no_unit", actor=username)
    if person.ended_at is not None:
        raise Refused("person_ended", person=username)
    return put(person, _post(post) if post else None, actor, now)


@dataclass(frozen=True, slots=True)
class _Turn:
    """Who changes somebody's post, on whose wish, and what that person held before."""

    actor: Actor
    asker: Actor
    held: tuple[Held, ...]
    now: datetime


@transaction.atomic
def put(person: Person, post: Post | None, actor: Actor, now: datetime, asker: Actor | None = None) -> bool:
    """Let somebody's post at his unit be this one, or none; the post's roles follow.

    Where the machine does it on somebody's wish, ``asker`` is who asks for the roles that see most.
    """
    held = Holding.objects.select_for_update(of=("self",)).filter(person=person, until=None).first()
    if held is not None and post is not None and (held.post_id, held.unit_id) == (post.pk, person.unit_id):
        return False
    if held is None and post is None:
        return False
    turn = _Turn(actor, asker or actor, second.held(person), now)
    with keeping_an_administrator():
        if held is not None:
            leave(held, actor, now)
        if post is not None and person.unit is not None:
            _enter(person, post, person.unit, turn)
    return True


def _enter(person: Person, post: Post, unit: Unit, turn: _Turn) -> None:
    holding = Holding.objects.create(person=person, post=post, unit=unit, since=turn.now)
    over = reach(Over(post.over), unit)
    waiting = _add(holding, set(post.roles), over, turn)
    detail: dict[str, object] = {
        "post": post.code,
        "unit": unit.code,
        "roles": [role for role in post.roles if role not in waiting],
        "over": over.code,
    }
    named = [("person", person.username), ("unit", unit.code)]
    record(turn.actor, turn.now, "post_take", detail, named)


@transaction.atomic
def leave(held: Holding, actor: Actor, now: datetime) -> None:
    """End somebody's time in a post, and the roles that came with it."""
    check_taking(actor, held.grants.select_related("person", "unit"))
    held.until = now
    held.save(update_fields=["until"])
    held.grants.all().delete()
    asking.drop(requests=second.waiting_with(held), actor=actor, now=now)
    record(
        actor,
        now,
        "post_leave",
        {"post": held.post.code, "unit": held.unit.code},
        [("person", held.person.username), ("unit", held.unit.code)],
    )


def _refit(holding: Holding, post: Post, turn: _Turn) -> None:
    """Give whoever holds a post what it now gives, and take the rest."""
    over = reach(Over(post.over), holding.unit)
    stays = holding.grants.filter(unit=over, role__in=post.roles)
    held = set(stays.values_list("role", flat=True))
    holding.grants.exclude(pk__in=stays.values("pk")).delete()
    waiting = second.waiting_with(holding)
    still = [each for each in waiting if each.unit_id == over.pk and each.role in post.roles]
    over_with = [each for each in waiting if each not in still]
    asking.drop(requests=over_with, actor=turn.actor, now=turn.now)
    _add(holding, set(post.roles) - held - {each.role for each in still}, over, turn)


def _add(holding: Holding, roles: set[str], over: Unit, turn: _Turn) -> set[str]:
    """Give the roles of a post; return those that wait for a second person."""
    person, waiting = holding.person, set()
    for name in sorted(roles):
        role = Role(name)
        check_giving(turn.actor, person.username, role, over)
        wanted = asking.Wanted(person, role, over, holding=holding)
        if asking.waits(wanted, turn.held, turn.asker):
            asking.ask(wanted=wanted, asker=turn.asker, now=turn.now)
            waiting.add(name)
            continue
        since = next((each.since for each in turn.held if each.covers(role, over.path, None)), turn.now)
        Grant.objects.create(
            person=person,
            role=role,
            unit=over,
            holding=holding,
            given_by=turn.asker.username,
            given_at=since,
        )
    return waiting


def reach(over: Over, unit: Unit) -> Unit:
    """Return the unit a post's roles reach: its own, or the company it belongs to."""
    if over is Over.UNIT:
        return unit
    codes = unit.path.strip("/").split("/")
    above = {one.code: one for one in Unit.objects.filter(code__in=codes)}
    companies = [above[code] for code in reversed(codes) if above[code].kind in COMPANIES]
    return companies[0] if companies else above[codes[0]]


def _post(code: str) -> Post:
    found = Post.objects.select_for_update().filter(code=code, closed_at=None).first()
    if found is None:
        raise BadInput("unknown_post", post=code)
    return found
