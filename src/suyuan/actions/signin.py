"""Signing in: sessions that open and end, failures that lock, second factors; each an event of the person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction

from suyuan.domain import signin as rule
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.vocabulary import Role
from suyuan.store import chain, factors, rules
from suyuan.store.models import Person, SignIn, SignInTally
from suyuan.store.queries import signin

BROWSER_AT_MOST = 120

PROOFS = ("secret", "seed")
"""What an authenticator and what recovery codes are proved by, in their data; a security key has neither."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody signs in from."""

    session_key: str
    address: str = ""
    browser: str = ""
    forwarded: bool = False


@transaction.atomic
def opened(*, person: Person, method: str, place: Place, now: datetime) -> SignIn:
    """Note that somebody signed in; where they now have too many sessions, the oldest ends."""
    held = Person.objects.select_for_update().get(pk=person.pk)
    tried = signin.account_key(person.username, place.address)
    made = SignIn.objects.create(
        person=person,
        session_key=place.session_key,
        method=method,
        address=place.address,
        browser=place.browser[:BROWSER_AT_MOST],
        forwarded=place.forwarded,
        opened_at=now,
        seen_at=now,
    )
    SignInTally.objects.filter(key=tried).delete()
    if held.password_by and not held.password_confirmed_by and rule.FACTORS & set(method.split("+")):
        held.password_confirmed_by = person.username
        if not rule.WEIGHTY.isdisjoint(held.grants.values_list("role", flat=True)):
            held.handed_by = ""  # a factor set up before that role was confirmed ended with it
        held.save(update_fields=["password_confirmed_by", "handed_by"])
        _write(person, "first_password_confirm", person.username, now, {"made_by": held.password_by})
    _write(person, "sign_in", person.username, now, {"method": method})
    crowd = signin.open_sessions(person)[rules.figure("signin.session", "at_most") :]
    _end(crowd, "crowded_out", person.username, now)
    return made


@transaction.atomic
def end(*, sign_in_id: int, why: str, actor: Actor, now: datetime) -> None:
    """End one session, of one's own or of somebody an administrator looks after; twice changes nothing."""
    row = SignIn.objects.select_related("person__unit").filter(pk=sign_in_id).first()
    if row is None or not _may_end(row.person, actor):
        raise Refused("not_found", session=sign_in_id)
    _end([row], why, actor.username, now)


@transaction.atomic
def end_all(*, person: Person, why: str, actor: Actor, now: datetime, but: int | None = None) -> int:
    """End every session of a person but perhaps one: deactivated, password changed; return how many."""
    if not _may_end(person, actor):
        raise Refused("not_found", person=person.username)
    rows = [row for row in signin.open_sessions(person) if row.pk != but]
    return _end(rows, why, actor.username, now)


def _end(rows: Iterable[SignIn], why: str, by: str, now: datetime) -> int:
    count = 0
    for row in rows:
        ended = SignIn.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now, ended_why=why)
        if ended:
            Session.objects.filter(session_key=row.session_key).delete()
            verb = "sign_out" if why == "signed_out" else "session_end"
            _write(row.person, verb, by, now, {"session": row.pk, "why": why})
            count += 1
    return count


def _may_end(person: Person, actor: Actor) -> bool:
    return actor is SYSTEM or actor.username == person.username or _looks_after(actor, person)


@transaction.atomic
def seen(*, sign_in_id: int, now: datetime) -> None:
    """Note that a session is in use; its door asks for this no more than once a minute."""
    SignIn.objects.filter(pk=sign_in_id, ended_at=None).update(seen_at=now)


@transaction.atomic
def admitted(*, username: str, address: str, now: datetime) -> bool:
    """Return whether a right password opens, asked once more with the tallies' rows locked.

    Tries that were let through side by side come back one after the other: what an earlier one locked
    stays shut to the later, and all of them are told the same.
    """
    keys = signin.keys_of(username, address)
    rows = SignInTally.objects.select_for_update().filter(key__in=keys).order_by("key")
    return not any(signin.tally(row).is_locked(now) for row in rows)


@transaction.atomic
def failed(*, username: str, address: str, now: datetime) -> bool:
    """Count a failed sign-in of an account and an address; return whether it came while they were locked."""
    known = {key: _count(key, now, kind) for key, kind in sorted(signin.keys_of(username, address).items())}
    account = known.get(signin.account_key(username, address))
    person = Person.objects.filter(username__iexact=username.strip()).first()
    if person is not None and account is not None and not account.was_locked:
        _write(person, "sign_in_failed", person.username, now, {})
        if account.until is not None:
            _write(person, "locked_out", SYSTEM.username, now, {"until": account.until.isoformat()})
    return any(each.was_locked for each in known.values())


@transaction.atomic
def missed(*, what: str, address: str, now: datetime) -> None:
    """Count a wrong code that an address gave at a door beside the sign-in, in a tally of its own."""
    _count(signin.key_of(what, address), now, "address")


def is_shut(*, what: str, address: str, now: datetime) -> bool:
    """Return whether an address gave so many wrong codes at a door that it waits."""
    row = SignInTally.objects.filter(key=signin.key_of(what, address)).first()
    return row is not None and signin.tally(row).is_locked(now)


@dataclass(frozen=True, slots=True)
class _Counted:
    was_locked: bool
    until: datetime | None


def _count(key: str, now: datetime, kind: str) -> _Counted:
    SignInTally.objects.get_or_create(key=key, defaults={"failures": 0, "first_at": now})
    row = SignInTally.objects.select_for_update().get(key=key)
    before = signin.tally(row) if row.failures else None
    after = rule.failed(before, signin.patience(kind), now)
    row.failures, row.first_at, row.locked_until = after.failures, after.first_at, after.locked_until
    row.save()
    return _Counted(before is not None and before.is_locked(now), after.locked_until)


@transaction.atomic
def unlock(*, username: str, actor: Actor, now: datetime) -> None:
    """Let a locked account try again."""
    person = _administered(username, actor)
    SignInTally.objects.filter(key__in=signin.every_account_key(person)).delete()
    _write(person, "unlock", actor.username, now, {})


@transaction.atomic
def reset_factors(*, username: str, actor: Actor, now: datetime) -> None:
    """Take a person's second factors away, who lost them; a person does not do this to himself."""
    person = _administered(username, actor)
    if actor.username == username:
        raise Refused("not_your_own")
    Authenticator.objects.filter(user=person).delete()
    _write(person, "factor_reset", actor.username, now, {})


@transaction.atomic
def forget_factors(*, person: Person, actor: Actor, now: datetime) -> None:
    """Take the second factors of somebody away who begins anew; nothing where there are none."""
    gone, _ = Authenticator.objects.filter(user=person).delete()
    if gone:
        _write(person, "factor_reset", actor.username, now, {"factors": gone})


@transaction.atomic
def seal_factors(*, now: datetime) -> int:
    """Seal what proves second factors and stands as it was given before it was sealed; return how many."""
    found = 0
    for row in Authenticator.objects.select_for_update().select_related("user").order_by("pk"):
        clear = {
            name: row.data[name] for name in PROOFS if not factors.is_sealed(row.data.get(name, factors.MARK))
        }
        if clear:
            row.data |= {name: factors.seal(text) for name, text in clear.items()}
            row.save(update_fields=["data"])
            _write(row.user, "factor_seal", SYSTEM.username, now, {})
            found += 1
    return found


def _administered(username: str, actor: Actor) -> Person:
    person = Person.objects.select_related("unit").filter(username=username).first()
    if person is None or not (actor is SYSTEM or _looks_after(actor, person)):
        raise Refused("not_found", person=username)
    return person


def _looks_after(actor: Actor, person: Person) -> bool:
    return person.unit is not None and Role.ADMIN in actor.roles_over(person.unit.path)


@transaction.atomic
def factor_changed(*, person: Person, verb: str, kind: str, now: datetime) -> None:
    """Note that a person added, removed or renewed a second factor, or failed at one."""
    _write(person, verb, person.username, now, {"kind": kind})


@transaction.atomic
def password_changed(*, person: Person, sign_in_id: int | None, session_key: str, now: datetime) -> None:
    """Note that a person changed the password, keep this session under its new key, and end the others."""
    SignIn.objects.filter(pk=sign_in_id or 0, person=person).update(session_key=session_key)
    Person.objects.filter(pk=person.pk).update(password_by="", password_at=None, password_confirmed_by="")
    _write(person, "password_change", person.username, now, {})
    rows = [row for row in signin.open_sessions(person) if row.pk != sign_in_id]
    _end(rows, "password_changed", person.username, now)


def _write(person: Person, verb: str, by: str, now: datetime, detail: dict[str, object]) -> None:
    chain.append(
        stream=f"register:person:{person.username}",
        at=now,
        actor=by,
        verb=verb,
        objects=[("person", person.username)],
        detail=detail,
    )
