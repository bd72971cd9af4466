"""No list page reads all cases: what a page asks of the database is answered from an index.

Which pages there are is found, not named: see tests/list_pages.py.
"""

import re
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from suyuan.domain.vocabulary import Role
from suyuan.store import rules
from suyuan.store.models import AuditSample, Campaign, Case, Grant, Message, StaffSession
from suyuan.store.queries import customer, viewer
from suyuan.web import access
from tests.doors.test_access_matrix import PARAMETERS
from tests.doors.test_web_lists import LISTS, ME
from tests.factories import NOW, case_at, person, unit
from tests.lakes import fresh_lake
from tests.list_pages import BESIDE, WALKED

pytestmark = pytest.mark.django_db

READS_ALL = {
    "sqlite": re.compile(
        r"^SCAN store_case\b"
        r"(?! USING (COVERING )?INDEX "
        r"(case_(open_due|unit_open|turn_open|restricted_\w+|confidential|child|pressing)"
        r"|.*, as far as its LIMIT$))"
    ),
    "postgresql": re.compile(r"Seq Scan on store_case\b"),
}
"""A whole index is all cases too, unless a LIMIT ends the walk; seven indexes hold but few of them."""


def plans(client, address: str, **posted: str) -> list[str]:
    """Return the lines of the plans of every question a page asks about cases."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(address, posted) if posted else client.get(address)
        assert answer.status_code == 200, address
    return planned(asked, "store_case")


def copies(count: int, of: Case) -> None:
    """Add copies of a case, and let the planner know of them: over three rows any index will do."""
    held = {field.attname: getattr(of, field.attname) for field in Case._meta.concrete_fields}
    held.pop("id"), held.pop("number")
    Case.objects.bulk_create(Case(number=f"{of.number}-{n}", **held) for n in range(count))
    if connection.vendor == "postgresql":  # no installation tells SQLite what its tables hold
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE store_case")
    PLANS.clear()  # those of the same questions were over other rows


def planned(asked: CaptureQueriesContext, table: str) -> list[str]:
    """Return the lines of the plans of every question that was asked about a table."""
    lines = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # with three rows a scan is always cheapest
        for sql in dict.fromkeys(query["sql"] for query in asked.captured_queries):
            if table in sql and sql.startswith(("SELECT", "WITH")):
                lines += plan(cursor, sql, table)
    return lines


PLANS: dict[str, list[str]] = {}
"""What was asked before, whatever the values in it: each page asks what its frame wants to know."""
VALUES = re.compile(r"'[^']*'|\b\d+\b")


def plan(cursor, sql: str, table: str) -> list[str]:
    """Return the lines of one plan; a table that a question gives another name is called by its own."""
    shape = VALUES.sub("?", sql)
    if shape not in PLANS:
        cursor.execute(f"{'EXPLAIN QUERY PLAN' if connection.vendor == 'sqlite' else 'EXPLAIN'} {sql}")
        far = ", as far as its LIMIT" if " LIMIT " in sql else ""
        names = "|".join({table, *re.findall(rf'"?\b{table}"? (?:AS )?"?([A-Z]\d+|c)\b"?', sql)})
        PLANS[shape] = [re.sub(rf"^SCAN ({names})\b", f"SCAN {table}", f"{row[-1]}{far}") for row in cursor]
    return PLANS[shape]


@pytest.fixture(scope="module")
def crowd(django_db_setup, django_db_blocker) -> Iterator[dict[str, object]]:
    """Put a row on every list, once for all pages; return what stands for the parameters of an address."""
    with django_db_blocker.unblock(), transaction.atomic():
        everybody = person("office", "01", ME)
        for role in sorted(set(Role) - {Role.OFFICE}):
            Grant.objects.create(person=everybody, role=role, unit=unit("01"))
        for each in LISTS.values():
            if each.row:
                each.row(0)
        case_at("registered"), case_at("archived")
        fresh_lake()
        yield {
            "detector": "order_stuck",
            "model": "overdue",
            "number": case_at("handling").number,
            "campaign_id": Campaign.objects.latest("pk").pk,
            "sample_id": AuditSample.objects.latest("pk").pk,
            "username": "station",
            "message_id": Message.objects.exclude(channel="in_app").latest("pk").pk,
            "session_id": StaffSession.objects.latest("pk").pk,
        }
        transaction.set_rollback(True)
    rules.forget()


WALKERS = (Role.OFFICE, Role.STATION, Role.AUDIT, Role.LEAD)
"""Who sees all, who a unit, who what is restricted, and who runs a desk."""


def walkers(name: str) -> list[Role]:
    """Return the roles that walk a page: whoever may open it, one where it is alike for everybody."""
    entry = access.TABLE[name]
    may = [role for role in (*WALKERS, Role.ADMIN, Role.LEADER) if role in entry.roles]
    alike = entry.reach in (access.Reach.NONE, access.Reach.OWN) or name in FIGURES
    return may[:1] if alike or may[0] not in WALKERS else [role for role in may if role in WALKERS]


FIGURES = {"home", "reconcile"}
"""Pages that cost too much to be drawn for each: the same questions whoever asks, over other units."""


@pytest.mark.parametrize("name", sorted(WALKED.keys() | BESIDE))
def test_no_page_of_a_list_or_a_case_reads_all_cases(crowd, name):
    address = reverse(name, kwargs={each: crowd[each] for each in PARAMETERS[name]})
    reading = {}
    for role in walkers(name):
        client = Client()
        client.force_login(person(role))
        for query in WALKED.get(name, ("",)):
            found = plans(client, f"{address}?{query}")
            assert found != []
            reading[role, query] = [line for line in found if READS_ALL[connection.vendor].search(line)]

    assert {asked: lines for asked, lines in reading.items() if lines} == {}


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


@pytest.mark.parametrize("caller", [("3300012345678", ""), ("", "13700000000")], ids=["account", "phone"])
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
