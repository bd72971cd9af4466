"""Pages in both languages; that the catalogue is whole is held by tests/guards."""

import re

import pytest
from django.test import Client
from django.utils import translation

from suyuan.domain.worktime import UNITS
from suyuan.store import rules
from suyuan.web import words
from tests.factories import case_at, person
from tests.rulebook_entries import DISPATCH, landed

CHINESE = re.compile(r"[一-鿿]")
NAMES = {"中文", "溯源市供电公司", "东城供电所", "西城供电所", "监审部"}
"""What stays Chinese: the way back, and what units are called."""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/queue/", "/queue/?q=none", "/contact/new/", "/accounts/2fa/", "/case/none/"]
)
def test_an_english_page_has_only_names_in_chinese(client: Client, path: str) -> None:
    client.force_login(person("office"))
    client.cookies["django_language"] = "en"

    text = client.get(path).content.decode()

    assert set(re.findall(r"[一-鿿]+", text)) - NAMES == set()


@pytest.mark.django_db
def test_an_english_case_page_is_english_but_for_what_people_wrote(client: Client) -> None:
    case = case_at("handling")
    client.force_login(person("office"))
    client.cookies["django_language"] = "en"

    page = client.get(f"/case/{case.number}/")

    assert page.context["status"].startswith("东城供电所 is working on it. It was due by 2026-03-")
    assert {b.title for b in page.context["buttons"]} >= {"Urge", "Supervise", "Transfer"}
    assert not any(CHINESE.search(b.refusal) for b in page.context["shut"])
    assert not any(CHINESE.search(line.what + line.moved) for line in page.context["timeline"])


@pytest.mark.django_db
def test_the_switch_keeps_the_page_and_the_choice(client: Client) -> None:
    client.force_login(person("office"))

    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/queue/?scope=open"})

    assert answer.url == "/queue/?scope=open"
    assert "Open cases" in client.get("/queue/?scope=open").content.decode()


@pytest.mark.django_db
def test_a_browser_that_asks_for_neither_gets_chinese(client: Client) -> None:
    assert "登录" in client.get("/accounts/login/", headers={"accept-language": "fr"}).content.decode()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "1 minute, 2 minutes; 1 hour, 2 hours; 1 day, 2 days; 1 working day, 2 working days"),
        ("zh-hans", "1 分钟, 2 分钟; 1 小时, 2 小时; 1 天, 2 天; 1 个工作日, 2 个工作日"),
    ],
)
def test_a_length_of_time_is_one_hour_or_two_hours(language: str, said: str) -> None:
    with translation.override(language):
        told = "; ".join(f"{words.duration(1, unit)}, {words.duration(2, unit)}" for unit in UNITS)

    assert told == said


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "brief"), [("en", "1 hour"), ("zh-hans", "1 小时")])
def test_a_limit_of_one_hour_is_said_in_the_singular(client: Client, language: str, brief: str) -> None:
    landed("limit", DISPATCH)
    client.force_login(person("office"))
    client.cookies["django_language"] = language

    listed = client.get("/rules/of/limit/?find=complaint.accept").content.decode()
    retarget = client.get("/rules/retarget/complaint.accept/").content.decode()
    rules.forget()

    assert [bool(re.search(rf"[>·] ?{brief}[ <]", text)) for text in (listed, retarget)] == [True, True]
