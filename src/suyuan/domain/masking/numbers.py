"""Telephone, identity, card and account numbers, told from order numbers, moments, amounts and readings.

A number that no word and no shape calls harmless is hidden from seven digits on.
"""

import re
from collections.abc import Iterator

from .span import Kind, Span

SHORTEST = 7
"""Digits of a number that is hidden though nothing is known of it."""

_SEPARATED = r"[- \u2010-\u2014\uff0d]"
_CANDIDATE = re.compile(
    rf"""
    (?P<moment>(?<!\d)(?:19|20)\d\d(?:[-/.\uff0f]\d\d?[-/.\uff0f]\d\d?|年\d\d?月\d\d?[日号]?)
        (?:[ T]?\d\d?[:\uff1a时点](?:\d\d?(?:[:\uff1a分](?:\d\d?)?)?)?)?(?!\d))
    |(?P<years>(?<!\d)(?:19|20)\d\d{_SEPARATED}\d{{1,4}}(?![\d]|{_SEPARATED}\d))
    |(?P<identity>(?<!\d)[1-9]\d{{5}}{_SEPARATED}?(?:18|19|20)\d\d{_SEPARATED}?(?:0[1-9]|1[0-2])
        (?:0[1-9]|[12]\d|3[01]){_SEPARATED}?\d{{3}}(?:\d(?!\d)|[Xx\uff38\uff58]))
    |(?P<mobile>(?<!\d)(?:\+?86{_SEPARATED}?)?1[3-9](?:\d{{9}}|\d{_SEPARATED}\d{{4}}{_SEPARATED}\d{{4}}
        |\d{_SEPARATED}\d{{3}}{_SEPARATED}\d{{5}}|\d\d{_SEPARATED}\d{{3}}{_SEPARATED}\d{{4}}
        |\d\d{_SEPARATED}\d{{4}}{_SEPARATED}\d{{3}})(?!\d))
    |(?P<service>(?<!\d)[48]00{_SEPARATED}?\d{{3}}{_SEPARATED}?\d{{4}}(?!\d))
    |(?P<landline>(?:[(\uff08]0(?:10|2\d|[3-9]\d\d)[)\uff09]|(?<!\d)0(?:10|2\d|[3-9]\d\d)){_SEPARATED}?[2-8]\d{{6,7}}
        (?:(?:转|{_SEPARATED})\d{{1,5}})?(?!\d))
    |(?P<card>(?<!\d)[3-6]\d{{3}}{_SEPARATED}?\d{{4}}{_SEPARATED}?\d{{4}}{_SEPARATED}?\d{{4}}
        (?:{_SEPARATED}?\d{{1,3}})?(?!\d))
    |(?P<run>\d(?:{_SEPARATED}?\d){{4,}}[Xx]?)
    """,
    re.VERBOSE,
)
_START = re.compile(rf"\d(?:{_SEPARATED}?\d){{4}}|0\d{{2,3}}[)\uff09]{_SEPARATED}?\d{{7}}")
"""Fewer digits than these lead nowhere. Looking for them first is ten times as fast as trying everywhere."""
_DOTTED = re.compile(
    r"(?<![\d.])(?:1[3-9]\d\.(?:\d{4}\.\d{4}|\d{3}\.\d{5})|0\d{2,3}\.\d{3,4}\.?\d{4})(?![\d.])"
)

_BEFORE = r"(?:号码?|號碼?|为|是|码|[:\uff1a\u201c\"(\uff08【#\s])*$"
_ACCOUNT = re.compile(
    r"(?:户\s*号|客户编号|用户编号|客户号|用户号|缴费编?号|戶號|客戶編號|用戶編號|用電戶號|"
    r"户头|表号|电能?表编?号|电表号?|局编号|资产编?号)" + _BEFORE
)
_CARD = re.compile(r"(?:卡号|账号|帐号|银行卡|储蓄卡|信用卡|卡片|卡|银行账户|帳號|卡號)" + _BEFORE)
_IDENTITY = re.compile(r"(?:身份证|证件|身份證|證件|公民身份)(?:号码?|號碼?)?" + _BEFORE)
_PHONE = re.compile(
    r"(?:电话|座机|固话|手机|致电|回电|拨打|来电|联系方式|联系|号码|電話|手機|聯絡|宅电|"
    r"[Tt][Ee][Ll]\.?|QQ|qq|微信)" + _BEFORE
)
_ORDERED = re.compile(
    r"(?:工单|工單|单号|單號|订单|流水|受理编?号?|受理|编号|業務單|业务单|申请单|申请编?号?|文号|批次|证号|备案号|案号|许可证|合同号|ISBN|字第)"
    + _BEFORE
)
_MEASURED = re.compile(
    r"(?:台区|台區|线路|馈线|变压器|配变|公变|专变|杆塔?|开关|容量|读数|示数|表底|底数|表码|止码|起码|电量|金额|"
    r"电费|欠费|版本|邮编|坐标|经度|纬度|第|共|约|计|[\u00a5\uffe5]|\d\.)" + _BEFORE
)
_UNIT = re.compile(
    r" ?(?:元|块钱|度|千瓦|伏|安培|[kKMm]?[WVA](?![A-Za-z])|%|米|公里|平|亩|吨|公斤|万|[多余][元万户人]|左右|"
    r"人|名|户(?![主号名])|字|次|天|小时|年|月|日|时|分|秒|\.\d|号?(?:台区|公变|专变|线路|工单))"
)
_ORDER = re.compile(r"20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d*")
"""A day, or an order number that starts with one."""
_CODES = "11-15 21-23 31-37 41-46 50-54 61-65 71-71 81-83"
_PROVINCES = frozenset(
    str(code) for span in _CODES.split() for code in range(int(span[:2]), int(span[3:]) + 1)
)
"""First two digits of identity numbers, GB/T 2260."""
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_COUNTRY = re.compile(rf"\+?86{_SEPARATED}?(?=1[3-9])")
_LOOK_BACK = 14


def find(text: str) -> Iterator[Span]:
    """Yield the numbers of ``text`` that lead to a person."""
    at = 0
    while start := _START.search(text, at):
        first = start.start()
        found = _CANDIDATE.match(text, first - (text[first - 1 : first] in _OPENING)) or _CANDIDATE.match(
            text, first
        )
        assert found is not None, "a start is a run"
        shape = found.lastgroup or ""
        kind = None if shape in HARMLESS_SHAPES else _kind(shape, found, text)
        if kind is not None:
            yield Span(found.start(), found.end(), kind, _shown(found[0]))
        at = _past_digits(text, first) if kind is None and shape == "run" else found.end()
    for found in _DOTTED.finditer(text) if "." in text else ():
        yield Span(found.start(), found.end(), Kind.PHONE, _shown(found[0]))


def _past_digits(text: str, at: int) -> int:
    """Return where the digits at ``at`` end: behind a harmless one a number may follow after a space."""
    while at < len(text) and text[at].isdigit():
        at += 1
    return at


_OPENING = ("+", "(", "\uff08")
HARMLESS_SHAPES = ("moment", "years", "service")


def _kind(shape: str, found: re.Match[str], text: str) -> Kind | None:
    """Return what a number is by the words before it and by its shape, or None where it is harmless."""
    before = text[max(found.start() - _LOOK_BACK, 0) : found.start()]
    digits = "".join(filter(str.isdigit, found[0]))
    if said := _said(before, len(digits)):
        return said
    if before[-1:].isascii() and before[-1:].isalpha():
        return None
    if shape == "identity" or (len(digits) == 15 and identity(digits)):
        return Kind.IDENTITY if identity_18(found[0]) or not _ORDERED.search(before) else None
    if _ORDERED.search(before):
        return None
    if shape in ("mobile", "landline"):
        return Kind.PHONE
    if _MEASURED.search(before) or _UNIT.match(text, found.end()):
        return None
    if shape == "card" and luhn(digits):
        return Kind.CARD
    if len(digits) < SHORTEST or _ORDER.fullmatch(digits):
        return None
    return Kind.ACCOUNT if len(digits) in (10, 13) else Kind.NUMBER


def _said(before: str, length: int) -> Kind | None:
    """Return what the words before a number say it is."""
    if _ACCOUNT.search(before):
        return Kind.ACCOUNT
    if _IDENTITY.search(before):
        return Kind.IDENTITY
    if length >= SHORTEST and _PHONE.search(before):
        return Kind.PHONE
    return Kind.CARD if length >= 8 and _CARD.search(before) else None


def _shown(number: str) -> str:
    digits = [each for each in number if each.isdigit()]
    start = next(at for at, each in enumerate(number) if each.isdigit())
    lead, tail = number[:start], number[-1:] if number[-1:] in "XxＸｘ" else ""
    if len(digits) == 13 and (country := _COUNTRY.match(number)):
        lead, digits = country[0], digits[2:]
    hidden = "*" * max(len(digits) - 5, 0)
    if not hidden:
        return lead + "*" * len(digits) + tail
    return lead + "".join(digits[:3]) + hidden + "".join(digits[-2:]) + tail


def identity(number: str) -> bool:
    """Return whether a number is an identity card's: 18 characters with their check digit, or 15."""
    return identity_18(number) or (len(number) == 15 and _placed(number, "19" + number[6:12]))


def identity_18(number: str) -> bool:
    """Return whether 18 characters carry the check digit of GB 11643."""
    number = "".join(each for each in number if each.isdigit() or each in "XxＸｘ")
    if len(number) != 18 or not number[:17].isdecimal() or not _placed(number, number[6:14]):
        return False
    total = sum(int(each) * weight for each, weight in zip(number, WEIGHTS, strict=False))
    last = number[17]
    return (10 if not last.isdigit() else int(last)) == (12 - total % 11) % 11


def _placed(number: str, day: str) -> bool:
    """Return whether a number starts with a province and a day can be a birthday."""
    month, date = int(day[4:6]), int(day[6:8])
    return number[:2] in _PROVINCES and 1 <= month <= 12 and 1 <= date <= 31


def luhn(digits: str) -> bool:
    """Return whether a card number's check digit is right."""
    total = 0
    for place, each in enumerate(reversed(digits)):
        value = int(each) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
