"""Lists of cases: what is mine, what is found, what is not shown."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import FORMS, NOW, case_at, do, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    """Return a client signed in as the service office."""
    client.force_login(person("office"))
    return client


def numbers(client: Client, query: str = "") -> list[str]:
    """Return the numbers of the cases a list shows."""
    answer = client.get(f"/queue/{query}")
    assert answer.status_code == 200
    return [case.number for case, *_ in answer.context["rows"]]


def test_my_queue_holds_what_waits_for_my_role(client: Client) -> None:
    waiting = case_at("dispatched")
    case_at("registered")
    client.force_login(person("station"))

    assert numbers(client) == [waiting.number]


def test_what_does_not_wait_for_me_is_one_click_away(client: Client) -> None:
    first, second = case_at("dispatched"), case_at("reviewing")
    client.force_login(person("station"))

    assert sorted(numbers(client, "?scope=open")) == [first.number, second.number]


def test_another_unit_sees_nothing(client: Client) -> None:
    case_at("dispatched")
    client.force_login(person("station", at="0102", username="west"))

    assert numbers(client, "?scope=all") == []


def test_a_restricted_case_is_not_listed(desk: Client) -> None:
    case_at("handling", procedure="report")

    assert numbers(desk, "?scope=all") == []


def test_an_overdue_case_says_so_in_words(desk: Client) -> None:
    case_at("registered", now=timezone.now() - timedelta(days=30))

    text = desk.get("/queue/?scope=open").content.decode()

    assert "超期" in text
    assert "已超 " in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?scope=all&business_type=complaint", 1),
        ("?scope=all&business_type=repair", 0),
        ("?scope=all&state=registered", 1),
        ("?scope=all&state=handling", 0),
        ("?scope=all&unit=01", 1),
        ("?scope=all&unit=0102", 0),
        ("?scope=all&from=2026-03-04&to=2026-03-04", 1),
        ("?scope=all&to=2026-03-03", 0),
        ("?scope=all&finding=verified", 0),
        ("?scope=all&satisfaction=satisfied", 0),
        ("?scope=all&light=done", 0),
        ("?q=抄表", 1),
        ("?q=停电", 0),
    ],
)
def test_a_filter_narrows(desk: Client, query: str, found: int) -> None:
    case_at("registered")

    assert len(numbers(desk, query)) == found


@pytest.mark.parametrize(
    "query",
    ["?scope=yours", "?light=blue", "?from=yesterday", "?page=0", "?page=x", "?order=size", "?colour=1"]
    + ["?to=9999-12-31", "?from=0001-01-01", "?unit=nowhere", "?page=" + "9" * 1_000, "?scope=all&page=300"],
)
def test_an_unknown_option_is_an_error(desk: Client, query: str) -> None:
    assert desk.get(f"/queue/{query}").status_code == 422


def test_a_search_for_words_becomes_an_address(desk: Client) -> None:
    case_at("registered")
    answer = desk.post("/queue/find/", {"q": "抄表"})

    assert answer.status_code == 302
    assert answer.url == "/queue/?q=%E6%8A%84%E8%A1%A8&scope=all"


def test_a_search_for_a_telephone_number_never_becomes_an_address(desk: Client) -> None:
    number = case_at("registered").number

    answer = desk.post("/queue/find/", {"q": "13912345678"})

    assert answer.status_code == 200
    assert [case.number for case, *_ in answer.context["rows"]] == [number]
    text = answer.content.decode()
    assert "q=139" not in text
    assert "/queue/export/" not in text


@pytest.mark.parametrize("text", ["电话13912345678", "139-1234-5678", "+86 139 1234 5678", "1391234５６７８"])
def test_a_number_is_no_address_however_it_is_written(desk: Client, text: str) -> None:
    answer = desk.post("/queue/find/", {"q": text})

    assert (answer.status_code, "Location" in answer.headers) == (200, False)


@pytest.mark.parametrize(
    "text", ["张三丰", "張三豐", "李四光", "亓官某", "Smith", "停电 张三丰", "330106199001011234"]
)
def test_a_name_or_what_no_case_says_is_no_address(desk: Client, text: str) -> None:
    case_at("registered")
    answer = desk.post("/queue/find/", {"q": text})
    page = answer.content.decode()

    assert (answer.status_code, "Location" in answer.headers) == (200, False)
    assert [
        link for link in re.findall(r'(?:href|action)="([^"]*)"', page) if quote(text) in link or text in link
    ] == []
    assert len(answer.context["rows"]) == (text in ("张三丰", "張三豐"))


@pytest.mark.parametrize("address", ["/queue/", "/queue/?q=抄表&scope=all", "/queue/?scope=open", "/"])
def test_no_form_that_searches_puts_what_is_typed_into_the_address(desk: Client, address: str) -> None:
    case_at("registered")

    page = desk.get(address).content.decode()
    found = [form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'name="q"' in form]

    assert found
    assert all('method="post"' in form for form in found)


def test_a_page_is_turned_without_counting(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("suyuan.web.queue.SIZE", 1)
    first, second = case_at("registered"), case_at("registered", now=NOW + timedelta(minutes=1))

    with CaptureQueriesContext(connection) as asked:
        shown = numbers(desk, "?scope=open"), numbers(desk, "?scope=open&page=2")

    assert shown == ([first.number], [second.number])
    of_the_inbox = '"store_message"'
    asked_cases = [query["sql"].upper() for query in asked if '"store_case"' in query["sql"]]
    assert not any("COUNT(" in sql for sql in asked_cases if of_the_inbox.upper() not in sql)


def test_three_rows_cost_no_more_queries_than_one(desk: Client) -> None:
    case_at("registered")
    desk.get("/queue/?scope=open")
    with CaptureQueriesContext(connection) as one:
        desk.get("/queue/?scope=open")
    for _ in range(2):
        case_at("registered")
    with CaptureQueriesContext(connection) as three:
        desk.get("/queue/?scope=open")

    assert len(three) == len(one)


def test_an_empty_queue_teaches(desk: Client) -> None:
    assert "没有等您办的工单" in desk.get("/queue/").content.decode()
    assert "两个字就够" in desk.get("/queue/?q=停电").content.decode()


def test_a_number_in_full_opens_its_case(desk: Client) -> None:
    number = case_at("registered").number

    assert desk.post("/queue/find/", {"q": f" {number} "}).url == f"/case/{number}/"


def test_a_number_out_of_reach_opens_nothing(client: Client) -> None:
    number = case_at("registered").number
    client.force_login(person("station", at="0102", username="west"))

    answer = client.post("/queue/find/", {"q": number})

    assert answer.context is None or answer.context["rows"] == []
    assert not answer.get("Location", "").startswith("/case/")


def test_what_a_search_found_is_marked_also_where_it_was_said_in_another_way(desk):
    case_at("registered", text="客户反映家中无电，电话13912345678" + "，" * 30)

    page = desk.get("/queue/", {"scope": "all", "q": "停电"})

    text = page.content.decode()
    assert text.count("<mark>无电</mark>") == 1
    assert "13912345678" not in text


def test_a_queue_says_what_presses_and_leads_to_it(client: Client) -> None:
    urged, _ = case_at("dispatched"), case_at("dispatched")
    do(urged, "urge", "agent", **FORMS["urge"](urged))
    client.force_login(person("station"))

    shown = client.get("/queue/").context["pressing"]

    assert (shown.said, numbers(client, shown.url.removeprefix("/queue/"))) == ("1", [urged.number])
    assert "其中 1 件已催办或督办" in client.get("/queue/").content.decode()
    assert client.get(shown.url).context["pressing"] is None
    assert client.get("/queue/?scope=all").context["pressing"] is None
