"""Pages in both languages; that the catalogue is whole is held by tests/guards."""

import re

import pytest
from django.test import Client

from tests.factories import case_at, person

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
