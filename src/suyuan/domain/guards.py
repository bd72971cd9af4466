"""The conditions a step can ask for. Each returns None, or the code of the reason it refuses.

Released tables name guards by function name, so a guard is never renamed; a stricter one is a new guard.
"""

from . import appeal, countersign, liable, protection, secrecy, warning
from .card import ISSUED
from .procedure import DEPARTMENTS, Actor, Facts, Guard
from .sheet import Hand
from .vocabulary import FOUND_TRUE, Role, State


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
    if Role.OFFICE in roles or facts.specialty not in DEPARTMENTS:
        return None
    return None if Role(facts.specialty) in roles else "not_your_specialty"


def in_own_specialty(facts: Facts, actor: Actor) -> str | None:
    """Let a specialty department act on what is its own; the office on all, and alone on the rest."""
    roles = actor.over_case(facts.unit_path)
    if Role.OFFICE in roles:
        return None
    own = {role.value for role in roles} & DEPARTMENTS
    return None if facts.specialty in own else "not_your_specialty"


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


def card_not_issued(facts: Facts, actor: Actor) -> str | None:
    return "card_issued" if facts.card else None


def card_awaited(facts: Facts, actor: Actor) -> str | None:
    return None if facts.card == ISSUED or facts.earlier_card else "card_not_awaited"


def answered_in_call(facts: Facts, actor: Actor) -> str | None:
    return None if facts.business_type in ("consult", "query", "praise") else "not_for_the_call"


def taken_back(facts: Facts, actor: Actor) -> str | None:
    return None if facts.undoing else "only_as_undo"


def found_true(facts: Facts, actor: Actor) -> str | None:
    return None if facts.finding in FOUND_TRUE else "nothing_verified"


def objected(facts: Facts, actor: Actor) -> str | None:
    """Let only what a sampling audit objected to be put right after its end."""
    return None if facts.objection else "not_objected"


def objection_open(facts: Facts, actor: Actor) -> str | None:
    return objected(facts, actor) or (None if facts.objection == "open" else "objection_answered")


def rectification_ordered(facts: Facts, actor: Actor) -> str | None:
    """Keep a complaint in which something was true open until somebody was told to put it right."""
    return "no_rectification" if facts.finding in FOUND_TRUE and not facts.orders else None


def rectification_signed(facts: Facts, actor: Actor) -> str | None:
    """Keep a complaint open as long as an order given on it was not countersigned by all it goes round to."""
    return "rectification_unsigned" if facts.unsigned else None


def checks_own_specialty(facts: Facts, actor: Actor) -> str | None:
    """Let a specialty department check only cases of its specialty; a restricted one has no specialty."""
    return None if facts.restricted else own_specialty(facts, actor)


def checks_in_own_specialty(facts: Facts, actor: Actor) -> str | None:
    """Say the same of a check, where a restricted case has no specialty."""
    return None if facts.restricted else in_own_specialty(facts, actor)


def named_unit(facts: Facts, actor: Actor) -> str | None:
    """Let only the warning of a unit that was named be replied to."""
    return None if facts.business_type == warning.NAMED else "unit_not_named"


def unit_not_named(facts: Facts, actor: Actor) -> str | None:
    """Keep the warning of a unit that was named with that unit."""
    return "unit_was_named" if facts.business_type == warning.NAMED else None


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


def specialty_analysed(facts: Facts, actor: Actor) -> str | None:
    return "specialty_analysis_open" if facts.unanalysed else None


def items_judged(facts: Facts, actor: Actor) -> str | None:
    return "items_unjudged" if facts.unjudged else None


def items_judged_here(facts: Facts, actor: Actor) -> str | None:
    """Let the form judge the one item that is still open."""
    by_form = len(facts.unjudged) == 1 and (not facts.handed_in or bool(facts.form.get("finding")))
    return None if by_form else items_judged(facts, actor)


def doubts_answered(facts: Facts, actor: Actor) -> str | None:
    """Pass over what is doubtful in a reply only with a word on it."""
    said = not facts.handed_in or facts.form.get("note")
    return "doubts_unanswered" if facts.doubts and not said else None


def still_owed(facts: Facts, actor: Actor) -> str | None:
    """Let the papers of a case that has left its handler be made good, never changed."""
    if facts.state is State.HANDLING or facts.missing:
        return None
    return "nothing_missing"


def not_passed(facts: Facts, actor: Actor) -> str | None:
    """Let items be judged in the review; after it only those that have no finding."""
    return None if facts.state is State.REVIEWING or facts.unjudged else "nothing_missing"


def contacted_or_anonymous(facts: Facts, actor: Actor) -> str | None:
    return None if facts.secrecy == "anonymous" else customer_contacted(facts, actor)


def answered_or_anonymous(facts: Facts, actor: Actor) -> str | None:
    """Ask for a callback where there is somebody to call."""
    return None if facts.secrecy == "anonymous" else customer_answered(facts, actor)


def relay_waiting(facts: Facts, actor: Actor) -> str | None:
    return None if facts.relays else "no_relay_waiting"


def promise_open(facts: Facts, actor: Actor) -> str | None:
    return None if facts.promises else "no_promise_open"


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
        in_own_specialty,
        not_returned_before,
        running,
        paused,
        customer_answered,
        customer_unhappy,
        handled_again,
        responsibility_analysed,
        secrecy.card_allowed,
        card_not_issued,
        card_awaited,
        answered_in_call,
        taken_back,
        secrecy.not_restricted_peer,
        found_true,
        objected,
        objection_open,
        rectification_ordered,
        rectification_signed,
        checks_own_specialty,
        checks_in_own_specialty,
        awaited,
        may_delegate,
        has_signed,
        sheets_complete,
        specialty_analysed,
        items_judged,
        items_judged_here,
        doubts_answered,
        still_owed,
        not_passed,
        secrecy.restricted_hands,
        secrecy.hands_once_sent,
        secrecy.not_to_accused,
        secrecy.unrestricted_yet,
        secrecy.may_be_lifted,
        secrecy.kept_apart,
        secrecy.caller_reachable,
        secrecy.unit_contacts,
        contacted_or_anonymous,
        answered_or_anonymous,
        relay_waiting,
        support_unrated,
        promise_open,
        *(liable.shares_whole, liable.not_reviewed, liable.shares_reviewed, liable.share_objected),
        *(liable.objections_answered, liable.of_named_unit, liable.of_no_named_unit),
        liable.is_concerned,
        *(named_unit, unit_not_named),
        *appeal.GUARDS,
        *protection.GUARDS,
    )
}
