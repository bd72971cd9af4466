"""A file that cannot be understood is named and nothing is written; a row that cannot is put aside."""

import gzip
import zipfile
from pathlib import Path

import pytest

from suyuan.actions import imports
from suyuan.domain.errors import BadInput
from suyuan.domain.procedure import Actor
from suyuan.gateways.tablefile import containers
from suyuan.store import tray
from suyuan.store.models import Case, Clock, Contact, Event, ImportRun, Unit
from tests.import_files import rejected
from tests.methods.order_files import GOOD, HEADERS, NOW, write_csv, write_xlsx

pytestmark = pytest.mark.django_db
CLERK = Actor("clerk", frozenset())
ROWS = [HEADERS, GOOD]


def bring(path, layout="auto"):
    """Import a file as the office's clerk does."""
    return imports.run(path=path, layout=layout, actor=CLERK, now=NOW)


def refusal(path, layout):
    """Return the code an import is refused with, the file let go."""
    try:
        bring(path, layout)
    except BadInput as wrong:
        return wrong.code
    return ""


def written():
    """Return how many rows stand in each table an import writes."""
    return [model.objects.count() for model in (Case, Clock, Contact, Event, Unit)]


def nothing(folder):
    return folder / "nowhere.csv"


def empty(folder):
    (folder / "a.csv").write_bytes(b"")
    return folder / "a.csv"


def blank(folder):
    return write_csv(folder / "a.csv", [["", ""], ["", ""]])


def no_header(folder):
    return write_csv(folder / "a.csv", [["一", "二"], ["三", "四"]])


def missing_column(folder):
    return write_csv(folder / "a.csv", [HEADERS[:3], GOOD[:3]])


def header_twice(folder):
    return write_csv(folder / "a.csv", [[*HEADERS, "受理时间"], [*GOOD, "2025-10-02"]])


def two_sheets(folder):
    return write_xlsx(folder / "a.xlsx", {"一月": ROWS, "二月": ROWS})


def truncated_zip(folder):
    with zipfile.ZipFile(folder / "whole.zip", "w") as archive:
        archive.write(write_csv(folder / "a.csv", ROWS), "a.csv")
    (folder / "a.zip").write_bytes((folder / "whole.zip").read_bytes()[:60])
    return folder / "a.zip"


def truncated_gz(folder):
    rows = [HEADERS, *([f"N{n}", *GOOD[1:3], f"停电{n * 7919}"] for n in range(500))]
    whole = gzip.compress(write_csv(folder / "a.csv", rows).read_bytes())
    (folder / "a.csv.gz").write_bytes(whole[:-200])
    return folder / "a.csv.gz"


def truncated_xlsx(folder):
    whole = write_xlsx(folder / "whole.xlsx", {"一": ROWS}).read_bytes()
    (folder / "a.xlsx").write_bytes(whole[: len(whole) // 2])
    return folder / "a.xlsx"


def two_tables(folder):
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        for name in ("a.csv", "b.csv"):
            archive.write(write_csv(folder / name, ROWS), name)
    return folder / "a.zip"


def no_table(folder):
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("readme.doc", "x")
    return folder / "a.zip"


def binary(folder):
    (folder / "a.csv").write_bytes(b"\x7fELF\0\0\0" * 20)
    return folder / "a.csv"


def html(folder):
    (folder / "a.xls").write_text("<html><table><tr><td>工单编号</td></tr></table></html>", "utf-8")
    return folder / "a.xls"


def mixed_encodings(folder):
    first = ",".join(HEADERS) + "\n" + ",".join(GOOD) + "\n"
    (folder / "a.csv").write_bytes(first.encode() + ",".join(["N2", *GOOD[1:]]).encode("gbk"))
    return folder / "a.csv"


def broken_bytes(folder):
    (folder / "a.csv").write_bytes(",".join(HEADERS).encode("gbk") + b"\nN1,\xff\xff\xff,x,y\n")
    return folder / "a.csv"


BAD_FILES = {
    nothing: "no_such_file",
    empty: "empty_file",
    blank: "empty_file",
    no_header: "wrong_layout",
    missing_column: "wrong_layout",
    header_twice: "header_twice",
    two_sheets: "sheets_fit_equally",
    truncated_zip: "truncated_file",
    truncated_gz: "truncated_file",
    truncated_xlsx: "truncated_file",
    two_tables: "several_tables",
    no_table: "no_table",
    binary: "not_a_table",
    html: "not_a_table",
    mixed_encodings: "mixed_encodings",
    broken_bytes: "bad_encoding",
}


@pytest.mark.parametrize("make", BAD_FILES, ids=lambda make: make.__name__)
def test_a_file_that_cannot_be_understood_is_named_and_leaves_nothing(tmp_path, make):
    with pytest.raises(BadInput) as wrong:
        bring(make(tmp_path))

    assert wrong.value.code == BAD_FILES[make]
    assert written() == [0, 0, 0, 0, 0]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(containers, "RATIO_FLOOR", 100_000)
    rows = write_csv(tmp_path / "a.csv", [*ROWS, *[["0" * 2_000] * 4] * 200])
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(rows, "a.csv")

    with pytest.raises(BadInput) as wrong:
        bring(tmp_path / "a.zip")

    assert wrong.value.code == "zip_bomb"
    assert written() == [0, 0, 0, 0, 0]


def test_a_named_layout_says_which_column_is_missing(tmp_path):
    with pytest.raises(BadInput) as wrong:
        bring(missing_column(tmp_path), "office_95598")

    assert (wrong.value.code, wrong.value.facts["missing"]) == ("missing_column", ["受理内容"])
    assert written() == [0, 0, 0, 0, 0]


def test_the_wrong_layout_is_refused(tmp_path):
    with pytest.raises(BadInput) as wrong:
        bring(write_csv(tmp_path / "a.csv", ROWS), "boston_311")

    assert wrong.value.code == "no_header"
    assert written() == [0, 0, 0, 0, 0]


def test_an_unknown_layout_is_refused(tmp_path):
    with pytest.raises(BadInput) as wrong:
        bring(write_csv(tmp_path / "a.csv", ROWS), "office_9559")

    assert wrong.value.code == "unknown_layout"


def test_a_file_that_fails_half_way_says_so_on_its_run_and_can_be_handed_in_again(tmp_path, monkeypatch):
    monkeypatch.setattr("suyuan.actions.imports.produce.BATCH", 2)
    rows = [HEADERS, *([f"N{n}", *GOOD[1:]] for n in range(6))]
    text = "\n".join(",".join(row) for row in rows)
    path = tmp_path / "a.csv"
    path.write_text(text + '\n"N7,' + "x" * 140_000, "utf-8")

    code = refusal(path, "office_95598")
    path.write_text(text, "utf-8")
    again = bring(path)

    failed, done = ImportRun.objects.order_by("pk")
    assert (code, failed.state, failed.problem["code"]) == ("broken_quotes", "failed", "broken_quotes")
    assert (done.state, again.read, again.accepted + again.duplicate, Case.objects.count()) == (
        "done",
        6,
        6,
        6,
    )


BAD_ROWS = [
    (["", *GOOD[1:]], "missing_value"),
    ([GOOD[0], "", *GOOD[2:]], "missing_value"),
    ([GOOD[0], "没有这种", *GOOD[2:]], "unknown_business_type"),
    ([*GOOD[:2], "某日", GOOD[3]], "bad_date"),
    ([*GOOD[:2], "2025-02-30 10:00:00", GOOD[3]], "bad_date"),
    ([*GOOD[:2], "1899-01-01 10:00:00", GOOD[3]], "date_out_of_range"),
    ([*GOOD[:2], "2099-01-01 10:00:00", GOOD[3]], "date_out_of_range"),
    ([*GOOD, "2025-09-30 10:00:00"], "end_before_start"),
    ([*GOOD, "", "有点属实"], "unknown_value"),
    ([*GOOD, "", "", "不存在的分类"], "unknown_category"),
    ([*GOOD, "", "", "", "多", "出", "来"], "too_many_cells"),
    (["N" * 65, *GOOD[1:]], "too_long"),
]


@pytest.mark.parametrize(("row", "rule"), BAD_ROWS, ids=range(len(BAD_ROWS)))
def test_a_bad_row_is_put_aside_under_its_rule_and_the_good_one_taken(tmp_path, row, rule):
    header = [*HEADERS, "回单时间", "是否属实", "投诉分类"]
    rows = [header, ["2025100100009", *GOOD[1:]], row]

    summary = bring(write_csv(tmp_path / "a.csv", rows))

    assert (summary.read, summary.accepted, summary.quarantined) == (2, 1, 1)
    assert Case.objects.get().number == "2025100100009"
    assert rejected(summary)[0][-1] == rule


def test_the_same_number_twice_in_a_file_is_taken_once(tmp_path):
    summary = bring(write_csv(tmp_path / "a.csv", [HEADERS, GOOD, [*GOOD[:3], "另一件事"]]))

    assert (summary.read, summary.accepted, summary.quarantined) == (2, 1, 1)
    assert Case.objects.get().brief == GOOD[3]


def test_a_formula_cell_is_read_as_the_value_it_shows_and_never_run(tmp_path):
    rows = [
        HEADERS,
        [*GOOD[:3], '=HYPERLINK("http://example.invalid","点我")'],
        ["N2", *GOOD[1:3], "@SUM(1+1)"],
    ]

    summary = bring(write_csv(tmp_path / "a.csv", rows))

    assert summary.accepted == 2
    assert list(Case.objects.order_by("number").values_list("brief", flat=True)) == [rows[1][3], "@SUM(1+1)"]


def test_a_formula_put_aside_cannot_run_in_the_quarantine_file(tmp_path):
    rows = [HEADERS, [*GOOD[:2], "某日", '=cmd|" /C calc"!A0']]

    summary = bring(write_csv(tmp_path / "a.csv", rows))

    with tray.reading(Path(summary.quarantine_file)) as file:
        assert b"\"'=cmd|" in file.read()


def test_a_number_that_is_a_formula_without_a_value_is_put_aside(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADERS)
        sheet.write_row(1, 0, GOOD)
        sheet.write_formula(2, 0, "=1/0", None, "#DIV/0!")
        sheet.write_row(2, 1, GOOD[1:])

    summary = bring(tmp_path / "a.xlsx")

    assert (summary.read, summary.accepted, summary.quarantined) == (2, 1, 1)


@pytest.mark.parametrize("text", ["_xD800_停电", "停_x0000_电", "停_x0041_电"])
def test_characters_a_workbook_writes_in_code_break_nothing(tmp_path, text):
    summary = bring(write_xlsx(tmp_path / "a.xlsx", {"一": [HEADERS, [*GOOD[:3], text], ["N2", *GOOD[1:]]]}))

    assert summary.accepted + summary.quarantined == 2
    assert Case.objects.filter(number="N2").exists()
