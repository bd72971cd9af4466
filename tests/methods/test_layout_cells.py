"""What one cell means, in every form offices write it, and which rule a wrong one breaks."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.gateways.layout.cells import Broken, parser, shown
from suyuan.gateways.layout.chains import Chains
from suyuan.gateways.layout.files import shipped
from suyuan.gateways.layout.moments import Clock, Unreadable
from suyuan.gateways.layout.record import Column
from suyuan.gateways.layout.spelling import header

OFFICE = shipped()["office_95598"]


def wall(*parts):
    """Return what a wall clock shows: a workbook knows no zones."""
    return datetime(*parts)  # noqa: DTZ001


EIGHT_FIVE = datetime(2025, 10, 1, 0, 5, tzinfo=UTC)


def read(field, cell, layout=OFFICE):
    clock = Clock(layout.timezone, layout.formats)
    column = layout.column(field) or Column(field, (field,))
    return parser(column, layout, Chains(layout), clock)(cell)


def rule(field, cell, layout=OFFICE):
    with pytest.raises(Broken) as caught:
        read(field, cell, layout)
    return caught.value.rule


@pytest.mark.parametrize(
    "cell",
    [
        "2025-10-01 08:05:00",
        "2025-10-01 8:05",
        "2025-10-1 8:5",
        "2025/10/1 08:05:00",
        "2025/10/01 8:05",
        "2025.10.01 08:05:00",
        "2025年10月1日8时5分",
        "2025年10月01日 08:05:00",
        "2025年10月1日 8时5分0秒",
        "2025年10月1日8点05分",
        "2025-10-01（星期三）08:05",
        "2025-10-01 上午8:05",
        "2025-10-01 8:05 AM",
        "20251001080500",
        "202510010805",
        "20251001 080500",
        "2025-10-01T08:05:00+08:00",
        "2025-10-01T00:05:00Z",
        "2025-09-30 19:05:00-05:00",
        "2025-10-01 08:05:00.000",
        "２０２５－１０－０１　０８：０５：００",
        "\u00a0 2025-10-01 08:05:00\u3000",
        wall(2025, 10, 1, 8, 5),
        wall(2025, 10, 1, 8, 4, 59, 999_997),
        45931.336805555555,
        "45931.336805555555",
        20251001080500.0,
    ],
)
def test_one_moment_in_all_its_spellings(cell):
    assert read("accepted_at", cell) == EIGHT_FIVE


@pytest.mark.parametrize("cell", ["2025-10-01", "2025/10/1", "20251001", date(2025, 10, 1), 45931.0])
def test_a_day_alone_is_its_beginning(cell):
    assert read("accepted_at", cell) == datetime(2025, 9, 30, 16, 0, tzinfo=UTC)


def test_afternoon_is_after_noon():
    assert read("accepted_at", "2025-10-01 下午3:05") == datetime(2025, 10, 1, 7, 5, tzinfo=UTC)
    assert read("accepted_at", "2025-10-01 12:05 AM") == datetime(2025, 9, 30, 16, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "cell",
    [
        "01/10/2025 08:05",
        "2025-13-01 08:05:00",
        "2025-02-30",
        "2025-10-01 25:00:00",
        "昨天",
        "25-10-01",
        True,
        7e9,
    ],
)
def test_what_may_mean_two_days_or_none_is_refused(cell):
    assert rule("accepted_at", cell) == "bad_date"


@pytest.mark.parametrize("cell", ["1999-12-31 23:59:59", wall(1900, 1, 1), 2.0])
def test_a_moment_before_2000_is_out_of_range(cell):
    assert rule("accepted_at", cell) == "date_out_of_range"


@pytest.mark.parametrize("cell", ["-", "——", "无", "NULL", "  ", "\u3000", "/"])
def test_what_people_write_for_nothing_is_nothing(cell):
    assert read("answered_at", cell) is None
    assert read("account", cell) == ""
    assert read("finding", cell) == ""


def test_a_layout_may_say_that_the_day_comes_first():
    clock = Clock("Asia/Shanghai", ("%d/%m/%Y %H:%M",))

    assert clock.read("01/10/2025 08:05") == EIGHT_FIVE


def test_a_local_time_that_happens_twice_is_the_first_and_marked():
    clock = Clock("America/New_York")

    moment = clock.read("2011-11-06 01:30:00")

    assert (moment, clock.ambiguous) == (datetime(2011, 11, 6, 5, 30, tzinfo=UTC), True)


def test_a_local_time_that_never_happened_is_refused():
    with pytest.raises(Unreadable):
        Clock("America/New_York").read("2012-03-11 02:30:00")


@given(st.datetimes(wall(2000, 1, 2), wall(2090, 1, 1)).map(lambda d: d.replace(microsecond=0)))
def test_the_fast_way_and_the_slow_way_agree(naive):
    clock = Clock("Asia/Shanghai")

    assert (
        clock.read(f"{naive:%Y-%m-%d %H:%M:%S}")
        == clock.read(f"{naive:%Y/%m/%d %H:%M:%S}")
        == clock.read(naive)
    )


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (" 20251001000123 ", "20251001000123"),
        ("２０２５１００１　", "20251001"),
        (20251001000123.0, "20251001000123"),
        ("20251001.0", "20251001"),
        ("DY-2025-001", "DY-2025-001"),
        ("SL0700202510010001", "SL0700202510010001"),
        ("2025E1001", "2025E1001"),
    ],
)
def test_a_number_is_kept_whole(cell, number):
    assert read("number", cell) == number


@pytest.mark.parametrize("cell", [2.0251e15, 2025100112345670.0, 9.1e17, "2.0251E+15", "2.02510E15"])
def test_a_number_that_lost_its_end_is_refused(cell):
    assert rule("number", cell) == "number_precision_lost"
    assert rule("number", shown(cell)) == "number_precision_lost"


@pytest.mark.parametrize("cell", ["=1+1", '="2025"', "@SUM(A1)", "+2025", "'=2025"])
def test_a_formula_is_no_number(cell):
    assert rule("number", cell) == "formula_cell"


def test_a_text_may_begin_like_a_formula():
    assert read("text", "=电费不对=") == "=电费不对="


def test_a_text_beyond_its_length_is_refused():
    assert rule("number", "9" * 65) == "too_long"
    assert rule("text", "电" * 30_001) == "too_long"


@pytest.mark.parametrize(
    ("field", "code", "texts"),
    [
        ("finding", "verified", ["是", "属实", "屬實", " 属 实 ", "基本属实", "Y"]),
        ("finding", "partial", ["部分属实", "部份屬實"]),
        ("finding", "unverified", ["否", "不属实", "不屬實", "不实", "Ｎ"]),
        ("finding", "", ["待核实", "调查中"]),
        ("satisfaction", "satisfied", ["满意", "非常满意", "滿意", "基本满意"]),
        ("satisfaction", "dissatisfied", ["不满意", "非常不满意", "不滿意"]),
        ("satisfaction", "not_rated", ["不评价", "未评价", "不評價", "拒绝评价"]),
        ("is_child", True, ["是", "Y", "1", "子单", "√", True, 1.0]),
        ("is_child", False, ["否", "N", "0", "主单", False]),
        ("closed", True, ["已归档", "歸檔", "办结"]),
        ("closed", False, ["处理中", "待回访"]),
        ("site", "rural", ["农村", "農村"]),
    ],
)
def test_codes_in_their_spellings(field, code, texts):
    assert [read(field, text) for text in texts] == [code] * len(texts)


@pytest.mark.parametrize("field", ["finding", "satisfaction", "is_child", "level", "channel", "site"])
def test_an_unknown_value_is_refused(field):
    assert rule(field, "看不懂") == "unknown_value"


@pytest.mark.parametrize(
    ("cell", "code", "name"),
    [
        ("3340101", "3340101", ""),
        (3340101.0, "3340101", ""),
        ("城东供电所", "", "城东供电所"),
        ("3340101 城东供电所", "3340101", "城东供电所"),
        ("3340101-城东供电所", "3340101", "城东供电所"),
        ("城东供电所（3340101）", "3340101", "城东供电所"),
        ("国网某县供电公司/城东供电所", "", "国网某县供电公司/城东供电所"),
    ],
)
def test_a_unit_is_a_code_a_name_or_both(cell, code, name):
    assert read("unit", cell) == (code, name)


CHAINS = Chains(OFFICE)


@pytest.mark.parametrize(
    ("chain", "business_type", "category", "type_code"),
    [
        ("投诉", "complaint", "", ""),
        ("投诉-营业投诉-抄表", "complaint", "business.billing.reading", ""),
        ("投诉→营业投诉→抄表催费→抄表", "complaint", "business.billing.reading", ""),
        ("投訴－營業投訴－抄表", "complaint", "business.billing.reading", ""),
        ("营业投诉>>抄表", "complaint", "business.billing.reading", ""),
        ("服务投诉", "complaint", "service", ""),
        ("投诉/停送电投诉/本省自设一级/频繁停电", "complaint", None, None),
        ("故障报修→低压停电→一户停电→其它原因", "repair", "", "低压停电→一户停电→其它原因"),
        ("故障报修", "repair", "", ""),
        ("意见(建议)", "opinion", "", ""),
        ("意见/建议", "opinion", "", ""),
        ("服务申请-欠费复电登记", "application.reconnect", "", ""),
        ("95598咨询", "consult", "", ""),
        ("投诉-投诉-抄表", "complaint", "business.billing.reading", ""),
        ("咨询-咨询-电价咨询", "consult", "", "电价咨询"),
    ],
)
def test_chains(chain, business_type, category, type_code):
    kind = CHAINS.read(chain)
    placed = CHAINS.place(kind.business_type, kind.parts)

    assert kind.business_type == business_type
    assert placed == (None if category is None else (category, type_code))


@pytest.mark.parametrize("chain", ["投诉-没有的分类", "投诉-服务投诉-抄表", "投诉-营业投诉-没有的分类"])
def test_a_complaint_of_unknown_or_crossed_category_is_not_placed(chain):
    kind = CHAINS.read(chain)

    assert CHAINS.place(kind.business_type, kind.parts) is None


def test_an_unknown_type_is_told():
    assert CHAINS.read("量子咨询服务").unknown == "unknown_business_type"


def test_headers_are_one_word_in_many_dresses():
    spellings = [
        "工单编号",
        "工單編號",
        " 工 单 编 号 ",
        "工单编号*",
        "工单编号（必填）",
        "工单编号：",
        "工单\n编号",
    ]

    assert {header(text) for text in spellings} == {"工单编号"}
