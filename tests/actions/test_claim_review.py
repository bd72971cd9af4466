"""Whether a claim is malicious: two people, each alone, for a time; and the case goes on as it would."""

from datetime import UTC, datetime, timedelta

import pytest

from suyuan.domain.appeal import Claim
from suyuan.domain.errors import Refused
from suyuan.store import chain
from suyuan.store.models import Case, ClaimReview, Event
from suyuan.store.queries import appeals
from tests.appeal_cases import claim_at
from tests.factories import FORMS, NOW, actor, case_at, do

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NO = {"malicious": False, "note": "客户有依据"}


def refused(case: Case, verb: str, by: str, now: datetime = NOW + 3 * HOUR) -> str:
    with pytest.raises(Refused) as no:
        do(case, verb, by, now, **FORMS.get(verb, lambda case: {"note": "更正"})(case))
    return no.value.code


def test_two_people_who_did_not_handle_it_find_a_claim_malicious_and_one_no_ends_it():
    case = claim_at("deciding")
    parent = Case.objects.get(number=case.parent_number)

    actor("marketing", "", "second m")
    assert refused(case, "judge_claim", "station") == "not_your_role"
    case = do(case, "judge_claim", "office", NOW + 2 * HOUR, **FORMS["judge_claim"](case))
    assert (case.state, ClaimReview.objects.get().upheld) == ("deciding", None)
    assert refused(case, "judge_claim", "office") == "took_part"
    assert refused(parent, "ask_claim_review", "agent") == "claim_reviewed_already"
    case = do(case, "judge_claim", "second m", NOW + 4 * HOUR, **NO)

    found = ClaimReview.objects.get()
    assert (case.state, found.upheld, found.first_by, found.decided_by, found.until) == (
        "archived",
        False,
        "office",
        "second m",
        None,
    )
    assert not Event.objects.filter(verb="claim_found").exists()
    do(parent, "ask_claim_review", "agent", NOW + DAY, **FORMS["ask_claim_review"](parent))


def test_who_handled_the_case_does_not_review_its_claim():
    parent = case_at("handling")
    Case.objects.filter(pk=parent.pk).update(handlers=["station", "former"])
    actor("audit", "", "former")

    assert refused(claim_at("deciding", parent=parent), "judge_claim", "former") == "took_part"


def test_the_complaint_goes_on_while_its_claim_is_reviewed_and_after_it_was_found_malicious():
    parent = case_at("handling")
    claim_at("archived", parent=parent)

    for verb, by in (("contact", "station"), ("write_report", "station"), ("submit_finding", "station")):
        parent = do(parent, verb, by, NOW + DAY, **FORMS[verb](parent))

    assert parent.state == "reviewing"
    said = Event.objects.get(stream=f"case:{parent.number}", verb="claim_found").detail
    assert said["malicious"] is True
    chain.verify()


def test_a_finding_holds_to_the_midnight_that_ends_a_make_up_workday():
    """Sixty working days from Monday 2025-07-07 end on Sunday 28 September, which makes up for October."""
    case = claim_at("archived", datetime(2025, 7, 7, 2, 30, tzinfo=UTC))
    found = ClaimReview.objects.get(case=case)
    midnight = datetime(2025, 9, 28, 16, tzinfo=UTC)

    assert found.until == midnight
    assert [appeals.standing(found, at) for at in (midnight - timedelta(seconds=1), midnight)] == [
        Claim.IN_FORCE,
        Claim.EXPIRED,
    ]


def test_a_finding_can_be_taken_back_while_it_holds():
    case = claim_at("archived")

    case = do(case, "lift_claim", "audit", NOW + DAY, note="客户补充了证据")

    found = ClaimReview.objects.get()
    assert appeals.standing(found, NOW + DAY) is Claim.LIFTED
    last = Event.objects.filter(stream=f"case:{case.parent_number}", verb="claim_found").latest("pk")
    assert last.detail["malicious"] is False
    assert refused(case, "lift_claim", "audit", NOW + 2 * DAY) == "claim_not_in_force"
