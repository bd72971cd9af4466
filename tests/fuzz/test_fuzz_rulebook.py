"""Rules as files and forms say them: rulebook tables, the office's entries, holiday notices, layouts."""

import json
import tomllib
from pathlib import Path

from damage import FEWER, NOISE, damaged, damaged_text, taken
from hypothesis import given
from hypothesis import strategies as st

from suyuan.actions import eventlogs
from suyuan.analytics.trace import causality
from suyuan.domain import rulebook
from suyuan.domain.rulebook.entries import KINDS, content, mark, toml
from suyuan.domain.rulebook.files import read_notice
from suyuan.domain.rulebook.notices import notice
from suyuan.domain.rulebook.prose import notice_from_text
from suyuan.gateways import layout as layouts
from suyuan.gateways.layout.files import load_file, parse, shipped
from tests.guards.codebase import ROOT

RECORDS = """
[[limit]]
id = "office.first_reply"
title = { zh = "首次答复", en = "First reply" }
procedures = ["complaint"]
starts = "accepted_at"
stops = "contacted_at"
when = { business_type = ["complaint"] }
kind = "internal"
binding = false
amount = 4
unit = "hours"
warn = [0.5, 0.75]
after = [1, 24]
basis = "本局规定"
certainty = "S"
in_force_from = 2025-01-01

[[route]]
id = "meters"
title = { zh = "计量", en = "Meters" }
when = { business_type = ["complaint"], area = ["东城"] }
unit = "0101"
specialty = "marketing"
basis = "本局规定"
certainty = "S"

[[figure]]
id = "clock.ladder"
title = { zh = "阶梯", en = "Ladder" }
terms = { warn = [0.5], after_hours = [1] }
basis = "本局规定"
certainty = "S"

[[confirm]]
limit = "office.first_reply"
in_force_from = 2025-01-01
basis = "文件"
by = "张三"
"""
CAUSES = Path(ROOT / "src/suyuan/rulebook/causality.toml").read_text("utf-8")
CALENDAR = Path(ROOT / "src/suyuan/rulebook/calendars/2026.toml").read_text("utf-8")
TABLE = (
    "date,kind,name\n2027-01-01,holiday,元旦\n2027-05-01,holiday,\n2027-05-02,holiday,\n2026-12-27,makeup,\n"
)
PROSE = (
    "2027年\n一、元旦：1月1日（周五）至3日放假，共3天。\n二、春节：2月5日至12日放假调休，共8天。2月4日上班。"
)
LAYOUT = layouts.to_toml(shipped()["citizen_replies"])
NOTICES = damaged_text(CALENDAR, TABLE, PROSE)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ("2025-01-01", "0001-01-01", "9999-12-31", "limit", "complaint", "S", "confirmed", "x_a")
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def test_the_records_that_are_changed_below_are_sound(tmp_path):
    path = tmp_path / "office.toml"
    path.write_text(RECORDS, encoding="utf-8")

    assert rulebook.load(path).limits["office.first_reply"][0].confirmed_by == "张三"


@FEWER
@given(
    damaged(RECORDS.encode())
    | NOISE
    | damaged_text(RECORDS).map(lambda text: text.encode("utf-8", "replace"))
)
def test_any_rulebook_file_makes_a_book_or_is_refused(tmp_path, text):
    path = tmp_path / "office.toml"
    path.write_bytes(text)

    taken(lambda: rulebook.load(path))


@FEWER
@given(st.data())
def test_any_change_to_a_table_of_records_is_taken_or_refused(tmp_path, data):
    tables = tomllib.loads(RECORDS.replace("2025-01-01", '"2025-01-01"'))
    kind = data.draw(st.sampled_from(sorted(tables)))
    entry = tables[kind][0]
    entry[data.draw(st.sampled_from(sorted(entry)) | st.text(max_size=8))] = data.draw(VALUES)

    taken(lambda: rulebook.load(entries=[content(kind, entry)]))


@given(
    st.sampled_from(KINDS), st.dictionaries(st.text(max_size=8) | st.sampled_from(("id", "title")), VALUES)
)
def test_any_entry_has_a_mark_or_is_refused(kind, entry):
    taken(lambda: mark(kind, entry))


@given(st.data())
def test_an_entry_written_is_the_entry_read(data):
    tables = tomllib.loads(RECORDS.replace("2025-01-01", '"2025-01-01"'))
    kind = data.draw(st.sampled_from(("limit", "route", "figure")))
    entry = tables[kind][0] | {"note": data.draw(st.text(st.characters(exclude_categories=["Cs"])))}

    again = tomllib.loads(toml([(kind, entry)]))

    assert mark(kind, again[kind][0]) == mark(kind, entry)
    assert again[kind][0]["note"] == entry["note"]


@given(NOTICES | st.text(max_size=60))
def test_any_text_is_a_holiday_notice_or_is_refused(text):
    taken(lambda: notice_from_text(text, "国务院", ()))


@FEWER
@given(damaged(CALENDAR.encode(), TABLE.encode()) | NOISE, st.sampled_from((".csv", ".toml")))
def test_any_file_is_a_holiday_notice_or_is_refused(tmp_path, text, suffix):
    path = tmp_path / f"2027{suffix}"
    path.write_bytes(text)

    taken(lambda: read_notice(path))


@given(NOTICES)
def test_a_notice_written_is_the_notice_read(text):
    found = taken(lambda: notice_from_text(text, "国务院", ()))

    if found is not None:
        again = notice("again", tomllib.loads(found.toml())["calendar"], ())
        assert again.plain() == found.plain()


@given(damaged(LAYOUT.encode()) | NOISE)
def test_any_file_is_a_layout_or_is_refused(tmp_path, text):
    path = tmp_path / "own.toml"
    path.write_bytes(text)

    taken(lambda: load_file(path))


@given(damaged_text(LAYOUT))
def test_a_layout_that_is_taken_is_written_and_read_the_same(text):
    found = taken(lambda: parse(text, "own"))

    if found is not None:
        assert parse(layouts.to_toml(found), "own") == found


@given(st.data())
def test_a_layout_of_any_values_is_taken_or_refused(data):
    raw = tomllib.loads(LAYOUT)
    at = data.draw(st.sampled_from(("top", "column", "codes")))
    target = {"top": raw, "column": raw["columns"]["number"], "codes": raw["codes"]["category"]}[at]
    key = data.draw(
        st.sampled_from(sorted([*target, "timezone", "notes", "constants", "title", "limit", "kind"]))
    )
    target[key] = data.draw(VALUES.filter(lambda value: value is not None))

    text = "\n".join(f"{json.dumps(key)} = {written(value)}" for key, value in raw.items())
    taken(lambda: parse(text, "own"))


@given(damaged_text(CAUSES))
def test_rules_of_tracing_with_anything_in_them_are_taken_or_refused(text):
    found = taken(lambda: eventlogs.parsed(text, "own.toml"))

    assert found is None or isinstance(found.roles.places, tuple)


@given(st.data())
def test_rules_of_tracing_of_any_values_are_taken_or_refused(data):
    document = tomllib.loads(CAUSES)
    place = data.draw(st.sampled_from([document, document["roles"], *document["cause"]]))
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(VALUES)

    taken(lambda: causality.rules(document, "own.toml"))


def written(raw):
    """Return plain values as TOML; an inline table is enough for a parser."""
    if isinstance(raw, dict):
        inner = ", ".join(f"{json.dumps(key)} = {written(value)}" for key, value in raw.items())
        return "{" + inner + "}"
    if isinstance(raw, list):
        return "[" + ", ".join(map(written, raw)) + "]"
    return json.dumps("" if raw is None else raw, ensure_ascii=False).replace("\x7f", "\\u007f")
