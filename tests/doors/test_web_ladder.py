"""Urges and supervision in the browser and by command."""

import json
from datetime import timedelta

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store.models import Case, Supervision
from tests.board_pages import signed_in
from tests.doors.test_web_linked import rows
from tests.factories import NOW, case_at, do, supervision_at

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_an_order_is_listed_until_it_is_closed_and_says_who_acknowledged_it():
    order, leader = supervision_at("dispatched"), signed_in("leader")
    assert rows(leader.get("/supervisions/?state=unacknowledged"))[0] == [
        order.number,
        "东城供电所",
        "leader",
        "",
        "已派单",
        "",
        "2026-03-04 13:30",
    ]

    signed_in("station").post(f"/case/{order.number}/do/acknowledge/", {})

    assert rows(leader.get("/supervisions/?state=unacknowledged")) == []
    assert rows(leader.get("/supervisions/"))[0][4:6] == ["处理中", "station"]
    assert rows(leader.get("/supervisions/?state=done")) == []
    assert leader.get("/supervisions/?state=some").status_code == 422


def test_the_page_of_a_case_shows_its_urges_and_the_order_they_led_to():
    case = case_at("handling")
    for n in range(3):
        case = do(case, "urge", "agent", NOW + (n + 1) * HOUR, note="请尽快答复")
    order = Supervision.objects.get().case

    page = signed_in("office").get(f"/case/{case.number}/").content.decode()
    child = signed_in("station").get(f"/case/{order.number}/").content.decode()

    assert [page.count(said) for said in ("第 3 次催办", "已告知上级", "已开督办单", "最高优先")] == [1] * 4
    assert f'href="/case/{order.number}/"' in page
    assert f"客户催办工单 {case.number} 已 3 次，系统开出这张督办单。" in child


def test_the_command_shows_the_ladder_of_a_case_and_lists_the_orders(suyuan):
    order = supervision_at("handling")
    parent = Case.objects.get(number=order.parent_number)

    code, out, _ = suyuan("ladder", "show", parent.number, "--as", "office", "--json")
    answer = json.loads(out)

    jsonschema.validate(answer, of("ladder show"))
    assert (code, answer["priority"], answer["urges"]["count"]) == (0, "high", 0)
    assert [(one["number"], one["acknowledged_by"]) for one in answer["orders"]] == [
        (order.number, "station")
    ]
    code, out, _ = suyuan("ladder", "list", "--as", "leader", "--json")
    jsonschema.validate(json.loads(out), of("ladder list"))
    assert [one["number"] for one in json.loads(out)["orders"]] == [order.number]
    assert suyuan("ladder", "show", parent.number)[0] == 0
    assert suyuan("ladder", "show", "SY1", "--as", "office")[0] == 1
