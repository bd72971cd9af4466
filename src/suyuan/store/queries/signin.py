"""Sessions of people, and who is locked out."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from suyuan.domain import signin as rule
from suyuan.domain.vocabulary import Role
from suyuan.store import rules, seal
from suyuan.store.models import Person, SignIn, SignInTally

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


def is_locked(username: str, address: str, now: datetime) -> bool:
    """Return whether nobody gets in by this account, or from this address, for now."""
    rows = SignInTally.objects.filter(key__in=[key_of("account", username), key_of("address", address)])
    return any(rule.Tally(row.failures, row.first_at, row.locked_until).is_locked(now) for row in rows)


def locked_until(people: Iterable[Person], now: datetime) -> dict[str, datetime]:
    """Return until when each of these people is locked out, those who are not left out."""
    keys = {key_of("account", person.username): person.username for person in people}
    rows = SignInTally.objects.filter(key__in=list(keys), locked_until__gt=now)
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
