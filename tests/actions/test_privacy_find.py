"""A search for exactly somebody is an event at every door: its kind and its hits, never the value."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from suyuan.actions.privacy import find
from suyuan.store import chain
from suyuan.store.models import Event
from suyuan.store.queries import personal, viewer
from tests.doors.test_api import ask, secret
from tests.factories import NOW, case_at, person

pytestmark = pytest.mark.django_db
PHONE, ACCOUNT, NAME = "13912345678", "3300012345678", "张三丰"


def told() -> list[tuple[str, str, list[str], int, bool]]:
    """Return every search written down: who, where, which kinds, how many, whether it may find nobody."""
    rows = Event.objects.filter(verb="personal_find").order_by("pk")
    return [
        (
            one.actor,
            one.detail["place"],
            sorted(one.detail["asked"]),
            one.detail["hits"],
            one.detail["refused"],
        )
        for one in rows
    ]


def signed_in(role: str) -> Client:
    """Return a client signed in as a person with ``role``."""
    client = Client()
    client.force_login(person(role))
    return client


def searched(by="office", text=PHONE, place="frame", now=NOW) -> None:
    """Search by one box."""
    find.search(viewer=viewer.of(person(by)), text=text, place=place, now=now)


def test_the_desk_writes_one_event_for_each_value_of_a_call():
    case_at("received")
    desk = signed_in("agent")
    for typed in ({"phone": PHONE}, {"phone": "139 1234 5678"}, {"phone": PHONE, "account": ACCOUNT}):
        assert desk.post("/contact/lookup/", typed).status_code == 200
    assert desk.post("/contact/new/", {"phone": PHONE, "lookup": "1"}).status_code == 200

    assert told() == [("agent", "desk", ["phone"], 1, False), ("agent", "desk", ["account"], 1, False)]
    assert desk.get("/contact/new/").status_code == 200
    assert len(told()) == 2


def test_the_search_of_the_frame_writes_what_may_mean_somebody_and_no_words():
    case_at("received", text="反映抄表有误")
    office = signed_in("office")
    for text in (PHONE, NAME, "抄表"):
        office.post("/queue/find/", {"q": text})

    assert told() == [
        ("office", "frame", ["account", "phone"], 1, False),
        ("office", "frame", ["customer"], 1, False),
    ]


def test_the_api_writes_it():
    case_at("received")
    cache.clear()
    for text in (ACCOUNT, "抄表"):
        assert ask("cases/find", secret("office"), {"q": text})[0] == 200

    assert [row[1:] for row in told()] == [("api", ["account", "phone"], 1, False)]


def test_who_may_find_nobody_leaves_a_trace_too():
    case_at("received")
    searched("leader")

    assert told() == [("leader", "frame", ["account", "phone"], 0, True)]


def test_the_event_holds_no_value_and_no_two_of_one_customer_have_anything_in_common():
    case_at("received")
    searched("office"), searched("audit"), searched("office", NAME)
    events = list(Event.objects.filter(verb="personal_find"))
    said = json.dumps([[one.stream, one.detail, one.objects_json] for one in events])
    references = [ref for one in events for ref in one.detail["asked"].values()]

    assert [value for value in (PHONE, ACCOUNT, NAME) if value in said] == []
    assert len(set(references)) == len(references) == 5
    assert chain.verify(["find:office", "find:audit"])[0] == 2


def test_whoever_has_the_keys_and_a_number_can_say_who_searched_for_it():
    searched()
    detail = Event.objects.get(verb="personal_find").detail

    assert detail["asked"]["phone"] == find.reference("phone", "139-1234-5678", detail["salt"])
    assert detail["asked"]["phone"] != find.reference("phone", "13900000000", detail["salt"])


@pytest.mark.parametrize(("after", "times"), [(29, 1), (31, 2)])
def test_the_same_search_is_one_event_for_a_while(after, times):
    searched()
    searched(now=NOW + timedelta(minutes=after))

    assert len(told()) == times


def test_another_place_and_another_value_are_searches_of_their_own():
    searched(), searched(place="api"), searched(text="13800001111")

    assert [row[1] for row in told()] == ["frame", "api", "frame"]


def test_searches_stand_among_the_looks_of_whoever_made_them_and_of_audit_alone():
    searched()
    rows = {by: personal.looks(viewer.of(person(by)))[0] for by in ("office", "audit", "agent")}

    assert [(one.verb, one.field, one.purpose, one.hits) for one in rows["office"]] == [
        ("personal_find", "account phone", "frame", 0)
    ]
    assert (rows["audit"], rows["agent"]) == (rows["office"], [])
    page = signed_in("audit").get("/looks/").content.decode()
    assert ("按原值查找" in page, "页面搜索框" in page, PHONE in page) == (True, True, False)
