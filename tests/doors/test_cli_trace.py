"""``suyuan trace LOG`` and ``suyuan handover LOG``: chains, shares, sentences; bad input named."""

import json
from datetime import timedelta

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.simulate import build
from tests.eventlog_data import written
from tests.factories import NOW, case_at, do


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Return a small city's folder and what it knows of its complaints."""
    from datetime import date

    folder = tmp_path_factory.mktemp("city")
    build(7, 300, 60, date(2025, 10, 31), folder, 6.0)
    causes = json.loads((folder / "truth.json").read_text("utf-8"))["causes"]
    return folder / "log.sqlite", {one["kind"]: one for one in causes}


def test_the_papers_case_is_traced_from_a_file(suyuan, city):
    log, causes = city
    story = causes["zero_reading"]

    code, out, _ = suyuan("trace", log, "--object", story["complaint"], "--json")
    told = json.loads(out)

    jsonschema.validate(told, of("trace log"))
    source = told["chains"][0]["nodes"][0]
    root = story["root"]
    assert (code, source["object"], source["activity"], source["unit"]) == (
        0,
        root["object"],
        root["activity"],
        root["unit"],
    )
    nodes = {
        (one["object"], one["activity"], one["unit"]): one["share"]
        for chain in told["chains"]
        for one in chain["nodes"]
    }
    assert sum(nodes.values()) == pytest.approx(1.0)
    assert all(one["events"] for chain in told["chains"] for one in chain["nodes"])
    english = json.loads(
        suyuan("trace", log, "--object", story["complaint"], "--language", "en", "--json")[1]
    )
    assert english["sentence"].startswith("The source is 0102")


def test_every_step_of_every_unit_is_told_with_an_interval_around_its_risk(suyuan, city):
    code, out, _ = suyuan("trace", city[0], "--population", "--json")
    told = json.loads(out)

    jsonschema.validate(told, of("trace log"))
    risks = [row["relative_risk"] for row in told["rows"]]
    assert (code, risks) == (0, sorted(risks, reverse=True))
    assert all(row["low"] <= row["relative_risk"] <= row["high"] for row in told["rows"])


def test_own_rules_and_another_target_take_the_place_of_ours(suyuan, city, tmp_path):
    rules = tmp_path / "own.toml"
    rules.write_text(
        '[roles]\ncomplaints = ["x"]\ncases = []\nactors = ["单位", "人员"]\nunits = ["单位"]\n'
        'places = ["户号", "台区", "线路"]\n',
        "utf-8",
    )

    code, out, _ = suyuan(
        "trace", city[0], "--population", "--target", "工单受理", "--rules", rules, "--json"
    )

    assert (code, len(json.loads(out)["rows"]) > 10) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--object", "nobody"), "nobody"),
        ((), "--population"),
        (("--population", "--target", "没有的活动"), "没有的活动"),
    ],
)
def test_what_is_not_in_the_log_is_named(suyuan, city, arguments, said):
    code, out, err = suyuan("trace", city[0], *arguments, "--json")

    assert (code, out, said in err) == (2, "", True)


def test_rules_with_a_wrong_key_are_named(suyuan, city, tmp_path):
    rules = tmp_path / "own.toml"
    rules.write_text('[roles]\ncomplaints = ["x"]\n', "utf-8")

    code, _, err = suyuan("trace", city[0], "--population", "--rules", rules)

    assert (code, "own.toml" in err, "roles.places" in err) == (2, True, True)


def test_what_rules_name_in_vain_is_said_and_an_order_is_no_complaint(suyuan, city, tmp_path):
    rules = tmp_path / "own.toml"
    rules.write_text('[roles]\ncomplaints = ["客户*", "投诉*"]\nplaces = ["户号"]\n', "utf-8")
    log, causes = city

    _, _, err = suyuan("trace", log, "--population", "--rules", rules, "--json")
    code, _, said = suyuan("trace", log, "--object", causes["zero_reading"]["root"]["object"], "--json")

    assert "own.toml: roles.complaints" in err
    assert "“客户*”" in err
    assert "“投诉*”" not in err
    assert (code, "no_complaint" in said) == (2, True)


def test_an_index_answers_as_the_log_it_was_made_of(suyuan, city, tmp_path):
    log, causes = city
    folder, complaint = tmp_path / "index", causes["zero_reading"]["complaint"]

    code, out, _ = suyuan("trace", log, "--keep", folder, "--json")
    made = json.loads(out)

    jsonschema.validate(made, of("trace log"))
    assert (code, made["folder"], made["events"] > 1_000, made["bytes"] > 10_000) == (
        0,
        str(folder),
        True,
        True,
    )
    for asked in (("--object", complaint), ("--population",)):
        assert suyuan("trace", folder, *asked, "--json") == suyuan("trace", log, *asked, "--json")
    code, _, err = suyuan("trace", folder, "--object", "nobody")
    assert (code, "nobody" in err) == (2, True)


@pytest.mark.long
def test_what_an_index_takes_for_complaints_is_settled_when_it_is_made(suyuan, city, tmp_path):
    folder = tmp_path / "index"
    made = suyuan("trace", city[0], "--keep", folder, "--target", "工单受理")

    assert (made[0], suyuan("trace", folder, "--population", "--json")) == (
        0,
        suyuan("trace", city[0], "--population", "--target", "工单受理", "--json"),
    )
    code, _, err = suyuan("trace", folder, "--population", "--target", "工单受理")
    assert (code, "--target" in err) == (2, True)


def test_a_folder_without_an_index_and_one_of_other_rules_are_named(suyuan, city, tmp_path):
    (tmp_path / "empty").mkdir()
    rules = tmp_path / "own.toml"
    rules.write_text(
        '[roles]\ncomplaints = ["投诉*"]\nactors = ["单位"]\nunits = ["单位"]\nplaces = ["户号"]\n',
        "utf-8",
    )
    assert suyuan("trace", city[0], "--keep", tmp_path / "index", "--rules", rules)[0] == 0

    nothing = suyuan("trace", tmp_path / "empty", "--object", "x")
    other = suyuan("trace", tmp_path / "index", "--object", "x")

    assert (nothing[0], "empty" in nothing[2], "--keep" in nothing[2]) == (2, True, True)
    assert (other[0], "index" in other[2], "--keep" in other[2]) == (2, True, True)


HANDED = {
    "objectTypes": [{"name": "case", "attributes": []}, {"name": "team", "attributes": []}],
    "eventTypes": [{"name": "work", "attributes": [{"name": "group", "type": "string"}]}],
    "objects": [{"id": "c1", "type": "case"}, {"id": "c2", "type": "case"}, {"id": "t1", "type": "team"}],
    "events": [
        {
            "id": f"e{n}",
            "type": "work",
            "time": f"2026-01-0{n + 1}T00:00:00Z",
            "attributes": [{"name": "group", "value": group}],
            "relationships": [{"objectId": case, "qualifier": ""}, *more],
        }
        for n, (case, group, more) in enumerate(
            (
                ("c1", "a", []),
                ("c1", "b", [{"objectId": "t1", "qualifier": "by"}]),
                ("c1", "a", []),
                ("c2", "a", []),
            )
        )
    ],
}


def test_hand_overs_are_read_by_an_attribute_or_by_a_type_of_objects(suyuan, tmp_path):
    log = written(tmp_path / "a.json", HANDED)

    code, out, _ = suyuan("handover", log, "--by", "group", "--json")
    told = json.loads(out)
    jsonschema.validate(told, of("handover"))
    by_team = json.loads(suyuan("handover", log, "--by", "team", "--json")[1])

    assert (code, told["cases"], told["mean"], told["max"], told["share_ge3"]) == (0, 2, 1.0, 2, 0.0)
    assert told["pairs"] == [
        {"giver": "a", "taker": "b", "times": 1, "back": 0},
        {"giver": "b", "taker": "a", "times": 1, "back": 1},
    ]
    assert (by_team["cases"], by_team["max"]) == (2, 0)
    assert suyuan("handover", log, "--by", "nothing")[0] == 2


@pytest.mark.django_db
def test_without_a_log_our_own_complaints_are_asked_about(suyuan):
    assert suyuan("trace", "--population", "--json")[0] == 2
    case = case_at("registered")

    code, out, _ = suyuan("trace", "--object", case.number, "--json")
    told = json.loads(out)
    jsonschema.validate(told, of("trace log"))
    assert (code, told["object"], told["abstained"], told["chains"]) == (0, case.number, True, [])
    assert suyuan("trace", "--population", "--target", "受理", "--json")[0] == 0
    assert suyuan("trace", "--object", "nobody")[0] == 2
    assert "log_named_none" in suyuan("trace", "--object", case.number, "--zone", "UTC")[2]


@pytest.mark.django_db
def test_hand_overs_of_our_own_cases_are_by_unit_or_by_person(suyuan):
    case = case_at("dispatched")
    do(
        case,
        "transfer",
        "office",
        NOW + timedelta(hours=1),
        unit="0102",
        specialty="marketing",
        reason="other_unit",
    )

    by_unit = json.loads(suyuan("handover", "--by", "单位", "--json")[1])
    by_person = json.loads(suyuan("handover", "--by", "人员", "--json")[1])

    assert (by_unit["cases"], by_unit["max"]) == (1, 2)
    assert [(pair["giver"], pair["taker"]) for pair in by_unit["pairs"]] == [("01", "0101"), ("0101", "0102")]
    assert by_person["max"] == 1
    assert suyuan("handover", "--by", "班组")[0] == 2
