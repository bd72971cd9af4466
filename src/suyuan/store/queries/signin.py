"""Sessions of people, and who is locked out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from suyuan.domain import signin as rule
from suyuan.domain.vocabulary import Role
from suyuan.store import rules, seal
from suyuan.store.models import Grant, Person, RoleRequest, SignIn, SignInTally

from .viewer import Viewer, under


def patience(kind: str) -> rule.Patience:
    """Return how many failures of an account or an address are borne, and what follows."""
    return rule.Patience(
        rules.figure("signin.failures", kind),
        timedelta(minutes=rules.figure("signin.failures", "window_minutes")),
        timedelta(minutes=rules.figure("signin.failures", "lock_minutes")),
    )


def lasting() -> rule.Lasting:
    """Return how long a session lasts."""
    return rule.Lasting(
        timedelta(minutes=rules.figure("signin.session", "idle_minutes")),
        timedelta(hours=rules.figure("signin.session", "hours")),
    )


def key_of(kind: str, value: str) -> str:
    """Return what failures of an account or address are counted under."""
    return seal.index(f"signin-{kind}", value.strip().lower())


def account_key(username: str, address: str) -> str:
    """Return what a failure of an account is counted under; from where its person came in before, apart.

    Whoever guesses at somebody's password elsewhere locks himself out, not that person at the usual desk.
    """
    name = username.strip().lower()
    known = SignIn.objects.filter(person__username__iexact=name, address=address).exclude(address="")
    return _known_key(name, address) if known.exists() else key_of("account", name)


def _known_key(name: str, address: str) -> str:
    return key_of("account", f"{name}@{address}")


def every_account_key(person: Person) -> list[str]:
    """Return everything failures of somebody's account are counted under."""
    seen = (
        SignIn.objects.filter(person=person).exclude(address="").order_by().values_list("address", flat=True)
    )
    return [
        key_of("account", person.username),
        *(_known_key(person.username.lower(), a) for a in seen.distinct()),
    ]


def keys_of(username: str, address: str) -> dict[str, str]:
    """Return what a failure is counted under, each with the figure it is held to."""
    found = {account_key(username, address): "account", key_of("address", address): "address"}
    return {key: kind for key, kind in found.items() if key}


def tally(row: SignInTally) -> rule.Tally:
    """Return a row as the rule knows it."""
    return rule.Tally(row.failures, row.first_at, row.locked_until)


def is_locked(username: str, address: str, now: datetime) -> bool:
    """Return whether nobody gets in by this account from this address for now."""
    rows = SignInTally.objects.filter(key__in=keys_of(username, address))
    return any(tally(row).is_locked(now) for row in rows)


def locked_until(people: Iterable[Person], now: datetime) -> dict[str, datetime]:
    """Return until when each of these people is locked out somewhere, those who are not left out."""
    everybody = list(people)
    names = {person.pk: person.username for person in everybody}
    keys = {key_of("account", person.username): person.username for person in everybody}
    seen = SignIn.objects.filter(person__in=everybody).exclude(address="").order_by()
    for pk, address in seen.values_list("person_id", "address").distinct():
        keys[_known_key(names[pk].lower(), address)] = names[pk]
    rows = SignInTally.objects.filter(key__in=list(keys), locked_until__gt=now).order_by("locked_until")
    return {keys[row.key]: row.locked_until for row in rows if row.locked_until is not None}


def open_sessions(person: Person) -> list[SignIn]:
    """Return the sessions of a person that have not ended, the newest first."""
    return list(SignIn.objects.filter(person=person, ended_at=None).order_by("-opened_at", "-pk"))


def administered(viewer: Viewer) -> QuerySet[Person]:
    """Return the people an administrator looks after."""
    paths = [path for role, path in viewer.actor.grants if role is Role.ADMIN]
    return Person.objects.select_related("unit").filter(under(paths, "unit__")).order_by("username")


def open_counts(people: Iterable[Person]) -> dict[int, list[SignIn]]:
    """Return the open sessions of each of these people, the newest first."""
    found: dict[int, list[SignIn]] = {}
    rows = SignIn.objects.filter(person__in=list(people), ended_at=None).order_by("-opened_at", "-pk")
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


def current(person: Person, sign_in_id: object) -> SignIn | None:
    """Return the session a person is in, None where it is unknown."""
    return (
        SignIn.objects.filter(pk=sign_in_id, person=person).first() if isinstance(sign_in_id, int) else None
    )


def with_factor(people: Iterable[Person]) -> set[int]:
    """Return which of these people have a second factor."""
    return set(Authenticator.objects.filter(user__in=list(people)).values_list("user_id", flat=True))


def waiting(viewer: Viewer) -> list[Person]:
    """Return the people whose first password the viewer may confirm."""
    paths = [path for role, path in viewer.actor.grants if role in rule.CONFIRMERS]
    held = Grant.objects.filter(role__in=rule.WEIGHTY).values("person")
    asked = RoleRequest.objects.filter(role__in=rule.WEIGHTY, outcome="").values("person")
    rows = Person.objects.select_related("unit").filter(under(paths, "unit__"), is_active=True)
    rows = rows.filter(Q(pk__in=held) | Q(pk__in=asked))
    rows = rows.filter(password_confirmed_by="").exclude(password_by="")
    me = viewer.actor.username
    return list(rows.exclude(password_by=me).exclude(username=me).order_by("username"))


LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Origins:
    """Who signed in lately, from which addresses, and whether a proxy nobody believes named others."""

    people: frozenset[int]
    addresses: frozenset[str]
    forwarded: bool


def origins(now: datetime) -> Origins:
    """Return where sign-ins of the last days came from; a demo's role cards are ten people at one machine."""
    rows = SignIn.objects.filter(opened_at__gte=now - LATELY).exclude(address="").exclude(method=rule.BY_CARD)
    rows = rows.order_by()
    found = list(rows.values_list("person_id", "address", "forwarded").distinct())
    return Origins(
        frozenset(who for who, _, _ in found),
        frozenset(address for _, address, _ in found),
        any(forwarded for _, _, forwarded in found),
    )
