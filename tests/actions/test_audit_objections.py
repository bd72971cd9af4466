"""What a sampling audit objected to is told, acted on by the right people, ended by the audit desk."""

from datetime import timedelta

import pytest

from suyuan.actions import audit
from suyuan.domain import sampling as sampling_rule
from suyuan.domain.errors import Refused
from suyuan.store import chain
from suyuan.store.models import Case, Event, Message, SampledCase
from suyuan.store.queries import sampling, viewer
from tests.factories import FORMS, NOW, case_at, do, person

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)
AFTER = LATER + timedelta(hours=1)
OBJECTED = {"audit_verdict": "objected", "reason": "no_evidence", "remedy": "supervise"}
MET = {"objection_outcome": "settled", "note": "已补充换表工单"}
UNMET = {"objection_outcome": "again", "note": "还缺抄表记录"}


def desk():
    return viewer.of(person("audit"))


def objected(case: Case, **form: str) -> SampledCase:
    """Return the row of a case that a sample objected to."""
    audit.draw(viewer=desk(), period="2026-03", n=1, seed="x", now=LATER)
    one = SampledCase.objects.get(case=case)
    audit.check(viewer=desk(), sampled=one.pk, form=OBJECTED | form, now=LATER)
    return SampledCase.objects.get(pk=one.pk)


def settle(one: SampledCase, form: dict[str, str], now=AFTER) -> None:
    audit.settle(viewer=desk(), sampled=one.pk, form=form, now=now)


def why(one: SampledCase, form: dict[str, str] = MET) -> str:
    with pytest.raises(Refused) as no:
        settle(one, form)
    return no.value.code


def standing(one: SampledCase) -> str:
    one = SampledCase.objects.select_related("case").get(pk=one.pk)
    return sampling.standing(one, one.case, sampling.busy([one.case.number]))


def told(case: Case, template: str) -> list[str]:
    rows = Message.objects.filter(case_number=case.number, template=template, channel="in_app")
    return sorted(rows.values_list("recipient", flat=True))


def test_an_objection_tells_the_unit_the_office_and_the_audit_desk_and_stands_on_the_case():
    case = case_at("archived")

    one = objected(case)

    case.refresh_from_db()
    assert (case.objection, case.state, standing(one)) == ("open", "archived", "waiting")
    assert told(case, "objection") == ["audit@0101", "office@0101", "station@0101"]
    event = Event.objects.get(stream=f"case:{case.number}", verb="audit_check")
    assert (event.detail["form"], case.changed_event) == (OBJECTED, event.pk)
    chain.verify()


def test_the_unit_answers_the_desk_looks_again_and_ends_it():
    case = case_at("archived")
    one = objected(case)
    assert why(one) == "objection_unanswered"

    case = do(case, "answer_objection", "station", AFTER, note="换表工单已补", evidence="换表工单 2026-118")
    assert (case.objection, standing(one), told(case, "answer_objection")) == (
        "answered",
        "to_settle",
        ["audit@0101"],
    )
    settle(one, UNMET)
    assert (standing(one), len(told(case, "objection"))) == ("waiting", 6)
    case = do(case, "answer_objection", "station", AFTER, note="抄表记录已补")
    settle(one, MET)

    case.refresh_from_db()
    one.refresh_from_db()
    assert (case.objection, one.settled_by, standing(one)) == ("", "audit", "settled")
    assert why(one) == "no_objection"
    with pytest.raises(Refused) as no:
        do(case, "answer_objection", "station", AFTER, note="再说一次")
    assert no.value.code == "not_objected"
    chain.verify()


def test_a_case_opened_again_for_an_objection_comes_to_its_end_first():
    case = case_at("archived")
    one = objected(case, remedy="reopen")

    case = do(case, "reopen", "office", AFTER, note="抽查异议")

    assert (standing(one), told(case, "objection_answered")) == ("under_way", ["audit@0101"])
    assert why(one) == "objection_under_way"


def test_an_archived_case_gets_a_rectification_order_where_an_audit_objected_and_nowhere_else():
    case = case_at("archived")
    Case.objects.filter(pk=case.pk).update(finding="verified")
    with pytest.raises(Refused) as no:
        do(case, "order_rectification", "office", AFTER, **FORMS["order_rectification"](case))
    one = objected(case, remedy="rectify")

    case = do(case, "order_rectification", "office", AFTER, **FORMS["order_rectification"](case))

    order = Case.objects.get(parent_number=case.number)
    assert (no.value.code, order.state, standing(one)) == ("not_objected", "drafted", "under_way")
    Case.objects.filter(pk=order.pk).update(is_open=False, state="archived")
    assert standing(one) == "to_settle"
    settle(one, MET)
    assert SampledCase.objects.get().settled_by == "audit"


def test_a_rectification_is_asked_for_only_where_something_was_true():
    case = case_at("archived")

    with pytest.raises(Refused) as no:
        objected(case, remedy="rectify")

    assert (case.finding, no.value.code) == ("unverified", "nothing_verified")
    assert SampledCase.objects.get().verdict == ""
    asked = {finding: sampling_rule.check_form(finding)[-1].choices for finding in ("unverified", "partial")}
    assert asked == {
        "unverified": ("reopen", "supervise"),
        "partial": ("reopen", "rectify", "supervise"),
    }


@pytest.mark.parametrize(("procedure", "version"), [("complaint", 1), ("complaint", 2), ("enquiry", 2)])
def test_a_case_that_closed_under_an_older_table_is_answered_too(procedure, version):
    case = case_at("archived", procedure)
    Case.objects.filter(pk=case.pk).update(version=version)
    with pytest.raises(Refused) as no:
        do(case, "answer_objection", "station", AFTER, note="换表工单已补")
    one = objected(case)
    assert why(one) == "objection_unanswered"

    case = do(case, "answer_objection", "station", AFTER, note="换表工单已补")
    settle(one, MET)

    case.refresh_from_db()
    assert (no.value.code, case.objection, case.version) == ("not_objected", "", version)


def test_an_order_is_given_on_a_case_that_closed_under_the_first_table():
    case = case_at("archived")
    Case.objects.filter(pk=case.pk).update(version=1, finding="verified")
    objected(case, remedy="rectify")

    do(case, "order_rectification", "office", AFTER, **FORMS["order_rectification"](case))

    assert Case.objects.get(parent_number=case.number).state == "drafted"


def test_a_result_corrected_to_a_pass_takes_the_objection_back_unless_another_sample_holds_it():
    case = case_at("archived")
    one = objected(case)
    audit.draw(viewer=desk(), period="2026-03", n=1, seed="y", now=LATER)
    other = SampledCase.objects.exclude(pk=one.pk).get()
    audit.check(viewer=desk(), sampled=other.pk, form=OBJECTED, now=AFTER)

    audit.check(viewer=desk(), sampled=one.pk, form={"audit_verdict": "passed"}, now=AFTER)
    case.refresh_from_db()
    still = case.objection
    audit.check(viewer=desk(), sampled=other.pk, form={"audit_verdict": "passed"}, now=AFTER)

    case.refresh_from_db()
    assert (still, case.objection, standing(one)) == ("open", "", "")


def test_an_objection_to_a_restricted_case_tells_the_audit_desk_alone():
    case = case_at("archived", "report")
    Case.objects.filter(pk=case.pk).update(handlers=[], owner="", handler="")

    objected(case)

    assert told(case, "objection") == ["audit@0101"]


def test_nobody_ends_an_objection_but_the_audit_desk_and_none_of_their_own_work():
    case = case_at("archived")
    one = objected(case)
    with pytest.raises(Refused) as no:
        audit.settle(viewer=viewer.of(person("office")), sampled=one.pk, form=MET, now=AFTER)
    Case.objects.filter(pk=case.pk).update(handlers=["audit"])

    assert (no.value.code, why(one)) == ("not_your_role", "own_work")
