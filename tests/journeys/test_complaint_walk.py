"""A complaint from the call to the archive, in a real browser, each step by whoever it belongs to."""

import pytest
from django.test import Client

from suyuan.store.models import Case
from tests.factories import person

pytestmark = pytest.mark.browser

WALK = (
    ("agent", "register", {"select[name=business_type]": "complaint"}, "已登记"),
    ("office", "dispatch", {"select[name=unit]": "0101", "select[name=specialty]": "marketing"}, "已派单"),
    ("station", "accept", {}, "处理中"),
    ("agent", "urge", {"textarea[name=note]": "客户再次来电催促"}, "处理中"),
    ("station", "contact", {"input[name=reached][value='1']": None, "textarea": "已电话联系"}, "处理中"),
    (
        "station",
        "write_report",
        {
            "textarea[name=situation]": "客户反映连续三个月零抄见",
            "textarea[name=investigation]": "换表工单未归档",
            "textarea[name=problems]": "换表流程未闭环",
            "textarea[name=rectification]": "补抄并更正",
            "textarea[name=suggestions]": "换表工单超期预警",
        },
        "处理中",
    ),
    (
        "station",
        "submit_finding",
        {
            "input[name=finding][value=verified]": None,
            "textarea[name=cause]": "换表后地址变更单未归档",
            "textarea[name=measures]": "补抄并更正",
            "textarea[name=reply]": "已更正电费",
        },
        "专业审核中",
    ),
    (
        "marketing",
        "review_pass",
        {
            "input[name=finding][value=verified]": None,
            "select[name=clause]": "complaint.answer",
            "input[name=evidence]": "换表工单 2026-118",
        },
        "待回访",
    ),
    (
        "agent",
        "call_back",
        {"input[name=reached][value='1']": None, "input[name=satisfaction][value=satisfied]": None},
        "待回访",
    ),
    (
        "office",
        "order_rectification",
        {
            "textarea[name=problems]": "换表后未归档",
            "textarea[name=measures]": "补抄并更正",
            "select[name=unit]": "0101",
            "input[name=due_on]": "2099-12-31",
        },
        "待回访",
    ),
    ("lead", "archive", {}, "已归档"),
)
"""Who, which verb, what goes into the form, and the state that follows."""


def sign_in(page, url: str, role: str) -> None:
    """Sign the browser in as the person with ``role``."""
    client = Client()
    client.force_login(person(role))
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


def test_a_complaint_walks_from_the_call_to_the_archive(live_server, page, transactional_db) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, live_server.url, "agent")
    page.goto(live_server.url + "/contact/new/")
    page.fill("[name=phone]", "13912345678")
    page.select_option("[name=channel]", "95598")
    page.select_option("[name=business_type]", "complaint")
    page.fill("[name=text]", "抄表员连续三个月未抄表，电费突然很多")
    page.click("form[data-lookup] button.btn-primary")
    page.wait_for_url("**/case/**")
    states = []

    for role, verb, filled, _ in WALK:
        sign_in(page, live_server.url, role)
        page.reload()
        page.click(f"#do-{verb} > summary")
        for where, value in filled.items():
            entry = page.locator(f"#do-{verb} {where}")
            if value is None:
                entry.check()
            elif where.startswith("select"):
                entry.select_option(value)
            else:
                entry.fill(value)
        page.click(f"#do-{verb} form button.btn-primary")
        page.wait_for_selector(".alert-success")
        states.append(page.inner_text("h1 .badge >> nth=1"))

    assert states == [state for *_, state in WALK]
    case, order = Case.objects.order_by("pk")
    assert (case.state, case.finding, case.satisfaction, case.urges) == (
        "archived",
        "verified",
        "satisfied",
        1,
    )
    assert (order.parent_number, order.state) == (case.number, "drafted")
    assert complaints == []
