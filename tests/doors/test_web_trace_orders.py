"""Orders of other systems on pages: handed in as tables, listed, opened; nobody's number on them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from suyuan.actions import traced
from suyuan.store import event_log
from suyuan.store.models import Case, Unit
from tests import traced_city
from tests.event_logs import ACCOUNT, METER
from tests.factories import case_at, person, unit

pytestmark = pytest.mark.django_db
LONG = "3325101200012345"
"""A number of an order that looks like an account's."""
CHANGES = f"""换表工单编号,户号,旧表号,供电单位,换表时间,发起时间,归档时间,承诺时限
HB1,{ACCOUNT},{METER},0101,2026/1/5 8:30,2026/1/5 17:00,2026/1/12,2026/1/9
HB2,{ACCOUNT},{METER},0102,2026/1/6 8:30,,,
{LONG},{ACCOUNT},{METER},0102,2026/1/7 8:30,,,
"""


@pytest.fixture
def client() -> Iterator[Client]:
    """Return the office, which handed a table in."""
    event_log.path().unlink(missing_ok=True)  # tests share a home
    unit("0102")
    office = Client()
    office.force_login(person("office"))
    page = hand_in(office, CHANGES)
    assert "“换表”：新增 5 条事件" in page.content.decode()
    yield office
    event_log.path().unlink(missing_ok=True)


def hand_in(office: Client, text: str, **said: str):
    name = "log.json" if text.startswith("{") else "换表_20260105.csv"
    file = SimpleUploadedFile(name, text.encode())
    return office.post("/event-log/", {"file": file, **said}, follow=True)


def rows(page) -> list[tuple[object, ...]]:
    return [tuple(cell.text for cell in row.cells) for row in page.context["listed"].rows]


def test_orders_are_listed_the_one_that_moved_last_first(client: Client) -> None:
    page = client.get("/trace/orders/")

    assert [row[3:5] for row in rows(page)] == [
        ("换表归档", "已办结"), ("现场换表", "未办结"), ("现场换表", "未办结")
    ]  # fmt: skip
    assert rows(page)[0][0] == "HB1"
    assert page.context["listed"].rows[0].cells[4].marks == ("!超过承诺",)
    text = page.content.decode()
    assert [word for word in (ACCOUNT, METER, LONG, "~") if word in text.replace("~/", "")] == []


@pytest.mark.parametrize(("query", "numbers"), [
    ("type=换表单&state=done", ["HB1"]), ("unit=0101", ["HB1"]), ("state=open&number=HB", ["HB2"]),
    ("number=HB9", []),
])  # fmt: skip
def test_lists_are_narrowed(client: Client, query: str, numbers: list[str]) -> None:
    assert [row[0] for row in rows(client.get(f"/trace/orders/?{query}"))] == numbers


@pytest.mark.parametrize("query", ["type=nothing", "unit=9999", "state=lost", "page=x", "sort=a"])
def test_what_nobody_knows_is_no_filter(client: Client, query: str) -> None:
    assert client.get(f"/trace/orders/?{query}").status_code in (400, 404, 422)


def test_an_order_shows_its_steps_and_what_they_were_about(client: Client) -> None:
    page = client.get("/trace/orders/HB1/")

    text = page.content.decode()
    assert [step["activity"] for step in page.context["steps"]] == ["现场换表", "换表流程发起", "换表归档"]
    assert "电能表 代号" in text
    assert "超过承诺" in text
    assert [word for word in (ACCOUNT, METER) if word in text] == []
    assert client.get("/trace/orders/HB9/").status_code == 404


def test_many_accounts_are_folded_and_what_others_did_stands_apart(client: Client) -> None:
    heading = "批次号,台区编号,户号,供电单位,地址修改时间,审核时间,归档时间\n"
    accounts = [str(3_300_000_000_000 + at) for at in range(36)]
    rows = [f"DZ1,TQ1,{each},0101,2026-01-02 09:00,,\n" for each in accounts]
    hand_in(client, heading + "".join(rows), layout="address_change")
    refused = {"id": "r1", "type": "换表流程发起被拒", "time": "2026-02-01T09:00:00Z", "relationships": [
        {"objectId": thing, "qualifier": ""} for thing in ("HB1", "DZ1", "0102")]}  # fmt: skip
    again = refused | {"id": "r2", "relationships": refused["relationships"][::2]}
    hand_in(client, ocel([refused, again], {"HB1": "换表单", "DZ1": "批量地址修改单", "0102": "单位"}))

    page = client.get("/trace/orders/DZ1/")

    assert [step["activity"] for step in page.context["steps"]] == ["批量地址修改发起"]
    assert [step["activity"] for step in page.context["named"]] == ["换表流程发起被拒"]
    assert (page.context["order"].unit, page.context["order"].steps) == ("0101", 1)
    assert "<summary>36 个户号</summary>" in page.content.decode()
    assert "别的工单提到它" not in client.get("/trace/orders/HB1/").content.decode()
    assert client.get("/trace/orders/HB1/").context["order"].step == "换表流程发起被拒"


def ocel(events: list[dict[str, object]], things: dict[str, str]) -> str:
    kinds = sorted({str(each["type"]) for each in events})
    return json.dumps({
        "eventTypes": [{"name": name, "attributes": []} for name in kinds],
        "objectTypes": [{"name": name, "attributes": []} for name in sorted(set(things.values()))],
        "events": [{"attributes": [], **each} for each in events],
        "objects": [{"id": name, "type": kind, "attributes": [], "relationships": []}
                    for name, kind in things.items()],
    })  # fmt: skip


def test_an_order_whose_number_may_be_somebodys_is_called_by_a_sign(client: Client) -> None:
    [row] = [
        row for row in client.get("/trace/orders/").context["listed"].rows if "代号" in row.cells[0].text
    ]

    page = client.get(row.cells[0].url)

    assert (page.status_code, row.cells[0].url.startswith("/trace/orders/r-")) == (200, True)
    assert LONG not in page.content.decode()


def test_the_same_table_again_is_said_to_be_nothing_new(client: Client) -> None:
    said = hand_in(client, CHANGES).content.decode()
    assert "没有新的事件，5 条都已有" in said
    assert "日志的来源" in said

    odd = hand_in(client, CHANGES + ",1,2,0101,2026/1/7,,,\n", source="营销系统").content.decode()
    assert "“营销系统”：新增 5 条事件" in odd
    assert "户号或台区却不同" not in odd
    mixed = hand_in(client, CHANGES.replace(ACCOUNT, "3300000000009"), source="计量系统").content.decode()
    assert "3 张工单另一来源也有，户号或台区却不同" in mixed
    page = client.get("/trace/orders/HB1/").content.decode()
    assert "“换表”和“计量系统”都有这个编号，户号却不同" in page
    assert "未装入 1 处（没有编号）：row 5" in odd


@pytest.mark.parametrize("said", [{"layout": "nothing"}, {"layout": "reading"}, {"source": "x" * 61}])
def test_what_is_said_wrongly_of_a_table_is_refused(client: Client, said: dict[str, str]) -> None:
    page = hand_in(client, CHANGES, **said)

    assert (page.status_code, 'id="file-problem"' in page.content.decode()) == (422, True)


def test_without_a_log_the_list_says_what_to_do() -> None:
    event_log.path().unlink(missing_ok=True)
    office = Client()
    office.force_login(person("leader"))

    assert "没有外部工单" in office.get("/trace/orders/").content.decode()
    assert office.get("/trace/orders/HB1/").status_code == 404


def test_an_order_leads_to_the_complaints_it_caused(tmp_path: Path) -> None:
    city = traced_city.made(tmp_path)
    [number] = traced_city.of_kind(city, "zero_reading")
    traced_city.take(city, tmp_path)
    case = case_at("archived")
    unit("0102")
    Case.objects.filter(pk=case.pk).update(number=number, unit=Unit.objects.get(code="0101"))
    chain = traced.traced_of(number).chain
    office = Client()
    office.force_login(person("office"))

    name = traced.traced_of(number).log.objects[chain.nodes[0].thing]
    page = office.get(reverse("trace_order", args=[name]))

    assert page.context["complaints"] == [(number, True)]
    assert f'href="/trace/{number}/"' in page.content.decode()
    traced_city.forget()
