"""What is no worksheet, or means harm, is refused by name before anything of it is believed."""

import zipfile

import pytest

from suyuan.domain.errors import BadInput
from suyuan.gateways import ooxml
from suyuan.gateways.worksheet import Book, Column, Line, read, write
from suyuan.gateways.worksheet.reading import LAST_ROW
from tests.worksheet_files import SHEET, changed, with_part

COLUMNS = [
    Column("row", "", hidden=True, locked=True),
    Column("number", "工单编号", locked=True),
    Column("verb", "动作", "verb"),
    Column("field:note", "说明", "longtext"),
    Column("", "自己的列"),
]


@pytest.fixture
def sheet(tmp_path):
    """Return a worksheet of two rows."""
    lines = [Line(["m1", "N1", "", "=1+1", "甲"], ("派单", "归档")), Line(["m2", "N2", "派单", "'@", "乙"])]
    path = tmp_path / "sheet.xlsx"
    write(
        path, Book("办理表", "谁 何时", ("工单", "说明", "选项"), COLUMNS, lines, [["一句"], ["a", "b", "c"]])
    )
    return path


def refused(path):
    """Return the code and the facts with which a file is refused."""
    with pytest.raises(BadInput) as error:
        read(path)
    return error.value.code, error.value.facts


def test_what_is_written_is_read_again(sheet):
    handed = read(sheet)

    assert list(handed.keys) == ["row", "number", "verb", "field:note", ""]
    assert list(handed.titles) == ["", "工单编号", "动作", "说明", "自己的列"]
    assert [(row.row, list(row.cells)) for row in handed.rows] == [
        (4, ["m1", "N1", "", "=1+1", "甲"]),
        (5, ["m2", "N2", "派单", "'@", "乙"]),
    ]


def test_the_choices_of_a_row_are_a_list_in_the_hidden_sheet(sheet):
    with zipfile.ZipFile(sheet) as archive:
        first, book = archive.read(SHEET).decode(), archive.read("xl/workbook.xml").decode()

    assert "<formula1>'选项'!$A$1:$A$2</formula1>" in first
    assert 'name="选项" sheetId="3" state="hidden"' in book
    assert "<sheetProtection" in first


def test_a_file_that_is_no_worksheet_is_named(tmp_path):
    plain = tmp_path / "a.xlsx"
    plain.write_bytes(b"number,verb\n1,2\n")
    empty = tmp_path / "b.xlsx"
    empty.write_bytes(b"")
    locked = tmp_path / "c.xlsx"
    locked.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    other = tmp_path / "d.xlsx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.csv", "1,2")

    assert [refused(path)[0] for path in (plain, empty, locked, other, tmp_path / "none.xlsx")] == [
        "not_an_office_file",
        "empty_file",
        "encrypted_file",
        "not_an_office_file",
        "no_such_file",
    ]


def test_a_workbook_without_our_columns_is_no_worksheet(tmp_path):
    path = tmp_path / "own.xlsx"
    write(path, Book("x", "", ("a", "b", "c"), [Column("", "工单编号")], [Line(["N1"])], []))

    assert refused(path) == ("not_a_worksheet", {"file": "own.xlsx"})


def test_a_cut_off_file_is_damaged(sheet):
    sheet.write_bytes(sheet.read_bytes()[:-200])

    assert refused(sheet)[0] == "damaged_file"


@pytest.mark.parametrize(
    "part", ["../../etc/cron.d/x", "/etc/passwd", "xl\\..\\x.xml", "C:/x.xml", "xl/worksheets/sheet1.xml"]
)
def test_a_part_that_points_out_of_the_archive_or_stands_twice_is_refused(sheet, part):
    assert refused(with_part(sheet, part, b"<x/>")) == (
        "unsafe_part",
        {"file": "more-sheet.xlsx", "part": part},
    )


def test_macros_are_refused(sheet):
    assert refused(with_part(sheet, "xl/vbaProject.bin", b"x"))[0] == "macros_inside"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_whatever_it_is_written_in(sheet, encoding):
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    evil = head + '<!DOCTYPE a [<!ENTITY x SYSTEM "/etc/passwd">]><a>&x;</a>'
    path = with_part(sheet, "xl/evil.xml", evil.encode(encoding))

    assert refused(path) == ("dtd_inside", {"file": "more-sheet.xlsx/xl/evil.xml"})


def test_a_bomb_is_stopped_while_it_unpacks(sheet):
    path = with_part(sheet, "xl/media/zero.bin", b"\0" * (ooxml.MOST_UNPACKED + 1))

    assert path.stat().st_size < 200_000
    assert refused(path)[0] == "zip_bomb"


def test_one_long_text_shared_by_many_cells_is_a_bomb_too(sheet, monkeypatch):
    monkeypatch.setattr("suyuan.gateways.worksheet.reading.MOST_TEXT", 10)

    assert refused(sheet) == ("zip_bomb", {"file": "sheet.xlsx/工单", "limit": 10})


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (f"A{LAST_ROW + 1}", "too_many_rows"),
        ("XFD4", "too_many_columns"),
        ("A0", "damaged_file"),
        ("4A", "damaged_file"),
    ],
)
def test_a_cell_far_out_is_refused_before_a_table_as_large_is_made(sheet, cell, code):
    path = changed(sheet, SHEET, '<c r="B5"', f'<c r="{cell}"')

    assert refused(path)[0] == code


def test_too_large_a_file_is_refused_unread(sheet, monkeypatch):
    monkeypatch.setattr("suyuan.gateways.ooxml.MOST_BYTES", 100)

    assert refused(sheet) == ("file_too_large", {"file": "sheet.xlsx", "limit": 100})


def test_a_column_code_that_stands_twice_is_refused(tmp_path):
    path = tmp_path / "twice.xlsx"
    columns = [Column("number", "a"), Column("number", "b")]
    write(path, Book("x", "", ("a", "b", "c"), columns, [Line(["N1", "N2"])], []))

    assert refused(path) == ("header_twice", {"file": "twice.xlsx", "column": "number"})


def test_formulas_are_found_whatever_prefix_the_xml_has(sheet):
    path = changed(sheet, SHEET, r'<c r="D5"[^>]*>.*?</c>', '<c r="D5"><f>1+1</f><v>2</v></c>')

    assert [sorted(row.formulas) for row in read(path).rows] == [[], [3]]
