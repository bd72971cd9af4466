"""The guards, one by one: what each wants to be true, and the reason it gives when it is not."""

from dataclasses import replace

import pytest

from suyuan.domain import appeal, guards, liable, procedures, protection, secrecy
from suyuan.domain.procedure import Actor, Facts
from suyuan.domain.sheet import Act, Circulation, Mark, Node, Place
from suyuan.domain.vocabulary import Role, State

CASE = Facts(
    procedure="complaint",
    state=State.HANDLING,
    unit_path="/01/0101/",
    returns_allowed=1,
    attempts_needed=3,
)
NOBODY = Actor("zhang", frozenset())


def holding(*roles: Role) -> Actor:
    return Actor("zhang", frozenset((role, "/01/") for role in roles))


def row(guard, reason, actor=NOBODY, /, **facts):
    """Return one parametrised row, named by what it says."""
    shown = {name: sorted(v) if isinstance(v, frozenset) else v for name, v in facts.items()}
    if sheet := shown.pop("circulation", None):
        shown["sheet"] = len(sheet.marks) and sheet.marks[-1].act.value
    said = ", ".join(f"{name} {value}" for name, value in shown.items()) or "nothing more"
    who = "+".join(sorted(role for role, _ in actor.grants)) or "nobody"
    facts |= {"handed_in": True} if "form" in facts else {}
    return pytest.param(guard, facts, actor, reason, id=f"{guard.__name__}: {said}, {who}")


MARKETING, OPERATIONS, OFFICE = (holding(r) for r in (Role.MARKETING, Role.OPERATIONS, Role.OFFICE))
AT_HOME = Actor("zhang", frozenset(), home=frozenset({"/01/0101/"}))
AT = Place("office", "office")
DESK = Circulation((Node("office", (AT, Place("station", "station")), "all", "back_to_draft"),), "d")
SIGNED = replace(DESK, marks=(Mark("office", "office", Act.SIGNED, "zhang", digest="d"),))
LENT = replace(DESK, marks=(Mark("office", "office", Act.DELEGATED, "li", to="zhang"),))
ROWS = [
    row(guards.found_true, "nothing_verified"),
    row(guards.found_true, "nothing_verified", finding="unverified"),
    row(guards.found_true, None, finding="partial"),
    row(guards.objected, "not_objected"),
    row(guards.objected, None, objection="answered"),
    row(guards.objection_open, "objection_answered", objection="answered"),
    row(guards.objection_open, None, objection="open"),
    row(guards.relay_waiting, "no_relay_waiting"),
    row(guards.relay_waiting, None, relays=1),
    row(guards.specialty_analysed, "specialty_analysis_open", unanalysed=True),
    row(guards.specialty_analysed, None),
    row(guards.promise_open, "no_promise_open"),
    row(guards.promise_open, None, promises=1),
    row(guards.support_unrated, "no_support_unrated"),
    row(guards.support_unrated, None, unrated=1),
    row(liable.is_concerned, "not_concerned", entrusted="li"),
    row(liable.is_concerned, None, entrusted="zhang"),
    row(liable.shares_whole, "shares_not_whole"),
    row(liable.shares_whole, None, shares_whole=True),
    row(liable.not_reviewed, "shares_reviewed_already", moments=frozenset({"reviewed_at"})),
    row(liable.not_reviewed, None),
    row(liable.shares_reviewed, "shares_unreviewed"),
    row(liable.shares_reviewed, None, moments=frozenset({"reviewed_at"})),
    row(liable.share_objected, "no_objection_waiting"),
    row(liable.share_objected, None, objections=("2",)),
    row(liable.objections_answered, "objections_unanswered", objections=("2",)),
    row(liable.objections_answered, None),
    row(liable.of_named_unit, "no_share_of_yours", OFFICE, named=frozenset({"/01/0101/"})),
    row(liable.of_named_unit, None, OFFICE, named=frozenset({"/01/"})),
    row(liable.of_no_named_unit, "of_named_unit", AT_HOME, named=frozenset({"/01/0101/"})),
    row(liable.of_no_named_unit, None, AT_HOME, named=frozenset({"/01/0102/"})),
    row(guards.rectification_ordered, None, finding="unverified"),
    row(guards.rectification_ordered, "no_rectification", finding="verified"),
    row(guards.rectification_ordered, None, finding="verified", orders=1),
    row(guards.rectification_signed, None, finding="verified", orders=1),
    row(guards.rectification_signed, "rectification_unsigned", orders=2, unsigned=("SY2",)),
    row(guards.checks_in_own_specialty, "not_your_specialty", MARKETING, specialty="construction"),
    row(guards.checks_in_own_specialty, None, MARKETING, specialty="marketing"),
    row(guards.checks_in_own_specialty, None, holding(Role.LEADER), specialty="marketing", restricted=True),
    row(guards.checks_own_specialty, "not_your_specialty", MARKETING, specialty="operations"),
    row(guards.checks_own_specialty, None, holding(Role.AUDIT), specialty="operations", restricted=True),
    row(guards.awaited, "not_circulated", OFFICE),
    row(guards.awaited, None, OFFICE, circulation=DESK),
    row(guards.awaited, None, circulation=LENT),
    row(guards.awaited, "not_awaited", MARKETING, circulation=DESK),
    row(guards.awaited, "signed_already", OFFICE, circulation=SIGNED),
    row(guards.may_delegate, None, OFFICE, circulation=DESK),
    row(guards.may_delegate, "delegates_no_further", circulation=LENT),
    row(guards.has_signed, None, OFFICE, circulation=SIGNED),
    row(guards.has_signed, "nothing_signed", OFFICE, circulation=DESK),
    row(guards.registered_type, "no_business_type"),
    row(guards.registered_type, None, business_type="complaint"),
    row(guards.customer_contacted, "customer_not_contacted"),
    row(guards.customer_contacted, "customer_not_contacted", moments=frozenset({"taken_at"})),
    row(guards.customer_contacted, None, moments=frozenset({"contacted_at"})),
    row(guards.arrived, "not_arrived", moments=frozenset({"contacted_at"})),
    row(guards.arrived, None, moments=frozenset({"arrived_at"})),
    row(guards.finding_given, "no_finding"),
    row(guards.finding_given, None, finding="unverified"),
    row(guards.finding_given, None, form={"finding": "partial"}),
    row(guards.second_person, None),
    row(guards.second_person, None, handlers=frozenset({"li"})),
    row(guards.second_person, "own_work", handlers=frozenset({"li", "zhang"})),
    row(guards.own_specialty, None, MARKETING, specialty="marketing"),
    row(guards.own_specialty, "not_your_specialty", MARKETING, specialty="operations"),
    row(guards.own_specialty, "not_your_specialty", OPERATIONS, specialty="marketing"),
    row(guards.own_specialty, None, OPERATIONS, specialty="operations"),
    row(guards.own_specialty, None, OFFICE, specialty="operations"),
    row(guards.own_specialty, None, MARKETING, specialty="construction"),
    row(guards.in_own_specialty, None, MARKETING, specialty="marketing"),
    row(guards.in_own_specialty, None, OPERATIONS, specialty="operations"),
    row(guards.in_own_specialty, "not_your_specialty", MARKETING, specialty="operations"),
    row(guards.in_own_specialty, "not_your_specialty", OPERATIONS, specialty="construction"),
    row(guards.in_own_specialty, "not_your_specialty", MARKETING, specialty=""),
    row(guards.in_own_specialty, None, OFFICE, specialty="construction"),
    row(guards.in_own_specialty, None, OFFICE, specialty="marketing"),
    row(guards.in_own_specialty, None, OFFICE, specialty=""),
    row(
        guards.own_specialty,
        "not_your_specialty",
        Actor("z", frozenset({(Role.MARKETING, "/02/")})),
        specialty="marketing",
    ),
    row(guards.not_returned_before, None, returns=0),
    row(guards.not_returned_before, "returned_before", returns=1),
    row(guards.named_unit, None, business_type="named_warning"),
    row(guards.named_unit, "unit_not_named", business_type="warning"),
    row(guards.unit_not_named, None, business_type="warning"),
    row(guards.unit_not_named, "unit_was_named", business_type="named_warning"),
    row(guards.running, None, paused=False),
    row(guards.running, "already_paused", paused=True),
    row(guards.paused, "not_paused", paused=False),
    row(guards.paused, None, paused=True),
    row(guards.customer_answered, "customer_not_called_back"),
    row(guards.customer_answered, "customer_not_called_back", unreached=2),
    row(guards.customer_answered, None, unreached=3),
    row(guards.customer_answered, None, moments=frozenset({"called_back_at"}), satisfaction="satisfied"),
    row(guards.customer_answered, None, moments=frozenset({"called_back_at"}), satisfaction="not_rated"),
    row(
        guards.customer_answered,
        "customer_dissatisfied",
        moments=frozenset({"called_back_at"}),
        satisfaction="dissatisfied",
    ),
    row(guards.customer_unhappy, "customer_not_dissatisfied", satisfaction=""),
    row(guards.customer_unhappy, "customer_not_dissatisfied", satisfaction="satisfied"),
    row(guards.customer_unhappy, None, satisfaction="dissatisfied"),
    row(guards.handled_again, None, episode=2),
    row(guards.handled_again, "handled_once", episode=1),
    row(guards.responsibility_analysed, None, episode=1),
    row(guards.responsibility_analysed, None, episode=2, responsibility="staff"),
    row(guards.responsibility_analysed, "responsibility_open", episode=2),
    row(secrecy.card_allowed, None),
    row(secrecy.card_allowed, "card_not_for_secret", restricted=True),
    row(secrecy.card_allowed, "card_not_for_secret", secrecy="anonymous"),
    row(guards.card_not_issued, None),
    row(guards.card_not_issued, "card_issued", card="issued"),
    row(guards.card_awaited, None, card="issued"),
    row(guards.card_awaited, None, earlier_card=True),
    row(guards.card_awaited, "card_not_awaited"),
    row(guards.card_awaited, "card_not_awaited", card="satisfied"),
    row(guards.answered_in_call, None, business_type="consult"),
    row(guards.answered_in_call, None, business_type="query"),
    row(guards.answered_in_call, None, business_type="praise"),
    row(guards.answered_in_call, "not_for_the_call", business_type="opinion"),
    row(guards.answered_in_call, "not_for_the_call", business_type="complaint"),
    row(guards.taken_back, None, undoing=True),
    row(guards.taken_back, "only_as_undo"),
    row(secrecy.not_restricted_peer, None, restricted=False),
    row(secrecy.not_restricted_peer, "restricted", OFFICE, restricted=True),
    row(secrecy.not_restricted_peer, None, holding(Role.AUDIT), restricted=True),
    row(guards.sheets_complete, None, sheets=frozenset({"write_report"})),
    row(guards.sheets_complete, "sheets_missing", missing=("write_report",)),
    row(guards.items_judged, None),
    row(guards.items_judged, "items_unjudged", unjudged=("2",)),
    row(guards.items_judged_here, None),
    row(guards.items_judged_here, None, unjudged=("1",)),
    row(guards.items_judged_here, None, unjudged=("1",), form={"finding": "verified"}),
    row(guards.items_judged_here, "items_unjudged", unjudged=("1",), form={"note": "同意"}),
    row(guards.items_judged_here, "items_unjudged", unjudged=("1", "2"), form={"finding": "verified"}),
    row(guards.items_judged_here, "items_unjudged", unjudged=("1",), form={}),
    row(guards.doubts_answered, None, doubts=("no_facts",)),
    row(guards.doubts_answered, None, form={"evidence": "照片"}),
    row(guards.doubts_answered, None, doubts=("no_facts",), form={"note": "已核"}),
    row(guards.doubts_answered, "doubts_unanswered", doubts=("no_facts",), form={"evidence": "照片"}),
    row(guards.doubts_answered, "doubts_unanswered", doubts=("no_facts",), form={}),
    row(guards.still_owed, None),
    row(guards.still_owed, None, state=State.CALLBACK, missing=("write_report",)),
    row(guards.still_owed, "nothing_missing", state=State.REVIEWING),
    row(guards.not_passed, None, state=State.REVIEWING),
    row(guards.not_passed, None, state=State.CALLBACK, unjudged=("1",)),
    row(guards.not_passed, "nothing_missing", state=State.CALLBACK),
    row(secrecy.restricted_hands, None),
    row(secrecy.restricted_hands, "restricted", OFFICE, restricted=True),
    row(secrecy.restricted_hands, None, holding(Role.LEADER), restricted=True),
    row(secrecy.restricted_hands, None, restricted=True, entrusted="zhang"),
    row(secrecy.hands_once_sent, None, OFFICE, restricted=True, state=State.REGISTERED),
    row(secrecy.hands_once_sent, "restricted", OFFICE, restricted=True, state=State.DISPATCHED),
    row(secrecy.hands_once_sent, None, OFFICE, state=State.DISPATCHED),
    row(secrecy.not_to_accused, None, to_path="/01/0102/"),
    row(secrecy.not_to_accused, None, to_path="/01/0102/", accused_path="/01/0101/"),
    row(secrecy.not_to_accused, "to_accused_unit", to_path="/01/0101/", accused_path="/01/0101/"),
    row(secrecy.not_to_accused, "to_accused_unit", to_path="/01/0101/crew/", accused_path="/01/0101/"),
    row(secrecy.unrestricted_yet, None),
    row(secrecy.unrestricted_yet, "restricted_already", restricted=True),
    row(secrecy.kept_apart, None, restricted=True),
    row(secrecy.kept_apart, None, secrecy="confidential"),
    row(secrecy.kept_apart, "not_restricted"),
    row(secrecy.caller_reachable, None),
    row(secrecy.caller_reachable, "anonymous_uncalled", holding(Role.AUDIT), secrecy="anonymous"),
    row(secrecy.caller_reachable, "confidential_uncalled", OFFICE, secrecy="confidential"),
    row(secrecy.caller_reachable, None, holding(Role.AUDIT), secrecy="confidential"),
    row(secrecy.caller_reachable, None, secrecy="confidential", entrusted="zhang"),
    row(secrecy.caller_reachable, None, OFFICE, secrecy="confidential", owner="zhang"),
    row(
        secrecy.caller_reachable,
        "confidential_uncalled",
        holding(Role.STATION),
        secrecy="confidential",
        owner="zhang",
    ),
    row(secrecy.caller_reachable, "confidential_uncalled", OFFICE, secrecy="confidential", owner="li"),
    row(
        secrecy.caller_reachable,
        "confidential_uncalled",
        OFFICE,
        secrecy="confidential",
        owner="zhang",
        restricted=True,
    ),
    row(secrecy.unit_contacts, "not_your_role", holding(Role.AGENT)),
    row(secrecy.unit_contacts, None, holding(Role.STATION)),
    row(secrecy.unit_contacts, None, holding(Role.AGENT), secrecy="confidential"),
    row(guards.contacted_or_anonymous, None, secrecy="anonymous"),
    row(guards.contacted_or_anonymous, "customer_not_contacted"),
    row(guards.answered_or_anonymous, "customer_not_called_back"),
    row(guards.answered_or_anonymous, None, secrecy="anonymous"),
    row(secrecy.may_be_lifted, None, restricted=True),
    row(secrecy.may_be_lifted, "restricted_by_kind", restricted=True, restricting=True),
    row(secrecy.may_be_lifted, "not_restricted"),
    row(appeal.seal_awaited, "no_seal_awaited", holding(Role.STATION)),
    row(appeal.seal_awaited, None, holding(Role.STATION), seal_level="station"),
    row(appeal.seal_awaited, "not_your_seal", holding(Role.STATION), seal_level="department"),
    row(appeal.seal_awaited, None, OFFICE, seal_level="department"),
    row(appeal.seal_awaited, "not_your_seal", OFFICE, seal_level="company"),
    row(
        appeal.seal_awaited,
        "sealed_another_level",
        OFFICE,
        seal_level="department",
        sealed_by=frozenset({"zhang"}),
    ),
    row(appeal.took_no_part, None, OFFICE, apart=frozenset({"li"})),
    row(appeal.took_no_part, "took_part", OFFICE, apart=frozenset({"zhang"})),
    row(appeal.took_no_part, "of_appealing_unit", replace(OFFICE, home=frozenset({"/01/0101/crew/"}))),
    row(appeal.took_no_part, None, replace(OFFICE, home=frozenset({"/01/"}))),
    row(appeal.not_kept_apart, None),
    row(appeal.not_kept_apart, "restricted", holding(Role.AUDIT), restricted=True),
    row(protection.protected_hands, None, holding(Role.LEAD), restricted=True),
    row(protection.protected_hands, None, holding(Role.PARTY), restricted=True),
    row(protection.protected_hands, None, holding(Role.AGENT), restricted=True, entrusted="zhang"),
    row(protection.protected_hands, "restricted", holding(Role.LEADER), restricted=True),
    row(protection.protected_hands, "restricted", OFFICE, restricted=True, entrusted="li"),
]


@pytest.mark.parametrize(("guard", "facts", "actor", "reason"), ROWS)
def test_a_guard_gives_its_reason_or_lets_the_step_through(guard, facts, actor, reason):
    assert guard(replace(CASE, **facts), actor) == reason


def test_every_guard_has_a_row_that_passes_and_one_that_refuses():
    shown = {(param.values[0].__name__, param.values[3] is None) for param in ROWS}

    assert shown == {(name, passes) for name in guards.GUARDS for passes in (True, False)}


def test_every_guard_of_every_table_is_registered_under_its_own_name():
    used = {
        guard
        for procedure in procedures.CURRENT.values()
        for step in procedure.steps
        for guard in step.guards
    }

    assert {guards.GUARDS.get(guard.__name__) for guard in used} == used
