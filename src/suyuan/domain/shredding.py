"""When what is known of a person may be removed: asked for by one, carried out by another, held by nobody."""

from dataclasses import dataclass

from .vocabulary import Role

MAY_ASK = frozenset({Role.OFFICE, Role.AUDIT, Role.ADMIN})
MAY_CARRY_OUT = frozenset({Role.AUDIT, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rule needs to know."""

    by: str
    roles: frozenset[Role]
    """Held over every unit that has a case of the person."""
    asked_by: str = ""
    """Who asked for it; empty while nobody has."""
    open_cases: int = 0
    holds: int = 0
    exported: bool = False
    """Whether the person's data were exported before."""
    changed_since: bool = False
    """Whether anything happened since that export."""


def refusal(standing: Standing) -> str | None:
    """Return why a person's data may not be removed now, or None if they may."""
    if not standing.roles & (MAY_CARRY_OUT if standing.asked_by else MAY_ASK):
        return "only_to_ask" if standing.asked_by and standing.roles & MAY_ASK else "not_your_role"
    if standing.holds:
        return "legal_hold"
    if standing.open_cases:
        return "case_still_open"
    if not standing.exported:
        return "not_exported"
    if standing.changed_since:
        return "changed_since_export"
    return "second_person_needed" if standing.asked_by == standing.by else None


@dataclass(frozen=True, slots=True)
class Leaving:
    """What the rule needs to know of somebody who worked here."""

    keeps_register: bool
    """Whether the actor keeps the register of people where they were."""
    own: bool
    at_work: bool
    held: bool
    """Whether a held case stands under their name."""


def refusal_to_leave(standing: Leaving) -> str | None:
    """Return why what is known of a member of the staff may not be removed now, or None if it may."""
    if standing.own or not standing.keeps_register:
        return "not_your_role"
    if standing.at_work:
        return "still_at_work"
    return "legal_hold" if standing.held else None
