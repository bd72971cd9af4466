"""A reward for no complaints is looked at again when it is signed: what came in since is named."""

from datetime import timedelta

import pytest

from suyuan.actions import ledger
from suyuan.domain.errors import Refused
from suyuan.store import rules
from suyuan.store.models import Case, Event, LedgerEntry
from suyuan.store.queries import viewer
from tests.actions.test_ledger import desk, sure, why
from tests.appeal_cases import appeal_at
from tests.factories import NOW, case_at, do, person, unit

pytestmark = pytest.mark.django_db
APRIL = NOW + timedelta(days=30)
FORM = {"ledger_ground": "zero_complaints", "ledger_period": "2026-03", "unit": "0101"}


@pytest.fixture(autouse=True)
def nothing_left():
    """Leave this process knowing of no approved entry."""
    rules.forget()
    yield
    rules.forget()


def proposed() -> int:
    """Return a reward of the eastern station for a March without complaints."""
    unit(), sure("zero_complaints")
    return ledger.propose_entry(viewer=desk(), form=FORM, now=APRIL)


def sign(entry: int, by=None) -> None:
    ledger.sign_entry(viewer=by or desk("leader"), entry=entry, form={}, now=APRIL)


def refused(entry: int, by=None) -> Refused:
    with pytest.raises(Refused) as no:
        sign(entry, by)
    assert LedgerEntry.objects.get(pk=entry).state == "proposed"
    return no.value


def test_a_complaint_that_came_in_since_is_named_and_nothing_is_signed():
    entry, case = proposed(), case_at("handling")

    no = refused(entry)

    assert (no.code, no.facts) == (
        "complaints_since",
        {"unit": "0101", "complaints": 1, "numbers": [case.number]},
    )
    ledger.refuse_entry(viewer=desk("leader"), entry=entry, form={"ledger_words": "又有投诉"}, now=APRIL)
    assert why(ledger.propose_entry, viewer=desk(), form=FORM, now=APRIL) == "ground_not_true"


def test_a_complaint_the_signer_may_not_see_counts_and_has_no_number():
    entry, case = proposed(), case_at("handling")
    Case.objects.filter(pk=case.pk).update(restricted=True)
    blind = viewer.of(person("office", "", "second office"))

    assert refused(entry, blind).facts == {"unit": "0101", "complaints": 1, "numbers": []}
    assert refused(entry, desk("leader")).facts["numbers"] == [case.number]


def test_what_an_appeal_takes_out_meanwhile_stands_in_no_signatures_way():
    entry = proposed()
    appeal = appeal_at("deciding")
    assert refused(entry).code == "complaints_since"

    do(appeal, "uphold_appeal", "audit", APRIL, note="证据充分")
    sign(entry)

    assert LedgerEntry.objects.get(pk=entry).state == "signed"


def test_a_complaint_made_something_else_meanwhile_is_a_doubt_that_the_signature_waits_for():
    case = case_at("handling")
    Case.objects.filter(pk=case.pk).update(business_type="opinion")
    entry = proposed()
    kept = Event.objects.get(verb="propose_entry").detail["silence"]
    Case.objects.filter(pk=case.pk).update(satisfaction="dissatisfied")

    no = refused(entry)

    assert (kept, no.code, no.facts) == ({}, "doubts_since", {"unit": "0101", "signs": ["dissatisfied"]})
    ledger.refuse_entry(viewer=desk(), entry=entry, form={"ledger_words": "再核"}, now=APRIL)
    again = ledger.propose_entry(viewer=desk(), form=FORM, now=APRIL)
    sign(again)
    assert Event.objects.filter(verb="propose_entry").latest("pk").detail["silence"] == {"dissatisfied": 1}


def test_what_was_proposed_before_the_signs_were_kept_is_signed_by_the_complaints_alone():
    case = case_at("handling")
    Case.objects.filter(pk=case.pk).update(business_type="opinion", satisfaction="dissatisfied")
    entry = LedgerEntry.objects.create(
        kind="reward", amount=1, counted="points", unit=unit("0101"), ground="zero_complaints",
        period="2026-03", mark="z", state="proposed", proposed_by="office", proposed_at=APRIL,
    )  # fmt: skip

    sign(entry.pk)

    assert LedgerEntry.objects.get(pk=entry.pk).state == "signed"
