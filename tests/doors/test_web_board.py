"""The board: figures with what they rest on, drill-down to the orders."""

import io
import json
import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from python_calamine import CalamineWorkbook

from suyuan.store.models import Case
from tests.board_pages import MONTH, row, signed_in, three_complaints

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cases(django_db_setup, django_db_blocker) -> Iterator[list[Case]]:
    """Keep three complaints and their lake for all who only look at them; undo them at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield three_complaints()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def leader(cases) -> Client:
    """Return the client of a leader."""
    return signed_in("leader")


@pytest.fixture(scope="module")
def march(leader, django_db_blocker):
    """Return the board of the month, drawn once."""
    with django_db_blocker.unblock():
        return leader.get(f"/board/?period={MONTH}")


def test_each_rate_shows_n_of_what_with_an_interval_and_what_was_left_out(march) -> None:
    assert [each.id for each in march.context["five"]] == [
        "registration_rate",
        "timely_rate",
        "closure_rate",
        "reply_rate",
        "reply_satisfaction",
    ]
    closure = row(march, "closure_rate")
    assert (closure.value, closure.counts, closure.interval) == ("66.67 %", "2/3", "20.8–93.9 %")
    satisfied = row(march, "reply_satisfaction")
    assert [(out.words, out.n) for out in satisfied.left_out] == [("未回访", "1")]


def test_a_figure_leads_to_its_orders_and_a_part_to_its_own(cases, leader, march) -> None:
    one, two, three = cases
    closure = row(march, "closure_rate")

    found = {
        url: sorted(re.findall(r'href="/case/([^/]+)/"', leader.get(url).content.decode()))
        for url in (closure.n_url, closure.of_url, closure.missed_url)
    }

    assert list(found.values()) == [
        sorted([one.number, two.number]),
        sorted([one.number, two.number, three.number]),
        [three.number],
    ]


def test_the_orders_behind_a_figure_come_as_a_workbook(cases, leader) -> None:
    answer = leader.get(f"/board/orders/export/?measure=closure_rate&part=of&period={MONTH}")

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    assert sorted(line[0] for line in sheet[1:]) == sorted(case.number for case in cases)


def test_every_chart_has_its_option_and_its_table(march) -> None:
    text = march.content.decode()

    charts = re.findall(r'data-chart="([\w-]+)"', text)
    assert charts == ["chart-trend", "chart-units", "chart-categories", "chart-hours", "chart-years"]
    for name in charts:
        option = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', text)
        assert option is not None
        assert json.loads(option[1])["series"]
    assert text.count("<table") >= len(charts)
    assert "style=" not in text


def test_a_station_sees_its_own_figures_and_no_other_unit(cases) -> None:
    station = signed_in("station", at="0102", username="west")

    page = station.get(f"/board/?period={MONTH}")

    assert [place.code for place in page.context["ask"].places] == ["0102"]
    assert row(page, "closure_rate").counts == "0/0"
    assert station.get(f"/board/?unit=01&period={MONTH}").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["period=2026-13", "colour=red", "measure=no_such", "unit="],
    ids=["no such month", "unknown option", "unknown measure", "empty means all"],
)
def test_what_nobody_knows_is_refused(query: str, leader) -> None:
    status = leader.get(f"/board/?{query}").status_code

    assert status == (200 if query == "unit=" else 422)


def test_an_option_nobody_knows_is_named_with_its_page(leader) -> None:
    leader.cookies["django_language"] = "en"
    english = leader.get("/board/?colour=red").content.decode()
    leader.cookies["django_language"] = "zh-hans"
    chinese = leader.get("/week/?colour=red").content.decode()

    assert "This page has no such option" in english
    assert "<dt>option</dt><dd>colour</dd>" in english
    assert "<dt>page</dt><dd>/board/</dd>" in english
    assert "本页没有这个查询项" in chinese
    assert "<dt>查询项</dt><dd>colour</dd>" in chinese
    assert "<dt>页面</dt><dd>/week/</dd>" in chinese


@pytest.mark.parametrize("page", ["/board/", "/board/consistency/", "/week/", "/board/orders/"])
def test_a_period_without_orders_is_told_plainly_and_not_shown_as_an_empty_board(
    page: str, cases, leader
) -> None:
    first = min(case.accepted_at for case in cases).date().isoformat()

    ahead, before = (leader.get(f"{page}?period={label}") for label in ("2999-12", "1999-W03"))

    assert (ahead.status_code, before.status_code) == (422, 422)
    assert "这个时期还没有开始" in ahead.content.decode()
    assert "早于第一张工单" in before.content.decode()
    assert f"<dt>第一张工单</dt><dd>{first}</dd>" in before.content.decode()


@pytest.mark.parametrize("query", ["measure=closure_rate&part=whim", "hour=noon", "page=0", "colour=red"])
def test_a_part_or_cell_nobody_knows_is_refused(query: str, leader) -> None:
    assert leader.get(f"/board/orders/?{query}").status_code == 422


def test_a_definition_names_what_is_left_out_in_words(cases, march) -> None:
    client = signed_in("leader")
    chinese = march.content.decode()
    client.cookies["django_language"] = "en"
    english = client.get(f"/board/?period={MONTH}").content.decode()

    assert "单列 “无来电记录”" in chinese
    assert "left out under “No contact record”" in english
    for code in ("no_contact_record", "no_finding", "no_record", "no_customers", "no_key"):
        assert not re.search(
            rf"{code}(?!&)", re.sub(r'href="[^"]*"|<script.*?</script>', "", chinese + english)
        )


@pytest.mark.parametrize(("language", "says"), [("zh-hans", "没有这个单位"), ("en", "No such unit")])
def test_a_unit_that_is_not_there_is_called_a_unit(language: str, says: str, cases) -> None:
    client = signed_in("leader")
    client.cookies["django_language"] = language

    answer = client.get("/board/?unit=0177")

    assert (answer.status_code, says in answer.content.decode()) == (404, True)
    assert "没有这张工单" not in answer.content.decode()


def test_the_orders_behind_a_step_say_how_many_clocks_they_carry(leader, march) -> None:
    steps = next(each for each in march.context["rest"] if each.id == "step_timely_rate")
    excluded = [out for out in steps.left_out if out.url]

    for url, n in [(steps.of_url, steps.of_text), *((out.url, out.n) for out in excluded)]:
        page = leader.get(url)
        orders = page.context["total"]
        assert str(page.context["clocks"]) == n
        assert f"{n} 个时限，涉及 {orders} 张工单。" in page.content.decode()
    assert page.context["clocks"] > orders


def test_restricted_orders_are_counted_and_not_listed_for_those_who_may_not_see_them(cases) -> None:
    Case.objects.filter(pk=cases[0].pk).update(restricted=True)

    page = signed_in("office").get(f"/board/orders/?measure=closure_rate&part=of&period={MONTH}")

    assert (page.context["total"], len(page.context["rows"]), page.context["hidden"]) == (3, 2, 1)
