"""No list page reads all cases: what a page asks of the database is answered from an index."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from suyuan.store.models import Case
from suyuan.store.queries import customer, viewer
from tests.factories import NOW, case_at, person

pytestmark = pytest.mark.django_db

PAGES = {
    "queue": "/queue/",
    "open": "/queue/?scope=open",
    "overdue": "/queue/?scope=open&light=red",
    "newest": "/queue/?scope=all&order=accepted",
    "by due": "/queue/?scope=all",
    "day": "/queue/?scope=all&order=accepted&from=2026-03-04&to=2026-03-05",
    "unit": "/queue/?scope=all&order=accepted&unit=0101",
    "words": "/queue/?scope=all&q=抄表",
    "lead": "/queue/?scope=open&part=lead",
    "specialty": "/queue/?scope=mine&part=specialty",
    "first contact": "/queue/?scope=all&part=owner",
    "relays": "/relays/?show=",
    "supports": "/supports/?show=",
    "support of a unit": "/supports/?unit=0101",
    "improvements": "/improvements/?state=",
    "overdue improvements": "/improvements/?state=overdue&kind=hardware",
    "units": "/units/",
}
READS_ALL = {
    "sqlite": re.compile(
        r"^SCAN store_case\b"
        r"(?! USING (COVERING )?INDEX (case_(open_due|unit_open|turn_open)|.*, as far as its LIMIT$))"
    ),
    "postgresql": re.compile(r"Seq Scan on store_case\b"),
}
"""A whole index is all cases too, unless a LIMIT ends the walk; three indexes hold the open ones alone."""


def plans(client, address: str, **posted: str) -> list[str]:
    """Return the lines of the plans of every question a page asks about cases."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(address, posted) if posted else client.get(address)
        assert answer.status_code == 200
    return planned(asked, "store_case")


def copies(count: int, of: Case) -> None:
    """Add copies of a case, and let the planner know of them: over three rows any index will do."""
    held = {field.attname: getattr(of, field.attname) for field in Case._meta.concrete_fields}
    held.pop("id"), held.pop("number")
    Case.objects.bulk_create(Case(number=f"{of.number}-{n}", **held) for n in range(count))
    if connection.vendor == "postgresql":  # no installation tells SQLite what its tables hold
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE store_case")


def planned(asked: CaptureQueriesContext, table: str) -> list[str]:
    """Return the lines of the plans of every question that was asked about a table."""
    lines = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # with three rows a scan is always cheapest
        for query in asked.captured_queries:
            if table in query["sql"] and query["sql"].startswith("SELECT"):
                explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
                cursor.execute(f"{explain} {query['sql']}")
                far = ", as far as its LIMIT" if " LIMIT " in query["sql"] else ""
                lines += [f"{row[-1]}{far}" for row in cursor.fetchall()]
    return lines


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("role", ["office", "station"])
def test_a_list_page_never_reads_all_cases(client, role, address):
    case_at("handling"), case_at("registered"), case_at("archived")
    client.force_login(person(role))

    found = plans(client, address)

    assert found != []
    assert [line for line in found if READS_ALL[connection.vendor].search(line)] == []


def test_the_queue_of_one_unit_reads_its_open_cases_alone(client):
    case_at("handling"), copies(2_000, of=case_at("archived"))
    client.force_login(person("station"))

    walked = {index for line in plans(client, "/queue/") for index in re.findall(r"\bcase_\w+", line)}

    assert walked & {"case_unit_open", "case_turn_open"}, walked


def test_the_queue_of_an_office_reads_the_open_cases_that_wait_for_it_alone(client):
    case_at("reviewing"), copies(2_000, of=case_at("dispatched"))
    client.force_login(person("office"))

    walked = {index for line in plans(client, "/queue/") for index in re.findall(r"case_\w+_open", line)}

    assert ("case_turn_open" in walked, "case_open_due" in walked) == (True, False)


@pytest.mark.parametrize(
    ("address", "posted"),
    [
        ("/queue/find/", {"q": "张三丰"}),
        ("/queue/find/", {"q": "13912345678"}),
        ("/contact/lookup/", {"customer": "张三丰"}),
        ("/contact/lookup/", {"phone": "13912345678"}),
    ],
)
def test_a_search_for_who_called_never_reads_all_cases(client, address, posted):
    case_at("handling"), case_at("registered"), case_at("archived")
    client.force_login(person("office"))

    found = plans(client, address, **posted)

    assert found != []
    assert [line for line in found if READS_ALL[connection.vendor].search(line)] == []


@pytest.mark.parametrize("column", ["phone", "account", "name"])
def test_each_of_the_three_is_looked_up_in_an_index_of_its_own(column):
    case_at("handling"), case_at("registered"), case_at("archived")
    with connection.cursor() as cursor:
        explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"{explain} SELECT id FROM store_case WHERE {column}_index = 'abc'")
        lines = [str(row[-1]) for row in cursor.fetchall()]

    assert [line for line in lines if f"case_{column}" in line] != []


@pytest.mark.parametrize("caller", [("3300012345678", ""), ("", "13912345678")], ids=["account", "phone"])
def test_a_caller_is_looked_up_without_reading_all_accounts(caller):
    agent = viewer.of(person("agent"))
    with CaptureQueriesContext(connection) as asked:
        assert customer.placed(*caller) is None
        assert customer.of_caller(agent, *caller, NOW) == []

    found = planned(asked, "store_account")

    assert found != []
    assert [line for line in found if READS_REGISTER[connection.vendor].search(line)] == []


READS_REGISTER = {
    "sqlite": re.compile(r"^SCAN (store_\w+|a|s)\b(?! USING)"),
    "postgresql": re.compile(r"Seq Scan on store_"),
}


@pytest.mark.parametrize("order", ["", " ORDER BY number"], ids=["the table", "an index to its end"])
def test_the_test_sees_a_page_that_does(order):
    if order and connection.vendor == "postgresql":
        pytest.skip("a plan of PostgreSQL does not tell an index walked to its end from one that was asked")
    case_at("registered")
    with connection.cursor() as cursor:
        explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{explain} SELECT id FROM store_case WHERE brief LIKE '%a%'{order}")
        lines = [str(row[-1]) for row in cursor.fetchall()]

    assert [line for line in lines if READS_ALL[connection.vendor].search(line)] != []
