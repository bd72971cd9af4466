"""Whom a case knows is hidden in its texts word for word, where no rule could tell that it is a name."""

import pytest

from suyuan.domain.masking import Known, known, mask, mask_known, without

WHO = known({"customer": "欧阳慕雪女士", "phone": "13987651234", "address": "光明新村东排第三家"})
SAID = {
    "核实欧阳慕雪家电表": ("核实****家电表", "核实****家电表"),
    "核实欧阳　慕·雪家电表": ("核实******家电表", "核实******家电表"),
    "欧阳慕雪女士家电表": ("欧阳**女士家电表", "****女士家电表"),
    "慕雪家电表，姓欧阳，欧阳某": ("慕雪家电表，姓欧阳，欧阳某", "**家电表，姓**，**某"),
    "拨１３９８７６５１２３４": ("拨139******34", "拨139******34"),
    "客户欧阳慕雪、李小龙反映停电": ("客户****、***反映停电", "客户****、***反映停电"),
    "走到光明新村东排第三家": ("走到光明新村*****", "走到光明新村*****"),
    "电表走字偏快": ("电表走字偏快", "电表走字偏快"),
}


@pytest.mark.parametrize("text", SAID)
def test_in_an_ordinary_case_and_where_nothing_of_a_name_may_stand(text):
    shown = tuple(mask_known(text, WHO, whole=whole) for whole in (False, True))

    assert shown == SAID[text]
    assert (mask_known(shown[0], WHO), mask_known(shown[1], WHO, whole=True)) == shown


@pytest.mark.parametrize(
    ("customer", "text", "ordinary", "secret"),
    [
        ("高峰", "用电高峰期停电", "用电高峰期停电", "用电**期停电"),
        ("高峰", "高峰反映停电", "**反映停电", "**反映停电"),
        ("东风水泥厂", "东风水泥厂停电", "东风水泥厂停电", "*****停电"),
        ("John Li", "call JOHN  LI, politely", "call ********, politely", "call ********, politely"),
        ("玶女士", "玶女士来电", "玶女士来电", "*女士来电"),
        ("先生", "先生来电", "先生来电", "先生来电"),
        ("张三丰（儿子）、李小四", "李小四家", "***家", "***家"),
    ],
)
def test_what_stands_where_a_name_is_asked_for(customer, text, ordinary, secret):
    told = known({"customer": customer})

    assert (mask_known(text, told), mask_known(text, told, whole=True)) == (ordinary, secret)


def test_who_knows_nobody_masks_by_the_rules_alone():
    text = "客户王小虎反映停电，电话13912345678"

    assert (known({}), mask_known(text, Known())) == (Known(), mask(text))


def test_words_are_kept_without_who_said_them():
    assert without("我是欧阳慕雪，3号楼停电", WHO) == "我是****，3号楼停电"
