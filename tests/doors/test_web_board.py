"""The board: figures with what they rest on, drill-down to the orders, the units' consistency."""

import io
import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from suyuan.store.models import Case
from tests.factories import NOW, case_at, person
from tests.lakes import fresh_lake

pytestmark = pytest.mark.django_db
MONTH = "2026-03"


def signed_in(role: str, **at: str) -> Client:
    """Return a client signed in as a person with ``role``."""
    client = Client()
    client.force_login(person(role, **at))
    return client


def three_complaints() -> list[Case]:
    """Return two archived complaints and one still with its desk, exported to the lake."""
    cases = [case_at("archived"), case_at("archived", account="3300000000001"), case_at("handling")]
    fresh_lake()
    return cases


def row(page, measure: str):
    """Return a measure as the page shows it."""
    return next(each for each in page.context["five"] if each.id == measure)


def test_each_rate_shows_n_of_what_with_an_interval_and_what_was_left_out() -> None:
    three_complaints()

    page = signed_in("leader").get(f"/board/?period={MONTH}")

    assert [each.id for each in page.context["five"]] == [
        "registration_rate",
        "timely_rate",
        "closure_rate",
        "reply_rate",
        "reply_satisfaction",
    ]
    closure = row(page, "closure_rate")
    assert (closure.value, closure.counts, closure.interval) == ("66.67 %", "2/3", "20.8–93.9 %")
    satisfied = row(page, "reply_satisfaction")
    assert [(out.words, out.n) for out in satisfied.left_out] == [("未回访", "1")]


def test_without_a_case_the_board_says_what_will_stand_here_and_how() -> None:
    case_at("archived")
    fresh_lake()

    texts = [
        signed_in(role, at="0102", username=f"west-{role}").get("/board/").content.decode()
        for role in ("lead", "station")
    ]

    assert ["这里还没有工单。" in text for text in texts] == [True, True]
    assert ['class="btn btn-primary" href="/import/"' in text for text in texts] == [True, False]
    assert ["0/0" in text for text in texts] == [False, False]


def test_a_figure_leads_to_its_orders_and_a_part_to_its_own() -> None:
    one, two, three = three_complaints()
    client = signed_in("leader")
    closure = row(client.get(f"/board/?period={MONTH}"), "closure_rate")

    found = {
        url: sorted(re.findall(r'href="/case/([^/]+)/"', client.get(url).content.decode()))
        for url in (closure.n_url, closure.of_url, closure.missed_url)
    }

    assert list(found.values()) == [
        sorted([one.number, two.number]),
        sorted([one.number, two.number, three.number]),
        [three.number],
    ]


def test_the_orders_behind_a_figure_come_as_a_workbook() -> None:
    cases = three_complaints()

    answer = signed_in("leader").get(f"/board/orders/export/?measure=closure_rate&part=of&period={MONTH}")

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    assert sorted(line[0] for line in sheet[1:]) == sorted(case.number for case in cases)


def test_a_cell_of_the_matrix_leads_to_its_orders() -> None:
    case_at("archived", procedure="repair")
    cases = three_complaints()
    client = signed_in("leader")

    page = client.get(f"/board/?period={MONTH}")

    complaints = next(line for line in page.context["matrix"] if line.name == "投诉")
    assert (complaints.total, [cell["n"] for cell in complaints.cells]) == (3, [3])
    listed = client.get(str(complaints.cells[0]["url"]))
    assert listed.context["total"] == len(cases)
    assert listed.context["what"] == ["投诉"]


def test_every_chart_has_its_option_and_its_table() -> None:
    three_complaints()

    text = signed_in("leader").get(f"/board/?period={MONTH}").content.decode()

    charts = re.findall(r'data-chart="([\w-]+)"', text)
    assert charts == ["chart-trend", "chart-units", "chart-categories", "chart-hours", "chart-years"]
    for name in charts:
        option = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', text)
        assert option is not None
        assert json.loads(option[1])["series"]
    assert text.count("<table") >= len(charts)
    assert "style=" not in text


def test_a_station_sees_its_own_figures_and_no_other_unit() -> None:
    three_complaints()
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
def test_what_nobody_knows_is_refused(query: str) -> None:
    three_complaints()

    status = signed_in("leader").get(f"/board/?{query}").status_code

    assert status == (200 if query == "unit=" else 422)


@pytest.mark.parametrize("query", ["measure=closure_rate&part=whim", "hour=noon", "page=0", "colour=red"])
def test_a_part_or_cell_nobody_knows_is_refused(query: str) -> None:
    three_complaints()

    assert signed_in("leader").get(f"/board/orders/?{query}").status_code == 422


def test_a_definition_names_what_is_left_out_in_words() -> None:
    three_complaints()
    client = signed_in("leader")

    chinese = client.get(f"/board/?period={MONTH}").content.decode()
    client.cookies["django_language"] = "en"
    english = client.get(f"/board/?period={MONTH}").content.decode()

    assert "单列 “无来电记录”" in chinese
    assert "left out under “No contact record”" in english
    for code in ("no_contact_record", "no_finding", "no_record", "no_customers", "no_key"):
        assert not re.search(
            rf"{code}(?!&)", re.sub(r'href="[^"]*"|<script.*?</script>', "", chinese + english)
        )


@pytest.mark.parametrize(("language", "says"), [("zh-hans", "没有这个单位"), ("en", "No such unit")])
def test_a_unit_that_is_not_there_is_called_a_unit(language: str, says: str) -> None:
    three_complaints()
    client = signed_in("leader")
    client.cookies["django_language"] = language

    answer = client.get("/board/?unit=0177")

    assert (answer.status_code, says in answer.content.decode()) == (404, True)
    assert "没有这张工单" not in answer.content.decode()


def test_the_orders_behind_a_step_say_how_many_clocks_they_carry() -> None:
    three_complaints()
    client = signed_in("leader")
    board = client.get(f"/board/?period={MONTH}")
    steps = next(each for each in board.context["rest"] if each.id == "step_timely_rate")
    excluded = [out for out in steps.left_out if out.url]

    for url, n in [(steps.of_url, steps.of_text), *((out.url, out.n) for out in excluded)]:
        page = client.get(url)
        orders = page.context["total"]
        assert str(page.context["clocks"]) == n
        assert f"{n} 个时限，涉及 {orders} 张工单。" in page.content.decode()
    assert page.context["clocks"] > orders


def test_restricted_orders_are_counted_and_not_listed_for_those_who_may_not_see_them() -> None:
    cases = three_complaints()
    Case.objects.filter(pk=cases[0].pk).update(restricted=True)

    page = signed_in("office").get(f"/board/orders/?measure=closure_rate&part=of&period={MONTH}")

    assert (page.context["total"], len(page.context["rows"]), page.context["hidden"]) == (3, 2, 1)


def test_the_lake_is_brought_up_to_date_on_demand() -> None:
    three_complaints()
    case_at("archived", account="3300000000002", now=NOW + timedelta(hours=1))
    client = signed_in("leader")

    answer = client.post("/board/refresh/", {"period": MONTH})

    assert answer.status_code == 302
    assert row(client.get(answer.headers["Location"]), "closure_rate").counts == "3/4"


def test_the_consistency_report_compares_the_units_right_below() -> None:
    for account in range(6):
        case_at("archived", account=f"33000000001{account:02}")
    fresh_lake()

    page = signed_in("leader").get(f"/board/consistency/?period={MONTH}")

    assert page.status_code == 200
    assert (page.context["differ"], page.context["alike"]) == ([], [])
    assert [name for name, _, _ in page.context["streaks"]] == ["东城供电所"]


def test_an_empty_lake_says_so() -> None:
    person("leader")
    fresh_lake()

    page = signed_in("leader").get("/board/")

    assert page.status_code == 200
    assert "还没有工单" in page.content.decode()
