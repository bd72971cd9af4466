"""Numbers that are not digits side by side are hidden too; what only looks like them stays."""

import pytest

from suyuan.domain.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话138  0013  8000请回", "电话***  ****  ****请回"),
        ("１３８．００１３．８０００", "***．****．****"),
        ("一三八零零一三八零零零", "***********"),
        ("幺三八，零零幺三，八零零零", "***，****，****"),
        ("壹叁捌零零壹叁捌零零零", "***********"),
        ("一 三 八 零 零 一 三 八 零 零 零", "* * * * * * * * * * *"),
        ("电话1三8零0138000", "电话***********"),
        ("证件330106.19900307.1234", "证件******.********.****"),
        ("护照E12345678", "护照*********"),
        ("护照号码是EA1234567", "护照号码是*********"),
        ("港澳通行证H12345678", "港澳通行证*********"),
        ("香港身份证A123456(7)", "香港身份证*******(*)"),
        ("手机尾号1234的客户", "手机尾号****的客户"),
        ("身份证后四位123X", "身份证后四位****"),
        ("电话后四位是一二三四", "电话后四位是****"),
    ],
)
def test_a_number_written_otherwise_is_hidden(text, masked):
    assert mask(text) == masked
    assert mask(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "G20260301批次",
        "采集器编号H10234567离线",
        "工单号后四位1234",
        "电费尾号1234元",
        "一二三四五六日都停电",
        "二零二六年三月",
        "二〇二五-〇三-〇一起停电",
        "三十五万六千七百八十九",
        "壹仟贰佰叁拾肆元",
        "周一、周二、周三",
    ],
)
def test_what_only_looks_like_a_number_of_somebody_stays(text):
    assert mask(text) == text


def test_a_place_taken_for_a_name_is_not_hidden_wherever_it_stands():
    assert mask("客户李家沟反映停电，李家沟村无电") == "客户***反映停电，李家沟村无电"
    assert mask("客户沈月琴来电；次日沈月琴已搬走") == "客户***来电；次日***已搬走"
