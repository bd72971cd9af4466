"""``suyuan log``: what a log holds, and the same log in another format."""

import copy
import json

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.domain.rulebook.words import labels
from suyuan.gateways.eventlog.columns import REASONS
from tests.eventlog_data import SMALL, written
from tests.factories import case_at, person

WRONG = copy.deepcopy(SMALL)
del WRONG["events"][0]["time"]


def test_a_log_says_what_it_holds(suyuan, tmp_path):
    path = written(tmp_path / "a.json", SMALL)
    code, out, err = suyuan("log", "info", path, "--json")
    told = json.loads(out)

    jsonschema.validate(told, of("log info"))
    assert (code, err) == (0, "")
    assert told == {
        "events": 3,
        "objects": 3,
        "types": {"户号": 1, "换表单": 2, "未用过的类型": 0},
        "activities": {"归档": 2, "换表": 1, "没发生过的活动": 0},
        "relations": 3,
        "links": 3,
        "first": "2026-01-01T08:00:00+08:00",
        "last": "2026-02-01T08:00:00.123456+08:00",
        "quarantined": [],
    }


def test_what_was_not_taken_is_counted_by_reason_with_the_first(suyuan, tmp_path):
    _, out, _ = suyuan("log", "info", written(tmp_path / "a.json", WRONG), "--json")

    assert json.loads(out)["quarantined"] == [
        {"why": "event_set_aside", "count": 3, "first": "event relation 1: b → 330001"},
        {"why": "no_time", "count": 1, "first": "event 1: b"},
    ]


def test_without_json_it_is_told_in_lines(suyuan, tmp_path):
    assert suyuan("log", "info", written(tmp_path / "a.json", WRONG)) == (
        0,
        "2 events, 3 objects, 0 relations, 3 links\n"
        "2026-01-01T08:00:00+08:00 – 2026-02-01T08:00:00.123456+08:00\n"
        "     types            1  户号\n"
        "     types            2  换表单\n"
        "     types            0  未用过的类型\n"
        "activities            2  归档\n"
        "activities            0  换表\n"
        "activities            0  没发生过的活动\n",
        "未取入 / not taken: 3 所属事件未取入 / of an event that was not taken [event_set_aside]: "
        "event relation 1: b → 330001\n"
        "未取入 / not taken: 1 没有时间 / no time [no_time]: event 1: b\n",
    )


def test_a_log_goes_through_every_format_of_ocel_unchanged(suyuan, tmp_path):
    path = written(tmp_path / "0.json", SMALL)
    for number, ending in enumerate(("sqlite", "xmlocel", "jsonocel", "xml", "json"), 1):
        out = tmp_path / f"{number}.{ending}"

        assert suyuan("log", "convert", path, out) == (0, f"{out}: 3 events, 3 objects\n", "")
        path = out
    suyuan("log", "convert", tmp_path / "3.jsonocel", tmp_path / "6.json")

    assert path.read_text("utf-8") == (tmp_path / "6.json").read_text("utf-8")


def test_a_conversion_says_what_was_not_taken_and_what_has_no_place(suyuan, tmp_path):
    out = tmp_path / "b.csv"
    code, told, err = suyuan("log", "convert", written(tmp_path / "a.json", WRONG), out, "--json")

    jsonschema.validate(json.loads(told), of("log convert"))
    assert (code, json.loads(told)["left_out"]["links"]) == (0, 3)
    assert [line.split(":")[0] for line in err.splitlines()] == [
        *["这种格式写不下 / no place for"] * 4,
        *["未取入 / not taken"] * 2,
    ]


def test_what_cannot_be_read_or_written_is_one_line(suyuan, tmp_path):
    path = written(tmp_path / "a.json", SMALL)

    assert suyuan("log", "info", tmp_path / "none.xes", "--json") == (
        2,
        "",
        "suyuan: log_missing: file=none.xes\n",
    )
    assert suyuan("log", "convert", path, path, "--json") == (2, "", "suyuan: file_exists: file=a.json\n")
    assert suyuan("log", "convert", path, tmp_path / "b.xes", "--json") == (
        2,
        "",
        'suyuan: log_unwritable: file=b.xes problem=XES has one type of objects types=["户号", "换表单"]\n',
    )
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.json"]


def test_a_layout_and_a_zone_are_taken(suyuan, tmp_path):
    (tmp_path / "a.csv").write_text("单,步,时\nS1,登记,2026-01-01 08:00:00\n", "utf-8")
    (tmp_path / "l.toml").write_text(
        'activity = "步"\ntime = "时"\n[[objects]]\ncolumn = "单"\ntype = "工单"\n', "utf-8"
    )
    told = ("log", "info", tmp_path / "a.csv", "--layout", tmp_path / "l.toml", "--json")
    _, out, _ = suyuan(*told, "--zone", "Asia/Shanghai")

    assert json.loads(out)["first"] == "2026-01-01T08:00:00+08:00"


def test_moments_without_a_zone_are_read_as_utc_and_that_is_said(suyuan, tmp_path):
    (tmp_path / "a.csv").write_text("单,步,时\nS1,登记,2026-01-01 08:00:00\n", "utf-8")
    (tmp_path / "l.toml").write_text(
        'activity = "步"\ntime = "时"\n[[objects]]\ncolumn = "单"\ntype = "工单"\n', "utf-8"
    )

    code, out, err = suyuan("log", "info", tmp_path / "a.csv", "--layout", tmp_path / "l.toml", "--json")

    assert (code, json.loads(out)["first"]) == (0, "2026-01-01T16:00:00+08:00")
    assert "1 (2026-01-01 08:00:00)" in err


@pytest.mark.django_db
def test_our_own_events_are_a_log_too(suyuan, tmp_path):
    case_at("handling")
    person("office", "01")
    out = tmp_path / "own.sqlite"
    code, said, _ = suyuan("log", "convert", out, "--as", "office", "--json")
    told = json.loads(said)
    ours = json.loads(suyuan("log", "info", "--json")[1])
    again = json.loads(suyuan("log", "info", out, "--json")[1])

    jsonschema.validate(told, of("log convert"))
    jsonschema.validate(ours, of("log info"))
    assert (code, told["events"], told["left_out"], len(told["code"])) == (0, 4, {}, 10)
    assert ours == again
    assert ours["activities"] == {"受理": 1, "接单": 1, "派单": 1, "登记": 1}
    code, said, _ = suyuan("log", "convert", tmp_path / "own.csv")
    assert (code, said.startswith(f"{tmp_path / 'own.csv'}: 4 events, ")) == (0, True)


@pytest.mark.django_db
def test_what_our_own_events_are_not_asked_for_is_refused(suyuan, tmp_path):
    path = written(tmp_path / "a.json", SMALL)
    person("station", "0101")

    assert suyuan("log", "convert")[0] == 2
    assert "log_arguments" in suyuan("log", "convert", path, path, path)[2]
    assert "log_not_ours" in suyuan("log", "convert", path, tmp_path / "b.json", "--restricted")[2]
    assert "log_named_none" in suyuan("log", "info", "--zone", "UTC")[2]
    assert suyuan("log", "convert", tmp_path / "b.json", "--as", "station")[0] == 1
    assert suyuan("log", "convert", path)[0] == 2
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.json"]


def test_every_reason_has_words():
    assert sorted(labels()["log_set_aside"]) == sorted(REASONS)
