"""A complaint is verified item by item: what is missing stops it, what changed is asked for again."""

from datetime import timedelta

import pytest

from suyuan.actions import undo
from suyuan.actions.perform import perform
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain
from suyuan.store.models import Case, Event, Item
from suyuan.store.queries import inquiry
from tests.factories import FORMS, NOW, actor, case_at, do, person

pytestmark = pytest.mark.django_db
FOUND = {"finding": "verified", "clause": "complaint.answer", "evidence": "换表工单 2026-118"}


def handling(**facts: str) -> Case:
    """Return a complaint whose customer was spoken with, of the given category."""
    case = case_at("handling")
    Case.objects.filter(pk=case.pk).update(**facts)
    case.refresh_from_db()
    return do(case, "contact", "station", **FORMS["contact"](case))


def written(case: Case, *verbs: str) -> Case:
    for verb in verbs:
        case = do(case, verb, "station", **FORMS[verb](case))
    return case


def reviewing(**facts: str) -> Case:
    return written(handling(**facts), "write_report", "submit_finding")


def refused(case: Case, verb: str, by: str, **form: object) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refused) as no:
        do(case, verb, by, **form)
    return no.value.code, no.value.facts


def wrong(case: Case, verb: str, by: str, **form: object) -> dict[str, str]:
    with pytest.raises(BadInput) as bad:
        do(case, verb, by, **form)
    return bad.value.facts["fields"]


def last(case: Case) -> Event:
    return Event.objects.filter(stream=f"case:{case.number}").latest("seq")


def test_a_finding_is_not_handed_in_before_every_sheet_the_category_asks_for_is_there():
    case = handling(category="business.price.bill")

    assert refused(case, "submit_finding", "station", **FORMS["submit_finding"](case)) == (
        "sheets_missing",
        {"verb": "submit_finding", "state": "handling", "owed": ["write_report", "work_out_billing"]},
    )
    case = written(case, "write_report")
    assert refused(case, "submit_finding", "station", **FORMS["submit_finding"](case))[1]["owed"] == [
        "work_out_billing"
    ]
    case = written(case, "work_out_billing")
    assert inquiry.of(case).missing == ()


def test_the_billing_worksheet_keeps_what_it_works_out_in_its_event():
    case = written(handling(category="business.price.bill"), "work_out_billing")

    assert last(case).detail["result"] == {"used": "300", "should": "150", "refund": "50"}
    assert last(case).detail["form"] == {
        "read_from": "100",
        "read_to": "400",
        "tariff": "0.5",
        "charged": "200",
    }


def test_a_damaged_appliance_is_paid_by_the_rule_of_1996():
    case = handling()
    form = {"price": "3000", "used_years": "5", "life_years": "10", "damaged_on": "2026-02-01"}

    in_time = do(case, "work_out_damage", "station", **form, claimed_on="2026-02-04")
    assert last(in_time).detail["result"] == {"pays": "1500.00", "ground": "depreciated", "in_time": "yes"}
    late = do(case, "work_out_damage", "station", **form, claimed_on="2026-02-20")
    assert last(late).detail["result"] == {"pays": "0.00", "ground": "late", "in_time": "no"}
    assert wrong(case, "work_out_damage", "station", **(form | {"price": "-1"}), claimed_on="2026-02-04") == {
        "price": "amount_out_of_range"
    }


def test_whoever_handles_a_case_does_not_verify_it_on_site_and_the_first_visit_is_the_arrival():
    case = handling(category="construction.facility.safety")
    person("station", "0101", "inspector")

    assert refused(case, "visit_site", "station", site_found="导线下垂")[0] == "own_work"
    first = NOW + timedelta(hours=1)
    for at in (first, NOW + timedelta(hours=5)):
        perform(
            number=case.number,
            verb="visit_site",
            actor=actor("station", "0101", "inspector"),
            now=at,
            form={"site_found": "导线对地距离不足"},
        )

    case.refresh_from_db()
    assert (case.arrived_at, case.handlers) == (first, ["station"])
    assert inquiry.of(case).missing == ("write_report",)


def test_a_form_handed_in_empty_passes_no_review():
    assert refused(reviewing(), "review_pass", "marketing") == (
        "items_unjudged",
        {"verb": "review_pass", "state": "reviewing", "items": ["1"]},
    )


def test_with_one_item_its_finding_is_given_as_the_review_passes():
    case = do(reviewing(), "review_pass", "marketing", **FOUND)

    item = Item.objects.get(case=case)
    assert (item.seq, item.finding, item.clause, item.evidence, item.decided_by) == (
        1,
        "verified",
        "complaint.answer",
        "换表工单 2026-118",
        "marketing",
    )
    assert (case.state, case.finding, case.finding_assessed) == ("callback", "verified", "verified")


@pytest.mark.parametrize(
    ("form", "problems"),
    [
        ({"finding": "verified", "evidence": "照片"}, {"clause": "clause_needed"}),
        ({"finding": "partial", "evidence": "照片"}, {"clause": "clause_needed"}),
        ({"finding": "unverified"}, {"evidence": "required"}),
        ({**FOUND, "evidence": "a" * 64}, {"evidence": "unknown_evidence"}),
        ({**FOUND, "clause": "no.such"}, {"clause": "unknown_choice"}),
    ],
)
def test_a_finding_names_its_evidence_and_what_was_breached(form, problems):
    assert wrong(reviewing(), "review_pass", "marketing", **form) == problems


def test_items_are_judged_one_by_one_and_the_case_follows_from_them():
    case = handling()
    case = do(case, "add_item", "agent", statement="要求退还多收电费", category="business.price.bill")
    case = written(case, "write_report", "submit_finding")

    assert refused(case, "review_pass", "marketing", **FOUND) == (
        "items_unjudged",
        {"verb": "review_pass", "state": "reviewing", "items": ["1", "2"]},
    )
    case = do(case, "judge_item", "marketing", item="1", **FOUND)
    assert case.finding == ""
    assert wrong(case, "judge_item", "marketing", item="3", **FOUND) == {"item": "unknown_item"}
    case = do(case, "judge_item", "marketing", item="2", finding="unverified", evidence="核算表")
    case = do(case, "review_pass", "marketing")

    assert (case.state, case.finding) == ("callback", "partial")


def test_a_changed_finding_says_why_and_the_former_is_kept():
    case = do(reviewing(), "judge_item", "marketing", item="1", **FOUND)
    other = {"item": "1", "finding": "unverified", "evidence": "录音 12"}

    assert wrong(case, "judge_item", "marketing", **other) == {"note": "reason_needed"}
    case = do(case, "judge_item", "marketing", **other, note="录音表明已告知")

    assert last(case).detail["was"] == {"item": 1, **FOUND, "decided_by": "marketing"}
    assert case.finding == "unverified"


def test_nobody_judges_what_they_handled_not_even_long_ago():
    case = reviewing()
    Case.objects.filter(pk=case.pk).update(handlers=["station", "marketing"])

    assert refused(case, "judge_item", "marketing", item="1", **FOUND)[0] == "own_work"


def test_what_was_signed_stands_after_a_return_as_long_as_nothing_it_is_about_changes():
    case = do(reviewing(), "judge_item", "marketing", item="1", **FOUND)
    case = do(case, "review_return", "marketing", back_to="handling", note="请核对")
    assert last(case).detail["signed"]["items"] == {"1": Item.objects.get().signed}

    case = written(case, "submit_finding")
    assert (inquiry.of(case).unjudged, case.revision) == ((), 1)

    case = do(case, "review_return", "marketing", back_to="handling", note="请补充")
    form = FORMS["submit_finding"](case) | {"reply": "已退费，客户表示认可"}
    case = do(case, "submit_finding", "station", **form)
    assert (inquiry.of(case).unjudged, case.revision, case.finding) == (("1",), 2, "")


def test_a_return_to_dispatch_begins_there_again_and_the_report_of_another_unit_is_another_report():
    case = do(reviewing(), "review_return", "marketing", back_to="registered", note="不属该所")
    assert (case.state, case.handler, case.dispatched_at, case.taken_at) == ("registered", "", None, None)

    case = do(case, "dispatch", "office", unit="0102", specialty="marketing")
    assert inquiry.of(case).missing == ("write_report",)


def test_a_new_item_asks_for_the_report_again():
    case = written(handling(), "write_report")
    assert inquiry.of(case).missing == ()

    case = do(case, "add_item", "station", statement="另要求说明停电原因")

    assert inquiry.of(case).missing == ("write_report",)


def test_a_reply_that_lacks_what_it_must_say_is_not_handed_in():
    case = written(handling(category="business.price.bill"), "write_report", "work_out_billing")
    form = FORMS["submit_finding"](case) | {"cause": "系统", "measures": "系统", "reply": "已处理"}

    code, facts = refused(case, "submit_finding", "station", **form)

    assert code == "reply_incomplete"
    assert facts == {
        "reply_item": ["checked"],
        "reply_item_too": ["contact", "period", "conclusion", "settled", "view"],
    }


def test_what_is_doubtful_passes_only_with_a_word_on_it():
    case = written(handling(), "write_report")
    form = FORMS["submit_finding"](case) | {"reply": "问题已解决。", "cause": "无", "measures": "无"}
    case = do(case, "submit_finding", "station", **form)
    assert case.doubts == ["resolved_without_facts"]

    assert refused(case, "review_pass", "marketing", **FOUND) == (
        "doubts_unanswered",
        {"verb": "review_pass", "state": "reviewing", "doubts": ["resolved_without_facts"]},
    )
    assert do(case, "review_pass", "marketing", **FOUND, note="已电话核实").state == "callback"


def test_a_reviewer_amends_the_reply_and_the_former_one_stays():
    case = written(handling(), "write_report")
    form = FORMS["submit_finding"](case) | {"reply": "问题已解决。", "cause": "无", "measures": "无"}
    case = do(case, "submit_finding", "station", **form)
    reply = "经现场核查，3月2日已更换电能表并退还多收电费52元。"
    case = do(case, "review_amend", "marketing", **FOUND, reply=reply, note="补充事实")

    replies = case.notes.filter(field="reply").order_by("pk").values_list("masked", flat=True)
    assert (case.state, case.doubts, list(replies)) == ("callback", [], ["问题已解决。", reply])
    assert inquiry.of(case).unjudged == ()


def test_a_second_handling_asks_for_its_own_report():
    case = do(reviewing(), "review_pass", "marketing", **FOUND)
    Case.objects.filter(pk=case.pk).update(satisfaction="dissatisfied")
    case.refresh_from_db()

    case = do(case, "second_handle", "office", note="再查")

    assert (case.sheets, inquiry.of(case).missing) == ({}, ("write_report",))
    assert chain.verify([f"case:{case.number}"])[0] == 1


def test_a_complaint_begun_under_an_older_version_walks_to_its_end_by_it():
    case = case_at("handling")
    Case.objects.filter(pk=case.pk).update(version=2)
    case = do(case, "contact", "station", **FORMS["contact"](case))
    case = do(case, "submit_finding", "station", **FORMS["submit_finding"](case))
    case = do(case, "review_return", "marketing", note="请补充")
    case = do(case, "submit_finding", "station", **FORMS["submit_finding"](case))
    case = do(case, "review_pass", "marketing", finding="partial")
    case = do(case, "call_back", "agent", reached=True, satisfaction="satisfied")
    case = do(case, "archive", "lead")

    assert (case.version, case.state, case.finding) == (2, "archived", "partial")


def test_an_item_is_dropped_or_undone_as_long_as_nobody_judged_it():
    case = handling()
    case = do(case, "add_item", "agent", statement="要求退还多收电费")
    asked = list(inquiry.of(case).unjudged)

    undo.take_back(number=case.number, event=last(case).pk, actor=actor("agent"), now=NOW)
    assert (asked, list(inquiry.of(case).unjudged), last(case).verb) == (["1", "2"], ["1"], "drop_item")

    case = do(case, "add_item", "agent", statement="要求书面答复")
    case = do(case, "drop_item", "office", item="2")
    assert [item.seq for item in Item.objects.filter(case=case)] == [1]
    assert refused(case, "drop_item", "office", item="1")[0] == "first_item"
    chain.verify()


def test_an_item_with_a_finding_is_dropped_no_more():
    case = reviewing()
    case = do(case, "add_item", "agent", statement="要求退还多收电费")
    case = do(case, "judge_item", "marketing", item="2", **FOUND)

    assert refused(case, "drop_item", "agent", item="2") == ("item_judged", {"item": 2})


def test_damage_is_worked_out_on_an_application_too():
    case = case_at("handling", "application")
    form = {"price": "3000", "used_years": "5", "life_years": "10"}
    form |= {"damaged_on": "2026-03-01", "claimed_on": "2026-03-03"}

    case = do(case, "work_out_damage", "station", **form)

    assert last(case).detail["result"]["pays"] == "1500.00"
    assert case.state == "handling"


def test_a_damaged_appliance_is_answered_only_once_its_sheet_says_what_is_paid():
    case, other = case_at("handling", "application"), case_at("handling", "application")
    Case.objects.filter(pk=case.pk).update(business_type="application.appliance")
    case.refresh_from_db()
    form = {"price": "3000", "used_years": "5", "life_years": "10"}
    form |= {"damaged_on": "2026-03-01", "claimed_on": "2026-03-03"}

    owed = refused(case, "answer", "station", reply="已赔付", measures="已核损")
    case = do(case, "work_out_damage", "station", **form)

    assert (owed[0], owed[1]["owed"]) == ("sheets_missing", ["work_out_damage"])
    assert do(case, "answer", "station", reply="已赔付", measures="已核损").state == "callback"
    assert do(other, "answer", "station", reply="已更换", measures="已更换").state == "callback"
