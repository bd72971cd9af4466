"""The guards that keep a restricted case with audit, and a caller who is kept secret from the others."""

from .discipline import belongs
from .procedure import Actor, Facts
from .vocabulary import Role, State

AT_THE_DESK = frozenset({Role.AGENT, Role.LEAD, Role.OFFICE})
"""Who can face a customer."""
FRESH = (State.RECEIVED, State.REGISTERED)
"""Where a case stands that was not sent to anybody yet."""


def card_allowed(facts: Facts, actor: Actor) -> str | None:
    """Keep a card from cases that must not be known of: whoever finds it would know there is one."""
    return "card_not_for_secret" if facts.restricted or facts.secrecy else None


def not_restricted_peer(facts: Facts, actor: Actor) -> str | None:
    """Keep a restricted case with the audit desk."""
    if not facts.restricted:
        return None
    return None if Role.AUDIT in actor.over_case(facts.unit_path) else "restricted"


def restricted_hands(facts: Facts, actor: Actor) -> str | None:
    """Keep the work on a restricted case with audit, leaders and whom audit entrusted it to."""
    if not facts.restricted or actor.username == facts.entrusted:
        return None
    return None if actor.over_case(facts.unit_path) & {Role.AUDIT, Role.LEADER} else "restricted"


def hands_once_sent(facts: Facts, actor: Actor) -> str | None:
    """Let whoever took a contact in say what it is; once it was sent on, the same as ``restricted_hands``."""
    return None if facts.state in FRESH else restricted_hands(facts, actor)


def not_to_accused(facts: Facts, actor: Actor) -> str | None:
    """Never send a case to the unit it accuses, nor below it."""
    return "to_accused_unit" if belongs(facts.accused_path, (facts.to_path,)) else None


def unrestricted_yet(facts: Facts, actor: Actor) -> str | None:
    return "restricted_already" if facts.restricted else None


def kept_apart(facts: Facts, actor: Actor) -> str | None:
    """Let something be entrusted to one person where a case or its caller is kept from the others."""
    return None if facts.restricted or facts.secrecy else "not_restricted"


def caller_reachable(facts: Facts, actor: Actor) -> str | None:
    """Let nobody call an anonymous reporter; a confidential one, only those who know who it is.

    That is whoever faces the customer at the desk, as long as the case is not restricted; whom audit named;
    and audit.
    """
    if facts.secrecy == "anonymous":
        return "anonymous_uncalled"
    if facts.secrecy != "confidential" or actor.username == facts.entrusted:
        return None
    roles = actor.over_case(facts.unit_path)
    face = not facts.restricted and actor.username == facts.owner and bool(roles & AT_THE_DESK)
    return None if face or Role.AUDIT in roles else "confidential_uncalled"


def unit_contacts(facts: Facts, actor: Actor) -> str | None:
    """Leave the contact to the unit that handles the case; a confidential caller is the desk's to call."""
    if facts.secrecy == "confidential" or facts.restricted:
        return None
    return None if actor.over_case(facts.unit_path) & {Role.STATION, Role.OFFICE} else "not_your_role"


def may_be_lifted(facts: Facts, actor: Actor) -> str | None:
    """Let nothing out whose type or category restricts it: that is corrected first."""
    if not facts.restricted:
        return "not_restricted"
    return "restricted_by_kind" if facts.restricting else None
