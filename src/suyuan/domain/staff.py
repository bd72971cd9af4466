"""What an administrator may see of cases: nothing, but in a staff session with a reason and an end.

Administrators look after units, people and settings. That somebody can give himself any role does not mean
that he reads complaints in passing: to do so he opens a session, says why and for how long, and every
request in it is written down for the audit desk.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .errors import BadInput, Refused
from .vocabulary import Role

Grants = Iterable[tuple[Role, str]]

REASON_AT_LEAST = 4
"""Characters of a reason: a word that says something, not a full stop."""

REASON_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Span:
    """When a staff session was opened, when it ends by itself, and whether it was closed before."""

    opened_at: datetime
    until: datetime
    closed_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Return whether it is running."""
        return self.closed_at is None and self.opened_at <= now < self.until


def reaching(grants: Grants, *, staff: bool) -> frozenset[tuple[Role, str]]:
    """Return the grants that reach cases: an administrator's only in a staff session."""
    return frozenset((role, path) for role, path in grants if staff or role is not Role.ADMIN)


def until(grants: Grants, reason: str, minutes: int, now: datetime, most: int) -> datetime:
    """Return when a staff session opened now ends; raise if it may not be, says no reason or is too long."""
    if Role.ADMIN not in {role for role, _ in grants}:
        raise Refused("not_your_role", verb="staff_open")
    if not REASON_AT_LEAST <= len(reason.strip()) <= REASON_AT_MOST:
        short = len(reason.strip()) < REASON_AT_LEAST
        raise BadInput("bad_form", fields={"reason_text": "says_nothing" if short else "too_long"})
    if not 1 <= minutes <= most:
        raise BadInput("bad_form", fields={"minutes": "out_of_range"})
    return now + timedelta(minutes=minutes)
