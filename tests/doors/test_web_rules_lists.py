"""The lists of the rulebook ask as much of three rows as of one; what waits, ends or is owed says so."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from suyuan.domain.fields import reason
from suyuan.store import rules
from suyuan.store.queries import rulebook, viewer
from suyuan.web import forms
from tests.factories import NOW, person
from tests.rulebook_entries import DISPATCH, PHRASE, landed, submitted

pytestmark = pytest.mark.django_db
ROUTE = {
    "id": "east",
    "title": {"zh": "归东城", "en": "East"},
    "unit": "0101",
    "basis": "分工表",
    "certainty": "Q",
}
DOCUMENT = {
    "number": "Q/SY-01",
    "title": {"zh": "投诉处理规范", "en": "Handling complaints"},
    "kind": "standard",
    "version": "A/0",
    "text": "先联系客户",
    "limits": ["complaint.answer"],
    "posts": ["station"],
    "review_on": "2026-03-01",
    "basis": "公司文件",
    "certainty": "Q",
}
CHOICE = {
    "list": "reason.pause",
    "code": "filed",
    "title": {"zh": "报备", "en": "Filed"},
    "in_force_from": "2020-01-01",
    "basis": "本公司",
    "certainty": "Q",
}


@pytest.fixture(autouse=True)
def nothing_left():
    rules.forget()
    yield
    rules.forget()


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def asked(client: Client, address: str) -> list[str]:
    """Return what a page asks of the database."""
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in found.captured_queries]


@pytest.mark.parametrize(
    ("address", "most"),
    [("/rules/", 12), ("/rules/?find=投诉", 12), ("/rules/proposals/", 12), ("/rules/of/phrase/", 12)],
)
def test_a_list_asks_as_much_of_three_rows_as_of_one_and_nothing_of_cases(address, most):
    client = signed_in("lead")
    submitted("phrase", PHRASE)
    landed("phrase", PHRASE | {"id": "first"})
    client.get(address)
    one = asked(client, address)
    for name in ("second", "third"):
        submitted("limit", DISPATCH | {"id": f"own.{name}"})
        landed("phrase", PHRASE | {"id": name})
    client.get(address)

    three = asked(client, address)

    assert len(three) == len(one) <= most
    of_the_inbox = '"store_message"'  # what waits there leaves out cases that accuse the reader's unit
    assert [sql for sql in three if '"store_case"' in sql and of_the_inbox not in sql] == []


def test_the_list_of_routing_rows_asks_for_the_units_once():
    client = signed_in("lead")
    person("station")
    landed("route", ROUTE)
    client.get("/rules/of/route/")
    one = asked(client, "/rules/of/route/")
    landed("route", ROUTE | {"id": "west"})
    client.get("/rules/of/route/")

    assert len(asked(client, "/rules/of/route/")) == len(one)
    assert "→ 东城供电所 0101" in client.get("/rules/of/route/").content.decode()


def test_a_document_names_who_still_has_to_read_it_and_the_limit_names_the_document():
    station, lead = person("station"), signed_in("lead")
    landed("document", DOCUMENT)

    before = lead.get("/rules/entry/document/Q/SY-01/")
    limit = lead.get("/rules/entry/limit/complaint.answer/")
    signed_in("station").post("/rules/read/Q/SY-01/")
    after = lead.get("/rules/entry/document/Q/SY-01/")

    assert [one.pk for one in before.context["owing"]] == [station.pk]
    assert str(before.context["review_due"]) == "2026-03-01"
    assert limit.context["governed_by"] == [("Q/SY-01", "投诉处理规范")]
    assert after.context["owing"] == rulebook.owing(rules.rulebook().documents["Q/SY-01"][-1], NOW) == []


def test_an_entry_that_would_hold_at_once_says_from_when_it_can_be_approved():
    draft = submitted("choice", CHOICE | {"in_force_from": "2999-01-01"})
    office = signed_in("office")

    shown = office.get(f"/rules/proposals/{draft.pk}/")
    refused = office.post(f"/rules/proposals/{draft.pk}/approve/")

    assert str(shown.context["waits_for"]) == "2999-01-01"
    assert f"/rules/proposals/{draft.pk}/approve/" not in shown.content.decode()
    assert refused.status_code == 409


def test_a_choice_that_has_ended_is_not_offered_and_stays_where_it_was_chosen():
    seen, field = viewer.of(person("station")), reason("pause")
    landed("choice", CHOICE | {"in_force_until": "2026-01-31"})

    [fresh] = forms.boxes(seen, [field], forms.Entry(), "a")
    [kept] = forms.boxes(seen, [field], forms.Entry({"reason": "filed"}), "b")

    assert [code for code, _ in fresh.choices] == ["customer", "force_majeure", "final_answer"]
    assert ("filed", "报备") in kept.choices
