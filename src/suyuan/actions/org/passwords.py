"""First passwords: made by one person, for the roles that see most confirmed by another, then changed."""

import secrets
from datetime import datetime

from django.contrib.auth.hashers import get_hasher
from django.db import transaction

from suyuan.domain import signin as rule
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.vocabulary import Role
from suyuan.store import rules
from suyuan.store.models import Person
from suyuan.store.queries import second

from .. import keys, signin
from .._tell import Notice, tell
from ._record import check, path_of, person_locked, record
from .grants import check_giving, check_taking

OF_A_PASSWORD = ("password", "password_by", "password_at", "password_confirmed_by", "handed_by")
"""The columns that say what a person's password is and where it came from."""


@transaction.atomic
def first_password(*, username: str, actor: Actor, now: datetime) -> str:
    """Make somebody a new password and return it, to be handed over and changed; nobody sees it again.

    Only whoever could have given all roles of that person may: a password is all of them. What the old one
    opened is shut, keys and sessions alike, and the person is told. One made on the server needs no second
    person: whoever stands there has everything.
    """
    person = person_locked(username)
    check(actor, "first_password", path_of(person))
    if person.ended_at is not None:
        raise Refused("person_ended", person=username)
    check_taking(actor, person.grants.select_related("person", "unit"))
    for asked in second.waiting_of(person):
        check_giving(actor, username, Role(asked.role), asked.unit)
    password = _drawn()
    person.password = _hashed(password)
    person.password_by, person.password_at = actor.username, now
    person.password_confirmed_by = actor.username if actor is SYSTEM else ""
    person.handed_by = "" if actor is SYSTEM else actor.username
    person.save(update_fields=OF_A_PASSWORD)
    keys.revoke_all(person=person, actor=actor, now=now)
    signin.end_all(person=person, why="password_reset", actor=SYSTEM, now=now)
    record(actor, now, "first_password", {}, [("person", username)])
    _tell(person, now)
    return password


ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""What nobody mistakes for another on paper: no i, l, o, 0, 1, and no capitals."""


def _drawn() -> str:
    """Return four groups of five, to be typed from paper as they stand: 99 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))


QUICK = {"iterations": 1000}
"""Nobody guesses 99 random bits: they are hashed for speed, and again with all rounds when first used."""


def _hashed(password: str) -> str:
    hasher = get_hasher()
    rounds = QUICK if hasattr(hasher, "iterations") else {}
    return hasher.encode(password, hasher.salt(), **rounds)


@transaction.atomic
def confirm_password(*, username: str, actor: Actor, now: datetime) -> None:
    """Let a first password be used that waits for a second person."""
    person = _waiting(username, actor)
    if person.password_confirmed_by:
        return
    person.password_confirmed_by, person.handed_by = actor.username, ""
    person.save(update_fields=["password_confirmed_by", "handed_by"])
    record(actor, now, "first_password_confirm", {"made_by": person.password_by}, [("person", username)])


@transaction.atomic
def refuse_password(*, username: str, actor: Actor, now: datetime) -> None:
    """Take a first password away again: nobody signs in with it."""
    person = _waiting(username, actor)
    made_by = person.password_by
    _shut(person, actor, now)
    record(actor, now, "first_password_refuse", {"made_by": made_by}, [("person", username)])


def begin_anew(person: Person, actor: Actor, now: datetime) -> bool:
    """Let an account that sees most from now on begin with nothing one person alone put into it.

    Second factors are set up again. A password that was handed out by one person is over, which is returned;
    one that waits for its own second person stays: it opens nothing until then.
    """
    signin.forget_factors(person=person, actor=actor, now=now)
    if not person.handed_by or rule.waits(person.password_by, person.password_confirmed_by, rule.WEIGHTY):
        return False
    _shut(person, actor, now)
    return True


def _shut(person: Person, actor: Actor, now: datetime) -> None:
    person.set_unusable_password()
    person.password_by, person.password_at, person.password_confirmed_by = "", None, ""
    person.handed_by = ""
    person.save(update_fields=OF_A_PASSWORD)
    keys.revoke_all(person=person, actor=actor, now=now)
    signin.end_all(person=person, why="password_reset", actor=SYSTEM, now=now)


def _waiting(username: str, actor: Actor) -> Person:
    person = person_locked(username)
    reason = rule.refusal_to_confirm(actor, username, person.password_by, path_of(person))
    if reason is not None:
        raise Refused(reason, person=username)
    return person


def _tell(person: Person, now: datetime) -> None:
    """Tell the person who made it and when, and those who may confirm it where it waits."""
    unit = person.unit
    if unit is None:
        return
    at = now.astimezone(rules.rulebook().calendar.zone).strftime("%Y-%m-%d %H:%M")
    facts = {"by": person.password_by, "at": at, "person": person.username}
    key = f"password:{person.pk}:{now.isoformat()}"
    notices = [Notice(key, "password_reset", f"person:{person.username}", unit.pk, "", facts)]
    if rule.waits(person.password_by, person.password_confirmed_by, second.weighty(person)):
        notices += [
            Notice(f"{key}:{role}", "password_waits", f"{role}@{unit.code}", unit.pk, "", facts)
            for role in sorted(rule.CONFIRMERS)
        ]
    tell(notices, now)
