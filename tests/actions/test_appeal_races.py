"""An appeal is decided while somebody writes into the ledger: one order of the two, and nothing is lost."""

from datetime import timedelta

import pytest

from suyuan.actions import ledger
from suyuan.actions.perform import perform
from suyuan.domain.errors import Refused
from suyuan.store import chain, rules
from suyuan.store.models import Case, Event, LedgerEntry
from suyuan.store.queries import viewer
from tests.actions.test_races import at_once
from tests.appeal_cases import appeal_at
from tests.factories import NOW, actor, case_at, do, person, unit
from tests.rulebook_entries import landed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_base")]
LATER = NOW + timedelta(days=1)
AFTER = NOW + timedelta(days=31)
"""When the month of the complaint is over."""


def test_a_decision_and_a_signature_come_one_after_the_other_and_neither_is_lost():
    """Signed first, the entry is named by the decision; decided first, the signature is refused."""
    parent = case_at("archived")
    Case.objects.filter(pk=parent.pk).update(finding="verified", finding_assessed="verified")
    case = appeal_at("deciding", parent=parent)
    entry = LedgerEntry.objects.create(
        kind="penalty",
        amount=1,
        counted="points",
        unit=parent.unit,
        ground="verified_finding",
        case=parent,
        basis="",
        certainty="confirmed",
        mark="a",
        state="proposed",
        proposed_by="office",
        proposed_at=NOW,
    )
    audit, leader = actor("audit"), viewer.of(person("leader", "", "second leader"))

    ends = at_once(
        lambda: perform(
            number=case.number, verb="uphold_appeal", actor=audit, now=LATER, form={"note": "证据充分"}
        ),
        lambda: ledger.sign_entry(viewer=leader, entry=entry.pk, form={}, now=LATER),
    )

    entry.refresh_from_db()
    parent.refresh_from_db()
    named = Event.objects.get(verb="uphold_appeal").detail.get("entries", [])
    codes = [end.code for end in ends if isinstance(end, Refused)]
    assert (parent.finding, parent.finding_assessed) == ("verified", "excluded")
    assert (entry.state, named, codes) in [
        ("signed", [entry.pk], []),
        ("proposed", [], ["ground_not_true"]),
    ]
    chain.verify()
    assert chain.verify_cases() == 2


def test_a_reward_for_no_complaints_is_worked_out_before_a_decision_or_after_it():
    """Before it the one complaint stands in the way; after it the reward can be proposed."""
    rules.forget()
    case = appeal_at("deciding")
    landed("confirm", {"figure": "ledger.zero_complaints", "basis": "本单位考核办法 2026-1"})
    audit, office = actor("audit"), viewer.of(person("office"))
    form = {"ledger_ground": "zero_complaints", "ledger_period": "2026-03", "unit": "0101"}

    decided, proposed = at_once(
        lambda: perform(
            number=case.number, verb="uphold_appeal", actor=audit, now=AFTER, form={"note": "证据充分"}
        ),
        lambda: ledger.propose_entry(viewer=office, form=form, now=AFTER),
    )

    if isinstance(proposed, Refused):
        assert (proposed.code, LedgerEntry.objects.count()) == ("ground_not_true", 0)
        proposed = ledger.propose_entry(viewer=office, form=form, now=AFTER)
    else:
        assert isinstance(proposed, int)
        order = list(Event.objects.filter(verb__in=("assessed", "propose_entry")).order_by("pk"))
        assert [event.verb for event in order] == ["assessed", "propose_entry"]
    assert (decided.state, LedgerEntry.objects.get().pk) == ("archived", proposed)
    rules.forget()
    chain.verify()


def test_a_reward_for_no_complaints_is_signed_after_a_decision_or_not_at_all():
    """The complaint came in after the proposal: before the appeal is upheld, the signature names it."""
    rules.forget()
    landed("confirm", {"figure": "ledger.zero_complaints", "basis": "本单位考核办法 2026-1"})
    unit()
    form = {"ledger_ground": "zero_complaints", "ledger_period": "2026-03", "unit": "0101"}
    entry = ledger.propose_entry(viewer=viewer.of(person("office")), form=form, now=AFTER)
    case = appeal_at("deciding")
    audit, leader = actor("audit"), viewer.of(person("leader", "", "second leader"))

    decided, signed = at_once(
        lambda: perform(
            number=case.number, verb="uphold_appeal", actor=audit, now=AFTER, form={"note": "证据充分"}
        ),
        lambda: ledger.sign_entry(viewer=leader, entry=entry, form={}, now=AFTER),
    )

    state = LedgerEntry.objects.get().state
    if isinstance(signed, Refused):
        assert (signed.code, signed.facts["numbers"], state) == (
            "complaints_since",
            [case.parent_number],
            "proposed",
        )
        ledger.sign_entry(viewer=leader, entry=entry, form={}, now=AFTER)
    else:
        order = list(Event.objects.filter(verb__in=("assessed", "sign_entry")).order_by("pk"))
        assert (signed, [event.verb for event in order]) == (None, ["assessed", "sign_entry"])
    assert (decided.state, LedgerEntry.objects.get().state) == ("archived", "signed")
    rules.forget()
    chain.verify()


def test_a_complaint_taken_out_of_its_merger_counts_before_a_signature_or_comes_after_it():
    """Of a reward signed and a merger undone at once either comes first; a second one knows of the first."""
    rules.forget()
    landed("confirm", {"figure": "ledger.zero_complaints", "basis": "本单位考核办法 2026-1"})
    kept, case = case_at("handling"), case_at("handling")
    Case.objects.filter(pk=kept.pk).update(business_type="opinion")
    do(case, "merge", "office", NOW, into=kept.number, note="同一件事")
    form = {"ledger_ground": "zero_complaints", "ledger_period": "2026-03", "unit": "0101"}
    entry = ledger.propose_entry(viewer=viewer.of(person("office")), form=form, now=AFTER)
    office, leader = actor("office"), viewer.of(person("leader"))

    back, signed = at_once(
        lambda: perform(number=case.number, verb="unmerge", actor=office, now=AFTER, form={"note": "两件事"}),
        lambda: ledger.sign_entry(viewer=leader, entry=entry, form={}, now=AFTER),
    )

    assert back.state == "handling"
    state = LedgerEntry.objects.get().state
    if isinstance(signed, Refused):
        assert (signed.code, signed.facts["numbers"], state) == (
            "complaints_since",
            [case.number],
            "proposed",
        )
    else:
        assert (signed, state) == (None, "signed")
    rules.forget()
    chain.verify()
