"""The conditions a step can ask for. Each returns None, or the code of the reason it refuses.

Released tables name guards by function name, so a guard is never renamed; a stricter one is a new guard.
"""

from . import countersign
from .card import ISSUED
from .discipline import belongs
from .procedure import Actor, Facts, Guard
from .sheet import Hand
from .vocabulary import Role, State

AT_THE_DESK = frozenset({Role.AGENT, Role.LEAD, Role.OFFICE})
"""Who can face a customer."""


def registered_type(facts: Facts, actor: Actor) -> str | None:
    return None if facts.business_type else "no_business_type"


def customer_contacted(facts: Facts, actor: Actor) -> str | None:
    return None if "contacted_at" in facts.moments else "customer_not_contacted"


def arrived(facts: Facts, actor: Actor) -> str | None:
    return None if "arrived_at" in facts.moments else "not_arrived"


def finding_given(facts: Facts, actor: Actor) -> str | None:
    return None if facts.finding or facts.form.get("finding") else "no_finding"


def second_person(facts: Facts, actor: Actor) -> str | None:
    return "own_work" if actor.username in facts.handlers else None


def own_specialty(facts: Facts, actor: Actor) -> str | None:
    """Let a specialty department act only on cases of its specialty; the office may act on all."""
    roles = actor.over_case(facts.unit_path)
    if Role.OFFICE in roles or facts.specialty not in ("marketing", "operations"):
        return None
    return None if Role(facts.specialty) in roles else "not_your_specialty"


def not_returned_before(facts: Facts, actor: Actor) -> str | None:
    return None if facts.returns < facts.returns_allowed else "returned_before"


def running(facts: Facts, actor: Actor) -> str | None:
    return "already_paused" if facts.paused else None


def paused(facts: Facts, actor: Actor) -> str | None:
    return None if facts.paused else "not_paused"


def customer_answered(facts: Facts, actor: Actor) -> str | None:
    if "called_back_at" in facts.moments or facts.unreached >= facts.attempts_needed:
        return "customer_dissatisfied" if facts.satisfaction == "dissatisfied" else None
    return "customer_not_called_back"


def customer_unhappy(facts: Facts, actor: Actor) -> str | None:
    return None if facts.satisfaction == "dissatisfied" else "customer_not_dissatisfied"


def handled_again(facts: Facts, actor: Actor) -> str | None:
    return None if facts.episode > 1 else "handled_once"


def responsibility_analysed(facts: Facts, actor: Actor) -> str | None:
    """Keep a case that came back open until somebody said why the first answer did not hold."""
    return "responsibility_open" if facts.episode > 1 and not facts.responsibility else None


def card_allowed(facts: Facts, actor: Actor) -> str | None:
    """Keep a card from cases that must not be known of: whoever finds it would know there is one."""
    return "card_not_for_secret" if facts.restricted or facts.secrecy else None


def card_not_issued(facts: Facts, actor: Actor) -> str | None:
    return "card_issued" if facts.card else None


def card_awaited(facts: Facts, actor: Actor) -> str | None:
    return None if facts.card == ISSUED else "card_not_awaited"


def answered_in_call(facts: Facts, actor: Actor) -> str | None:
    return None if facts.business_type in ("consult", "query", "praise") else "not_for_the_call"


def site_known(facts: Facts, actor: Actor) -> str | None:
    return None if facts.form.get("site") or not facts.form else "site_unknown"


def taken_back(facts: Facts, actor: Actor) -> str | None:
    return None if facts.undoing else "only_as_undo"


def not_restricted_peer(facts: Facts, actor: Actor) -> str | None:
    """Keep a restricted case with the audit desk."""
    if not facts.restricted:
        return None
    return None if Role.AUDIT in actor.over_case(facts.unit_path) else "restricted"


def found_true(facts: Facts, actor: Actor) -> str | None:
    return None if facts.finding in ("verified", "partial") else "nothing_verified"


def objected(facts: Facts, actor: Actor) -> str | None:
    """Let only what a sampling audit objected to be put right after its end."""
    return None if facts.objection else "not_objected"


def objection_open(facts: Facts, actor: Actor) -> str | None:
    return objected(facts, actor) or (None if facts.objection == "open" else "objection_answered")


def rectification_ordered(facts: Facts, actor: Actor) -> str | None:
    """Keep a complaint in which something was true open until somebody was told to put it right."""
    return "no_rectification" if facts.finding in ("verified", "partial") and not facts.orders else None


def checks_own_specialty(facts: Facts, actor: Actor) -> str | None:
    """Let a specialty department check only cases of its specialty; a restricted one has no specialty."""
    return None if facts.restricted else own_specialty(facts, actor)


def hand_of(facts: Facts, actor: Actor) -> Hand:
    """Return an actor as a signer: the grants that reach the case."""
    grants = {(role, path) for role, path in actor.reaching if facts.unit_path.startswith(path)}
    return Hand(actor.username, frozenset(grants))


def awaited(facts: Facts, actor: Actor) -> str | None:
    return countersign.refusal(facts.circulation, hand_of(facts, actor))


def may_delegate(facts: Facts, actor: Actor) -> str | None:
    return countersign.delegation_refusal(facts.circulation, hand_of(facts, actor))


def has_signed(facts: Facts, actor: Actor) -> str | None:
    sheet = facts.circulation
    return None if sheet and countersign.own(sheet, actor.username) else "nothing_signed"


def sheets_complete(facts: Facts, actor: Actor) -> str | None:
    return "sheets_missing" if facts.missing else None


def items_judged(facts: Facts, actor: Actor) -> str | None:
    return "items_unjudged" if facts.unjudged else None


def items_judged_here(facts: Facts, actor: Actor) -> str | None:
    """Let the form judge the one item that is still open."""
    by_form = len(facts.unjudged) == 1 and (not facts.form or bool(facts.form.get("finding")))
    return None if by_form else items_judged(facts, actor)


def doubts_answered(facts: Facts, actor: Actor) -> str | None:
    """Pass over what is doubtful in a reply only with a word on it."""
    return "doubts_unanswered" if facts.doubts and facts.form and not facts.form.get("note") else None


def still_owed(facts: Facts, actor: Actor) -> str | None:
    """Let the papers of a case that has left its handler be made good, never changed."""
    if facts.state is State.HANDLING or facts.missing:
        return None
    return "nothing_missing"


def not_passed(facts: Facts, actor: Actor) -> str | None:
    """Let items be judged in the review; after it only those that have no finding."""
    return None if facts.state is State.REVIEWING or facts.unjudged else "nothing_missing"


def restricted_hands(facts: Facts, actor: Actor) -> str | None:
    """Keep the work on a restricted case with audit, leaders and whom audit entrusted it to."""
    if not facts.restricted or actor.username == facts.entrusted:
        return None
    return None if actor.over_case(facts.unit_path) & {Role.AUDIT, Role.LEADER} else "restricted"


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


def contacted_or_anonymous(facts: Facts, actor: Actor) -> str | None:
    return None if facts.secrecy == "anonymous" else customer_contacted(facts, actor)


def answered_or_anonymous(facts: Facts, actor: Actor) -> str | None:
    """Ask for a callback where there is somebody to call."""
    return None if facts.secrecy == "anonymous" else customer_answered(facts, actor)


def may_be_lifted(facts: Facts, actor: Actor) -> str | None:
    """Let nothing out whose type or category restricts it: that is corrected first."""
    if not facts.restricted:
        return "not_restricted"
    return "restricted_by_kind" if facts.restricting else None


def relay_waiting(facts: Facts, actor: Actor) -> str | None:
    return None if facts.relays else "no_relay_waiting"


def support_unrated(facts: Facts, actor: Actor) -> str | None:
    return None if facts.unrated else "no_support_unrated"


GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (
        registered_type,
        customer_contacted,
        arrived,
        finding_given,
        second_person,
        own_specialty,
        not_returned_before,
        running,
        paused,
        customer_answered,
        customer_unhappy,
        handled_again,
        responsibility_analysed,
        card_allowed,
        card_not_issued,
        card_awaited,
        answered_in_call,
        site_known,
        taken_back,
        not_restricted_peer,
        found_true,
        objected,
        objection_open,
        rectification_ordered,
        checks_own_specialty,
        awaited,
        may_delegate,
        has_signed,
        sheets_complete,
        items_judged,
        items_judged_here,
        doubts_answered,
        still_owed,
        not_passed,
        restricted_hands,
        not_to_accused,
        unrestricted_yet,
        may_be_lifted,
        kept_apart,
        caller_reachable,
        unit_contacts,
        contacted_or_anonymous,
        answered_or_anonymous,
        relay_waiting,
        support_unrated,
    )
}
