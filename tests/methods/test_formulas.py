"""A formula that no program has reckoned is no name and no number, whichever file it stands in."""

import csv
from datetime import UTC, datetime

import pytest
import xlsxwriter

from suyuan.domain.errors import BadInput
from suyuan.gateways import customerfile, orgfile
from suyuan.gateways.layout import available, read_orders
from suyuan.gateways.layout.quarantine import write_quarantine
from suyuan.gateways.tablefile import Formula, open_table


def book(path, rows, values):
    """Write a workbook; ``values`` stand beside the formulas, by cell."""
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet("单")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell[:1] == "=":
                    sheet.write_formula(at, column, cell, None, values.get(cell, 0))
                else:
                    sheet.write(at, column, cell)
    return path


def test_what_a_formula_shows_is_read_and_what_none_reckoned_is_marked(tmp_path):
    rows = [["a", "=A1", '=""', '="x"&"y"', "=1/0", "0"]]
    path = book(tmp_path / "f.xlsx", rows, {'=""': "", '="x"&"y"': "xy", "=1/0": "#DIV/0!"})

    (row,) = open_table(path)[0].rows()

    assert [isinstance(cell, Formula) for cell in row] == [False, True, True, False, True, False]
    assert row[3] == "xy"
    assert [cell.written for cell in row if isinstance(cell, Formula)] == ["=A1", '=""', "=1/0"]


def test_units_and_people_with_a_formula_in_a_name_or_key_say_so(tmp_path):
    units = book(tmp_path / "u.xlsx", [["单位编码", "单位名称", "户数"], ["1", "=A1", "=A2"]], {})
    people = book(tmp_path / "p.xlsx", [["姓名", "工号", "单位"], ["=1+1", "=2", "1"]], {"=2": "7"})
    text = tmp_path / "p.csv"
    text.write_text("姓名,工号,单位\n=1+1,7,1\n", "utf-8")

    assert orgfile.read(units)[0].lines[0].formulas == ("name",)
    assert orgfile.read(people)[0].lines[0].formulas == ("name",)
    assert orgfile.read(text)[0].lines[0].formulas == ("name",)


def test_customers_with_a_formula_for_an_account_say_so(tmp_path):
    path = book(tmp_path / "c.xlsx", [["户号", "户名", "供电单位"], ["=A1", "=B1", "01"]], {})

    (line,) = customerfile.read(path)[0].lines()
    assert line.formulas == ("account", "name")
    assert (line.raw, line.values["account"]) == (("=A1", "=B1", "01"), "=A1")


def test_an_order_without_a_number_but_a_formula_is_refused(tmp_path):
    heads = ["工单编号", "业务类型", "受理时间", "受理内容", "供电单位"]
    rows = [
        heads,
        ["=A1", "投诉", "2026-11-24 08:00", "停电", "城东"],
        ["2026", "投诉", "2026-11-24 08:00", "停电", "=B1"],
    ]
    path = book(tmp_path / "o.xlsx", rows, {})

    layout = available(tmp_path)["office_95598"]
    found = list(read_orders(path, layout, now=datetime(2026, 11, 26, tzinfo=UTC)))
    assert [[(fault.column, fault.value, fault.rule) for fault in each.faults] for each in found] == [
        [("工单编号", "=A1", "formula_cell")],
        [("供电单位", "=B1", "formula_cell")],
    ]
    aside = tmp_path / "aside.csv"
    write_quarantine(aside, heads, found)
    with aside.open(encoding="utf-8-sig", newline="") as file:
        cells = [(row[0], row[4], row[7]) for row in csv.reader(file)][1:]
    assert cells == [("'=A1", "城东", "'=A1"), ("2026", "'=B1", "'=B1")]


def test_a_file_without_a_header_names_what_was_read_and_what_is_lacking(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("科室号,科室\n10,盐川\n", "utf-8")

    with pytest.raises(BadInput) as wrong:
        orgfile.read(path)

    assert wrong.value.facts["headers"] == ["科室号", "科室"]
    assert wrong.value.facts["lacking"] == ["单位：单位编码、单位名称", "人员：姓名、单位"]
