"""The desk in a real browser: a session that is gone, and a look-up that comes late."""

import threading

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.factories import case_at, person

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_server, page, transactional_db):
    """Return the contact form as an agent has it open."""
    case_at("registered")
    client = Client()
    client.force_login(person("agent"))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/contact/new/")
    return page


def look_up(page, phone: str) -> None:
    """Type a telephone number and leave the box."""
    page.fill("[name=phone]", phone)
    page.keyboard.press("Tab")


def test_a_look_up_after_the_session_went_says_so_and_keeps_what_was_typed(desk):
    desk.fill("[name=text]", "三个月未抄表")
    Session.objects.all().delete()

    look_up(desk, "13912345678")
    desk.wait_for_selector("#signed-out:not([hidden])")

    assert desk.locator("#earlier input").count() == 0
    assert desk.input_value("[name=text]") == "三个月未抄表"


def test_a_late_look_up_does_not_stand_beside_the_next_caller(desk):
    held, first = threading.Event(), []

    def late(route):
        if not first:
            first.append(route)
            held.set()
        else:
            route.continue_()

    desk.route("**/contact/lookup/", late)
    look_up(desk, "13912345678")
    assert desk.wait_for_function("() => true")
    with desk.expect_response("**/contact/lookup/"):
        look_up(desk, "13800000000")
    with desk.expect_response("**/contact/lookup/"):
        first[0].continue_()
    desk.wait_for_timeout(50)

    assert held.is_set()
    assert "SY" not in desk.inner_text("#earlier")
