"""``suyuan detect``: signals of a home, in words and in JSON; bad input named in one line."""

import json
from datetime import timedelta

import jsonschema
import pytest
from django.utils import timezone

from suyuan.analytics.detect.index import ALL
from suyuan.cli.schema import of
from tests.factories import FORMS, case_at, do

pytestmark = pytest.mark.django_db
WHY = "commitment_breaking"


@pytest.fixture
def number():
    """Return the case of a promise whose day was yesterday."""
    begun = timezone.now() - timedelta(days=5)
    case = case_at("registered", now=begun)
    day = (begun + timedelta(days=4)).date().isoformat()
    return do(case, "promise", "agent", begun, **FORMS["promise"](case) | {"promised_on": day}).number


def test_signals_are_told_with_their_sentence(suyuan, number):
    code, out, _ = suyuan("detect", WHY, "--json")
    told = json.loads(out)

    jsonschema.validate(told, of("detect"))
    (one,) = told["signals"]
    assert (code, one["object"], one["why"], one["cases"]) == (0, f"case:{number}", "promise_over", [number])
    assert number in one["sentence"]["zh"]
    assert number in suyuan("detect", "all")[1]


def test_a_day_is_looked_at_as_it_ended(suyuan, number):
    then = (timezone.now() - timedelta(days=4)).date().isoformat()

    told = json.loads(suyuan("detect", WHY, "--as-of", then, "--json")[1])
    assert [one["why"] for one in told["signals"]] in ([], ["promise_near"])


def test_only_a_unit_and_those_below_it(suyuan, number):
    unit = json.loads(suyuan("detect", WHY, "--json")[1])["signals"][0]["unit"]
    counts = [
        len(json.loads(suyuan("detect", WHY, "--unit", code, "--json")[1])["signals"])
        for code in (unit, "0102")
    ]

    assert counts == [1, 0 if unit != "0102" else 1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["comitment_breaking"], "unknown_detector"),
        (["all", "--as-of", "2025-13-01"], "2025-13-01"),
        (["all", "--as-of", "2999-01-01"], "in_the_future"),
        (["all", "--as-of", "1850-01-01"], "before_anything"),
        (["all", "--unit", "9999"], "unknown_unit"),
    ],
)
def test_bad_input_is_named_in_one_line(suyuan, arguments, said):
    code, out, err = suyuan("detect", *arguments, "--json")

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["nosuch"], "没有这个探测器", "No such detector"),
        (["all", "--as-of", "2999-01-01"], "不能晚于今天", "Not after today"),
        (["all", "--as-of", "1850-01-01"], "那时还没有任何记录", "There is nothing yet"),
        (["all", "--unit", "9999"], "没有这个单位", "No such unit"),
    ],
)
def test_bad_input_is_said_in_both_languages_to_whoever_typed_it(suyuan, arguments, zh, en):
    code, out, err = suyuan("detect", *arguments)

    assert (code, out) == (2, "")
    assert [words in err for words in (zh, en)] == [True, True]


def test_each_detector_is_listed_with_its_figures_and_their_source(suyuan):
    told = json.loads(suyuan("detect", "list", "--json")[1])

    jsonschema.validate(told, of("detect list"))
    assert [one["detector"] for one in told["detectors"]] == [one.name for one in ALL]
    assert all(one["basis"] and one["terms"] for one in told["detectors"])
    assert "commitment_breaking" in suyuan("detect", "list")[1]


def test_a_table_may_be_handed_in_and_what_cannot_be_read_is_named(suyuan, tmp_path):
    path = tmp_path / "outages.csv"
    days = [f"T{n},L1,2026-0{n}-20 10:00,2026-0{n}-20 12:00" for n in (4, 5)]
    path.write_text("\n".join(["停电编号,线路,开始,结束", *days, "T6,L1,then,"]), "utf-8")
    arguments = ("detect", "frequent_outage", "--outages", str(path), "--as-of", "2026-06-01")
    code, out, _ = suyuan(*arguments, "--json")
    told = json.loads(out)

    jsonschema.validate(told, of("detect"))
    assert (code, [one["why"] for one in told["signals"]], told["set_aside"]) == (0, ["sg_near"], 1)
    assert told["first_wrong"] == [
        {"file": "outages", "row": 4, "column": "开始", "value": "then", "rule": "unreadable"}
    ]
    assert "4 开始 then" in suyuan(*arguments)[2]
    assert suyuan("detect", "all", "--calls", str(path))[0] == 2


@pytest.mark.parametrize(
    ("name", "kind", "text", "said"),
    [
        ("zero_readings", "readings", "户号,抄表日期,电量\n", "empty_file"),
        ("zero_readings", "readings", "", "empty_file"),
        ("zero_readings", "calls", "来电时间\n2026-03-01 08:00\n", "table_not_read"),
        ("low_voltage", "voltage", "户号,时间,电压\nA,2026-03-01 08:00,-220\n", "no_row_taken"),
    ],
)
def test_a_table_that_says_nothing_here_is_named_in_one_line(suyuan, tmp_path, name, kind, text, said):
    path = tmp_path / "table.csv"
    path.write_text(text, "utf-8")
    code, out, err = suyuan("detect", name, f"--{kind}", str(path), "--json")

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert ("call_surge" in err) == (said == "table_not_read")
