"""Who answers for a case, 1+1+1: the office leads, a specialty owns, a unit does; one face outside."""

from enum import StrEnum

from .procedure import BEFORE, SAME, Actor, Facts, Procedure, Step, refusal, verbs
from .protection import PROCEDURE as PROTECTION
from .rulebook.records import OPENED_BY_A_VERB
from .sheet import BY_THE_SHEET
from .vocabulary import Role


class Part(StrEnum):
    """One of those who answer for a case."""

    LEAD = "lead"
    """The service office that leads 牵头."""
    SPECIALTY = "specialty"
    """The department whose specialty the matter is 专业协同."""
    UNIT = "unit"
    """The base unit that puts it right 主体责任."""
    OWNER = "owner"
    """Whoever took the contact first 首问负责: the customer's one face as long as the case lives."""


BESIDE = frozenset(
    {"return", "transfer", "reopen", "classify", "reclassify", "note", "urge", "supervise", "pause"}
    | {"resume", "merge", "unmerge", "void", "recall", "hand_over_owner"}
    | {"withdraw", "delegate", "pull_back", "revise", "accuse", "restrict", "lift_restriction", "entrust"}
    | {"add_item", "drop_item", "issue_card", "take_card", "relay", "relay_answer"}
    | {"promise", "keep_promise", "move_promise"}
    | {"ask_support", "rate_support", "decline_support", "register_improvement"}
    | {"open_liability", "propose_shares", "set_share", "drop_share", "return_shares", "object_share"}
    | {"answer_share", "begin_round", "open_accountability", "propose_veto", "appeal_veto"}
    | {"return_penalty", "appeal_penalty"}
    | {"return_supervision"}
    | {"file_appeal", "revise_appeal", "return_appeal", "withdraw_appeal", "close_appeal"}
    | {"ask_claim_review", "lift_claim", "log_incident"}
    | {"answer_finally", "ask_review", "drop_answer", "end_answer"}
    | {"turn_down", "end_filing", "find_false"}
    | {"ask_review", "end_answer"}
    | {"add_measure", "return_evaluation", "evaluate_again"}
    | {"copy_notice", "return_disconnection", "withdraw_disconnection", "reconnect_at_once"}
    | {"transfer_warning", "propose_dismissal", "return_closing", "reopen_warning"}
)
"""Verbs beside the flow: nobody owes them."""

WHERE_ASKED = frozenset({"visit_site"})
"""Verbs of a milestone that a case passes only where the rulebook asks for it."""

NOT_WAITED_FOR = frozenset(
    {"void", "merge", "reclassify", "transfer", "reopen", "recall", *BY_THE_SHEET}
    | {"return_appeal", "withdraw_appeal", "close_appeal", "end_filing", "find_false"}
    | {"withdraw_disconnection", "record_payment", "reconnect_at_once"}
)
"""Verbs that move a case and yet put it in nobody's queue."""

OF_THE_HOUSE = frozenset(OPENED_BY_A_VERB)
"""Procedures of what the house owes itself: no customer is asked, so nobody is a customer's face."""

RESTRICTED = {Part.LEAD: {Role.AUDIT}, Part.SPECIALTY: {Role.AUDIT, Role.LEADER}, Part.UNIT: {Role.AUDIT}}
"""Who stands in for the parts of a case that the accused unit must not see."""


def roles_of(part: Part, specialty: str, *, restricted: bool = False) -> frozenset[Role]:
    """Return the roles that act for a part of a case of a specialty."""
    if part is Part.OWNER:
        return frozenset({Role.AGENT})
    if restricted:
        return frozenset(RESTRICTED[part])
    if part is Part.LEAD:
        return frozenset({Role.OFFICE, Role.LEAD})
    if part is Part.UNIT:
        return frozenset({Role.STATION})
    return (
        frozenset({Role(specialty)}) if specialty in ("marketing", "operations") else frozenset({Role.OFFICE})
    )


def of_procedure(name: str) -> tuple[Part, ...]:
    """Return the parts a case of a procedure has; nobody answers for what is about a colleague."""
    if name == PROTECTION:
        return ()
    return tuple(part for part in Part if part is not Part.OWNER or name not in OF_THE_HOUSE)


def owes(procedure: Procedure, facts: Facts, part: Part) -> list[str]:
    """Return the verbs of the flow that are open now to whoever acts for a part, by the one table."""
    roles = roles_of(part, facts.specialty, restricted=facts.restricted)
    anybody = Actor("", frozenset((role, facts.unit_path) for role in roles))
    shut = dict(verbs(procedure, facts, anybody))
    return [verb for verb in shut if shut[verb] is None and _is_owed(procedure, facts, verb)]


def _is_owed(procedure: Procedure, facts: Facts, verb: str) -> bool:
    """Return whether a verb leads the case on: to another state, past a milestone, or to what is missing."""
    step = procedure.step(verb, facts.state)
    assert step is not None
    on = step.target not in (SAME, BEFORE) or bool(step.marks)
    asked = verb in facts.missing or (verb == "judge_item" and bool(facts.unjudged))
    return asked or (on and verb not in BESIDE | WHERE_ASKED)


def stages(procedure: Procedure) -> tuple[str, ...]:
    """Return the verbs by which cases of a procedure get on, in the order of its table."""
    on = (step.verb for step in procedure.steps if step.target not in (SAME, BEFORE) or step.marks)
    return tuple(verb for verb in dict.fromkeys(on) if verb not in BESIDE)


def next_stage(procedure: Procedure, facts: Facts) -> str:
    """Return the verb a case waits for: of those of its state not passed yet the first that is open."""
    ahead = [verb for verb in stages(procedure) if _is_ahead(procedure, facts, verb)]
    return next((verb for verb in ahead if _is_open(procedure, facts, verb)), ahead[0] if ahead else "")


def _is_ahead(procedure: Procedure, facts: Facts, verb: str) -> bool:
    step = procedure.step(verb, facts.state)
    asked = verb not in WHERE_ASKED or verb in facts.missing
    return step is not None and asked and not (step.marks and facts.moments.issuperset(step.marks))


def _is_open(procedure: Procedure, facts: Facts, verb: str) -> bool:
    """Return whether a verb is open to somebody who has every role that may do it."""
    step = procedure.step(verb, facts.state)
    assert step is not None
    roles = step.who(restricted=facts.restricted)
    return (
        refusal(procedure, facts, verb, Actor("", frozenset((one, facts.unit_path) for one in roles))) is None
    )


def waits_for(step: Step, role: Role, *, restricted: bool) -> bool:
    """Return whether a case stands in the queue of ``role`` for this step."""
    on = step.target not in (SAME, BEFORE) and step.verb not in NOT_WAITED_FOR
    return on and role in step.who(restricted=restricted)
