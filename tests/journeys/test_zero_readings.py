"""Three months of zero readings, in a real browser: partly true, put right, asked again, and closed."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from suyuan.store import chain
from suyuan.store.models import Case, Event, Signature
from tests.factories import person
from tests.rulebook_entries import landed

pytestmark = [pytest.mark.browser, pytest.mark.once]

ROLES = ("agent", "lead", "office", "marketing", "operations", "station", "leader")

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
PASSED = {"finding": "unverified", "evidence": "停电记录", "note": "已核对换表工单"}
"""A review that judges in passing the one item that is left."""
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
    ("marketing", "judge_item", TRUE, "专业审核中"),
    ("marketing", "judge_item", UNTRUE, "专业审核中"),
    ("marketing", "review_return", {"back_to": "handling", "note": "答复未说明退补金额"}, "处理中"),
    (
        "station",
        "submit_finding",
        FINDING | {"reply": FINDING["reply"] + "; 退补电费53.80元"},
        "专业审核中",
    ),
    ("marketing", "judge_item", TRUE, "专业审核中"),
    ("marketing", "review_pass", PASSED, "待回访"),
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
HELPED = (
    (
        "office",
        "verify_effect",
        {"effective": "1", "means": "check", "evidence": "抽查记录", "note": "抽查二十户无估抄"},
        "已归档",
    ),
)
NEXT_DAY = {
    "id": "rectification.effect",
    "title": {"zh": "整改后多少天方可验证成效", "en": "Days after which an effect can be confirmed"},
    "terms": {"days": 1},
    "in_force_from": "2026-01-01",
    "basis": "本单位规定",
    "certainty": "Q",
}
"""What an office writes into its own rulebook that looks the next day whether it helped."""
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
    ("marketing", "review_pass", PASSED, "待回访"),
    ("agent", "call_back", {"reached": "1", "satisfaction": "satisfied"}, "待回访"),
    (
        "lead",
        "analyse_responsibility",
        {"responsibility": "delivery", "unit": "0101", "post": "核算员", "analysis": "退费未及时执行"},
        "待回访",
    ),
    ("lead", "archive", {}, "已归档"),
)


FILL = """(form, filled) => {
    form.closest("details").open = true;
    for (const [name, value] of Object.entries(filled)) {
        const boxes = [...form.querySelectorAll(`[name=${name}]`)];
        const box = boxes.find(one => one.type === "radio" && one.value === value) || boxes[0];
        if (box.type === "radio" || box.type === "checkbox") box.checked = true; else box.value = value;
        box.dispatchEvent(new Event("input", {bubbles: true}));
        box.dispatchEvent(new Event("change", {bubbles: true}));
    }
    form.querySelector("button.btn-primary").click();
}"""
"""Fill the form of a verb and hand it in: what a browser checks of a form it checks here too."""


class Relay:
    """One page of one browser that passes from person to person: each reads what the one before has done.

    The answer to a step leads back to the case; whoever comes next follows it. So each step is one page.
    """

    def __init__(self, page, url: str) -> None:
        self.page, self.url, self.comes = page, url, ""
        self.come_in()
        self.wire = page.context.new_cdp_session(page)
        self.wire.on("Fetch.requestPaused", self.pass_on)
        answers = {"urlPattern": "*/do/*", "requestStage": "Response"}
        self.wire.send("Fetch.enable", {"patterns": [answers]})
        self.wire.send("Network.enable")
        self.wire.send("Network.setBlockedURLs", {"urls": ["*.css", "*.svg"]})  # how it looks is not asked

    def come_in(self) -> None:
        """Sign everybody in: a session does not outlive its day."""
        self.sessions = {role: session(role) for role in ROLES}

    def pass_on(self, paused: dict) -> None:
        """Let an answer through, to whoever comes next."""
        if paused.get("responseStatusCode") == 302 and self.comes:
            self.sign_in(self.comes)
        self.wire.send("Fetch.continueRequest", {"requestId": paused["requestId"]})

    def sign_in(self, role: str) -> None:
        """Let whoever is at the browser be the person with a role."""
        cookie = {"name": "sessionid", "value": self.sessions[role], "url": self.url}
        self.page.context.add_cookies([cookie])

    def walk(self, case: Case, steps) -> None:
        """Do steps on the page of a case, each as who does it; hold each to the state that follows."""
        self.sign_in(steps[0][0])
        self.page.goto(f"{self.url}/case/{case.number}/")
        states, nexts = [], [*(role for role, *_ in steps[1:]), ""]
        for (_, verb, filled, _), self.comes in zip(steps, nexts, strict=True):
            with self.page.expect_navigation(wait_until="domcontentloaded"):
                self.page.locator(f"#do-{verb} form").evaluate(FILL, filled)
            states.append(self.page.text_content("h1 .badge >> nth=1").strip())
        assert states == [state for *_, state in steps]
        assert self.page.locator(".alert-success").count() == 1  # the last one reads it themselves

    def printed(self, case: Case, kind: str) -> str:
        """Return what a paper of a case says, printed from its page."""
        self.page.goto(f"{self.url}/case/{case.number}/")
        menu = self.page.locator("details.who", has=self.page.locator("#purpose"))
        menu.locator("summary").click()
        with self.page.expect_download() as waiting:
            menu.locator(f"button[value={kind}]").click()
        with zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes())) as paper:
            return paper.read("word/document.xml").decode()


def session(role: str) -> str:
    """Return the key of a session in which the person with ``role`` is signed in."""
    client = Client()
    client.force_login(person(role))
    return client.cookies["sessionid"].value


def test_three_months_of_zero_readings_are_put_right_and_the_customer_asked_twice(
    live_server, page, transactional_db, monkeypatch
) -> None:
    landed("figure", NEXT_DAY, timezone.now())
    url, faults = live_server.url, []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    relay = Relay(page, url)
    page.set_viewport_size({"width": 800, "height": 400})  # what is not painted costs nothing
    relay.sign_in("agent")
    page.goto(url + "/contact/new/")
    with page.expect_response("**/contact/lookup/"):
        page.fill("[name=phone]", "13912345678")
        page.press("[name=phone]", "Tab")
    page.select_option("[name=channel]", "95598")
    page.select_option("[name=business_type]", "complaint")
    page.fill("[name=text]", "连续三个月零抄见, 电费突然很多")
    page.click("form[data-lookup] button.btn-primary")
    page.wait_for_url("**/case/**")
    case = Case.objects.get()

    relay.walk(case, FOUND)
    order = Case.objects.get(parent_number=case.number)
    relay.walk(order, SIGNED)
    today = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: today() + timedelta(days=1))
    relay.come_in()
    relay.walk(order, HELPED)
    relay.walk(case, AGAIN)
    papers = [relay.printed(case, "investigation"), relay.printed(order, "rectification")]

    case, order = Case.objects.order_by("pk")
    judged = Event.objects.filter(verb__in=("judge_item", "review_return", "review_pass")).order_by("pk")
    assert list(judged.values_list("verb", flat=True)) == [
        *("judge_item", "judge_item", "review_return", "judge_item", "review_pass"),
        *("judge_item", "review_pass"),
    ]
    assert (order.state, order.answered_at < order.archived_at < case.called_back_at) == ("archived", True)
    assert (case.state, case.finding, case.satisfaction, case.episode) == (
        "archived",
        "partial",
        "satisfied",
        2,
    )
    assert [line.act for line in Signature.objects.order_by("pk")] == [
        *("signed", "signed", "rejected", "signed", "signed"),
    ]
    assert [case.number in said for said in papers] == [True, True]
    assert ["抽查应由营销专业负责" in said for said in papers] == [False, True]
    assert [fault for fault in faults if "ERR_BLOCKED_BY_CLIENT" not in fault] == []
    assert chain.verify()[0] >= 2
