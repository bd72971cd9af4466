"""Nobody writes TOML by hand: a file's own headers and values propose the layout."""

import pytest
from order_files import GOOD, HEADERS, NOW, layout, read, write_csv, write_xlsx

from suyuan.domain.errors import BadInput
from suyuan.domain.order import OrderRecord
from suyuan.gateways.layout import export_orders, propose, read_orders, to_toml
from suyuan.gateways.layout.proposal import REQUIRED, layout_from


def proposal(path, home):
    return propose(path, home, now=NOW)


def test_a_known_file_is_known(tmp_path):
    path = write_csv(tmp_path / "a.csv", [["十月"], [*HEADERS, "接线员"], [*GOOD, "某"]])

    found = proposal(path, tmp_path)

    assert (found.known, found.layout, found.problems) == (True, layout(), ())
    assert [(g.field, g.header, g.confidence, g.why) for g in found.mapping] == [
        ("number", "工单编号", 1.0, "header"),
        ("business_type", "业务类型", 1.0, "header"),
        ("accepted_at", "受理时间", 1.0, "header"),
        ("text", "受理内容", 1.0, "header"),
    ]
    assert found.unused == ("接线员",)
    assert [o.record.number for o in found.preview] == [GOOD[0]]
    assert {"answered_at", "finding", "satisfaction", "archived_at"} <= set(found.missing)


def test_our_own_export_is_known_as_such(tmp_path):
    export_orders(tmp_path / "a.xlsx", [OrderRecord("1", "complaint", NOW, "x")])

    assert proposal(tmp_path / "a.xlsx", tmp_path).layout.name == "suyuan"


def test_the_citizen_files_are_told_apart(tmp_path):
    common = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情"]
    row = [1, "A1", "主题", "2020/1/6 12:09:38", "详情"]
    orders = write_xlsx(tmp_path / "o.xlsx", {"S": [[*common, "一级分类"], [*row, "城乡建设"]]})
    replies = write_xlsx(
        tmp_path / "r.xlsx", {"S": [[*common, "答复意见", "答复时间"], [*row, "已办", "2020/1/7 12:09:38"]]}
    )

    assert proposal(orders, tmp_path).layout.name == "citizen_orders"
    assert proposal(replies, tmp_path).layout.name == "citizen_replies"


STRANGE = [
    "工单唯一编号",
    "一级业务类型名",
    "国网客服受理时间点",
    "客户反映的具体内容",
    "派单到所时间",
    "属实与否",
    "颜色",
]
ROWS = [
    [
        f"20251001{i:05}",
        "投诉" if i % 2 else "业务咨询",
        f"2025-10-0{i % 9 + 1} 08:05:00",
        "家中无电请尽快派人处理谢谢",
        f"2025-10-0{i % 9 + 1} 09:05:00",
        "属实" if i % 2 else "不属实",
        "红",
    ]
    for i in range(40)
]


def test_a_strange_file_gets_a_layout_of_its_own(tmp_path):
    path = write_csv(tmp_path / "十月-工单.csv", [["某公司"], STRANGE, *ROWS])

    found = proposal(path, tmp_path)

    assert (found.known, found.layout.name, found.problems) == (False, "十月-工单", ())
    assert {g.field: g.header for g in found.mapping} == {
        "number": "工单唯一编号",
        "business_type": "一级业务类型名",
        "accepted_at": "国网客服受理时间点",
        "text": "客户反映的具体内容",
        "dispatched_at": "派单到所时间",
        "finding": "属实与否",
    }
    assert found.unused == ("颜色",)
    assert len(found.preview) == 20
    assert all(o.record for o in found.preview)


def test_a_saved_proposal_is_known_the_next_time(tmp_path):
    path = write_csv(tmp_path / "mine.csv", [STRANGE, *ROWS])
    made = proposal(path, tmp_path).layout
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts" / "mine.toml").write_text(to_toml(made), encoding="utf-8")

    found = proposal(path, tmp_path)

    assert (found.known, found.layout) == (True, made)


def test_values_alone_name_the_required_columns(tmp_path):
    rows = [row[:4] for row in ROWS]
    path = write_csv(tmp_path / "a.csv", [["甲", "乙", "丙", "丁"], *rows])

    found = proposal(path, tmp_path)

    assert {g.field: (g.header, g.why) for g in found.mapping} == {
        "number": ("甲", "values"),
        "business_type": ("乙", "values"),
        "accepted_at": ("丙", "values"),
        "text": ("丁", "values"),
    }


def test_a_file_that_lacks_a_required_column_gets_no_layout(tmp_path):
    path = write_csv(
        tmp_path / "a.csv", [["工单编号", "受理时间", "受理内容", "颜色"], ["1", "2025-10-01", "停电", "红"]]
    )

    found = proposal(path, tmp_path)

    assert (found.layout, found.problems, found.preview) == (None, ("missing_column",), ())
    assert "business_type" in found.missing


def test_one_column_serves_two_fields_where_a_layout_says_so(tmp_path):
    both = layout_from(dict(zip(REQUIRED, HEADERS, strict=True)) | {"received_at": "受理时间"}, "both")

    found = propose(write_csv(tmp_path / "a.csv", [HEADERS, GOOD]), tmp_path, both, now=NOW)

    assert {guess.field for guess in found.mapping if guess.header == "受理时间"} == {
        "accepted_at",
        "received_at",
    }


OWN_WORDS = ["序号", "单号", "来电类别", "来电时刻", "诉求描述", "责任单位", "答复时刻"]


@pytest.mark.parametrize("number", ["单号", "工单号", "流水号"])
@pytest.mark.parametrize("kind", ["来电类别", "诉求类别", "工单类型"])
@pytest.mark.parametrize("at", ["来电时刻", "来电时间", "受理日期", "登记时间"])
@pytest.mark.parametrize("text", ["诉求描述", "诉求内容", "来电内容", "问题描述"])
def test_an_office_may_use_its_own_words(tmp_path, number, kind, at, text):
    heads = ["序号", number, kind, at, text, "承办单位", "办结时间"]
    row = ["1", "20250001", "投诉", "2025-10-01 08:05:00", "停电", "东城供电所", "2025-10-02 08:05:00"]

    found = proposal(write_csv(tmp_path / "a.csv", [heads, row]), tmp_path)

    assert (found.known, found.layout) == (True, layout())
    assert {guess.field: guess.header for guess in found.mapping} == {
        "number": number,
        "business_type": kind,
        "accepted_at": at,
        "text": text,
        "unit": "承办单位",
        "answered_at": "办结时间",
    }
    assert (found.unused, len([o for o in found.preview if o.record])) == (("序号",), 1)


def test_a_time_of_the_call_is_its_own_where_an_accepted_time_stands_beside_it(tmp_path):
    path = write_csv(
        tmp_path / "a.csv",
        [[*HEADERS, "来电时刻", "登记时间"], [*GOOD, "2025-10-01 08:00", "2025-10-01 08:09"]],
    )

    taken = {guess.field: guess.header for guess in proposal(path, tmp_path).mapping}

    assert (taken["accepted_at"], taken["received_at"], taken["registered_at"]) == (
        "受理时间",
        "来电时刻",
        "登记时间",
    )


@pytest.mark.parametrize(
    ("heads", "row", "missing"),
    [
        (
            ["工单编号", "业务类型", "受理内容", "回单时间"],
            ["1", "甲", "停电", "2025-10-01"],
            ["accepted_at"],
        ),
        (OWN_WORDS[:3] + OWN_WORDS[4:], ["1", "2", "投诉", "停电", "甲", "2025-10-01"], ["accepted_at"]),
        (
            ["留言编号", "留言用户", "留言主题", "留言详情", "一级分类"],
            ["1", "A", "b", "c", "d"],
            ["accepted_at"],
        ),
        (["工单编号", "受理时间", "受理内容", "颜色"], ["1", "2025-10-01", "停电", "红"], ["business_type"]),
    ],
    ids=["short values", "own words", "another layout is nearer", "no type"],
)
def test_only_what_the_file_lacks_is_named(tmp_path, heads, row, missing):
    found = proposal(write_csv(tmp_path / "a.csv", [heads, row]), tmp_path)

    assert (found.layout, found.problems) == (None, ("missing_column",))
    assert [field for field in found.missing if field in REQUIRED] == missing


def test_two_layouts_that_fit_equally_are_told(tmp_path):
    (tmp_path / "layouts").mkdir()
    for name in ("a", "b"):
        text = to_toml(layout()).replace('name = "office_95598"', f'name = "{name}"')
        (tmp_path / "layouts" / f"{name}.toml").write_text(text, encoding="utf-8")
    path = write_csv(tmp_path / "a.csv", [HEADERS, GOOD])

    assert proposal(path, tmp_path).problems == ("layouts_fit_equally",)


def test_preview_and_import_read_the_same(tmp_path):
    path = write_csv(tmp_path / "a.csv", [HEADERS, GOOD, ["", "投诉", "昨天", ""]])

    assert list(proposal(path, tmp_path).preview) == read(path)


def test_a_named_layout_is_used_and_must_fit(tmp_path):
    path = write_csv(tmp_path / "a.csv", [HEADERS, GOOD])

    assert propose(path, tmp_path, layout(), now=NOW).layout == layout()
    with pytest.raises(BadInput) as caught:
        propose(path, tmp_path, layout("boston_311"), now=NOW)
    assert caught.value.code == "no_header"


def test_the_reader_tells_which_fields_the_file_has(tmp_path):
    path = write_csv(
        tmp_path / "a.csv", [["工單編號*", "業務類型", "受理時間", "受理内容", "備註"], [*GOOD, ""]]
    )

    assert read_orders(path, layout()).fields == {"number", "business_type", "accepted_at", "text"}
