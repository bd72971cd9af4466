"""A look in the browser: asked for a purpose, posted, shown once, kept by nothing."""

import pytest
from django.test import Client

from suyuan.store.models import Event
from tests.factories import case_at, person

pytestmark = pytest.mark.django_db
PHONE = "13912345678"


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def test_the_page_of_a_case_shows_the_mask_and_leads_to_the_look():
    case = case_at("handling")
    page = signed_in("office").get(f"/case/{case.number}/").content.decode()

    assert (PHONE in page, "139******78" in page, f"/case/{case.number}/reveal/" in page) == (
        False,
        True,
        True,
    )


def test_who_may_not_look_is_not_led_there():
    case = case_at("handling")

    assert (
        f"/case/{case.number}/reveal/"
        not in signed_in("leader").get(f"/case/{case.number}/").content.decode()
    )


def test_a_look_is_posted_and_shown_once():
    case, client = case_at("handling"), signed_in("office")
    asked = client.get(f"/case/{case.number}/reveal/").content.decode()
    answer = client.post(f"/case/{case.number}/reveal/", {"personal_field": "phone", "purpose": "call_back"})

    assert PHONE not in asked
    assert (answer.status_code, PHONE in answer.content.decode()) == (200, True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert PHONE not in client.get(f"/case/{case.number}/").content.decode()
    assert PHONE not in str(dict(client.session))


def test_a_look_without_a_purpose_says_what_is_missing():
    case = case_at("handling")
    answer = signed_in("office").post(f"/case/{case.number}/reveal/", {"personal_field": "phone"})

    assert (answer.status_code, PHONE in answer.content.decode()) == (422, False)
    assert Event.objects.filter(verb="reveal").count() == 0


def test_a_refusal_stands_on_the_page():
    case = case_at("handling", secrecy="anonymous")
    answer = signed_in("office").post(
        f"/case/{case.number}/reveal/", {"personal_field": "phone", "purpose": "call_back"}
    )

    assert (answer.status_code, "来话人要求匿名" in answer.content.decode()) == (409, True)


def test_the_looks_are_listed_for_audit_with_the_purpose_in_words():
    case = case_at("handling")
    signed_in("office").post(f"/case/{case.number}/reveal/", {"personal_field": "phone", "purpose": "verify"})
    page = signed_in("audit").get("/looks/").content.decode()

    assert (case.number in page, "核实诉求内容" in page, "联系电话" in page, PHONE in page) == (
        True,
        True,
        True,
        False,
    )


def test_an_empty_list_of_looks_teaches():
    assert "还没有人查看过" in signed_in("lead").get("/looks/").content.decode()


def test_the_timeline_of_the_case_says_that_somebody_looked():
    case, client = case_at("handling"), signed_in("office")
    client.post(f"/case/{case.number}/reveal/", {"personal_field": "phone", "purpose": "verify"})

    assert "查看原值</strong>" in client.get(f"/case/{case.number}/").content.decode()


def test_who_may_look_at_nothing_is_told_so_before_a_form():
    case = case_at("handling")

    asked = signed_in("leader").get(f"/case/{case.number}/reveal/")

    assert (asked.status_code, "personal_field" in asked.content.decode()) == (403, False)
