"""The first page: one sentence, three cards, each one click from its detail; never one against two."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from suyuan.store.models import Case, Unit
from suyuan.web import home, status
from tests.factories import case_at, person
from tests.lakes import fresh_lake

pytestmark = pytest.mark.django_db


def signed_in(role: str, **at: str) -> Client:
    """Return a client signed in as a person with ``role``."""
    client = Client()
    client.force_login(person(role, **at))
    return client


def complaints(east: int, west: int) -> None:
    """Make complaints of the last full week at two stations and give both half a year of other orders."""
    case = case_at("archived")
    Case.objects.filter(pk=case.pk).update(business_type="repair")
    now = timezone.now()
    monday = now - timedelta(days=now.weekday() + 7)
    _copies(case, east, "0101", "complaint", monday)
    _copies(case, west, "0102", "complaint", monday)
    for unit in ("0101", "0102"):
        _copies(case, 60, unit, "repair", monday - timedelta(days=40))
    _copies(case, 1, "0101", "repair", now)
    fresh_lake()


def _copies(case: Case, count: int, unit: str, kind: str, at) -> None:
    Case.objects.bulk_create(
        Case(
            number=f"{unit}-{kind}-{at:%m%d}-{n}",
            origin="import",
            procedure="complaint",
            version=case.version,
            edition=case.edition,
            state="archived",
            is_open=False,
            business_type=kind,
            unit=Unit.objects.get(code=unit),
            accepted_at=at,
            changed_event=case.changed_event,
        )
        for n in range(count)
    )


def test_an_empty_home_says_what_to_do_first() -> None:
    office, admin = signed_in("office"), signed_in("admin")
    fresh_lake()

    text, without = (client.get("/").content.decode() for client in (office, admin))

    assert ("您的单位还没有工单" in text, 'href="/import/"' in text) == (True, True)
    assert "管理员平时看不到工单；要看，请先开启管理会话。" in without
    assert ("您的单位还没有工单" in without, 'href="/staff/"' in without) == (False, True)


def test_a_station_head_is_led_to_the_queue_and_not_to_a_page_that_refuses_him() -> None:
    person("station", at="0101")
    fresh_lake()
    case_at("dispatched")

    text = signed_in("station").get("/").content.decode()
    elsewhere = signed_in("station", at="0102", username="next").get("/").content.decode()

    assert "您的单位已有工单，统计正在更新。" in text
    assert "您的单位还没有工单" in elsewhere
    assert [page.count('href="/import/"') for page in (text, elsewhere)] == [0, 0]


def test_a_week_without_complaints_has_no_verdict() -> None:
    complaints(east=0, west=0)

    page = signed_in("leader").get("/")

    assert '<p class="verdict">无从比较</p>' in page.content.decode()


def test_one_against_two_names_nobody() -> None:
    complaints(east=2, west=1)

    page = signed_in("leader").get("/")

    assert "投诉 3 件：2 个单位的起伏都属正常波动，没有该点名的。" in page.context["sentence"]
    assert [(line["n"], line["verdict"]) for line in page.context["lines"]] == [
        (2, "属正常波动"),
        (1, "属正常波动"),
    ]


def test_a_unit_far_above_chance_is_named_with_what_was_expected() -> None:
    complaints(east=20, west=1)

    page = signed_in("leader").get("/")

    assert "投诉 21 件：东城供电所偏高属实，其余 1 个单位的起伏属正常波动。" in page.context["sentence"]
    first = page.context["lines"][0]
    assert (first["n"], first["expected"], first["verdict"]) == (20, "10.5", "偏高属实")


def test_data_that_end_before_last_week_are_said_to_end_there() -> None:
    friday = datetime(2026, 11, 27, 2, tzinfo=UTC)

    told = [home.ends_at(date(*day), friday) for day in ((2019, 6, 30), (2026, 11, 15), (2026, 11, 16))]

    assert told == [date(2019, 6, 30), date(2026, 11, 15), None]


def test_each_card_is_one_click_from_its_detail() -> None:
    complaints(east=2, west=1)
    client = signed_in("leader")

    links = re.findall(r'class="front-more" href="([^"]+)"', client.get("/").content.decode())

    assert links == ["/week/", "/trace/", "/calls/"]
    assert [client.get(link).status_code for link in links] == [200, 200, 200]


def test_without_an_event_log_the_card_says_what_to_load() -> None:
    complaints(east=2, west=1)

    assert "装入营销、抄表系统的事件日志" in signed_in("leader").get("/").content.decode()


def test_a_station_gets_the_calls_of_its_own_desk_alone() -> None:
    late = case_at("handling", now=timezone.now() - timedelta(days=20))
    fresh_lake()

    own = signed_in("station").get("/calls/").content.decode()
    other = signed_in("station", at="0102", username="west").get("/calls/").content.decode()

    assert re.findall(r'href="/case/([^/]+)/"', own) == [late.number]
    assert "向您致歉" in own
    assert "没有快到期" in other


def test_who_looks_changes_no_verdict() -> None:
    complaints(east=20, west=1)

    [(_, _, lines, _, _)] = signed_in("station").get("/week/").context["kinds"]

    assert [(line["unit"].name, line["expected"], line["verdict"]) for line in lines] == [
        ("东城供电所", "10.5", "偏高属实")
    ]


def test_the_week_page_shows_every_unit_against_chance() -> None:
    complaints(east=20, west=1)

    page = signed_in("leader").get("/week/")

    [(_, by, lines, option, _)] = page.context["kinds"]
    assert (by, [line["n"] for line in lines], len(option["series"])) == ("orders", [20, 1], 3)
    assert signed_in("leader").get("/week/?period=nonsense").status_code == 422
    assert signed_in("leader").get("/week/?colour=red").status_code == 422


def test_orders_without_a_unit_are_told_of_to_who_may_route_them() -> None:
    case = case_at("handling")
    lost = Unit.objects.create(code="unassigned", name="未分单位", parent=case.unit, path="/01/unassigned/")
    Case.objects.filter(pk=case.pk).update(unit=lost)
    fresh_lake()

    office = signed_in("office").get("/").content.decode()
    agent = signed_in("agent").get("/").content.decode()

    assert "1 件未办结工单没有承办单位" in office
    assert "没有承办单位" not in agent
    assert status.line(Case.objects.get(pk=case.pk), []) == "已登记，正在安排承办单位。"
