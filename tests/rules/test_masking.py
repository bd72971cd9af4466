"""What identifies a person is hidden, and what says what happened is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.domain.masking import mask, mask_address, mask_name, mask_phone, mask_whole

HIDDEN = [
    ("住建局副局长郑文斌胆大包天", "住建局副局长***胆大包天"),
    ("致电13912345678。", "致电139******78。"),
    ("致电１３９１２３４５６７８。", "致电139******78。"),
    ("致电139 1234 5678", "致电139******78"),
    ("致电139-1234-5678", "致电139******78"),
    ("致电+86 13912345678", "致电+86 139******78"),
    ("座机0571-87654321", "座机057*******21"),
    ("户号3300012345678未抄表", "户号330********78未抄表"),
    ("身份证330102199001011234", "身份证330*************34"),
    ("身份证33010219900101123X", "身份证330************23X"),
    ("卡号6222 0212 3456 7890 123", "卡号622**************23"),
    ("客户张三丰来电", "客户***来电"),
    ("联系人：李四，电话", "联系人：**，电话"),
    ("户主：王小明（本人）", "户主：***（本人）"),
    ("联系人:李四，电话", "联系人:**，电话"),
    ("来电人是客户张三", "来电人是客户**"),
    ("客户张三；联系人李四；", "客户**；联系人**；"),
    ("张三先生反映", "张*先生反映"),
    ("欧阳丽女士来电", "欧阳*女士来电"),
    ("人民路12号楼3单元502室", "人民路*号楼*单元*室"),
    ("幸福小区8栋", "幸福小区*栋"),
]
HIDDEN += [
    ("张三丰反映家中停电，其妻子李晓梅补充", "***反映家中停电，其妻子***补充"),
    ("电话138.0013.8000，住文三路四百七十八号，QQ 123456", "电话138******00，住文三路*号，QQ ******"),
    ("司马光反映", "***反映"),
    ("阿依古丽·买买提反映", "********反映"),
    ("李四家停电", "**家停电"),
]
KEPT = [
    "客户反映抄表员连续三个月未抄表",
    "2025年10月1日8:05停电",
    "2025-10-01 08:05:00 停电",
    "受理时间2025-10-01，未处理",
    "工单123456已派",
    "10kV城东线123线路停电",
    "电费1234.56元",
    "表计读数00012",
    "张家港市王府井停电",
    "李家村高压线掉落",
    "大家都没电，邻居家有电",
    "老师傅经验丰富",
    "10kV石柳015线跳闸，石桥供电所服务差",
    "",
]


@pytest.mark.parametrize(("text", "masked"), HIDDEN, ids=[text for text, _ in HIDDEN])
def test_what_identifies_is_hidden(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize("text", KEPT)
def test_what_happened_is_kept(text):
    assert mask(text) == text


@pytest.mark.parametrize("text", [text for text, _ in HIDDEN] + KEPT)
def test_masking_twice_is_masking_once(text):
    assert mask(mask(text)) == mask(text)


pieces = st.lists(
    st.sampled_from(
        ["客户", "张三", "先生", "13912345678", "户号", "3300012345678", "，", " ", "停电", "3栋", "-", "："]
    )
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
    max_size=10,
).map("".join)


@given(pieces)
def test_masking_any_text_twice_is_masking_it_once(text):
    assert mask(mask(text)) == mask(text)


@given(
    st.integers(13 * 10**9, 199 * 10**8 - 1),
    st.sampled_from(["", "电话", "请拨 ", "（"]),
    st.sampled_from(["", "。", " 谢谢", "）"]),
)
def test_no_mobile_number_survives(number, before, after):
    assert str(number) not in mask(f"{before}{number}{after}")


@given(pieces)
def test_a_text_without_seven_digits_and_names_keeps_its_length(text):
    if sum(character.isdigit() for character in text) < 7:
        assert len(mask(text)) <= len(text)


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("13912345678", "139******78"),
        ("3300012345678", "330********78"),
        ("12345", "12345"),
        ("1234", "1234"),
        ("", ""),
    ],
)
def test_a_number_shows_its_ends(value, masked):
    assert mask_phone(value) == masked


@given(st.text("0123456789", min_size=6, max_size=30))
def test_a_number_of_six_or_more_hides_its_middle(value):
    assert len(mask_phone(value)) == len(value)
    assert set(mask_phone(value)[3:-2]) <= {"*"}


@pytest.mark.parametrize(("value", "masked"), [("张三丰", "张**"), ("李四", "李*"), ("王", "王"), ("", "")])
def test_a_name_shows_its_first_character(value, masked):
    assert mask_name(value) == masked


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("溯源市东城区人民路12号3栋", "溯源市东城区人民路***"),
        ("大李村8组15号", "大李村***"),
        ("幸福小区8栋502室", "幸福小区8栋***"),
        ("甲", "甲***"),
    ],
)
def test_an_address_shows_its_street(value, masked):
    assert mask_address(value) == masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("已与李明先生核实", "已与**先生核实"),
        ("欧阳先生说", "**先生说"),
        ("客户李明，住人民路12号3单元", "客户**，住人民路*号*单元"),
    ],
)
def test_where_a_caller_is_kept_secret_the_surname_goes_too(text, shown):
    assert (mask_whole(text), mask_whole(shown)) == (shown, shown)
