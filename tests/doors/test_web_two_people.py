"""Two people on one case and one queue: nobody treads on another, and everybody sees what changed."""

import re

import pytest
from django.test import Client

from suyuan.actions import preferences
from suyuan.domain.errors import BadInput
from suyuan.store.models import Attention, Case, Event
from suyuan.store.queries import viewer
from tests.factories import NOW, case_at, do, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    """Return a client signed in as the service office."""
    client.force_login(person("office"))
    return client


def mark(client: Client, case: Case) -> str:
    """Return the mark that the forms of a case's page carry."""
    page = client.get(f"/case/{case.number}/").content.decode()
    return re.search(r'name="seen" value="([^"]+)"', page)[1]


def test_a_verb_on_a_case_that_moved_on_says_who_did_what_and_keeps_what_was_typed(desk):
    case = case_at("dispatched")
    seen = mark(desk, case)
    do(case, "accept", "station")

    answer = desk.post(f"/case/{case.number}/do/urge/", {"seen": seen, "note": "请尽快联系客户"})

    text = answer.content.decode()
    assert answer.status_code == 409
    assert answer.context["since"] == ["2026-03-04 10:30 station：接单 → 处理中"]
    assert "请尽快联系客户</textarea>" in text
    assert Event.objects.filter(verb="urge").count() == 0


def test_what_was_typed_for_a_verb_that_is_shut_now_still_stands_on_the_page(desk):
    case = case_at("registered")
    seen = mark(desk, case)
    do(case, "dispatch", "office", unit="0101", specialty="marketing")

    given = {"seen": seen, "unit": "0102", "specialty": "marketing", "note": "西城辖区"}
    answer = desk.post(f"/case/{case.number}/do/dispatch/", given)

    assert [value for _, value in answer.context["kept"]] == ["西城辖区"]


def test_the_page_shown_after_a_refusal_lets_the_verb_through(desk):
    case = case_at("dispatched")
    seen = mark(desk, case)
    do(case, "accept", "station")
    refused = desk.post(f"/case/{case.number}/do/urge/", {"seen": seen, "note": "请抓紧"})

    desk.post(f"/case/{case.number}/do/urge/", {"seen": refused.context["seen"], "note": "请抓紧"})

    assert Event.objects.filter(verb="urge").count() == 1


def test_a_mark_of_another_case_is_an_error(desk):
    one, other = case_at("handling"), case_at("handling")

    answer = desk.post(f"/case/{one.number}/do/urge/", {"seen": mark(desk, other), "note": "请抓紧"})

    assert (answer.status_code, Event.objects.filter(verb="urge").count()) == (422, 0)


def test_who_else_has_the_case_open_is_told_once_there_is_somebody(desk):
    case = case_at("handling")
    alone = desk.get(f"/case/{case.number}/").context["others"]
    other = Client()
    other.force_login(person("lead"))

    seen = other.get(f"/case/{case.number}/").context["others"]

    assert (alone, seen) == ([], ["office"])


def fresh(client: Client) -> list[bool]:
    """Return which rows of the list are marked as changed."""
    return [row.fresh for row in client.get("/queue/?scope=open").context["rows"]]


def test_a_case_is_marked_until_it_was_looked_at_and_again_when_it_changed(desk):
    case = case_at("dispatched")
    never = fresh(desk)
    desk.get(f"/case/{case.number}/")
    looked = fresh(desk)
    do(case, "accept", "station")
    changed = fresh(desk)

    desk.post("/queue/seen/", {"query": "scope=open"})

    assert (never, looked, changed, fresh(desk)) == ([True], [False], [True], [False])


def test_the_list_says_who_took_a_case(desk):
    case_at("handling")

    assert "station 在办" in desk.get("/queue/?scope=open").content.decode()


def test_columns_are_chosen_by_each_person_and_kept(desk):
    case_at("handling")
    desk.post("/queue/columns/", {"columns": ["handler", "state"], "query": "scope=open"})
    mine = desk.get("/queue/?scope=open").context["columns"]
    desk.post("/queue/columns/", {"house": "1"})

    other = Client()
    other.force_login(person("lead"))
    assert mine == ["state", "handler"]
    assert other.get("/queue/").context["columns"] == desk.get("/queue/").context["columns"]
    assert list(Event.objects.filter(verb="columns_set").values_list("detail", flat=True)) == [
        {"columns": ["state", "handler"]},
        {"columns": []},
    ]


def test_a_column_nobody_knows_is_an_error():
    with pytest.raises(BadInput):
        preferences.columns(person=person("office"), codes=["colour"], now=NOW)


def test_looking_twice_keeps_one_row():
    case, somebody = case_at("handling"), person("office")

    for _ in range(2):
        preferences.look(person=somebody, case=case, now=NOW)

    assert list(Attention.objects.values_list("case_id", flat=True)) == [case.pk]
    assert viewer.of(somebody).person == somebody
