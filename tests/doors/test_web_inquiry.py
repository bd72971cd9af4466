"""The page of a complaint: its items, what is still to be done, where its reply is doubtful."""

import pytest
from django.test import Client

from suyuan.store.models import Case
from tests.factories import FORMS, case_at, do, person

pytestmark = pytest.mark.django_db


def page(case: Case, role: str):
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
    client.force_login(person(role))
    return client.get(f"/case/{case.number}/")


def handling(category: str) -> Case:
    case = case_at("handling")
    Case.objects.filter(pk=case.pk).update(category=category)
    case.refresh_from_db()
    return do(case, "contact", "station", **FORMS["contact"](case))


def reviewing(**given: str) -> Case:
    case = handling("")
    case = do(case, "add_item", "agent", statement="要求退还多收电费")
    case = do(case, "write_report", "station", **FORMS["write_report"](case))
    return do(case, "submit_finding", "station", **(FORMS["submit_finding"](case) | given))


def test_what_is_missing_is_a_list_that_leads_to_each_form():
    shown = page(handling("business.price.bill"), "station")

    assert [(line.verb, line.done, line.advised) for line in shown.context["todo"]] == [
        ("contact", True, False),
        ("write_report", False, False),
        ("work_out_billing", False, False),
        ("submit_finding", False, False),
    ]
    shut = {button.verb: button.refusal for button in shown.context["shut"]}
    assert shut["submit_finding"] == "调查材料还不齐（缺 写调查报告, 电费核算表）"
    assert '<a href="#do-work_out_billing">电费核算表</a>' in shown.content.decode()


def test_sheets_nobody_asks_for_stand_after_what_moves_the_case_on():
    shown = page(handling("quality.voltage.abnormal"), "station")

    quiet = {button.verb: button.quiet for button in shown.context["buttons"]}
    assert (quiet["write_report"], quiet["check_voltage"], quiet["work_out_billing"]) == (False, False, True)
    assert [line.verb for line in shown.context["todo"] if line.advised] == ["check_voltage"]


def test_items_are_shown_with_their_finding_and_chosen_by_their_words():
    case = do(
        reviewing(),
        "judge_item",
        "marketing",
        item="1",
        finding="verified",
        clause="complaint.answer",
        evidence="换表工单 2026-118",
    )

    shown = page(case, "marketing")

    assert [(row.item.seq, row.item.finding, row.stands) for row in shown.context["items"]] == [
        (1, "verified", True),
        (2, "", False),
    ]
    (judge,) = [button for button in shown.context["buttons"] if button.verb == "judge_item"]
    assert [code for code, _ in judge.boxes[0].choices] == ["1", "2"]
    assert judge.boxes[0].choices[1][1] == "2　要求退还多收电费"


def test_a_doubtful_sentence_is_quoted_to_the_reviewer():
    shown = page(reviewing(reply="问题已解决。", cause="无", measures="无"), "marketing")

    grave = [(doubt.what, doubt.sentence) for doubt in shown.context["reply_doubts"] if doubt.grave]
    assert grave == [("称已解决，但没有事实支撑", "问题已解决。")]
