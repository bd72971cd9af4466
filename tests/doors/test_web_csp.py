"""The content security policy, what it allows, and the keyboard, in a real browser."""

import re
from pathlib import Path

import pytest
from django.test import Client

import suyuan.web
from suyuan.web.middleware import POLICY
from tests.factories import case_at, person

WEB = Path(suyuan.web.__file__).parent
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
DATA = 'type="application/json"'
"""A block no browser runs."""
OURS = [WEB / "static/suyuan/suyuan.css", WEB / "static/suyuan/suyuan.js"]


@pytest.mark.django_db
def test_every_answer_carries_the_policy(client: Client) -> None:
    client.force_login(person("office"))

    pages = [client.get(url) for url in ("/queue/", "/contact/new/", "/nowhere/", "/case/none/")]

    assert [page["Content-Security-Policy"] for page in pages] == [POLICY] * 4
    assert "unsafe" not in POLICY


@pytest.mark.django_db
def test_pages_are_not_kept_by_browsers_that_others_may_use(client: Client) -> None:
    client.force_login(person("office"))

    assert client.get("/queue/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_needs_an_exception(path: Path) -> None:
    text = path.read_text("utf-8")

    assert re.findall(r"\sstyle=|\son[a-z]+=|javascript:|<style", text) == []
    assert [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag and DATA not in tag] == []
    assert re.findall(r"""(?:src|href|action)=["']https?://[^"']*""", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_posts_carries_its_token(path: Path) -> None:
    for form in re.findall(r"<form\b.*?</form>", path.read_text("utf-8"), re.DOTALL):
        if 'method="post"' in form:
            assert "csrf_token" in form


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere(path: Path) -> None:
    assert "//" not in re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)


def test_style_sheets_ask_for_nothing_newer_than_chromium_90() -> None:
    for path in (OURS[0], WEB / "static/vendor/tabler/tabler.min.css"):
        text = path.read_text("utf-8")
        newer = r"color-mix\(|oklch\(|oklab\(|@layer|@container|\b\d+(?:dvh|svh|lvh|cqw)\b|:has\((?!\.icon\))"
        assert re.findall(newer, text) == []


@pytest.fixture
def office_page(live_server, page, transactional_db):
    """Return a page signed in as the service office, and what the browser complains of."""
    client = Client()
    client.force_login(person("office"))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


@pytest.mark.browser
def test_keys_search_move_open_and_explain(live_server, office_page) -> None:
    first, second = case_at("registered"), case_at("handling")
    office_page.goto(f"{live_server.url}/queue/?scope=all&order=accepted")

    office_page.keyboard.press("?")
    explained = office_page.is_visible("#keys")
    office_page.keyboard.press("Escape")
    office_page.keyboard.press("/")
    searching = office_page.evaluate("document.activeElement.id")
    office_page.keyboard.press("Escape")
    office_page.keyboard.press("j")
    office_page.keyboard.press("j")
    office_page.keyboard.press("k")
    office_page.keyboard.press("j")
    office_page.keyboard.press("Enter")
    office_page.wait_for_url("**/case/**")

    assert (explained, searching) == (True, "q")
    assert office_page.url == f"{live_server.url}/case/{first.number}/"
    assert second.number in office_page.content()
    assert office_page.complaints == []


@pytest.mark.browser
def test_the_browser_has_nothing_to_complain_of_on_any_page(live_server, office_page) -> None:
    case = case_at("handling")

    for path in ("/queue/", "/contact/new/", f"/case/{case.number}/", "/accounts/2fa/"):
        office_page.goto(live_server.url + path)
        office_page.click("[data-toggle=keys]")

    assert office_page.complaints == []


@pytest.mark.browser
def test_earlier_cases_appear_while_the_form_is_filled_in(live_server, office_page) -> None:
    case = case_at("handling")
    office_page.goto(live_server.url + "/contact/new/")

    office_page.fill("[name=phone]", "13912345678")
    office_page.press("[name=phone]", "Tab")
    office_page.wait_for_selector(f"#earlier a[href='/case/{case.number}/']")

    assert office_page.url == live_server.url + "/contact/new/"
    assert office_page.complaints == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_its_window(live_server, office_page, width: int) -> None:
    case = case_at("reviewing")
    office_page.set_viewport_size({"width": width, "height": 800})
    too_wide = {}

    for path in ("/queue/?scope=all", "/contact/new/", f"/case/{case.number}/", "/accounts/2fa/"):
        office_page.goto(live_server.url + path)
        if (wide := office_page.evaluate("document.documentElement.scrollWidth")) > width:
            too_wide[path] = wide

    assert too_wide == {}
