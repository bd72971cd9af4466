"""What fuzzing found, once each: it must stay mended without luck."""

import json
import zipfile
from datetime import UTC, datetime

import pytest
import xlsxwriter
from damage import packed
from hypothesis import settings

from suyuan.actions._forms import clean
from suyuan.actions.worksheets.cells import Doubt, value_of
from suyuan.domain import notice, rulebook
from suyuan.domain.errors import BadInput, RulebookError
from suyuan.domain.fields import Field, Type
from suyuan.domain.rulebook.prose import notice_from_text
from suyuan.domain.rulebook.records import plain
from suyuan.gateways import backup, bundle, lists, ooxml
from suyuan.gateways.layout import to_toml
from suyuan.gateways.layout.files import parse, shipped
from suyuan.gateways.layout.moments import Clock, Unreadable
from suyuan.gateways.tablefile import grid, open_table

FIRST, LAST = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"


def refused(does, *given):
    """Return the code and the facts something is refused with."""
    with pytest.raises((BadInput, RulebookError)) as wrong:
        does(*given)
    return wrong.value.code, wrong.value.facts


def test_the_examples_of_a_run_are_the_same_ones_each_time():
    assert settings().derandomize or settings().max_examples >= 1_000


def far(path, rows, places=(0, 0)):
    """Return a workbook with a cell at each of two places."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, column in (places, rows):
            sheet.write(row, column, "x")
    return path


def test_a_cell_in_the_far_corner_is_refused_before_the_sheet_is_laid_out(tmp_path):
    path = far(tmp_path / "a.xlsx", (1_048_575, 16_383))

    code, facts = refused(open_table, path)

    assert (code, facts["file"], facts["places"]) == ("zip_bomb", "a.xlsx/xl/worksheets/sheet1.xml", 1 << 34)
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.write(path, "a.xlsx")
    assert refused(open_table, tmp_path / "b.zip")[0] == "zip_bomb"


def test_a_sheet_that_is_long_or_wide_alone_is_read(tmp_path):
    (long,) = open_table(far(tmp_path / "a.xlsx", (300_000, 0)))
    (wide,) = open_table(far(tmp_path / "b.xlsx", (0, 16_383)))

    assert (long.total_rows, len(wide.head(1)[0])) == (300_001, 16_384)


@pytest.mark.parametrize("cell", ['<c r="XFD1048576">', '<x:c r="XFD1048576">', "<c\tr='XFD1048576'>"])
def test_however_the_far_cell_is_written_it_counts(tmp_path, cell):
    end = f"</{cell[1:].split('r=')[0].strip()}>"
    rows = f'<x:row xmlns:x="x" r="1"><c r="A1"><v>1</v></c>{cell}<v>1</v>{end}</x:row>'
    path = tmp_path / "a.xlsx"
    path.write_bytes(packed([("xl/worksheets/sheet1.xml", rows.encode())]))

    with zipfile.ZipFile(path) as archive:
        assert refused(grid.refuse_vast, archive, "a.xlsx")[1]["places"] == 1 << 34


def test_cells_that_do_not_say_where_they_stand_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(grid, "LARGEST", 5)
    rows = "<d><row><c><v>1</v></c></row><row/><row><c/><c><v>1</v></c></row></d>"
    path = tmp_path / "a.xlsx"
    path.write_bytes(packed([("xl/worksheets/sheet1.xml", rows.encode())]))

    with zipfile.ZipFile(path) as archive:
        assert refused(grid.refuse_vast, archive, "a.xlsx")[1]["places"] == 6


@pytest.mark.parametrize("cell", ["0001-01-01 00:00:00", "0001-01-01", "00010101", datetime(1, 1, 1)])  # noqa: DTZ001
def test_the_day_databases_write_for_none_is_no_moment(cell):
    with pytest.raises(Unreadable):
        Clock("Asia/Shanghai").read(cell)


def test_the_last_hours_there_are_stay_as_they_stand():
    assert lists.day("9999-12-31T23:59:59+00:00") == "9999-12-31T23:59:59+00:00"


@pytest.mark.parametrize("text", [FIRST, LAST, "0001-01-01T00:00"])
def test_a_moment_that_no_clock_of_the_house_reaches_is_no_moment(text):
    field = Field("x", Type.MOMENT)

    assert refused(clean, (field,), {"x": text}, datetime(2026, 3, 4, tzinfo=UTC))[1] == {
        "fields": {"x": "not_a_moment"}
    }


@pytest.mark.parametrize("at", [FIRST, LAST])
def test_a_receipt_of_such_a_moment_is_refused(at):
    row = {"key": "k", "outcome": "failed", "at": at}

    assert refused(notice.told, row, 3) == ("bad_receipts", {"row": 3, "field": "at"})


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_in_a_worksheet_is_in_doubt(number):
    with pytest.raises(Doubt, match="number_precision_lost"):
        value_of(Field("x", Type.TEXT), number, {})


@pytest.mark.parametrize("encoding", ["gbk", "no-such"])
def test_xml_in_an_encoding_that_cannot_be_read_is_damaged(encoding):
    body = f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode()

    assert refused(ooxml.walk, body, "a.docx/x.xml")[0] == "damaged_file"


@pytest.mark.parametrize("key", ["files", "counts"])
def test_a_backup_whose_manifest_holds_lists_is_unreadable(tmp_path, key):
    told = {
        "format": 1,
        "version": "",
        "made_at": "",
        "database": "",
        "secrets": True,
        "counts": {},
        "files": {},
    }
    path = tmp_path / "b.suyuan"
    path.write_bytes(packed([("manifest.json", json.dumps(told | {key: []}).encode())]))

    assert refused(backup.check, path)[0] == "backup_unreadable"


def test_a_manifest_whose_paths_are_tables_is_no_bundle(tmp_path):
    told = {"format": bundle.FORMAT, "exported": {}, "parts": {}, "chains": []}
    told["files"] = [{"path": {}, "sha256": "", "size": 1}]
    path = tmp_path / "bundle.zip"
    path.write_bytes(packed([("manifest.json", json.dumps(told).encode())]))

    assert refused(bundle.check, path) == ("not_a_bundle", {"file": "manifest.json"})


@pytest.mark.parametrize(
    ("key", "value"),
    [("timezone", '"Asia"'), ("timezone", "5"), ("title", "[1]"), ("notes", '{ a = { blank = "x" } }')],
)
def test_a_layout_with_a_value_of_another_kind_is_refused(key, value):
    lines = [line for line in to_toml(shipped()["citizen_orders"]).splitlines() if not line.startswith(key)]

    code, facts = refused(parse, "\n".join([f"{key} = {value}", *lines]).replace("[title]", "[x]"), "own")

    assert (code, facts["file"]) == ("bad_layout", "own")


@pytest.mark.parametrize(
    ("when", "key"),
    [
        ({"category": [{"a": 1}]}, "when.category"),
        ({"level": [1, "x"]}, "when.level"),
        ({"level": []}, "when.level"),
    ],
)
def test_conditions_that_are_no_texts_are_refused_by_name(when, key):
    entry = {"limit": [{"id": "a", "title": {"zh": "a", "en": "a"}, "when": when}]}

    assert refused(lambda: rulebook.load(entries=[entry]))[1]["key"] == key


@pytest.mark.parametrize(
    "text",
    [
        "[calendar]\nfirst = " + "9" * 5_000,
        "date,kind\n" + "x" * 200_000,
        "2027年1月1日放假共" + "9" * 5_000 + "天",
    ],
)
def test_a_notice_of_endless_digits_is_refused(text):
    assert refused(notice_from_text, text, "国务院", ())[0] == "rulebook_error"


def test_a_limit_no_calendar_reaches_is_refused():
    entry = plain(next(iter(rulebook.load().limits.values()))[0]) | {"amount": 10**30}

    assert refused(lambda: rulebook.load(entries=[{"limit": [entry]}]))[1]["key"] == "amount"


def test_a_file_of_receipts_says_utc():
    assert notice.told(
        {"key": "k", "outcome": "failed", "at": "2026-03-04T08:00:00+08:00"}, 1
    ).at == datetime(2026, 3, 4, tzinfo=UTC)
