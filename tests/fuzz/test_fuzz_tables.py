"""Files of rows: orders, organisations, customers, registers, worksheets, as anybody might hand them in."""

import gzip
import io
from dataclasses import replace

import pytest
import xlsxwriter
from damage import NOISE, damaged, damaged_text, of_archive, packed, taken, tried
from hypothesis import given
from hypothesis import strategies as st

from suyuan.gateways import callfile, customerfile, lists, orgfile, registers
from suyuan.gateways.layout import propose, read_orders, write_quarantine
from suyuan.gateways.layout.cells import Broken, parser
from suyuan.gateways.layout.chains import Chains
from suyuan.gateways.layout.moments import Clock
from suyuan.gateways.layout.record import KIND_OF, Column
from suyuan.gateways.tablefile import guard, open_table, open_writer, unguard
from suyuan.gateways.worksheet import Book, Line, read, write
from suyuan.gateways.worksheet import Column as SheetColumn
from tests import call_files, customer_files
from tests.methods.order_files import GOOD, HEADERS, NOW, layout

ORDERS = "\n".join([",".join(HEADERS), ",".join(GOOD), "2,咨询,2025/10/1 8:05,停电"])
UNITS = "单位编码,单位名称,上级编码\n01,某市,\n0101,东城供电所,01\n"
PEOPLE = "姓名,单位,用户名,岗位,上岗日期\n张三,0101,zhang,台区经理,2025-01-01\n李四,0101,li,,45932.5\n"
CALLS = "\n".join(",".join(row) for row in (call_files.HEADERS, call_files.call("1")))
CUSTOMERS = "\n".join(",".join(row) for row in (customer_files.HEADERS, customer_files.KNOWN))
TEXTS = [
    text.encode(codec) for text in (ORDERS, UNITS, PEOPLE, CUSTOMERS, CALLS) for codec in ("utf-8", "gb18030")
]
LAYOUT = layout()


def book(text: str) -> bytes:
    """Return the rows of a text as a workbook with a number and a merged cell in it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        for at, line in enumerate(text.splitlines()):
            sheet.write_row(at, 0, line.split(","))
        sheet.write_number(6, 2, 45932.5)
        sheet.merge_range(7, 0, 8, 0, "合并")
    return out.getvalue()


WORKBOOK = book(ORDERS)
TABLES = st.one_of(
    NOISE,
    damaged(*TEXTS),
    damaged_text(ORDERS, UNITS, PEOPLE, CUSTOMERS).map(lambda text: text.encode("utf-8", "replace")),
    damaged(*TEXTS).map(lambda text: gzip.compress(text, mtime=0)),
    damaged(gzip.compress(TEXTS[0], mtime=0)),
    damaged(*TEXTS).map(lambda text: packed([("周报.csv", text)])),
    of_archive(packed([("周报.csv", TEXTS[0])])),
    of_archive(WORKBOOK),
    of_archive(book(UNITS)),
    of_archive(book(CUSTOMERS)),
    damaged(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
)
CELLS = st.one_of(
    st.text(max_size=20),
    st.floats(),
    st.booleans(),
    st.integers(),
    st.dates(),
    st.datetimes(),
    st.timedeltas(),
    st.none(),
    damaged_text(
        "2025-10-01 08:05:00", "0001-01-01 00:00:00", "9999-12-31T23:59:59+08:00", "2025年10月1日8时"
    ),
    damaged_text(
        '{"天气": "雨"}', "[" * 20_000, "投诉-营业投诉-抄表", "0101 东城供电所", "城东供电所(3340101)"
    ),
)


@pytest.fixture
def handed(tmp_path):
    """Return what puts bytes where a door puts a file, and tells that reading it wrote nothing."""

    def read_by(content, read, name="周报.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        found = taken(lambda: read(path))
        assert list(tmp_path.rglob("*")) == [path]
        assert path.read_bytes() == content
        return found

    return read_by


@given(TABLES)
def test_any_bytes_are_a_table_or_are_refused(handed, content):
    handed(content, lambda path: [list(sheet.rows()) for sheet in open_table(path)])


@given(TABLES)
def test_any_bytes_are_orders_or_are_refused(handed, content):
    handed(content, lambda path: list(read_orders(path, LAYOUT, now=NOW)))


@given(TABLES)
def test_a_layout_is_proposed_for_any_bytes_or_they_are_refused(tmp_path, handed, content):
    handed(content, lambda path: propose(path, tmp_path, now=NOW))


@given(TABLES)
def test_any_bytes_are_an_organisation_or_are_refused(handed, content):
    handed(content, orgfile.read)


@given(TABLES, st.sampled_from((customerfile.read, callfile.read)))
def test_any_bytes_are_customers_or_calls_or_are_refused(handed, content, read_by):
    handed(content, lambda path: [list(table.lines()) for table in read_by(path)])


@given(TABLES, st.sampled_from((registers.UNIT_COLUMNS, registers.PEOPLE_COLUMNS)))
def test_any_bytes_are_a_register_or_are_refused(handed, content, needed):
    handed(content, lambda path: registers.read(path, needed))


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=5), min_size=1, max_size=6))
def test_any_table_of_texts_is_orders_an_organisation_or_customers_or_is_refused(tmp_path, table):
    path = tmp_path / "a.csv"
    with open_writer(path) as write_row:
        for row in table:
            write_row([guard(cell) for cell in row])

    for read_by in (orgfile.read, customerfile.read, lambda file: list(read_orders(file, LAYOUT))):
        taken(lambda by=read_by: by(path))


@given(
    st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=4),
    st.sampled_from((".csv", ".xlsx")),
)
def test_orders_of_any_cells_are_taken_or_set_apart_and_read_the_same_again(tmp_path, rows, suffix):
    path = tmp_path / "cells.xlsx"
    with xlsxwriter.Workbook(path, {"nan_inf_to_errors": True, "remove_timezone": True}) as made:
        sheet = made.add_worksheet()
        for at, row in enumerate([HEADERS, GOOD, *rows]):
            for column, cell in enumerate(row):
                put(sheet, at, column, cell)

    outcomes = taken(lambda: list(read_orders(path, LAYOUT, now=NOW)))

    if outcomes is None:
        return
    apart = tmp_path / f"quarantine{suffix}"
    count = write_quarantine(apart, HEADERS, outcomes)
    assert count == sum(outcome.record is None for outcome in outcomes)
    if count:
        again = list(read_orders(apart, LAYOUT, now=NOW))
        first = [each for each in outcomes if each.record is None]
        assert [each.record for each in again] == [None] * count
        assert [len(each.faults) for each in again] == [len(each.faults) for each in first]


def put(sheet, row, column, cell):
    """Write one cell as a spreadsheet would hold it; what it cannot hold, as text."""
    try:
        sheet.write(row, column, cell)
    except (TypeError, ValueError, OverflowError):
        sheet.write_string(row, column, str(cell)[:300])


@given(st.sampled_from(sorted(KIND_OF)), CELLS)
def test_any_cell_is_a_value_of_any_field_or_breaks_a_rule(field, cell):
    column = Column(field, (field,))
    codes = {**LAYOUT.codes, column.code_list: LAYOUT.codes.get(column.code_list, {})}
    laid = replace(LAYOUT, codes=codes)
    read_by = parser(column, laid, Chains(laid), Clock("Asia/Shanghai"))

    _, broken = tried(lambda: read_by(cell), Broken)

    assert broken is None or broken.rule


@given(CELLS)
def test_a_cell_of_a_day_is_a_date_or_stays_for_the_check_to_name(cell):
    assert isinstance(lists.day(cell), str)


PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=";|"), max_size=12)


@given(
    st.lists(st.lists(PLAIN | st.just("两\n行"), min_size=3, max_size=3), min_size=1, max_size=5),
    st.sampled_from(("a.csv", "a.tsv", "a.csv.gz", "a.xlsx")),
)
def test_a_table_written_is_the_table_read(tmp_path, table, name):
    with open_writer(tmp_path / name) as write_row:
        for row in [HEADERS[:3], *table]:
            write_row([guard(cell) for cell in row])

    (sheet,) = open_table(tmp_path / name)
    found = [[unguard(cell) for cell in row] for row in sheet.rows()]

    assert trimmed(found) == trimmed([HEADERS[:3], *table])


def trimmed(rows):
    """Return rows without the blanks no spreadsheet keeps: behind the last cell, below the last row."""
    kept = ["\0".join(row).rstrip("\0") for row in rows]
    while kept and not kept[-1]:
        kept.pop()
    return kept


SHEETS = [
    SheetColumn("row", "", hidden=True, locked=True),
    SheetColumn("number", "工单编号", locked=True),
    SheetColumn("verb", "动作", "verb"),
    SheetColumn("field:note", "说明", "longtext"),
]


@pytest.fixture(scope="module")
def worksheet(tmp_path_factory):
    """Return the bytes of a worksheet of two rows."""
    path = tmp_path_factory.mktemp("sheet") / "sheet.xlsx"
    lines = [Line(["m1", "N1", "", "=1+1"], ("派单", "归档")), Line(["m2", "N2", "派单", "甲"])]
    write(path, Book("办理表", "谁 何时", ("工单", "说明", "选项"), SHEETS, lines, [["一句"]]))
    return path.read_bytes()


@given(st.data())
def test_any_bytes_are_a_worksheet_or_are_refused(handed, worksheet, data):
    handed(data.draw(of_archive(worksheet)), read, "办理表.xlsx")
