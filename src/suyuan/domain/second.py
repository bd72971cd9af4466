"""Roles that see most: one person asks that somebody gets one, and another one has to agree.

Otherwise one administrator would be two people: an account of his own making, given such a role, could
confirm whatever he asks for next.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .procedure import SYSTEM, Actor
from .signin import CONFIRMERS, WEIGHTY
from .vocabulary import Role


@dataclass(frozen=True, slots=True)
class Held:
    """A role somebody holds, over which units, since when and until when."""

    role: Role
    path: str
    since: datetime | None = None
    until: datetime | None = None

    def covers(self, role: Role, path: str, until: datetime | None) -> bool:
        """Return whether it is that role already, over all of these units and for as long."""
        lasts = self.until is None or (until is not None and until <= self.until)
        return lasts and role is self.role and path.startswith(self.path)


def needs_second(asker: Actor, held: Iterable[Held], role: Role, path: str, until: datetime | None) -> bool:
    """Return whether giving somebody this role waits for a second person.

    What somebody holds over more units or for longer needs none again. Who stands at the server has all.
    """
    if asker is SYSTEM or role not in WEIGHTY:
        return False
    return not any(each.covers(role, path, until) for each in held)


@dataclass(frozen=True, slots=True)
class Asked:
    """What waits for a second person: who asked when that who gets a role over which units."""

    by: str
    to: str
    path: str
    at: datetime
    lapses_at: datetime


@dataclass(frozen=True, slots=True)
class Second:
    """Who would confirm: the roles held, whether the account is surely in that person's own hands."""

    actor: Actor
    held: tuple[Held, ...] = ()
    waits: bool = False
    """Whether the person's own password waits for a second person."""
    in_hand: bool = False
    """Whether the asker alone handed out its password, or had a hand in it since he asked."""


def refusal_to_confirm(asked: Asked, second: Second, now: datetime) -> str | None:
    """Return why this person may not be the second one, or None.

    The role that lets him confirm has to be older than the request: nobody is made for the occasion.
    """
    if now >= asked.lapses_at:
        return "request_lapsed"
    actor = second.actor
    if actor is SYSTEM:
        return None
    if CONFIRMERS.isdisjoint(actor.roles_over(asked.path)):
        return "not_your_role"
    if actor.username in (asked.by, asked.to):
        return "own_request" if actor.username == asked.by else "not_your_own"
    reaching = [each for each in second.held if each.role in CONFIRMERS and asked.path.startswith(each.path)]
    if not any(each.since is None or each.since < asked.at for each in reaching):
        return "second_too_new"
    if second.waits:
        return "password_waits"
    return "second_in_hand" if second.in_hand else None


def refusal_to_decline(asked: Asked, actor: Actor) -> str | None:
    """Return why the actor may not turn a request down, or None; who asked may take it back."""
    if actor is SYSTEM or actor.username == asked.by:
        return None
    return "not_your_role" if CONFIRMERS.isdisjoint(actor.roles_over(asked.path)) else None


def lapses_at(asked_at: datetime, days: int) -> datetime:
    """Return when a request nobody answered is over."""
    return asked_at + timedelta(days=days)
