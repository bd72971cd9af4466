"""Order files as offices make them, written for one test each."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

from suyuan.gateways.layout import available, read_orders

NOW = datetime(2025, 11, 1, tzinfo=UTC)
HEADERS = ["工单编号", "业务类型", "受理时间", "受理内容"]
GOOD = ["2025100100001", "投诉", "2025-10-01 08:05:00", "【频繁停电】家中无电"]


def layout(name="office_95598", home=Path("no-such-home")):
    return available(home)[name]


def write_csv(path, rows, encoding="utf-8"):
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def write_xlsx(path, sheets):
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for index, row in enumerate(rows):
                sheet.write_row(index, 0, row)
    return path


def read(path, name="office_95598", **options):
    return list(read_orders(path, layout(name), now=NOW, **options))


def rules(outcomes):
    return [(o.row, [(f.column, f.value, f.rule) for f in o.faults]) for o in outcomes if o.record is None]
