"""The page of a complaint: its items, what is still to be done, where its reply is doubtful."""

import pytest
from django.test import Client

from suyuan.store import clauses
from suyuan.store.models import Case
from suyuan.store.queries import told
from suyuan.web.templatetags.ui import local
from tests.factories import FORMS, NOW, case_at, do, person

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


def test_all_that_a_reply_lacks_stands_at_once_at_the_reply():
    case = handling("business.price.bill")
    for sheet in ("write_report", "work_out_billing"):
        case = do(case, sheet, "station", **FORMS[sheet](case))
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
    client.force_login(person("station"))
    form = FORMS["submit_finding"](case) | {"cause": "系统", "measures": "系统", "reply": "已处理"}

    shown = client.post(f"/case/{case.number}/do/submit_finding/", form)

    (button,) = [one for one in shown.context["buttons"] if one.verb == "submit_finding"]
    (wrong,) = [box.error for box in button.boxes if box.name == "reply"]
    assert wrong == (
        "缺 核查经过；最好也写明 联系客户的时间，或未联系的原因, 争议电费电量所属时期, 核查结论, "
        "退补或解释情况, 客户意见，或无法取得的原因"
    )

    form["reply"] = "9月8日联系客户。经核查抄表记录和现场核对表码，情况属实，已退还多收电费52元。"
    shown = client.post(f"/case/{case.number}/do/submit_finding/", form, follow=True)

    assert [str(said) for said in shown.context["messages"]][1:] == [
        "审核人会看到：最好也写明 争议电费电量所属时期, 客户意见，或无法取得的原因。"
    ]


def test_a_moment_that_is_refused_comes_with_those_that_are_not():
    case = case_at("handling")
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
    client.force_login(person("station"))
    form = FORMS["contact"](case) | {"reached": "1", "at": "2020-01-01T08:00"}

    shown = client.post(f"/case/{case.number}/do/contact/", form)

    (button,) = [one for one in shown.context["buttons"] if one.verb == "contact"]
    (wrong,) = [box.error for box in button.boxes if box.name == "at"]
    assert wrong.startswith(f"应在 {local(case.accepted_at)} 至 20")


def clause_box(case: Case, role: str):
    """Return the page of a case and its box for what was breached."""
    shown = page(case, role)
    (judge,) = [button for button in shown.context["buttons"] if button.verb == "judge_item"]
    return shown, next(box for box in judge.boxes if box.name == "clause")


def test_what_fits_the_items_of_a_case_is_offered_first_then_the_rest_under_its_document():
    case = handling("business.billing.reading")
    case = do(case, "add_item", "agent", statement="窗口态度差", category="service.hall.attitude")
    Case.objects.filter(pk=case.pk).update(state="reviewing")

    shown, box = clause_box(case, "marketing")

    headings = [heading for heading, _ in box.groups]
    assert headings[:2] == ["适用于：抄表", "适用于：营业厅人员服务态度"]
    assert headings[-3:] == ["整份文件", "时限", "现未施行的条款"]
    first = dict(box.groups)["适用于：抄表"]
    assert first[0] == (
        "rules.reading",
        "供电营业规则（2024年）：按期抄表，以实际示数为准，不得估抄、漏抄（待核实）",
    )
    assert dict(box.groups)["现未施行的条款"][0][0] == "rules1996.arrears"
    every = [code for _, under in box.groups for code, _ in under]
    assert sorted(every) == sorted(clauses.codes())
    assert '<optgroup label="适用于：抄表"><option value="rules.reading">' in shown.content.decode()


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        ("prohibition.shirk", "国家电网员工服务“十个不准”（2005年）第4条：对客户投诉、咨询不得推诿塞责"),
        ("十项承诺-2022", "国家电网供电服务十项承诺（2022年版）"),
        ("complaint.answer", "投诉处理答复"),
    ],
)
def test_an_item_says_what_was_breached_in_the_same_words_everywhere(clause, said):
    found = {"finding": "verified", "clause": clause, "evidence": "换表工单 2026-118"}
    case = do(reviewing(), "judge_item", "marketing", item="1", **found)

    shown = page(case, "marketing")
    item = told.case(case, [], NOW)["items"][0]

    assert item["statement"] == shown.context["items"][0].said
    assert (shown.context["items"][0].clause, item["clause"], item["clause_words"]) == (said, clause, said)
    assert (
        shown.content.decode().count(said) >= 3
    )  # the table of items, the time line, the list to choose from


def test_a_doubtful_sentence_is_quoted_to_the_reviewer():
    shown = page(reviewing(reply="问题已解决。", cause="无", measures="无"), "marketing")

    grave = [(doubt.what, doubt.sentence) for doubt in shown.context["reply_doubts"] if doubt.grave]
    assert grave == [("称已解决，但没有事实支撑", "问题已解决。")]
