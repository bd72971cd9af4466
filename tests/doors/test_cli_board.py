"""``suyuan board``: every measure of a period, exactly in the documented shape."""

import json
import shutil

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store import lake
from tests.methods.order_files import HEADERS, write_csv

pytestmark = pytest.mark.django_db
COLUMNS = [*HEADERS, "回单时间", "归档时间", "是否属实", "回访满意度", "工单状态", "供电单位编码"]
ROWS = [
    COLUMNS,
    [
        "N1",
        "投诉",
        "2025-10-01 00:30",
        "停电",
        "2025-10-08 09:00",
        "2025-10-09",
        "属实",
        "满意",
        "归档",
        "0101",
    ],
    [
        "N2",
        "投诉",
        "2025-10-13 09:00",
        "停电",
        "2025-10-20 09:00",
        "2025-10-21",
        "不属实",
        "不满意",
        "归档",
        "0101",
    ],
    [
        "N3",
        "投诉",
        "2025-10-13 10:00",
        "停电",
        "2025-10-15 09:00",
        "2025-10-21",
        "部分属实",
        "不评价",
        "归档",
        "0102",
    ],
    ["N4", "投诉", "2025-09-30 23:59", "停电", "2025-10-09 09:00", "2025-10-21", "", "", "归档", "0102"],
    ["N5", "投诉", "2015-10-13 10:00", "停电", "2015-10-15 09:00", "2015-10-21", "", "", "归档", "0102"],
]


@pytest.fixture(autouse=True)
def own_lake():
    """Begin without a lake, and leave none of another database's ids behind."""
    shutil.rmtree(lake.folder())
    yield
    shutil.rmtree(lake.folder())


@pytest.fixture
def board(suyuan, tmp_path):
    """Import the orders and return the board of a period by measure."""
    suyuan("import", write_csv(tmp_path / "a.csv", ROWS))

    def shown(*options):
        code, out, err = suyuan("board", *options, "--json")
        answer = json.loads(out)
        jsonschema.validate(answer, of("board"))
        assert (code, err) == (0, "")
        return answer["period"], {row["id"]: row for row in answer["measures"]}

    return shown


def test_a_measure_has_exactly_its_nine_keys(board):
    period, measures = board("--period", "2025-10")

    assert period == "2025-10"
    assert {tuple(row) for row in measures.values()} == {
        ("id", "value", "n", "of", "low", "high", "previous", "last_year", "excluded")
    }


def test_the_five_rates_are_those_worked_out_by_hand(board):
    _, october = board("--period", "2025-10")

    counted = {name: (october[name]["n"], october[name]["of"]) for name in ("timely_rate", "closure_rate")}
    assert counted == {"timely_rate": (2, 3), "closure_rate": (3, 3)}
    assert (october["verified_rate"]["n"], october["verified_rate"]["of"]) == (2, 3)
    assert (october["reply_satisfaction"]["n"], october["reply_satisfaction"]["of"]) == (1, 2)
    assert october["timely_rate"]["value"] == 2 / 3


def test_half_past_midnight_on_the_first_counts_in_its_month_and_the_month_before_has_its_own(board):
    _, october = board("--period", "2025-10")
    _, september = board("--period", "2025-09")

    assert (october["closure_rate"]["of"], september["closure_rate"]["of"]) == (3, 1)
    assert october["closure_rate"]["previous"] == september["closure_rate"]["value"] == 1


def test_a_week_and_a_year_are_periods_too(board):
    week, in_week = board("--period", "2025-W42")
    year, in_year = board("--period", "2025")

    assert (week, in_week["closure_rate"]["of"]) == ("2025-W42", 2)
    assert (year, in_year["closure_rate"]["of"]) == ("2025", 4)


def test_an_order_before_its_rule_is_excluded_and_said_so(board):
    _, then = board("--period", "2015-10")

    assert (then["timely_rate"]["of"], then["timely_rate"]["value"]) == (0, None)
    assert then["timely_rate"]["excluded"]["no_rule_in_force"] == 1


def test_a_unit_has_a_board_of_its_own(board):
    _, east = board("--period", "2025-10", "--unit", "0101")
    _, west = board("--period", "2025-10", "--unit", "0102")

    assert (east["closure_rate"]["of"], west["closure_rate"]["of"]) == (2, 1)


def test_without_a_period_everything_is_counted(board):
    assert board()[1]["closure_rate"]["of"] == 5


def test_nothing_divided_by_nothing_is_null(suyuan):
    measures = json.loads(suyuan("board", "--period", "2025-10", "--json")[1])["measures"]

    assert {row["value"] for row in measures if row["of"] == 0} == {None}


def test_in_words_it_is_a_table(suyuan, board):
    code, out, _ = suyuan("board", "--period", "2025-10")

    assert code == 0
    assert "管控看板 2025-10" in out
    assert "2/3" in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--period", "2025-13"], "period"),
        (["--period", "2025-W54"], "period"),
        (["--period", "last year"], "period"),
        (["--unit", "none"], "unknown_unit"),
    ],
)
def test_a_period_or_unit_that_is_none_is_bad_input(suyuan, options, said):
    code, out, err = suyuan("board", *options, "--json")

    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert said in err
