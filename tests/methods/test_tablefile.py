"""Any container and any encoding an office uses gives the same rows; a broken one gives one clear error."""

import gzip
import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from suyuan.domain.errors import BadInput
from suyuan.gateways.tablefile import containers, encoding, guard, open_table, open_writer, unguard

ROWS = [["工单编号", "业务类型"], ["20250001", "投诉"], ["20250002", "咨询,查询"]]
TEXT = '工单编号,业务类型\r\n20250001,投诉\r\n20250002,"咨询,查询"\r\n'


def rows_of(path, **options):
    (sheet,) = open_table(path, **options)
    return list(sheet.rows())


def refused(path):
    with pytest.raises(BadInput) as caught:
        rows_of(path)
    return caught.value.code, caught.value.facts


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_every_encoding_gives_the_same_rows(tmp_path, codec):
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode(codec))

    assert rows_of(path) == ROWS


def test_the_first_chinese_character_may_stand_far_down(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"number,text\n" + b"1,plain\n" * 300_000 + "2,停电\n".encode("gbk"))

    assert rows_of(path)[-1] == ["2", "停电"]


@pytest.mark.parametrize("packed", [False, True], ids=["a workbook", "a workbook in a zip"])
def test_dates_counted_from_1904_are_refused_and_not_read_four_years_off(tmp_path, packed):
    path = tmp_path / "mac.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        book.add_worksheet().write_row(0, 0, ["受理时间", 44_469])
    if packed:
        with zipfile.ZipFile(tmp_path / "mac.zip", "w") as archive:
            archive.write(path, "mac.xlsx")

    code, facts = refused(tmp_path / "mac.zip" if packed else path)

    assert (code, facts) == ("date_1904", {"file": "mac.zip/mac.xlsx" if packed else "mac.xlsx"})


@pytest.mark.parametrize(("first", "second"), [("utf-8", "gbk"), ("gbk", "utf-8")])
def test_mixed_encodings_name_the_line(tmp_path, first, second):
    path = tmp_path / "a.csv"
    body = "编号,受理内容\n1,客户反映停电\n".encode(first) + "2,客户反映频繁停电\n".encode(second)
    path.write_bytes(body)

    code, facts = refused(path)

    assert code == "mixed_encodings"
    assert facts == {"file": "a.csv", "line": 3, "begins_as": "utf-8" if first == "utf-8" else "gb18030"}


def test_a_short_word_valid_in_both_encodings_is_no_mixture(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("编号,受理内容\n1,客户反映停电\n2,联通\n".encode("gbk"))

    assert rows_of(path)[2] == ["2", "联通"]


def test_bytes_of_no_encoding_name_the_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"number,text\n1,ok\n2,\xff\xff\xff\n")

    assert refused(path) == ("bad_encoding", {"file": "a.csv", "line": 3})


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_seen_under_a_title(tmp_path, delimiter):
    path = tmp_path / "a.txt"
    rows = [["95598工单表, 十月"], ["编号", "内容", "时间"], ["1", "a,b", "x"], ["2", "c", "y"]]
    path.write_text("\n".join(delimiter.join(f'"{c}"' for c in row) for row in rows), encoding="utf-8")

    assert rows_of(path) == rows


def test_a_gzip_and_a_zip_of_one_table_are_that_table(tmp_path):
    packed, archive = tmp_path / "a.csv.gz", tmp_path / "a.zip"
    packed.write_bytes(gzip.compress(TEXT.encode("gbk")))
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("十月/工单.csv", TEXT)
        out.writestr("__MACOSX/十月/._工单.csv", b"\0\1")
        out.writestr("说明.pdf", b"%PDF")

    assert rows_of(packed) == rows_of(archive) == ROWS


def workbook(path, rows=ROWS):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("工单")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def test_a_workbook_is_known_by_its_content_not_its_name(tmp_path):
    path = workbook(tmp_path / "a.xlsx")
    renamed = path.rename(tmp_path / "a.csv")

    assert rows_of(renamed) == ROWS


@pytest.mark.parametrize("packed", [False, True], ids=["by itself", "in a zip"])
@pytest.mark.parametrize(
    ("part", "root"), [("xl/sharedStrings.xml", "sst"), ("xl/worksheets/sheet1.xml", "worksheet")]
)
def test_a_workbook_that_declares_entities_is_refused(tmp_path, part, root, packed):
    path, evil = workbook(tmp_path / "a.xlsx"), tmp_path / "evil.xlsx"
    declared = f'<!DOCTYPE {root} [<!ENTITY x SYSTEM "{tmp_path.as_uri()}">]><{root} '
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(evil, "w") as out:
        for name in old.namelist():
            text = old.read(name)
            if name == part:
                text = text.replace(f"<{root} ".encode(), b" " * 5000 + declared.encode(), 1)
                assert b"DOCTYPE" in text
            out.writestr(name, text)
    if packed:
        with zipfile.ZipFile(tmp_path / "evil.zip", "w") as out:
            out.write(evil, "evil.xlsx")

    with pytest.raises(BadInput) as wrong:
        rows_of(tmp_path / "evil.zip" if packed else evil)

    place = "evil.zip/evil.xlsx" if packed else "evil.xlsx"
    assert (wrong.value.code, wrong.value.facts) == ("dtd_inside", {"file": f"{place}/{part}"})


@pytest.mark.parametrize(
    "name", ["../../../../evil.csv", "/etc/evil.csv", "a\\..\\..\\evil.csv", "c:\\evil.csv"]
)
def test_a_member_that_leads_outside_is_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        out.writestr(name, "编号,单位\n1,甲\n")

    with pytest.raises(BadInput) as wrong:
        rows_of(tmp_path / "a.zip")

    assert (wrong.value.code, wrong.value.facts) == ("unsafe_part", {"file": "a.zip", "part": name})


def test_a_workbook_in_a_zip_is_read(tmp_path):
    inner = workbook(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        out.write(inner, "a.xlsx")

    assert rows_of(tmp_path / "a.zip") == ROWS


def test_cells_merged_downwards_are_filled_and_hidden_sheets_passed_over(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, hidden = book.add_worksheet("单"), book.add_worksheet("旧")
        sheet.merge_range(0, 0, 2, 0, "城东供电所")
        sheet.write_column(0, 1, ["a", "b", "c", "d"])
        hidden.write_row(0, 0, ["x"])
        hidden.hide()

    assert rows_of(path) == [["城东供电所", "a"], ["城东供电所", "b"], ["城东供电所", "c"], ["", "d"]]


def test_several_tables_in_a_zip_are_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        out.writestr("九月.csv", TEXT)
        out.writestr("十月.csv", TEXT)

    assert refused(tmp_path / "a.zip") == (
        "several_tables",
        {"file": "a.zip", "tables": ["九月.csv", "十月.csv"]},
    )


@pytest.mark.parametrize("suffix", ["zip", "xlsx", "csv.gz"])
def test_a_truncated_archive_says_so(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    if suffix == "xlsx":
        workbook(path, ROWS * 500)
    elif suffix == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr("a.csv", TEXT * 500)
    else:
        path.write_bytes(gzip.compress(TEXT.encode() * 5000))
    path.write_bytes(path.read_bytes()[:-40])

    assert refused(path) == ("truncated_file", {"file": path.name})


def test_a_damaged_member_is_found_before_anything_is_read(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ROWS * 2000)
    content = bytearray(path.read_bytes())
    middle = content.index(b"xl/worksheets/sheet1.xml") + 400
    content[middle : middle + 40] = bytes(40)
    path.write_bytes(content)

    assert refused(path)[0] == "damaged_file"


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("a.csv", b"0" * (containers.RATIO_FLOOR + 1))

    code, facts = refused(path)

    assert (code, facts["unpacked_bytes"]) == ("zip_bomb", containers.RATIO_FLOOR + 1)


def test_a_gzip_bomb_is_refused_while_it_unpacks(tmp_path):
    path = tmp_path / "a.csv.gz"
    with gzip.open(path, "wb") as out:
        for _ in range(80):
            out.write(b"0,0\n" * (1 << 18))

    assert refused(path)[0] == "zip_bomb"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\n\r\n  \n", "empty_file"),
        (gzip.compress(b"", mtime=0), "empty_file"),
        (b"<html><table><tr><td>1</td></tr></table>", "not_a_table"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"\x00\x01\x02\x03" * 50, "not_a_table"),
        (b"PK\x05\x06" + bytes(18), "no_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged_file"),
    ],
)
def test_what_is_no_table_says_what_it_is(tmp_path, content, code):
    path = tmp_path / "a.csv"
    path.write_bytes(content)

    assert refused(path)[0] == code


def test_a_line_without_end_does_not_fill_the_memory(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + b"x" * (encoding.LINE_LIMIT + 2 * encoding.CHUNK))

    assert refused(path)[0] == "line_too_long"


def test_a_quotation_mark_never_closed_names_the_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"open\n' + "2,row\n" * 40_000, encoding="utf-8")

    assert refused(path)[0] == "broken_quotes"


def test_progress_goes_from_nothing_to_all(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(TEXT.encode() * 1000))
    (sheet,) = open_table(path)

    before = sheet.fraction()
    list(sheet.rows())

    assert (before, sheet.fraction()) == (0.0, 1.0)


@given(st.text())
def test_what_is_guarded_is_unguarded_to_itself_and_no_formula(text):
    assert unguard(guard(text)) == text
    assert guard(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.tsv", "a.xlsx"])
def test_what_is_written_is_read_again(tmp_path, name):
    rows = [["编号", "内容"], ["1", 'a"b,c\n第二行\t'], ["0002", "'=1+1"], ["", "  空格　"]]

    with open_writer(tmp_path / name) as write:
        for row in rows:
            write(row)

    assert rows_of(tmp_path / name) == rows


def test_a_workbook_holds_no_formula(tmp_path):
    path = tmp_path / "a.xlsx"
    with open_writer(path) as write:
        write([guard("=HYPERLINK(1)"), "=2+2", "20251001000000000001"])

    with zipfile.ZipFile(path) as archive:
        sheet = io.TextIOWrapper(archive.open("xl/worksheets/sheet1.xml"), encoding="utf-8").read()

    assert "<f>" not in sheet
    assert rows_of(path) == [["'=HYPERLINK(1)", "=2+2", "20251001000000000001"]]


def test_an_unknown_ending_is_refused(tmp_path):
    with pytest.raises(BadInput) as caught, open_writer(tmp_path / "a.docx"):
        pass

    assert caught.value.code == "unknown_format"
