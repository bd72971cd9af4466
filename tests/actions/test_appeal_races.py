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
from tests.factories import NOW, actor, case_at, person
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
