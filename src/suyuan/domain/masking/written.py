"""Numbers written otherwise: in groups, in Chinese numerals, by their last digits; passports and permits."""

import re
from collections.abc import Iterator

from . import numbers
from .span import Kind, Span

_GAP = r"[ \u3000\-\u2010-\u2014\uff0d.\uff0e\u00b7\u2022_/]"
"""What people put between the groups of a number."""
_GROUPED = re.compile(
    rf"(?<![\d.])(?:(?P<mobile>1{_GAP}{{0,3}}[3-9](?:{_GAP}{{0,3}}\d){{9}})"
    rf"|(?P<identity>[1-9]\d{{5}}{_GAP}{{1,3}}(?:18|19|20)\d\d{_GAP}{{0,3}}\d{{4}}{_GAP}{{1,3}}\d{{3}}[\dXx])"
    rf"|(?P<card>[3-6]\d{{3}}(?:{_GAP}{{1,3}}\d{{4}}){{3}}(?:{_GAP}{{1,3}}\d{{1,3}})?))(?![\d]|\.\d)"
)
_GROUPS = re.compile(rf"\d{_GAP}{{1,3}}\d")
"""Without it there is nothing in groups, and the longer pattern need not be tried."""
_NUMERAL = "〇○零洞一幺么二两三四五六七八九壹弌贰貳叁參肆伍陆陸柒捌玖"
_SPOKEN = re.compile(
    rf"[{_NUMERAL}]{{7,}}"
    rf"|[{_NUMERAL}]{{2,6}}(?:[ \u3000,\uff0c\-\u2014\u00b7]{{1,2}}[{_NUMERAL}]{{2,6}}){{1,4}}"
    rf"|[{_NUMERAL}](?:[ \u3000\-\u2014\u00b7][{_NUMERAL}]){{6,}}"
)
_MIXED = re.compile(
    rf"(?<![\d{_NUMERAL}])(?=[\d{_NUMERAL}]*\d)[1一幺壹][\d{_NUMERAL}]{{10}}(?![\d{_NUMERAL}])"
)
_SPOKEN_AT_LEAST = 7
_SPOKEN_DAY = re.compile(rf"(?:二[〇○零]|一九)[{_NUMERAL}]{{2}}[^{_NUMERAL}]")
_TRAVEL = re.compile(
    r"(?<![A-Za-z0-9])(?:[EeGgPp]\d{8}|[Ee][A-HJ-NP-Za-hj-np-z]\d{7}|[HMhm]\d{8}(?:\d\d)?"
    r"|[A-Z]{1,2}\d{6}[(\uff08][\dA][)\uff09])(?![A-Za-z0-9])"
)
_PAPER = re.compile(
    r"(?:护照|護照|通行证|通行證|回乡证|台胞证|港澳证|居住证|居留证|永居证)(?:号码?|號碼?|件号)?"
    r"[是为:\uff1a ]{0,2}(?P<number>[A-Za-z]{0,2}\d{6,10})(?!\d)"
)
_TAIL = re.compile(
    rf"(?:(?:后|末|最后|尾)[三四五六两2-6]位(?:数字?|号码?)?|尾号|末尾号?)(?:数字)?[是为:\uff1a ]{{0,2}}"
    rf"(?P<tail>\d{{3,6}}[Xx]?|[{_NUMERAL}]{{3,6}})(?![\d{_NUMERAL}元度])"
)
_HARMLESS_BEFORE = re.compile(r"(?:工单|单号|订单|流水|编号|受理号|文号|限行|发票|批次)[^，。；,;]{0,4}$")
_DAY = re.compile(r"20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_DEVICE = re.compile(
    r"(?:设备|终端|模块|型号|采集器|集中器|互感器|开关|批次|工单|单号|编号|版本)[^，。；,;]{0,4}$"
)
_LOOK_BACK = 10


def find(text: str) -> Iterator[Span]:
    """Yield the numbers that digits side by side do not show."""
    if _GROUPS.search(text):
        for found in _GROUPED.finditer(text):
            kind = {"mobile": Kind.PHONE, "identity": Kind.IDENTITY, "card": Kind.CARD}[found.lastgroup or ""]
            digits = "".join(filter(str.isdigit, found[0]))
            if kind is not Kind.CARD or numbers.luhn(digits):
                yield _hidden(found, kind)
    for found in _SPOKEN.finditer(text):
        if sum(each in _NUMERAL for each in found[0]) >= _SPOKEN_AT_LEAST and not _counted(text, found):
            yield _hidden(found, Kind.PHONE)
    for found in _MIXED.finditer(text):
        yield _hidden(found, Kind.PHONE)
    for found in _TRAVEL.finditer(text):
        digits = "".join(filter(str.isdigit, found[0]))
        if not _DAY.fullmatch(digits) and not _DEVICE.search(_before(text, found)):
            yield _hidden(found, Kind.IDENTITY)
    for found in _PAPER.finditer(text):
        yield _hidden(found, Kind.IDENTITY, "number")
    for found in _TAIL.finditer(text):
        if not _HARMLESS_BEFORE.search(_before(text, found)):
            yield _hidden(found, Kind.NUMBER, "tail")


def _counted(text: str, found: re.Match[str]) -> bool:
    """Return whether numerals count something, or are a day: 二〇二六-〇三-〇一."""
    return bool(_SPOKEN_DAY.match(found[0])) or text[found.end() : found.end() + 1] in tuple(
        "十百千万亿拾佰仟元点"
    )


def _before(text: str, found: re.Match[str]) -> str:
    return text[max(found.start() - _LOOK_BACK, 0) : found.start()]


def _hidden(found: re.Match[str], kind: Kind, part: str | int = 0) -> Span:
    start, end = found.span(part)
    shown = "".join("*" if each.isalnum() else each for each in found[part])
    return Span(start, end, kind, shown)
