"""An OCEL 2.0 log says the same in every format; what is wrong in it is named, or set aside and named."""

import copy
import json
import sqlite3
from contextlib import closing

import jsonschema
import pytest
from hypothesis import given

from suyuan.domain.errors import BadInput
from suyuan.gateways import eventlog
from suyuan.gateways.eventlog.columns import REASONS
from tests.eventlog_data import SMALL, data, documents, written

CREATED = 1_769_904_000_123_456  # 2026-02-01T00:00:00.123456Z


def small(path, change=lambda _: None):
    """Write the small log, changed, and read it."""
    document = copy.deepcopy(SMALL)
    change(document)
    return eventlog.read(written(path / "a.json", document))


def refused(read):
    with pytest.raises(BadInput) as caught:
        read()
    return caught.value.code, caught.value.facts


def test_a_small_log_is_read(tmp_path):
    log = small(tmp_path)

    assert data(log) == {
        "activities": ["归档", "换表", "没发生过的活动"],
        "types": ["户号", "换表单", "未用过的类型"],
        "events": [("a", "归档", 1_767_225_600_000_000), ("b", "换表", CREATED), ("c", "归档", CREATED)],
        "objects": [("330001", "户号"), ("H1", "换表单"), ("H2", "换表单")],
        "touches": [("b", "330001", "为"), ("b", "330001", "费用由"), ("b", "H1", "按")],
        "links": [("330001", "330001", ""), ("330001", "H1", "换表"), ("H1", "330001", "属于")],
        "of_events": [("b", "止码", "42", "integer"), ("b", "约定", "2026-02-02T00:00:00Z", "time")],
        "of_objects": [
            ("330001", "地址", "人民路1号", "string", -1),
            ("330001", "地址", "人民路<2>号", "string", 1_772_323_200_000_000),
            ("330001", "容量", "8.0", "float", -1),
        ],
        "declared": (
            {"归档": {}, "换表": {"止码": "integer", "约定": "time"}, "没发生过的活动": {}},
            {"户号": {"地址": "string", "容量": "float"}, "换表单": {}, "未用过的类型": {"x": "boolean"}},
        ),
        "quarantined": [],
    }
    assert log.qualifiers == ["", "为", "属于", "按", "换表", "费用由"]


@pytest.mark.parametrize("ending", ["sqlite", "xml", "xmlocel", "json", "jsonocel"])
def test_a_format_says_what_another_said(tmp_path, ending):
    log = small(tmp_path)

    assert eventlog.write(log, tmp_path / f"b.{ending}") == {}
    assert data(eventlog.read(tmp_path / f"b.{ending}")) == data(log)


@given(documents())
def test_any_log_goes_through_all_formats_unchanged(tmp_path_factory, document):
    folder = tmp_path_factory.mktemp("log")
    first = log = eventlog.read(written(folder / "0.json", document))
    for number, ending in enumerate(("sqlite", "xml", "json", "xml", "sqlite"), 1):
        path = folder / f"{number}.{ending}"
        eventlog.write(log, path)
        log = eventlog.read(path)

    assert data(log) == data(first)
    assert first.quarantined == []


WRONG = [
    (lambda d: d.pop("events"), {"place": "log", "lacks": "events"}),
    (lambda d: d.update(objects={}), {"place": "log.objects", "problem": "not a list"}),
    (lambda d: d["events"][0].pop("type"), {"place": "events[0]", "lacks": "type"}),
    (lambda d: d["events"][0].update(id=7), {"place": "events[0].id", "problem": "no text"}),
    (
        lambda d: d["events"][0].update(type="换"),
        {"place": "event 1", "value": "换", "undeclared": "event type"},
    ),
    (
        lambda d: d["objects"][0]["attributes"][1].update(name="y"),
        {"place": "object 1", "value": "y", "undeclared": "attribute"},
    ),
    (
        lambda d: d["objects"][0]["relationships"][0].pop("qualifier"),
        {"place": "objects[0].relationships[0]", "lacks": "qualifier"},
    ),
    (
        lambda d: d["eventTypes"].append({"name": "归档"}),
        {"place": "eventTypes[3]", "value": "归档", "problem": "declared twice"},
    ),
    (
        lambda d: d["eventTypes"][1]["attributes"][0].update(type="money"),
        {
            "place": "eventTypes[1].attributes[0]",
            "value": "money",
            "allowed": ("string", "time", "integer", "float", "boolean"),
        },
    ),
]


@pytest.mark.parametrize(("change", "facts"), WRONG)
def test_another_schema_is_named_with_its_place(tmp_path, change, facts):
    assert refused(lambda: small(tmp_path, change)) == ("log_schema", {"file": "a.json"} | facts)


def event(**more):
    return {"id": "z", "type": "归档", "time": "2026-01-01T00:00:00Z"} | more


ASIDE = [
    (lambda d: d["events"].append({"id": "z", "type": "归档"}), ("event 4", "z", "no_time")),
    (lambda d: d["events"].append(event(time="2026-02-30T00:00:00Z")), ("event 4", "z", "bad_time")),
    (lambda d: d["events"].append(event(id="a")), ("event 4", "a", "duplicate_event")),
    (lambda d: d["objects"].append({"id": "H1", "type": "户号"}), ("object 4", "H1", "duplicate_object")),
    (
        lambda d: d["events"][1].update(relationships=[{"objectId": "H9", "qualifier": ""}]),
        ("event relation 4", "a → H9", "dangling_relation"),
    ),
    (
        lambda d: d["objects"][2].update(relationships=[{"objectId": "H9", "qualifier": ""}]),
        ("object relation 4", "H2 → H9", "dangling_relation"),
    ),
    (
        lambda d: d["objects"][1]["relationships"].append({"objectId": "330001", "qualifier": "属于"}),
        ("object relation 4", "H1 → 330001", "duplicate_relation"),
    ),
    (lambda d: d["events"][0]["attributes"][0].update(value="4.2"), ("event 1", "止码", "attribute_value")),
    (lambda d: d["objects"][0]["attributes"][0].update(time="?"), ("object 1", "地址", "bad_time")),
    (lambda d: d["events"][1].update(note="?"), ("events[1]", "note", "unknown_field")),
]


@pytest.mark.parametrize(("change", "aside"), ASIDE)
def test_what_cannot_be_taken_is_set_aside_and_named(tmp_path, change, aside):
    log = small(tmp_path, change)

    assert log.quarantined == [aside]
    assert aside[2] in REASONS
    assert len(log.at) == 3
    assert len(log.object_ids) == 3


def test_what_belongs_to_an_event_without_time_is_named_with_it(tmp_path):
    log = small(tmp_path, lambda d: d["events"][0].pop("time"))

    assert [each.why for each in log.quarantined] == ["no_time", *["event_set_aside"] * 3]
    assert (log.event_ids.to_pylist(), len(log.touch_event), log.attributes_of_events.num_rows) == (
        ["a", "c"],
        0,
        0,
    )


def test_moments_without_a_zone_need_one(tmp_path):
    def change(document):
        document["events"][0]["time"] = "2026-02-01T08:00:00"

    assert refused(lambda: small(tmp_path, change)) == (
        "log_zone",
        {"file": "a.json", "value": "2026-02-01T08:00:00", "count": 1},
    )
    assert eventlog.read(tmp_path / "a.json", zone="Asia/Shanghai").at.tolist()[1] == 1_769_904_000_000_000


@pytest.mark.parametrize(
    ("content", "code", "facts"),
    [
        (b"", "empty_file", {}),
        (b"\0\1\2", "log_form", {"value": "binary"}),
        (b'{"events": [', "truncated_file", {"line": 1, "problem": "Expecting value"}),
        (b'{"events": ]}', "log_unreadable", {"line": 1, "problem": "Expecting value"}),
        (b'{"events": [], "events": []}', "log_schema", {"key": "events", "problem": "said twice"}),
        (b'{"x": "\xff"}', "bad_encoding", {"problem": "byte 7"}),
        (b"<log>\n<objects>\n<object/></objects></log>", "log_schema",
         {"place": "line 3", "element": "object", "lacks": "id"}),
        (b"<log>\n<objects>", "truncated_file", {"line": 2, "problem": "no element found"}),
        (b"<log><objects></events></log>", "log_unreadable", {"line": 1, "problem": "mismatched tag"}),
        (b"<log><objects/><events/></log>", "log_schema", {"place": "log", "lacks": "object-types"}),
        (b'<!DOCTYPE log [<!ENTITY a "x">]><log><objects>&a;</objects></log>', "log_doctype", {"line": 1}),
        (b'<!DOCTYPE log SYSTEM "other.xml"><log><objects/></log>', "log_doctype", {"line": 1}),
    ],
)  # fmt: skip
def test_what_is_no_log_is_refused_with_what_and_where(tmp_path, content, code, facts):
    path = tmp_path / "a.log"
    path.write_bytes(content)

    assert refused(lambda: eventlog.read(path)) == (code, {"file": "a.log"} | facts)


def test_half_a_character_is_no_text(tmp_path):
    path = tmp_path / "a.json"
    eventlog.write(small(tmp_path), path.with_name("b.json"))
    path.write_text(path.with_name("b.json").read_text("utf-8").replace("人民路1号", "\\ud800"), "utf-8")

    assert refused(lambda: eventlog.read(path)) == ("bad_encoding", {"file": "a.json", "problem": "\\ud800"})


def changed(path, sql):
    """Write the small log as a database, change it, and read it."""
    eventlog.write(small(path), path / "a.sqlite")
    with closing(sqlite3.connect(path / "a.sqlite")) as link:
        link.executescript(sql)
    return eventlog.read(path / "a.sqlite")


@pytest.mark.parametrize(
    ("sql", "facts"),
    [
        ("DROP TABLE object_object", {"place": "tables", "lacks": "object_object"}),
        ("DROP TABLE event_换表", {"place": "tables", "lacks": "event_换表"}),
        (
            "ALTER TABLE event_归档 RENAME ocel_time TO at",
            {"place": "table event_归档", "lacks": "ocel_time"},
        ),
        (
            "INSERT INTO event VALUES (NULL, '归档')",
            {"place": "event 4", "problem": "a name that is nothing"},
        ),
        (
            "ALTER TABLE event RENAME TO e; CREATE VIEW event AS SELECT * FROM e",
            {"place": "tables", "lacks": "event"},
        ),
    ],
)
def test_a_database_of_another_schema_is_named_with_the_table(tmp_path, sql, facts):
    assert refused(lambda: changed(tmp_path, sql)) == ("log_schema", {"file": "a.sqlite"} | facts)


@pytest.mark.parametrize(
    ("sql", "aside"),
    [
        ("DELETE FROM event_归档 WHERE ocel_id = 'a'", ("event 1", "a", "no_time")),
        (
            "INSERT INTO event_归档 VALUES ('z', '2026-01-01T00:00:00Z')",
            ("event_归档 3", "z", "dangling_row"),
        ),
        (
            "INSERT INTO event_归档 VALUES ('a', '2026-01-02T00:00:00Z')",
            ("event_归档 3", "a", "duplicate_row"),
        ),
        (
            "INSERT INTO event_object VALUES ('z', 'H1', '')",
            ("event relation 4", "z → H1", "dangling_relation"),
        ),
        (
            "INSERT INTO object_户号 VALUES ('330001', '2026-03-01', '地址', NULL, NULL)",
            ("object_户号 3", "地址", "no_value"),
        ),
    ],
)
def test_what_a_database_says_of_nothing_is_set_aside(tmp_path, sql, aside):
    log = changed(tmp_path, sql)

    assert log.quarantined == [aside]


def test_names_that_sqlite_takes_for_one_get_tables_of_their_own(tmp_path):
    document = copy.deepcopy(SMALL)
    document["eventTypes"] += [{"name": "Pay it"}, {"name": "pay-IT"}, {"name": "!"}]
    log = eventlog.read(written(tmp_path / "a.json", document))
    eventlog.write(log, tmp_path / "a.sqlite")

    assert data(eventlog.read(tmp_path / "a.sqlite")) == data(log)


def test_a_text_that_xml_cannot_hold_is_named_and_nothing_is_written(tmp_path):
    log = small(tmp_path, lambda d: d["objects"][0]["attributes"][0].update(value="a\0b"))

    assert refused(lambda: eventlog.write(log, tmp_path / "b.xml")) == (
        "log_unwritable",
        {"file": "b.xml", "value": "a\0b", "problem": "no XML has U+0000"},
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json"]


def test_a_number_that_sqlite_would_round_is_named(tmp_path):
    log = small(tmp_path, lambda d: d["events"][0]["attributes"][0].update(value=2**63))

    assert refused(lambda: eventlog.write(log, tmp_path / "b.sqlite")) == (
        "log_unwritable",
        {"file": "b.sqlite", "value": "9223372036854775808", "problem": "no integer of SQLite is so large"},
    )
    eventlog.write(log, tmp_path / "b.xml")
    assert data(eventlog.read(tmp_path / "b.xml")) == data(log)


def test_a_file_that_is_there_stays(tmp_path):
    log = small(tmp_path)
    before = (tmp_path / "a.json").read_bytes()

    assert refused(lambda: eventlog.write(log, tmp_path / "a.json")) == ("file_exists", {"file": "a.json"})
    assert (tmp_path / "a.json").read_bytes() == before
    assert refused(lambda: eventlog.write(log, tmp_path / "a.txt"))[0] == "unknown_format"


def test_json_is_what_the_schema_of_the_standard_says(tmp_path):
    """OCEL 2.0 specification 8.2: values are texts, and what kind they are is declared."""
    text = {"type": "string"}

    def every(required, **more):
        properties = dict.fromkeys(required, text) | more
        return {"type": "array", "items": {"type": "object", "required": required, "properties": properties}}

    types = every(["name", "attributes"], attributes=every(["name", "type"]))
    joined = {"relationships": every(["objectId", "qualifier"])}
    schema = {
        "required": ["eventTypes", "objectTypes", "events", "objects"],
        "properties": {
            "eventTypes": types,
            "objectTypes": types,
            "events": every(["id", "type", "time"], attributes=every(["name", "value"]), **joined),
            "objects": every(["id", "type"], attributes=every(["name", "value", "time"]), **joined),
        },
    }
    eventlog.write(small(tmp_path), tmp_path / "b.json")
    told = json.loads((tmp_path / "b.json").read_text("utf-8"))

    jsonschema.validate(told, schema)
    assert [a["value"] for a in told["objects"][0]["attributes"]] == ["人民路1号", "8.0", "人民路<2>号"]
    assert told["events"][1]["attributes"][0] == {"name": "止码", "value": "42"}
