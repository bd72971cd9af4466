"""The list of contacts that bounce: masked, through cases in reach alone, left once corrected."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from suyuan.store.models import Case, ContactWay
from tests.customer_files import load
from tests.factories import case_at, person, unit

pytestmark = pytest.mark.django_db
LIST = "/customers/bounced/"


def as_(role: str) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
    client.force_login(person(role))
    return client


@pytest.fixture
def case(tmp_path):
    unit()
    load(tmp_path)
    found = case_at("handling")
    ContactWay.objects.filter(kind="phone").update(bounced=3)
    return found


def rows(role: str = "office", address: str = LIST) -> list[list[str]]:
    listed = as_(role).get(address).context["listed"]
    return [[str(cell.text) for cell in row.cells] for row in listed.rows]


def test_it_names_the_contact_masked_and_leads_to_the_newest_case(case):
    page = as_("office").get(LIST).content.decode()

    [[way, count, account, _, newest]] = rows()
    assert (count, newest) == ("3", case.number)
    assert "*" in way
    assert "*" in account
    assert f'href="/case/{case.number}/"' in page
    assert "13912345678" not in page


def test_the_filter_narrows_and_refuses_what_it_does_not_know(case):
    assert [len(rows(address=f"{LIST}?kind={kind}")) for kind in ("phone", "email")] == [1, 0]
    assert as_("office").get(f"{LIST}?kind=fax").status_code == 422


def test_a_contact_put_right_leaves_the_list(case):
    wrong = ContactWay.objects.get(kind="phone")
    form = {
        "contact_way": wrong.pk,
        "contact_kind": "phone",
        "contact_value": "13800001111",
        "whose": "owner",
    }

    as_("station").post(f"/case/{case.number}/customer/correct_contact/", form)

    assert rows() == []
    assert "没有失效的联系方式" in as_("office").get(LIST).content.decode()


@pytest.mark.parametrize("hidden", [{"restricted": True}, {"secrecy": "anonymous"}, {"account_index": ""}])
def test_a_contact_no_case_in_reach_leads_to_is_not_there(case, hidden):
    Case.objects.update(**hidden)

    assert rows() == []


def test_another_units_contacts_and_other_roles_see_nothing(case):
    assert as_("leader").get(LIST).status_code == 403
    elsewhere = Client()
    elsewhere.force_login(person("station", at="0102", username="elsewhere"))
    assert elsewhere.get(LIST).context["listed"].rows == []


def test_it_asks_the_same_of_the_database_for_one_contact_and_for_more(case):
    desk = as_("office")
    desk.get(LIST)
    with CaptureQueriesContext(connection) as few:
        assert len(desk.get(LIST).context["listed"].rows) == 1
    way = ContactWay.objects.get(bounced=3)
    for _ in range(2):
        way.pk = None
        way.save()
    with CaptureQueriesContext(connection) as many:
        assert len(desk.get(LIST).context["listed"].rows) == 3

    assert len(few) == len(many)
