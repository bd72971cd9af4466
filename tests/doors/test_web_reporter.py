"""The code of an anonymous reporter at the desk, and the public page that takes it."""

import re

import pytest
from django.test import Client

from suyuan.actions import reporter
from suyuan.store.models import Case, Note
from tests.factories import NOW, actor, case_at, person

pytestmark = pytest.mark.django_db
SAID = {"channel": "95598", "business_type": "report", "text": "抄表员收受礼品", "phone": "13912345678"}


def signed_in(role: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(person(role))
    return client


def test_the_desk_is_shown_a_code_once_for_an_anonymous_contact_and_none_for_another() -> None:
    agent = signed_in("agent")

    made = agent.post("/contact/new/", SAID | {"secrecy": "anonymous", "mark": "one-form"})
    again = agent.post("/contact/new/", SAID | {"secrecy": "anonymous", "mark": "one-form"})
    open_one = agent.post("/contact/new/", SAID | {"secrecy": "confidential"})

    case = Case.objects.order_by("pk").first()
    code = re.search(r'value="([0-9A-Z-]{14})"', made.content.decode())[1]
    assert made.headers["Cache-Control"] == "private, no-store"
    assert reporter.ask(code=code, address="203.0.113.7", now=NOW)[0] == case
    assert again.headers["Location"] == f"/case/{case.number}/"
    assert open_one.status_code == 302


def test_a_reporter_asks_and_adds_without_signing_in_and_the_page_names_no_case() -> None:
    case = case_at("callback", "report", secrecy="confidential")
    Case.objects.filter(pk=case.pk).update(state="registered")
    code = reporter.hand_out(number=case.number, actor=actor("audit"), now=NOW)
    Case.objects.filter(pk=case.pk).update(state="callback")
    client = Client(headers={"accept-language": "zh-hans"})

    asked = client.get("/ask/")
    wrong = client.post("/ask/", {"reporter_code": "0000-0000-0000"})
    told = client.post("/ask/", {"reporter_code": code})
    more = client.post("/ask/", {"reporter_code": code, "further": "还有一次"}, follow=True)

    said = "".join(page.content.decode() for page in (asked, wrong, told, more))
    assert (asked.status_code, wrong.status_code, more.redirect_chain) == (200, 409, [("/ask/", 302)])
    assert (told.context["told"]["answer"].text, told.headers["Cache-Control"]) == (
        "已更正电费",
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    assert "已收到您补充的情况" in said
    assert Note.objects.get(case=case, field="further").masked == "还有一次"
    assert [part for part in (case.number, "1391234", "张三丰", "33000") if part in said] == []


def test_who_asks_with_a_code_is_told_no_number_of_the_case_it_was_merged_into() -> None:
    case = case_at("registered", "report", secrecy="confidential")
    code = reporter.hand_out(number=case.number, actor=actor("audit"), now=NOW)
    Case.objects.filter(pk=case.pk).update(state="merged", parent_number="SY2026030400099")

    told = Client(headers={"accept-language": "zh-hans"}).post("/ask/", {"reporter_code": code})

    assert told.context["told"]["line"].startswith("与另一张工单是同一件事")
    assert "SY2026030400099" not in told.content.decode()


def test_the_page_of_a_case_offers_a_code_at_intake_alone() -> None:
    early, late = case_at("registered", secrecy="anonymous"), case_at("dispatched", secrecy="anonymous")
    agent = signed_in("agent")

    offered = [agent.get(f"/case/{one.number}/").context["code_offered"] for one in (early, late)]
    given = agent.post(f"/case/{early.number}/code/")

    assert (offered, given.status_code, "离开本页后不再显示" in given.content.decode()) == (
        [True, False],
        200,
        True,
    )
    assert agent.post(f"/case/{late.number}/code/").status_code == 409
