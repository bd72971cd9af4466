"""What is written again begins with what was written before, and is handed in by whoever may, as anything."""

from datetime import timedelta

import pytest
from django.test import Client

from suyuan.store.models import Case, Event
from suyuan.store.queries import inquiry, told
from tests.factories import FORMS, NOW, UNHAPPY, case_at, do, person

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
BILL = "business.price.bill"


def again() -> Case:
    """Return a complaint of two items that was found on and is handled a second time."""
    case = case_at("handling")
    Case.objects.filter(pk=case.pk).update(category=BILL)
    case = do(case, "add_item", "agent", LATER, statement="要求当面道歉")
    for verb in ("contact", "write_report", "work_out_billing", "submit_finding"):
        case = do(case, verb, "station", LATER, **FORMS[verb](case))
    case = do(case, "judge_item", "marketing", LATER, **FORMS["judge_item"](case))
    case = do(case, "judge_item", "marketing", LATER, item="2", finding="unverified", evidence="通话录音")
    case = do(case, "review_pass", "marketing", LATER)
    case = do(case, "call_back", "agent", LATER, **UNHAPPY)
    case = do(case, "second_handle", "lead", LATER, note="客户称电费仍未退")
    return do(case, "contact", "station", LATER, **FORMS["contact"](case))


def offered(case: Case, role: str) -> dict[str, dict[str, str]]:
    """Return with what each form on the page of a case begins."""
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
    client.force_login(person(role))
    shown = client.get(f"/case/{case.number}/")
    return {
        button.key: {box.name: box.value for box in button.boxes if box.value}
        for button in shown.context["buttons"]
    }


def test_a_second_handling_begins_with_the_report_the_sheets_and_the_reply_of_the_first():
    case = again()

    forms = offered(case, "station")

    assert forms["write_report"] == FORMS["write_report"](case)
    assert forms["work_out_billing"] == FORMS["work_out_billing"](case)
    assert (forms["contact"], forms["check_meter"]) == ({}, {})
    assert inquiry.of(case).missing == ("write_report", "work_out_billing")
    for verb in ("write_report", "work_out_billing"):
        case = do(case, verb, "station", LATER, **forms[verb])
    assert offered(case, "station")["submit_finding"] == FORMS["submit_finding"](case)


def test_an_item_that_asks_for_the_same_keeps_its_finding_as_a_proposal_and_a_further_one_stands_blank():
    case = do(again(), "add_item", "agent", LATER, statement="要求退还多收电费")
    for verb in ("write_report", "work_out_billing"):
        case = do(case, verb, "station", LATER, **FORMS[verb](case))
    reply = FORMS["submit_finding"](case) | {"reply": "已更正电费, 53.80元已退回账户"}
    case = do(case, "submit_finding", "station", LATER, **reply)

    forms = offered(case, "marketing")

    assert inquiry.of(case).unjudged == ("1", "2", "3")
    assert forms["judge_item-1"] == FORMS["judge_item"](case)
    assert forms["judge_item-2"] == {"item": "2", "finding": "unverified", "evidence": "通话录音"}
    assert forms["judge_item"] == {}
    assert "judge_item-3" not in forms

    client = Client()
    client.force_login(person("marketing"))
    given = forms["judge_item-1"] | {"form": "judge_item-1"}
    wrong = client.post(f"/case/{case.number}/do/judge_item/", given | {"clause": ""})
    assert [(b.key, b.former) for b in wrong.context["buttons"] if b.open] == [("judge_item-1", "")]
    assert client.post(f"/case/{case.number}/do/judge_item/", given).status_code == 302
    assert inquiry.of(Case.objects.get(pk=case.pk)).unjudged == ("2", "3")
    assert Event.objects.filter(verb="judge_item", actor="marketing").count() == 3


def test_the_one_item_that_is_left_is_proposed_with_the_review_and_programs_are_told_the_same():
    case = case_at("reviewing")
    case = do(case, "judge_item", "marketing", LATER, **FORMS["judge_item"](case))
    case = do(case, "review_return", "marketing", LATER, back_to="handling", note="未说明退补金额")
    (verb,) = told.case(case, [told.Verb("submit_finding", None, ())], LATER)["open_verbs"]
    assert verb["begins_with"] == {}
    case = do(
        case, "submit_finding", "station", LATER, **FORMS["submit_finding"](case) | {"reply": "退补53.80元"}
    )

    forms = offered(case, "marketing")

    proposal = {name: value for name, value in FORMS["judge_item"](case).items() if name != "item"}
    assert {name: forms["review_pass"][name] for name in proposal} == proposal
    assert forms["review_amend"] == proposal | {"reply": "退补53.80元"}
