"""Technical assessment: the themes on their page and by command, opening an order, the page of a case."""

import json

import jsonschema
import pytest
from django.utils import timezone

from suyuan.cli.schema import of
from suyuan.store.models import Evaluation
from tests.board_pages import signed_in
from tests.doors.test_web_linked import rows
from tests.evaluations import DAY, LINE, a_theme, brought_up, evaluation_at, opened
from tests.factories import NOW, person

pytestmark = pytest.mark.django_db
KEY = f"quality.voltage|line|0101|{LINE}"
OPEN = "/assessments/open/"


@pytest.fixture
def theme():
    """Let what customers of one feeder bring up be a theme today."""
    a_theme(timezone.now() - DAY)


def test_the_page_lists_the_theme_and_opens_an_order_that_the_second_joins(theme):
    office = signed_in("office")

    page = office.get("/assessments/").content.decode()
    first = office.post(f"{OPEN}?theme={KEY}", {"note": "请查"})
    office.post(f"{OPEN}?theme={KEY}", {"note": "再查"})

    assert f"{OPEN}?theme=quality.voltage" in page
    assert (first.status_code, first["Location"]) == (302, "/assessments/")
    found = Evaluation.objects.select_related("case").get()
    assert (found.figures["n"], len(found.cases), found.level, found.place) == (8, 8, "line", LINE)
    (row,) = rows(office.get("/assessments/"))
    assert row[0].startswith(found.case.number)
    assert found.case.number in office.get("/assessments/").content.decode()


def test_who_may_open_none_sees_no_button_and_a_theme_out_of_reach_is_none(theme):
    leader, west = signed_in("leader"), signed_in("station", at="0102", username="west")

    page, other = (one.get("/assessments/").content.decode() for one in (leader, west))

    assert (LINE in page, OPEN in page) == (True, False)
    assert LINE not in other
    assert leader.get(f"{OPEN}?theme={KEY}").status_code == 403
    assert signed_in("office").get(f"{OPEN}?theme=repair|line|0101|x").status_code == 409


def test_the_case_page_shows_the_figures_the_cases_and_what_became_of_it():
    brought_up(20, NOW - DAY)
    case = evaluation_at("archived")

    page = signed_in("office").get(f"/case/{case.number}/").content.decode()

    for words in ("9 件，预期 1.50 件", "改造或补强立项", "前后各 30 天：本地 20 → 0 户", "配变过载"):
        assert words in page
    assert "明显减少" in page


def test_the_commands_list_the_theme_open_an_order_and_list_it(theme, suyuan):
    person("office"), person("operations")

    code, told, _ = suyuan("themes", "--as", "office", "--json")
    listed = json.loads(told)
    _, made, _ = suyuan("assess", "open", KEY, "--as", "operations", "--json")
    _, again, _ = suyuan("assess", "open", KEY, "--as", "office", "--json")
    _, orders, _ = suyuan("assess", "list", "--as", "office", "--json")
    refused, _, _ = suyuan("assess", "open", "quality|unit|0101|", "--as", "office", "--json")

    jsonschema.validate(listed, of("themes"))
    jsonschema.validate(json.loads(made), of("assess open"))
    jsonschema.validate(json.loads(orders), of("assess list"))
    (one,) = listed["themes"]
    assert (code, one["theme"], one["n"], one["technical"], len(one["cases"])) == (0, KEY, 8, True, 8)
    assert json.loads(again) == {"number": json.loads(made)["number"], "joined": True}
    assert [order["number"] for order in json.loads(orders)["orders"]] == [json.loads(made)["number"]]
    assert refused == 1


def test_the_list_is_narrowed_by_how_an_order_stands():
    opened()
    evaluation_at("checking", "10kV东三线")
    office = signed_in("office")

    def listed(state: str) -> int:
        return len(rows(office.get(f"/assessments/?state={state}")))

    assert (listed("open"), listed("watched"), listed("closed")) == (2, 1, 0)
    assert office.get("/assessments/?state=lost").status_code == 422
