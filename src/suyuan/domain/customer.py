"""Customers: who may see and keep what the register says of them, and when a special-customer flag counts."""

from dataclasses import dataclass, replace
from datetime import date, time

from .disclosure import TABLE, Standing
from .fields import Field, Type, reason
from .procedure import SYSTEM, Actor
from .vocabulary import Role

SEE = frozenset(TABLE)
"""Roles that work with customers: who may be shown nothing in clear is shown no register either."""
KEEP = frozenset({Role.AGENT, Role.LEAD, Role.OFFICE, Role.MARKETING, Role.STATION})
"""Roles that write down what a customer says of himself."""
LET_GO = frozenset({Role.LEAD, Role.OFFICE, Role.STATION})
"""Roles that may end a flag that takes two."""

IMPORT = frozenset({Role.ADMIN, Role.OFFICE})
"""Roles that load the register from a file."""

LIFE = "life"
"""Group of the flags on which a life hangs: set by one person at once, ended by two."""
BUSINESS = "business"
"""Group of the flags of enterprises and offices: no person, so nobody's consent is asked."""

CONTACT_KINDS = ("phone", "email", "wechat")
WHOSE = ("owner", "tenant", "agent")
LANGUAGES = ("zh", "en")
SCOPES = ("service", "notice", "visit")
"""What a customer agrees to: being served first, being told of outages, being visited."""

FLAG = Field("special_flag", Type.CHOICE, reasons="special_flag")
FLAG_FORM = (
    FLAG,
    Field("consent_how", Type.CHOICE, required=False, reasons="consent_how"),
    Field("consent_scope", Type.CHOICES, required=False, choices=SCOPES),
    Field("consent_on", Type.DATE, required=False),
)
WITHDRAW_FORM = (FLAG,)
OPT_OUT_FORM = (Field("wish_how", Type.CHOICE, reasons="consent_how"),)
"""How a customer said that they want no portrait, no score and no call before they call, or took it back."""
CLEAR_FORM = (FLAG, reason("flag_clear"))
WAY = Field("contact_way", Type.CHOICE, required=False)
CONTACT_FORM = (
    WAY,
    Field("contact_kind", Type.CHOICE, choices=CONTACT_KINDS),
    Field("contact_value", Type.TEXT, personal=True),
    Field("whose", Type.CHOICE, choices=WHOSE),
)
PREFERENCE_FORM = (
    replace(WAY, required=True),
    Field("preferred", Type.BOOL),
    Field("language", Type.CHOICE, choices=LANGUAGES),
    Field("quiet_from", Type.TEXT, required=False),
    Field("quiet_until", Type.TEXT, required=False),
)


@dataclass(frozen=True, slots=True)
class Flagged:
    """A special-customer flag as far as the rule asks."""

    group: str
    scope: tuple[str, ...]
    consent_on: date | None
    expires_on: date | None
    withdrawn: bool
    cleared: bool


def counts(flag: Flagged, today: date, scope: str = "service") -> bool:
    """Return whether a flag may be shown and acted on today: it is set, and agreed to for this use."""
    if flag.cleared:
        return False
    if flag.group == BUSINESS:
        return True
    if flag.withdrawn or flag.consent_on is None or scope not in flag.scope:
        return False
    return flag.expires_on is None or today <= flag.expires_on


def may_import(actor: Actor, *paths: str) -> bool:
    """Return whether the actor may load customers of the units at all of ``paths``."""
    if actor is SYSTEM:
        return True
    held = tuple(path for role, path in actor.grants if role in IMPORT)
    return bool(held) and all(path.startswith(held) for path in paths)


def sees(standing: Standing) -> bool:
    """Return whether somebody who may see a case is shown the register's page of its customer.

    Whoever asked for anonymity is linked to nobody; whoever asked for confidence, or is named in a
    restricted case, is shown to audit alone.
    """
    if standing.secrecy == "anonymous" or not standing.roles & SEE:
        return False
    return Role.AUDIT in standing.roles or not (standing.secrecy or standing.restricted)


def keep_refusal(standing: Standing) -> str | None:
    """Return why somebody may not change what the register says, or None if they may."""
    return None if sees(standing) and standing.roles & KEEP else "not_your_role"


def clear_refusal(group: str, standing: Standing, by: str, asked_by: str) -> str | None:
    """Return why somebody may not end a flag, or None: one on which a life hangs takes a second person."""
    if refused := keep_refusal(standing):
        return refused
    if group != LIFE or not asked_by:
        return None
    if by == asked_by:
        return "second_person_to_end"
    return None if standing.roles & LET_GO else "not_your_role"


def missing_consent(group: str, how: object, scope: object, on: object) -> dict[str, str]:
    """Return what a flag on a person lacks before it may be set."""
    if group == BUSINESS:
        return {}
    given = {"consent_how": how, "consent_scope": scope, "consent_on": on}
    return {name: "required" for name, value in given.items() if not value}


def quiet_hours(start: str, end: str) -> tuple[time, time] | None:
    """Return the hours in which a customer does not want to be called; raise ValueError for what is none."""
    if not start and not end:
        return None
    return time.fromisoformat(start), time.fromisoformat(end)
