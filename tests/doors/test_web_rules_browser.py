"""The rulebook in a real browser: what two people agree on stands on the case; phrases by keyboard."""

import pytest
from django.test import Client

from suyuan.store import rules
from tests.factories import NOW, case_at, person
from tests.rulebook_entries import PHRASE, landed

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def nothing_left():
    rules.forget()
    yield
    rules.forget()


@pytest.fixture
def as_role(live_server, page, transactional_db):
    """Return what signs the page in as somebody with a role; its complaints are kept."""
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))

    def sign_in(role: str):
        client = Client()
        client.force_login(person(role))
        page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        return page

    return sign_in


def test_a_field_proposed_by_one_and_approved_by_another_is_asked_for_on_the_case(live_server, as_role):
    case = case_at("handling", now=NOW)
    lead = as_role("lead")
    lead.goto(f"{live_server.url}/rules/new/form_field/")
    for name, code in {
        "procedure": "complaint",
        "verb": "contact",
        "type": "choice",
        "certainty": "Q",
    }.items():
        lead.select_option(f"[name={name}]", code)
    typed = {"field_name": "x_elderly", "title_zh": "涉及老人", "title_en": "Elderly", "choices": "是\n否"}
    for name, text in (typed | {"in_force_from": "2026-01-01", "basis": "本公司", "why": "关爱"}).items():
        lead.fill(f"[name={name}]", text)
    lead.focus(".card-footer .btn-primary")
    lead.keyboard.press("Enter")
    lead.wait_for_url("**/rules/proposals/*/")
    own = lead.locator("form[action$='/approve/']").count()
    proposal = lead.url

    office = as_role("office")
    office.goto(proposal)
    office.focus("form[action$='/approve/'] button")
    office.keyboard.press("Enter")
    office.wait_for_selector("text=看这一条的全部版本")
    station = as_role("station")
    station.goto(f"{live_server.url}/case/{case.number}/")

    asked = station.locator("form[action$='/do/contact/'] [name=x_elderly]")
    assert (own, [box.get_attribute("value") for box in asked.all()]) == (0, ["是", "否", ""])
    assert station.complaints == []


def test_alt_p_takes_a_phrase_to_where_the_cursor_stands(live_server, as_role):
    case = case_at("handling", now=NOW)
    landed("phrase", PHRASE | {"fields": ["contact_note"]})
    station = as_role("station")
    station.goto(f"{live_server.url}/case/{case.number}/")
    text = station.locator("#contact-contact_note")
    text.evaluate(
        "box => { for (let at = box; at; at = at.parentElement) if ('open' in at) at.open = true; }"
    )
    text.focus()

    station.keyboard.type("客户：")
    for key in ("Alt+KeyP", "ArrowDown", "Enter"):
        station.keyboard.press(key)
    station.keyboard.type("。")

    assert text.input_value() == "客户：您好，95598为您服务。"
    assert station.complaints == []
