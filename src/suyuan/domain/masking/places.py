"""House numbers behind a street, an estate or a village; plates, mail addresses and chat names."""

import re
from collections.abc import Iterator

from .span import Kind, Span

_COUNT = r"(?:[0-9０-９]{1,5}|[〇零一二三四五六七八九十百千两]{1,7}|[甲乙丙丁][0-9]{0,3}|[A-Za-z][0-9]{0,3})"
_NUMBER = rf"{_COUNT}(?:[-－—#/]{_COUNT}){{0,3}}"
_GRID = (
    r"(?!线|路|变|主变|台区|杆|配电|环网|箱|开关|塔|文|令|公变|专变|电杆|电缆|"
    r"支线|分支|楼梯|充电|公路|地铁|窗)"
)
_PART = (
    rf"{_NUMBER}[ 　]*(?:号楼|号院|号门|号房|号{_GRID}|栋(?!楼|房)|幢(?!楼|房)|座|单元|室|弄|组|楼|层|"
    r"门|区|排|队|社|铺|\#)"
)
# Every alternative starts with a literal character: only then does the search skip to where one stands.
_ANCHOR = (
    r"(?:路(?<!线路)|大街|街|大道|道(?<![知报频渠通]道)|巷|弄|胡同|村|镇|乡|小区|花园|苑|家园|公寓|新村|新城|广场|大厦|名居|"
    r"庄|屯|寨|湾|坪|坊|府|园|和里|新里|平里|安里|福里|康里|社区|华庭|豪庭|名都|雅居|家属院|宿舍|大院)"
)
_ROOM = r"[0-9]{3,4}(?![0-9年度元千套户间])"
_AFTER_ANCHOR = re.compile(
    rf"{_ANCHOR}[\s,，]?((?:(?:{_PART}[ 　]*)+(?:{_NUMBER}(?![0-9年月日度元千万时点分个台条户次天项]))?)"
    rf"|[0-9０-９]{{1,4}}(?:[-－—][0-9０-９]{{1,4}}){{1,3}}(?![0-9]))"
)
_ALONE = re.compile(
    rf"(?<![第每各0-9])({_NUMBER}(?:号楼|栋|幢|单元)[ 　]*(?:(?:{_PART}[ 　]*)+(?:{_ROOM})?|{_ROOM})"
    rf"|[0-9]{{3,4}}室)"
)
_HOUSE = re.compile("号楼|栋|幢|单元|室")
_FLOOR = re.compile(rf"{_COUNT}(?:楼|层)[A-Za-z]?")
"""What by itself leads to no home: 市政府一楼."""
_DIGITS = re.compile(rf"{_COUNT}(?:[-－—#/]{_COUNT})*")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·• ]?"
    r"(?=[A-HJ-NP-Z0-9]*[0-9])[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])"
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@(?=[A-Za-z0-9-]+\.[A-Za-z])")
_CHAT = re.compile(
    r"[微薇VvWw](?:信|[Xx]|[Ee][Cc]hat)(?!公众|小程序|群)[号:\uff1a是为\s]{0,4}([A-Za-z][-_A-Za-z0-9]{5,19})"
)

_QQ = re.compile(r"(?:[Qq] ?[Qq]|[Qq](?=号)|扣扣)[号码:\uff1a是为\s]{0,4}(\d{5,11})(?!\d)")


def find(text: str) -> Iterator[Span]:
    """Yield the parts of addresses behind the street, and what else leads to one person."""
    for pattern in (_AFTER_ANCHOR, _ALONE) if _HOUSE.search(text) else (_AFTER_ANCHOR,):
        for found in pattern.finditer(text):
            said = found[1].rstrip()
            if _FLOOR.fullmatch(said):
                continue
            yield Span(found.start(1), found.start(1) + len(said), Kind.ADDRESS, _DIGITS.sub("*", said))
    for found in _PLATE.finditer(text):
        yield Span(found.start(), found.end(), Kind.PLATE, found[0][:2] + "*" * (len(found[0]) - 2))
    for found in _EMAIL.finditer(text) if "@" in text else ():
        yield Span(found.start(), found.end(), Kind.EMAIL, "*" * (len(found[0]) - 1) + "@")
    for pattern in (_CHAT, _QQ):
        for found in pattern.finditer(text):
            yield Span(found.start(1), found.end(1), Kind.CHAT, "*" * len(found[1]))
