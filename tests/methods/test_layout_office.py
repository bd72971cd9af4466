"""The weekly 95598 file, with everything offices do to it."""

from datetime import UTC, datetime, timedelta

import pytest
import xlsxwriter
from order_files import GOOD, HEADERS, NOW, layout, read, rules, write_csv, write_xlsx

from suyuan.domain.errors import BadInput
from suyuan.domain.order import OrderRecord
from suyuan.gateways.layout import propose, read_orders

FULL = {
    "国网工单编号": "2025100100002",
    "业务类型": "故障报修→低压停电→一户停电→其它原因",
    "受理时间": "2025-10-01 8:05",
    "派单时间": "2025/10/1 08:06:00",
    "接单时间": "2025年10月1日8时7分",
    "联系客户时间": "20251001080800",
    "到达现场时间": "2025-10-01T08:30:00+08:00",
    "回单时间": "2025-10-01 10:00",
    "归档时间": "2025-10-02 09:00",
    "供电单位": "33401 城东供电所",
    "户号": "１２３４５６７８９０",
    "联系电话": "13800000000",
    "受理内容": "家中\n无电",
    "处理情况": "已复电",
    "是否属实": "部分属实",
    "回访满意度": "不评价",
    "工单状态": "已归档",
    "是否子单": "是",
    "主单编号": "2025100100001",
    "所属线路": "10kV城东一线",
    "所属台区": "城东2号公变",
}


def refused(path, name="office_95598"):
    with pytest.raises(BadInput) as caught:
        read(path, name)
    return caught.value.code, caught.value.facts


def at(hour, minute=0, day=1):
    return datetime(2025, 10, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def test_a_full_row_becomes_a_record(tmp_path):
    path = write_csv(tmp_path / "a.csv", [FULL.keys(), FULL.values()], "gb18030")

    (outcome,) = read(path)

    assert outcome.faults == ()
    assert outcome.record == OrderRecord(
        number="2025100100002",
        business_type="repair",
        type_code="低压停电→一户停电→其它原因",
        accepted_at=at(8, 5),
        text="家中\n无电",
        channel="95598",
        unit_code="33401",
        unit_name="城东供电所",
        account="1234567890",
        phone="13800000000",
        handling="已复电",
        finding="partial",
        satisfaction="not_rated",
        state_text="已归档",
        closed=True,
        is_child=True,
        parent_number="2025100100001",
        line="10kV城东一线",
        area="城东2号公变",
        moments={
            "dispatched_at": at(8, 6),
            "taken_at": at(8, 7),
            "contacted_at": at(8, 8),
            "arrived_at": at(8, 30),
            "answered_at": at(10),
            "archived_at": at(9, day=2),
        },
    )


def test_a_workbook_with_titles_merges_totals_and_old_sheets(tmp_path):
    path = tmp_path / "周报.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write_column(0, 0, ["填写说明", "请勿修改"])
        sheet = book.add_worksheet("工单")
        moment = book.add_format({"num_format": "yyyy/m/d h:mm"})
        sheet.merge_range(0, 0, 0, 4, "国网某县供电公司95598工单周报")
        sheet.write(1, 0, "统计周期：2025年10月")
        sheet.write_row(2, 0, ["工單編號", "業務類型", "受 理 時 間", "受理内容*", "供电单位（责任）"])
        sheet.write_row(3, 0, [2025100100001, "投诉", "", "停电"])
        sheet.write_datetime(3, 2, at(8, 5).replace(hour=8, tzinfo=None), moment)
        sheet.write_row(4, 0, ["2025100100002 ", "　咨询", 45931.336805555555, "电价"])
        sheet.merge_range(3, 4, 4, 4, "城东供电所")
        sheet.write_row(6, 0, ["工單編號", "業務類型", "受 理 時 間", "受理内容*", "供电单位（责任）"])
        sheet.write_row(7, 0, ["2025100100003", "表扬", "2025-10-01 8:05", "感谢", "城西供电所"])
        sheet.write_row(8, 0, ["合计", 3])
        sheet.write(9, 0, "制表人：某某")

    reader = read_orders(path, layout(), now=NOW)
    outcomes = list(reader)

    assert [
        (o.row, o.record and (o.record.number, o.record.business_type, o.record.unit_name)) for o in outcomes
    ] == [
        (4, ("2025100100001", "complaint", "城东供电所")),
        (5, ("2025100100002", "consult", "城东供电所")),
        (8, ("2025100100003", "praise", "城西供电所")),
    ]
    assert {o.record.accepted_at for o in outcomes} == {at(8, 5)}
    assert reader.sheet == "工单"
    assert dict(reader.notes) == {"repeated_header": [(7, "")], "footer_row": [(9, ""), (10, "")]}
    assert (reader.total_rows, reader.fraction()) == (7, 1.0)


def test_a_header_in_two_rows_is_read(tmp_path):
    upper = ["工单编号", "业务类型", "时间", "", "受理内容"]
    lower = ["", "", "受理时间", "归档时间", ""]
    row = ["2025100100001", "投诉", "2025-10-01 8:05", "2025-10-02 9:00", "停电"]
    path = write_xlsx(tmp_path / "a.xlsx", {"单": [upper, lower, row]})

    (outcome,) = read(path)

    assert outcome.record.moments == {"archived_at": at(9, day=2)}


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("工单编号", "", "missing_value"),
        ("工单编号", "=1+1", "formula_cell"),
        ("工单编号", "2.0251E+15", "number_precision_lost"),
        ("工单编号", "1" * 65, "too_long"),
        ("业务类型", " ", "missing_value"),
        ("业务类型", "量子服务", "unknown_business_type"),
        ("业务类型", "投诉-没有的分类", "unknown_category"),
        ("受理时间", "", "missing_value"),
        ("受理时间", "-", "missing_value"),
        ("受理时间", "十月一日", "bad_date"),
        ("受理时间", "1999-01-01 00:00:00", "date_out_of_range"),
        ("受理时间", "2025-11-02 08:00:01", "date_out_of_range"),
        ("受理内容", "", "missing_value"),
        ("归档时间", "2025-10-01 08:04:59", "end_before_start"),
        ("归档时间", "2030-01-01 00:00:00", "date_out_of_range"),
        ("是否属实", "也许", "unknown_value"),
        ("三级分类", "没有的分类", "unknown_category"),
    ],
)
def test_a_wrong_cell_names_row_column_value_and_rule(tmp_path, column, value, rule):
    headers = [*HEADERS, "归档时间", "是否属实", "三级分类"]
    row = [*GOOD, "", "", ""]
    row[headers.index(column)] = value
    path = write_csv(tmp_path / "a.csv", [["十月工单"], headers, row])

    assert rules(read(path)) == [(3, [(column, value, rule)])]


def test_every_fault_of_a_row_is_told(tmp_path):
    row = ["", "量子服务", "2025-10-01 08:05:00", "", "2025-09-30 08:05:00"]
    path = write_csv(
        tmp_path / "a.csv", [[*HEADERS, "归档时间"], row, ["1", "投诉-没有的分类", "昨天", "停电"]]
    )

    assert rules(read(path)) == [
        (
            2,
            [
                ("工单编号", "", "missing_value"),
                ("受理内容", "", "missing_value"),
                ("归档时间", "2025-09-30 08:05:00", "end_before_start"),
                ("业务类型", "量子服务", "unknown_business_type"),
            ],
        ),
        (3, [("受理时间", "昨天", "bad_date"), ("业务类型", "投诉-没有的分类", "unknown_category")]),
    ]


def test_the_second_of_a_number_is_refused_and_the_first_kept(tmp_path):
    path = write_csv(tmp_path / "a.csv", [HEADERS, GOOD, GOOD])

    outcomes = read(path)

    assert outcomes[0].record.number == GOOD[0]
    assert rules(outcomes) == [(3, [("工单编号", GOOD[0], "duplicate_in_file")])]


def test_cells_beyond_the_header_are_refused_not_dropped(tmp_path):
    path = write_csv(tmp_path / "a.csv", [HEADERS, [*GOOD, "", "多出来"], [*GOOD[:3], "x", "", " "]])

    assert rules(read(path)) == [(2, [("", "", "too_many_cells")])]


def test_an_order_of_an_unknown_state_is_taken_and_listed(tmp_path):
    path = write_csv(tmp_path / "a.csv", [[*HEADERS, "工单状态"], [*GOOD, "省自定义环节"]])

    reader = read_orders(path, layout(), now=NOW)
    (outcome,) = list(reader)

    assert (outcome.record.closed, outcome.record.state_text) == (None, "省自定义环节")
    assert dict(reader.notes) == {"state_unmapped": [(2, GOOD[0])]}


def test_an_order_with_a_parent_is_a_child_where_no_column_says(tmp_path):
    path = write_csv(tmp_path / "a.csv", [[*HEADERS, "主单编号"], [*GOOD, "2025090100001"]])

    assert read(path)[0].record.is_child


def test_reading_goes_on_below_the_last_row_taken(tmp_path):
    rows = [[f"20251001{i:05}", *GOOD[1:]] for i in range(10)] + [["2025100100003", *GOOD[1:]]]
    path = write_csv(tmp_path / "a.csv", [["标题"], HEADERS, *rows])
    whole = read(path)

    rest = read(path, skip_rows=whole[6].row)

    assert rest == whole[7:]
    assert rest[-1].faults[0].rule == "duplicate_in_file"


def test_a_missing_column_is_named(tmp_path):
    path = write_csv(tmp_path / "a.csv", [["工单编号", "业务类型", "派单时间"], ["1", "投诉", ""]])

    assert refused(path) == (
        "missing_column",
        {
            "file": "a.csv",
            "layout": "office_95598",
            "sheet": "",
            "row": 1,
            "missing": ["受理时间", "受理内容"],
        },
    )


def test_a_file_without_any_known_header_is_the_wrong_layout(tmp_path):
    path = write_csv(tmp_path / "a.csv", [["a", "b"], ["1", "2"]])

    assert refused(path)[0] == "no_header"


def test_two_sheets_that_fit_equally_are_not_chosen_between(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"九月": [HEADERS, GOOD], "十月": [HEADERS, GOOD]})

    assert refused(path) == ("sheets_fit_equally", {"file": "a.xlsx", "sheets": ["九月", "十月"]})


def test_an_empty_sheet_of_the_same_header_does_not_count(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"模板": [HEADERS], "十月": [HEADERS, GOOD]})

    reader = read_orders(path, layout(), now=NOW)

    assert (reader.sheet, len(list(reader))) == ("十月", 1)


def test_a_header_given_twice_is_refused(tmp_path):
    path = write_csv(tmp_path / "a.csv", [[*HEADERS, "受理时间"], [*GOOD, ""]])

    assert refused(path) == (
        "header_twice",
        {"file": "a.csv", "sheet": "", "row": 1, "header": "受理时间"},
    )


STATE_GRID = layout("state_grid_orders").positions
EXTRACT = [
    "1",
    "A1",
    "003",
    "01",
    "33401",
    "2015-01-05 10:00:00",
    '【停电】他说"没电',
    "已复电",
    "138",
    "",
    "",
    "33",
    "34",
]


@pytest.mark.parametrize("headed", [True, False])
def test_the_state_grid_extract_is_read_with_and_without_header(tmp_path, headed):
    path = tmp_path / "01_arc_s_95598_wkst.tsv"
    rows = [*([STATE_GRID] if headed else []), EXTRACT, ["2", *EXTRACT[1:2], "002", *EXTRACT[3:]]]
    path.write_bytes("".join("\t".join(row) + "\n" for row in rows).encode("gbk"))

    good, bad = read(path, "state_grid_orders")

    assert (good.record.business_type, good.record.type_code) == ("unknown", "003")
    assert good.record.text == '【停电】他说"没电'
    assert good.record.extra == {
        "ID": "A1",
        "URBAN_RURAL_FLAG": "01",
        "PROV_ORG_NO": "33",
        "CITY_ORG_NO": "34",
    }
    assert rules([bad]) == [(bad.row, [("BUSI_TYPE_CODE", "002", "unknown_business_type")])]


def test_an_extract_whose_texts_begin_with_quotation_marks_is_known_unasked(tmp_path):
    path = tmp_path / "wkst.tsv"
    rows = [[str(i), *EXTRACT[1:6], f'"没电{i}', *EXTRACT[7:]] for i in range(20_000)]
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")

    found = propose(path, tmp_path, now=NOW)

    assert found.layout == layout("state_grid_orders")
    assert found.preview[0].record.text == '"没电0'


BOSTON = [
    "case_enquiry_id",
    "open_dt",
    "target_dt",
    "closed_dt",
    "ontime",
    "case_status",
    "case_title",
    "type",
]


def test_a_boston_request_keeps_its_target_and_a_blank_flag_is_listed(tmp_path):
    row = ["101", "2011-07-01 01:32:33", "2059-12-31 19:00:00", "", "", "Open", "Pothole", "Pothole Repair"]
    path = write_csv(tmp_path / "a.csv", [BOSTON, row])

    reader = read_orders(path, layout("boston_311"), now=NOW)
    (outcome,) = list(reader)

    assert outcome.record.accepted_at == datetime(2011, 7, 1, 5, 32, 33, tzinfo=UTC)
    assert outcome.record.target_at == datetime(2060, 1, 1, 0, 0, tzinfo=UTC)
    assert (outcome.record.number, outcome.record.closed) == ("BOS-101", False)
    assert dict(reader.notes) == {"flag_blank": [(2, "BOS-101")]}
