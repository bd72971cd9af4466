"""How often a password may be tried, how long a session lasts, and who needs a second factor."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from .procedure import SYSTEM, Actor
from .vocabulary import Role

BY_CARD = "card"
"""How somebody signed in who proved nothing: by the role cards of a demo."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Failures in a row, of one account or one address."""

    failures: int
    first_at: datetime
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Return whether nobody gets in by it for now."""
        return self.locked_until is not None and now < self.locked_until


@dataclass(frozen=True, slots=True)
class Patience:
    """So many failures within a window lock for a while: rulebook figures."""

    failures: int
    window: timedelta
    lock: timedelta


def failed(tally: Tally | None, patience: Patience, now: datetime) -> Tally:
    """Return the tally after one more failure; one a window old, or whose lock is over, starts anew.

    A failure while it is locked changes nothing: of many tries at once none opens what another locked.
    """
    if tally is not None and tally.is_locked(now):
        return tally
    stale = tally is None or now - tally.first_at > patience.window or tally.locked_until is not None
    failures, first = (1, now) if stale or tally is None else (tally.failures + 1, tally.first_at)
    return Tally(failures, first, now + patience.lock if failures >= patience.failures else None)


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session lasts unused, and at all: rulebook figures."""

    idle: timedelta
    age: timedelta


def session_over(opened_at: datetime, seen_at: datetime, lasting: Lasting, now: datetime) -> str | None:
    """Return why a session is over, or None while it lasts."""
    if now - opened_at >= lasting.age:
        return "session_too_old"
    return "session_idle" if now - seen_at >= lasting.idle else None


def needs_factor(
    roles: Collection[Role], required: Collection[str], methods: Collection[str], *, has_factor: bool
) -> bool:
    """Return whether somebody must set up a second factor before anything else.

    It is asked of who signed in here by password. A provider answers for its own sign-in, and a passkey
    is two factors in one.
    """
    if has_factor or "password" not in methods:
        return False
    return any(role.value in required for role in roles)


WEIGHTY = frozenset({Role.ADMIN, Role.AUDIT, Role.LEADER})
"""Roles that see what others may not: a password somebody else made opens them to two people, not to one."""

CONFIRMERS = frozenset({Role.ADMIN, Role.AUDIT})
FACTORS = frozenset({"totp", "webauthn", "recovery_codes"})


def waits(made_by: str, confirmed_by: str, roles: Collection[Role]) -> bool:
    """Return whether a first password opens nothing yet, not even the page that changes it."""
    return bool(made_by) and not confirmed_by and not WEIGHTY.isdisjoint(roles)


def refusal_to_confirm(actor: Actor, username: str, made_by: str, path: str) -> str | None:
    """Return why the actor may not confirm a first password, or None; its maker and its person may not."""
    if not made_by:
        return "nothing_to_confirm"
    if actor is SYSTEM:
        return None
    if CONFIRMERS.isdisjoint(actor.roles_over(path)):
        return "not_your_role"
    return "not_your_own" if actor.username in (username, made_by) else None
