"""A csv is a log by its layout; a log is a csv whose headings say what they are."""

import gzip
import json

import pytest

from suyuan.domain.errors import BadInput
from suyuan.gateways import eventlog
from suyuan.gateways.eventlog.layout import Layout, Things
from tests.eventlog_data import SMALL, data, written

OFFICE = """流水,环节,时间,工单,户号,班组,容量,备注
1,登记,2026/02/01 08:00,S1,3301,一班,8,
2,"归
档",2026/02/01 07:30,S1,3301;3302,二班,10,好
3,登记,2026/02/02 08:00,S2,3301,一班,10,"a,b"
"""
LAYOUT = """
id = "流水"
activity = "环节"
time = "时间"
time_format = "%Y/%m/%d %H:%M"
zone = "Asia/Shanghai"
[kinds]
"容量" = "integer"
[[objects]]
column = "工单"
type = "工单"
attributes = ["班组", "容量"]
[[objects]]
column = "户号"
type = "户号"
qualifier = "为"
separator = ";"
"""


def office(path, text=OFFICE, layout=LAYOUT, codec="utf-8"):
    """Write an office's table and read it by its layout."""
    (path / "a.csv").write_bytes(text.encode(codec))
    (path / "l.toml").write_text(layout, "utf-8")
    return eventlog.read(path / "a.csv", eventlog.read_layout(path / "l.toml"))


def refused(read):
    with pytest.raises(BadInput) as caught:
        read()
    return caught.value.code, caught.value.facts


FEBRUARY = 1_769_904_000_000_000  # 2026-02-01 08:00 in Shanghai
OFFICE_LOG = {
    "activities": ["归\n档", "登记"],
    "types": ["工单", "户号"],
    "events": [
        ("2", "归\n档", FEBRUARY - 1_800_000_000),
        ("1", "登记", FEBRUARY),
        ("3", "登记", FEBRUARY + 86_400_000_000),
    ],
    "objects": [("S1", "工单"), ("S2", "工单"), ("3301", "户号"), ("3302", "户号")],
    "touches": [
        ("1", "3301", "为"),
        ("1", "S1", ""),
        ("2", "3301", "为"),
        ("2", "3302", "为"),
        ("2", "S1", ""),
        ("3", "3301", "为"),
        ("3", "S2", ""),
    ],
    "links": [],
    "of_events": [("2", "备注", "好", "string"), ("3", "备注", "a,b", "string")],
    "of_objects": [
        ("S1", "容量", "10", "integer", -1),
        ("S1", "容量", "8", "integer", FEBRUARY),
        ("S1", "班组", "一班", "string", FEBRUARY),
        ("S1", "班组", "二班", "string", -1),
        ("S2", "容量", "10", "integer", -1),
        ("S2", "班组", "一班", "string", -1),
    ],
    "declared": (
        {"归\n档": {"备注": "string"}, "登记": {"备注": "string"}},
        {"工单": {"容量": "integer", "班组": "string"}, "户号": {}},
    ),
    "quarantined": [],
}


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_is_read_by_its_layout(tmp_path, codec):
    assert data(office(tmp_path, codec=codec)) == OFFICE_LOG


def test_a_layout_may_be_json_and_the_table_packed(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(
        gzip.compress(OFFICE.replace(",", "\t").replace("a\tb", "a,b").encode())
    )
    things = [
        {"column": "工单", "type": "工单", "attributes": ["班组", "容量"]},
        {"column": "户号", "type": "户号", "qualifier": "为", "separator": ";"},
    ]
    said = {
        "id": "流水",
        "activity": "环节",
        "time": "时间",
        "time_format": "%Y/%m/%d %H:%M",
        "objects": things,
    }
    (tmp_path / "l.json").write_text(json.dumps(said | {"kinds": {"容量": "integer"}}), "utf-8")
    layout = eventlog.read_layout(tmp_path / "l.json")

    assert data(eventlog.read(tmp_path / "a.csv.gz", layout, "Asia/Shanghai")) == OFFICE_LOG
    assert refused(lambda: eventlog.read(tmp_path / "a.csv.gz", layout)) == (
        "log_zone",
        {"file": "a.csv.gz", "value": "2026/02/01 08:00", "count": 3},
    )


@pytest.mark.parametrize(
    ("old", "new", "aside"),
    [
        ("2026/02/02 08:00", "", ("row 4", "登记", "no_time")),
        ("2026/02/02 08:00", "2026-02-02", ("row 4", "登记", "bad_time")),
        ("3,登记", "3, ", ("row 4", " ", "no_activity")),
        ("一班,10", "一班,zehn", ("row 4", "容量", "attribute_value")),
        ("二班,10", "二班,,10", ("row 3", "9 cells for 8 columns", "row_width")),
    ],
)
def test_a_row_that_cannot_be_taken_is_set_aside_and_named(tmp_path, old, new, aside):
    assert office(tmp_path, OFFICE.replace(old, new)).quarantined == [aside]


def test_rows_after_one_that_is_too_short_keep_their_numbers(tmp_path):
    text = OFFICE.replace("一班,8,", "一班,8").replace("2026/02/02 08:00", "?")

    assert [each.where for each in office(tmp_path, text).quarantined] == ["row 2", "row 4"]


@pytest.mark.parametrize(
    ("text", "layout", "code", "facts"),
    [
        (OFFICE, LAYOUT.replace('"环节"', '"步骤"'), "log_layout",
         {"column": "步骤", "problem": "no such column"}),
        (OFFICE.replace("3,登", "1,登"), LAYOUT, "log_event_twice", {"column": "流水", "value": "1"}),
        (OFFICE.replace("S2", "3301"), LAYOUT, "log_object_twice",
         {"value": "3301", "types": ["工单", "户号"]}),
        (OFFICE.replace("班组", "工单"), LAYOUT, "log_unreadable",
         {"column": "工单", "problem": "not a heading of its own"}),
    ],
)  # fmt: skip
def test_a_table_that_is_not_as_its_layout_says_is_refused(tmp_path, text, layout, code, facts):
    found, told = refused(lambda: office(tmp_path, text, layout))

    assert (found, {name: told[name] for name in facts}) == (code, facts)


def test_without_a_layout_unknown_headings_are_named(tmp_path):
    (tmp_path / "a.csv").write_text(OFFICE, "utf-8")

    assert refused(lambda: eventlog.read(tmp_path / "a.csv")) == (
        "log_layout_needed",
        {"file": "a.csv", "columns": ["流水", "环节", "时间", "工单", "户号", "班组", "容量", "备注"]},
    )


def test_headings_of_an_xes_log_need_no_layout(tmp_path):
    (tmp_path / "a.csv").write_text(
        "case:concept:name,case:channel,concept:name,time:timestamp,org:group\n"
        "S1,95598,登记,2026-01-01T00:00:00Z,一班\nS1,95598,归档,2026-01-02T00:00:00Z,\n",
        "utf-8",
    )
    found = data(eventlog.read(tmp_path / "a.csv"))

    assert found["touches"] == [("e1", "S1", ""), ("e2", "S1", "")]
    assert found["of_events"] == [("e1", "org:group", "一班", "string")]
    assert found["of_objects"] == [("S1", "case:channel", "95598", "string", -1)]


def test_a_log_is_written_as_a_table_and_what_has_no_place_is_counted(tmp_path):
    first = eventlog.read(written(tmp_path / "a.json", SMALL))
    left_out = eventlog.write(first, tmp_path / "a.csv.gz")
    again = data(eventlog.read(tmp_path / "a.csv.gz"))

    assert left_out == {
        "links": 3,
        "qualifiers": 3,
        "attributes_of_objects": 3,
        "objects_without_events": 1,
        "activities_without_events": 1,
    }
    assert again["events"] == data(first)["events"]
    assert again["touches"] == [("b", "330001", ""), ("b", "H1", "")]
    assert again["of_events"] == [
        ("b", "止码", "42", "string"),
        ("b", "约定", "2026-02-02T00:00:00Z", "string"),
    ]


def test_ids_go_through_a_table_whatever_stands_in_them(tmp_path):
    (tmp_path / "a.csv").write_text(
        "ocel:eid,ocel:activity,ocel:timestamp,ocel:type:户号\n"
        '\'=1,登记,2026-01-01T00:00:00Z,"[""a,b"", ""c;\\""]""]"\n'
        "2,登记,2026-01-01T00:00:00Z,\"['d', 'e']\"\n3,登记,2026-01-01T00:00:00Z,[f\n",
        "utf-8",
    )
    first = eventlog.read(tmp_path / "a.csv")
    eventlog.write(first, tmp_path / "b.csv")

    assert data(first)["touches"] == [
        ("2", "d", ""),
        ("2", "e", ""),
        ("3", "[f", ""),
        ("=1", "a,b", ""),
        ("=1", 'c;"]', ""),
    ]
    assert data(eventlog.read(tmp_path / "b.csv")) == data(first)


def test_a_layout_for_a_format_that_says_itself_what_is_what_is_refused(tmp_path):
    path = written(tmp_path / "a.json", SMALL)

    assert refused(lambda: eventlog.read(path, Layout(objects=(Things("a", "b"),)))) == (
        "log_layout_unneeded",
        {"file": "a.json"},
    )
