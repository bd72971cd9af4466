"""Keys of programs: made for oneself, shown once, revoked by their owner or an administrator."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, Q, When

from suyuan.domain import keys as rule
from suyuan.domain.characters import storable
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.vocabulary import Role
from suyuan.store import chain, rules
from suyuan.store.models import ApiKey, Person
from suyuan.store.queries import keys, org

NAME_AT_MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a key is asked for."""

    name: str
    scopes: Collection[str]
    expires_at: datetime
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A new key with its secret, which is never shown again."""

    key: ApiKey
    secret: str


@transaction.atomic
def make(*, owner: str, wanted: Wanted, actor: Actor, now: datetime) -> Made:
    """Make a key that acts as its owner. Nobody makes one for somebody else; this machine may for anybody."""
    if actor is not SYSTEM and actor.username != owner:
        raise Refused("not_your_key")
    person = Person.objects.select_for_update().filter(username=owner, is_active=True).first()
    if person is None:
        raise BadInput("unknown_person", username=owner)
    name = wanted.name.strip()
    if not name or len(name) > NAME_AT_MOST or not storable(name):
        problem = "required" if not name else "too_long" if len(name) > NAME_AT_MOST else "bad_characters"
        raise BadInput("bad_form", fields={"name": problem})
    prefix = secrets.token_hex(4)
    secret = f"sy_{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        owner=person,
        name=name,
        prefix=prefix,
        digest=keys.digest(secret),
        scopes=rule.known_scopes(wanted.scopes),
        unit=org.unit(wanted.unit) if wanted.unit else None,
        made_at=now,
        made_by=actor.username,
        expires_at=rule.within_life(now, wanted.expires_at, rules.figure("key.life", "days")),
    )
    detail: dict[str, object] = {
        "key": prefix,
        "scopes": key.scopes,
        "unit": wanted.unit,
        "expires": key.expires_at.isoformat(),
    }
    _write(key, "key_make", actor, now, detail)
    return Made(key, secret)


@transaction.atomic
def revoke(*, prefix: str, actor: Actor, now: datetime) -> ApiKey:
    """Revoke a key for good; a second time changes nothing."""
    rows = ApiKey.objects.select_for_update(of=("self",)).select_related("owner__unit")
    key = rows.filter(prefix=prefix).first()
    if key is None or not _may_revoke(key, actor):
        raise Refused("unknown_key", key=prefix)
    if key.revoked_at is None:
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        _write(key, "key_revoke", actor, now, {"key": prefix})
    return key


@transaction.atomic
def revoke_all(*, person: Person, actor: Actor, now: datetime) -> int:
    """Revoke every key of somebody whose password was made again; return how many."""
    prefixes = list(person.keys.filter(revoked_at=None).order_by("pk").values_list("prefix", flat=True))
    for key in ApiKey.objects.select_for_update().filter(prefix__in=prefixes).order_by("pk"):
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        _write(key, "key_revoke", actor, now, {"key": key.prefix})
    return len(prefixes)


def _may_revoke(key: ApiKey, actor: Actor) -> bool:
    if actor is SYSTEM or key.owner.username == actor.username:
        return True
    over = actor.roles_over(key.owner.unit.path) if key.owner.unit else frozenset()
    return Role.ADMIN in over


def spend(*, key: ApiKey, now: datetime) -> None:
    """Count one request of a key and note the day; raise Refused once its minute is used up.

    One statement, so that two processes that serve the same key never both take its last request.
    """
    most, minute = rules.figure("key.rate", "per_minute"), now.replace(second=0, microsecond=0)
    counted = ApiKey.objects.filter(~Q(minute=minute) | Q(spent__lt=most), pk=key.pk).update(
        spent=Case(When(minute=minute, then=F("spent") + 1), default=1),
        minute=minute,
        last_used_on=rules.local_day(now),
    )
    if not counted:
        raise Refused("too_many_requests", key=key.prefix, per_minute=most, seconds=60 - now.second)


def _write(key: ApiKey, verb: str, actor: Actor, now: datetime, detail: dict[str, object]) -> None:
    chain.append(
        stream=f"register:person:{key.owner.username}",
        at=now,
        actor=actor.username,
        verb=verb,
        objects=[("person", key.owner.username)],
        detail=detail,
    )
