"""Three months of zero readings, in a real browser: partly true, put right, asked again, and closed."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from suyuan.store import chain
from suyuan.store.models import Case, Signature
from tests.factories import FORMS, do
from tests.journeys.test_complaint_walk import sign_in

pytestmark = pytest.mark.browser

REPORT = {
    "situation": "客户反映连续三个月零抄见",
    "investigation": "换表工单未归档, 抄表未到位",
    "problems": "换表流程未闭环",
    "rectification": "补抄并更正",
    "suggestions": "换表工单超期预警",
}
BILLING = {"read_from": "1200", "read_to": "1500", "tariff": "0.538", "charged": "215.20"}
FINDING = {
    "finding": "partial",
    "cause": "换表后示数未录入系统",
    "measures": "补抄三个月电量, 更正电费",
    "reply": "经现场核查换表工单和抄表记录, 您反映的三个月零抄见情况属实, 原因是换表示数未录入; "
    "已于11月27日补抄并更正电费, 停电一事经核查停电记录不存在",
}
TRUE = {"item": "1", "finding": "verified", "clause": "complaint.answer", "evidence": "换表工单 2026-118"}
UNTRUE = {"item": "2", "finding": "unverified", "evidence": "停电记录"}
UNHAPPY = {
    "reached": "1",
    "satisfaction": "dissatisfied",
    "dissatisfied_reason": "not_solved",
    "more_needed": "1",
}
FOUND = (
    (
        "agent",
        "register",
        {"business_type": "complaint", "category": "business.billing.reading"},
        "已登记",
    ),
    ("office", "dispatch", {"unit": "0101", "specialty": "marketing"}, "已派单"),
    ("station", "accept", {}, "处理中"),
    ("station", "contact", {"reached": "1", "contact_note": "已电话联系"}, "处理中"),
    ("agent", "add_item", {"statement": "客户称因此被停电"}, "处理中"),
    ("station", "write_report", REPORT, "处理中"),
    ("station", "work_out_billing", BILLING, "处理中"),
    ("station", "submit_finding", FINDING, "专业审核中"),
    ("marketing", "review_return", {"back_to": "handling", "note": "答复未说明退补金额"}, "处理中"),
    (
        "station",
        "submit_finding",
        FINDING | {"reply": FINDING["reply"] + "; 退补电费53.80元"},
        "专业审核中",
    ),
    ("marketing", "judge_item", TRUE, "专业审核中"),
    ("marketing", "judge_item", UNTRUE, "专业审核中"),
    ("marketing", "review_pass", {"note": "已核对换表工单"}, "待回访"),
    (
        "office",
        "order_rectification",
        {"problems": "换表未归档", "measures": "补抄, 每月抽查", "unit": "0101", "due_on": "2099-12-31"},
        "待回访",
    ),
)
"""Who, which verb, what goes into the form, and the state that follows."""
SIGNED = (
    ("station", "circulate", {}, "会签中"),
    ("station", "sign", {}, "会签中"),
    ("marketing", "sign", {}, "会签中"),
    ("operations", "reject", {"note": "抽查应由营销专业负责"}, "会签中"),
    ("leader", "sign", {"note": "裁定: 由供电所抽查"}, "会签中"),
    ("office", "sign", {}, "整改中"),
    ("station", "carry_out", {"evidence": "抽查记录", "note": "已逐户补抄"}, "待验证成效"),
)
AGAIN = (
    ("agent", "call_back", UNHAPPY, "待回访"),
    ("lead", "second_handle", {"note": "客户称电费仍未退"}, "处理中"),
    ("station", "contact", {"reached": "1", "contact_note": "已上门说明"}, "处理中"),
    ("station", "write_report", REPORT, "处理中"),
    ("station", "work_out_billing", BILLING, "处理中"),
    (
        "station",
        "submit_finding",
        FINDING | {"reply": FINDING["reply"] + "; 53.80元已退回账户"},
        "专业审核中",
    ),
    ("marketing", "judge_item", TRUE, "专业审核中"),
    ("marketing", "judge_item", UNTRUE, "专业审核中"),
    ("marketing", "review_pass", {"note": "已核对退费记录"}, "待回访"),
    ("agent", "call_back", {"reached": "1", "satisfaction": "satisfied"}, "待回访"),
    (
        "lead",
        "analyse_responsibility",
        {"responsibility": "delivery", "unit": "0101", "post": "核算员", "analysis": "退费未及时执行"},
        "待回访",
    ),
    ("lead", "archive", {}, "已归档"),
)


def enter(page, where: str, value: str) -> None:
    """Fill one box of a form, whatever kind of box it is."""
    box = page.locator(where).first
    kind = box.evaluate("box => box.type")
    if kind in ("radio", "checkbox"):
        page.locator(f"{where}[value='{value}']").check()
    elif kind == "select-one":
        box.select_option(value)
    else:
        box.fill(value)


def walk(page, url: str, case: Case, steps) -> list[str]:
    """Do steps on the page of a case, each as who does it; return the state shown after each."""
    states = []
    for role, verb, filled, _ in steps:
        sign_in(page, url, role)
        page.goto(f"{url}/case/{case.number}/")
        page.click(f"#do-{verb} > summary")
        for name, value in filled.items():
            enter(page, f"#do-{verb} [name={name}]", value)
        page.click(f"#do-{verb} form button.btn-primary")
        page.wait_for_selector(".alert")
        assert page.locator(".alert-success").count() == 1, (verb, page.inner_text(".alert >> nth=0"))
        states.append(page.inner_text("h1 .badge >> nth=1"))
    assert states == [state for *_, state in steps]
    return states


def printed(page, url: str, case: Case, kind: str) -> str:
    """Return what a paper of a case says, printed from its page."""
    page.goto(f"{url}/case/{case.number}/")
    menu = page.locator("details.who", has=page.locator("#purpose"))
    menu.locator("summary").click()
    with page.expect_download() as waiting:
        menu.locator(f"button[value={kind}]").click()
    with zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes())) as paper:
        return paper.read("word/document.xml").decode()


def test_three_months_of_zero_readings_are_put_right_and_the_customer_asked_twice(
    live_server, page, transactional_db
) -> None:
    url, faults = live_server.url, []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    sign_in(page, url, "agent")
    page.goto(url + "/contact/new/")
    page.fill("[name=phone]", "13912345678")
    page.select_option("[name=channel]", "95598")
    page.select_option("[name=business_type]", "complaint")
    page.fill("[name=text]", "连续三个月零抄见, 电费突然很多")
    page.click("form[data-lookup] button.btn-primary")
    page.wait_for_url("**/case/**")
    case = Case.objects.get()

    walk(page, url, case, FOUND)
    order = Case.objects.get(parent_number=case.number)
    walk(page, url, order, SIGNED)
    walk(page, url, case, AGAIN)
    papers = [
        printed(page, url, *what)
        for what in ((case, "work_order"), (case, "investigation"), (order, "rectification"))
    ]

    case, order = Case.objects.order_by("pk")
    assert (case.state, case.finding, case.satisfaction, case.episode) == (
        "archived",
        "partial",
        "satisfied",
        2,
    )
    assert [line.act for line in Signature.objects.order_by("pk")] == [
        *("signed", "signed", "rejected", "signed", "signed"),
    ]
    assert [case.number in said for said in papers] == [True, True, True]
    assert ["抽查应由营销专业负责" in said for said in papers] == [False, False, True]
    assert faults == []
    month_later = timezone.now() + timedelta(days=31)  # no browser waits so long for an effect to show
    order = do(order, "verify_effect", "office", month_later, **FORMS["verify_effect"](order))
    assert (order.state, chain.verify()[0] >= 2) == ("archived", True)
