"""An appeal is decided while somebody writes into the ledger: one order of the two, and nothing is lost."""

from datetime import timedelta

import pytest

from suyuan.actions import ledger
from suyuan.actions.perform import perform
from suyuan.domain.errors import Refused
from suyuan.store import chain
from suyuan.store.models import Case, Event, LedgerEntry
from suyuan.store.queries import viewer
from tests.actions.test_races import at_once
from tests.appeal_cases import appeal_at
from tests.factories import NOW, actor, case_at, person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_base")]
LATER = NOW + timedelta(days=1)


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
