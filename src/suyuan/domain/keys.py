"""What a program's key may do: never more than its owner, for a while, for what it was made for."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .errors import BadInput, Refused
from .procedure import Actor

SCOPES = ("read", "work", "intake")
"""What a key can be made for: see cases, do verbs on them, bring in contacts."""


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What the rules need to know about a key."""

    scopes: frozenset[str]
    expires_at: datetime
    revoked: bool = False
    owner_active: bool = True
    unit_path: str = ""
    """The unit the key is kept to, with those below it; empty: as far as its owner reaches."""


def refusal(key: KeyFacts, scope: str, now: datetime) -> str | None:
    """Return why a key does not open ``scope`` now, or None if it does; an empty scope asks for any."""
    if key.revoked:
        return "key_revoked"
    if key.expires_at <= now:
        return "key_expired"
    if not key.owner_active:
        return "key_owner_inactive"
    return "out_of_scope" if scope and scope not in key.scopes else None


def narrowed(actor: Actor, unit_path: str) -> Actor:
    """Return the owner as the key lets him act: each role over what lies in both reaches."""
    kept = {
        (role, max(path, unit_path, key=len))
        for role, path in actor.grants
        if path.startswith(unit_path) or unit_path.startswith(path)
    }
    return replace(actor, grants=frozenset(kept), home=actor.places)


def known_scopes(scopes: Collection[str]) -> list[str]:
    """Return the scopes in their order; raise BadInput for none, or for one nobody knows."""
    if not scopes:
        raise BadInput("bad_form", fields={"scopes": "required"})
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise BadInput("unknown_value", field="scopes", value=", ".join(unknown))
    return [scope for scope in SCOPES if scope in scopes]


def within_life(now: datetime, expires_at: datetime, days_at_most: int) -> datetime:
    """Return when a key ends; raise BadInput unless that lies ahead, and within the longest life."""
    if expires_at <= now:
        raise BadInput("bad_form", fields={"expires": "in_the_past"})
    if expires_at > now + timedelta(days=days_at_most):
        raise Refused("key_lives_too_long", days=days_at_most)
    return expires_at
