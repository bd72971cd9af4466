"""Bulk in the browser: tick, choose, fill in one form, read what became of each."""

import re

import pytest
from django.test import Client

from suyuan.store.models import BulkRun, Case, Event
from tests.factories import case_at, do, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    """Return a client signed in as the service office."""
    client.force_login(person("office"))
    return client


def keys(client: Client) -> list[str]:
    """Return what the tick boxes of the list hand in."""
    return re.findall(r'name="key" value="([^"]+)"', client.get("/queue/?scope=open").content.decode())


def test_ticks_lead_to_the_verbs_that_are_open_on_them(desk):
    case_at("handling")
    case_at("dispatched")

    answer = desk.post("/bulk/choose/", {"key": keys(desk)})

    found = {offer.verb: offer.open for offer, _ in answer.context["open"]}
    assert (found["urge"], found["classify"]) == (2, 2)


def test_one_form_does_them_all_and_the_page_lists_what_was_refused(desk):
    still, moved = case_at("handling"), case_at("dispatched")
    ticked = keys(desk)
    do(moved, "accept", "station")

    form = desk.post("/bulk/fill/", {"key": ticked, "verb": "urge"})
    answer = desk.post(
        "/bulk/fill/", {"key": ticked, "verb": "urge", "go": "1", "note": "请抓紧"}, follow=True
    )

    text = answer.content.decode()
    assert [box.name for box in form.context["asked"].boxes] == ["channel", "note"]
    assert answer.redirect_chain == [(f"/bulk/{BulkRun.objects.get().pk}/", 302)]
    assert "已办 1 张，没办成 1 张，还没轮到 0 张。" in text
    assert text.index(moved.number) < text.index(still.number)
    assert "station：接单 → 处理中" in text
    assert Event.objects.filter(verb="urge").values_list("stream", flat=True).get() == f"case:{still.number}"


def test_a_missing_field_keeps_the_ticks_and_is_marked(desk):
    case_at("handling")
    ticked = keys(desk)

    answer = desk.post("/bulk/fill/", {"key": ticked, "verb": "urge", "go": "1"})

    assert answer.status_code == 422
    assert answer.context["asked"].boxes[-1].error != ""
    assert ("key", ticked[0]) in answer.context["asked"].hidden
    assert BulkRun.objects.count() == 0


@pytest.mark.parametrize("key", ["", "x", "0.complaint.1.handling.0000 SY1"])
def test_a_mark_that_was_not_handed_out_is_an_error(desk, key):
    assert desk.post("/bulk/choose/", {"key": [key]}).status_code == 422


def test_cases_out_of_reach_are_not_done(desk):
    case = case_at("handling")
    ticked = keys(desk)
    desk.force_login(person("station", at="0102", username="west"))

    answer = desk.post("/bulk/fill/", {"key": ticked, "verb": "note", "go": "1", "note": "看一下"})

    assert answer.status_code == 422
    assert Event.objects.filter(stream=f"case:{case.number}", verb="note").count() == 0


def test_my_runs_are_listed_and_none_yet_teaches(desk):
    empty = desk.get("/bulk/").content.decode()
    case_at("handling")
    desk.post("/bulk/fill/", {"key": keys(desk), "verb": "urge", "go": "1", "note": "请抓紧"})

    assert "勾选几张" in empty
    assert [row.cells[3].text for row in desk.get("/bulk/").context["listed"].rows] == [1]


def test_going_on_with_a_run_that_is_over_says_so(desk):
    case_at("handling")
    desk.post("/bulk/fill/", {"key": keys(desk), "verb": "urge", "go": "1", "note": "请抓紧"})
    run = BulkRun.objects.get()

    answer = desk.post(f"/bulk/{run.pk}/go/", follow=True)

    assert "正在办理" in answer.content.decode()
    assert Event.objects.filter(verb="urge").count() == 1


@pytest.mark.browser
def test_rows_are_ticked_by_keys_and_the_bulk_button_counts_them(live_server, page, transactional_db):
    for _ in range(3):
        case_at("handling")
    client = Client()
    client.force_login(person("office"))
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/queue/?scope=open")

    shut = page.is_disabled("[data-needs-tick]")
    for key in ("j", "x", "j", "j", "Shift+X"):
        page.keyboard.press(key)
    said = page.inner_text("[data-ticked]")
    page.keyboard.press("b")
    page.wait_for_url("**/bulk/choose/")
    page.click("[value=urge]")
    page.fill("[name=note]", "请抓紧")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/bulk/\d+/$"))

    assert (shut, said) == (True, "已选 3 张")
    assert Case.objects.filter(urges=1).count() == 3


@pytest.mark.browser
def test_the_list_of_keys_and_the_script_know_the_same_keys(live_server, page, transactional_db):
    client = Client()
    client.force_login(person("office"))
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/queue/")

    page.keyboard.press("?")
    shown = page.is_visible("#keys")
    page.keyboard.press("Escape")
    for key in ("g", "b"):
        page.keyboard.press(key)
    page.wait_for_url("**/board/")
    page.keyboard.press("c")
    page.wait_for_url("**/contact/new/")

    assert shown is True
