"""The cells of lists: what stands in them, and that nothing in them is taken for HTML."""

from datetime import timedelta

import pytest
from django.utils import translation

from suyuan.store.queries.attention import COLUMNS
from suyuan.web import case_cells, cells
from suyuan.web.case_cells import Line, Look
from suyuan.web.register import Cell, Head
from suyuan.web.templatetags.ui import options
from tests.factories import NOW, case_at

EVIL = '<b>&"x"'
SAFE = "&lt;b&gt;&amp;&quot;x&quot;"


@pytest.fixture(autouse=True)
def chinese():
    """Draw in Chinese, whatever was active before."""
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("head", "cell", "drawn"),
    [
        (Head("名"), Cell(), '<td class=" void" data-label="名"><span></span></td>'),
        (Head("名", number=True), Cell(0), '<td class="num" data-label="名"><span>0</span></td>'),
        (
            Head("名", wide=True),
            Cell("甲", "/a/?b=1&c", "小", short=True),
            '<td class="wide" data-label="名"><span class="nowrap"><a href="/a/?b=1&amp;c">甲</a>'
            '<span class="small-2 d-block">小</span></span></td>',
        ),
        (
            Head("名"),
            Cell("甲", marks=["一", "!二"], lines="三"),
            '<td class="" data-label="名"><span>甲 <span class="marks"><span class="mark">一</span>'
            '<span class="mark mark-warn">二</span></span><span class="said">三</span></span></td>',
        ),
        (
            Head("名"),
            Cell(light="red"),
            '<td class="" data-label="名"><span><span class="light light-red"><i aria-hidden="true"></i>超期'
            "</span> </span></td>",
        ),
    ],
    ids=["empty", "number", "link", "marks", "light"],
)
def test_a_cell_is_drawn_with_what_stands_in_it(head, cell, drawn):
    assert cells.drawn([head], [cell]) == drawn


def test_whatever_stands_in_a_cell_is_escaped():
    cell = Cell(EVIL, EVIL, EVIL, EVIL, [EVIL, f"!{EVIL}"], EVIL)

    drawn = cells.drawn([Head(EVIL)], [cell])

    assert (EVIL in drawn, drawn.count(SAFE)) == (False, 9)


def test_a_row_with_a_cell_too_few_is_no_row():
    with pytest.raises(ValueError, match="shorter"):
        cells.drawn([Head("名"), Head("码")], [Cell("甲")])


def test_a_list_box_offers_its_choices_with_the_chosen_one_marked():
    drawn = options([("a", "甲"), (EVIL, EVIL)], "a")

    assert drawn == f'<option value="a" selected>甲</option><option value="{SAFE}">{SAFE}</option>'


def row(case, *columns: str, **known: object) -> str:
    return case_cells.drawn(Line(case, "green", **known), Look(columns, NOW))


@pytest.mark.django_db
def test_whatever_stands_on_a_case_is_escaped():
    case = case_at("handling")
    case.brief = case.handler = case.category = case.unit.name = case.finding = EVIL

    drawn = row(case, *COLUMNS, flags=[EVIL], took=EVIL)
    found = row(case, "text", hits=[(EVIL, True), (EVIL, False)])

    assert (EVIL in drawn, drawn.count(SAFE)) == (False, 6)
    assert f'<div class="brief"><mark>{SAFE}</mark>{SAFE}</div>' in found


@pytest.mark.django_db
def test_a_row_has_the_columns_asked_for_each_under_its_title():
    case = case_at("handling")
    case.next_due_at = NOW + timedelta(hours=3)

    drawn = row(case, *COLUMNS)

    titles = [
        "选择",
        "灯",
        "工单",
        "受理内容",
        "状态",
        "分类",
        "供电单位",
        "办理人",
        "到期",
        "受理时间",
        "是否属实",
        "满意度",
    ]
    assert [part.split('"')[0] for part in drawn.split('data-label="')[1:]] == titles
    assert "还有 3 小时 0 分" in drawn


@pytest.mark.django_db
def test_what_matters_of_a_case_stands_in_boxes_beside_its_text():
    case = case_at("handling")
    case.urges, case.supervised, case.restricted, case.is_child = 2, True, True, True

    drawn = row(case, "text", fresh=True, flags=["life_support"])

    said = [part.split("</span>")[0].rpartition(">")[2] for part in drawn.split('<span class="mark')[1:]]
    assert [words for words in said if words] == [
        "有变化",
        "优先：生命维持设备",
        "催办 2 次",
        "督办",
        "限制查阅",
        "子单",
    ]


@pytest.mark.django_db
def test_whoever_took_a_case_on_stands_once():
    case = case_at("handling")

    assert [
        row(case, *columns, took="张三").count("张三") for columns in (("unit",), ("unit", "handler"))
    ] == [1, 1]
    assert "张三 在办" in row(case, "unit", took="张三")
