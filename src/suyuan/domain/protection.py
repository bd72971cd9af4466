"""Staff protection 员工保护: what somebody met with at work, what help was asked for, and what came of it.

A record is for the person it is about, the lead of that person's unit, the audit desk and the party-mass
office. For nobody else there is one at all: no leader, no office, no figure, no file.
"""

from collections.abc import Iterable
from dataclasses import replace

from . import fields
from .fields import Field, Type
from .procedure import Actor, Facts
from .vocabulary import Role

PROCEDURE = "protection"
CARERS = frozenset({Role.LEAD, Role.AUDIT, Role.PARTY})
"""Who sees to a colleague, over the unit that colleague is of."""

INCIDENT = Field("incident", Type.CHOICE, reasons="incident")
HAPPENED = Field("what_happened", Type.LONGTEXT, personal=True)
CARE = Field("care", Type.CHOICE, reasons="care")
"""What helps: rest, somebody to talk to, somebody to go along."""
PERSON = Field("protected", Type.TEXT, required=False)
"""The user name of whom it is about; whoever writes it down, if nobody is named."""
ABOUT = Field("about_case", Type.CASE, required=False)
"""The case at which it happened."""

INCIDENT_FORM = (INCIDENT, HAPPENED, fields.AT, fields.EVIDENCE.optional)
RECORD_FORM = (PERSON, *INCIDENT_FORM, CARE.optional, ABOUT)
ASK_FORM = (CARE, fields.NOTE.optional)
ARRANGE_FORM = (CARE, fields.DUE_ON, fields.NOTE)
FOLLOW_FORM = (replace(fields.MORE_NEEDED, required=True), fields.NOTE, fields.DUE_ON.optional)


def is_seen_by(username: str, roles: Iterable[Role], person: str) -> bool:
    """Return whether somebody with these roles over the unit of a record sees it."""
    held = frozenset(roles)
    return bool(held) and (username == person or bool(held & CARERS))


def refusal_to_record(actor: Actor, unit_path: str, person: str) -> str | None:
    """Return why somebody may not write a record about a person of a unit, or None if they may."""
    if actor.username == person:
        return None
    return None if actor.over_case(unit_path) & CARERS else "not_your_role"


def protected_hands(facts: Facts, actor: Actor) -> str | None:
    """Leave a record to the person it is about and to who sees to them."""
    seen = is_seen_by(actor.username, actor.over_case(facts.unit_path), facts.entrusted)
    return None if seen else "restricted"


GUARDS = (protected_hands,)
