"""Names of people, found by what stands before and behind them: a title, a role, a telephone number.

A name by itself is not looked for: no list tells 高峰 the person from 高峰 the hour.
"""

import re
from collections.abc import Iterator

from .span import Kind, Span
from .surnames import COMMON, COMPOUND, NO_NAMES, NOBODY

_CHINESE = r"[\u4e00-\u9fff\u3400-\u4dbf]"
_LABELS = (
    "姓名|户主|戶主|户名|戶名|联系人|聯絡人|聯繫人|投诉人|投訴人|报修人|举报人|申请人|来电人|经办人|当事人|反映人|诉求人|"
    "机主|业主|租户|租客|经手人|代办人|委托人|法人|法定代表人|收件人|开户人|名叫|叫做"
)
_ROLES = (
    "客户经理|客户|客戶|用户|用戶|村民|居民|邻居|抄表员|抄收员|催费员|收费员|台区经理|电工|师傅|坐席|工作人员|窗口人员|"
    "抢修人员|班长|所长|主任|经理|队长|房东|本人|我是|我叫|叫|员工|职工|书记|支书|村长|网格员|负责人|老板|联系|致电|找"
)
# Every alternative starts with a literal character: only then does the search skip to where one stands.
_POLITE = re.compile(
    r"先生|女士|小姐|同志|师傅|大爷|大妈|大叔|大姐|大哥|阿姨|奶奶|爷爷|老师|老板|经理|主任|所长|班长|站长|书记|队长|村长|组长|医生|律师"
)
_STOP = r"\s，,。.;；、:：（()）\u201c\u201d\"'《》【】\[\]!！?？|/"
_LABELLED = re.compile(
    rf"(?:{_LABELS})(?:[:\uff1a]\s*|\s*[是为叫系]\s*|\s+)({_CHINESE}{{2,4}}?(?:[·•]{_CHINESE}{{2,6}})?)"
    rf"(?=[{_STOP}]|$|先生|女士|小姐|同志|来电|致电|反映|表示|电话|手机|身份证|户号)"
)
_AFTER_ROLE = re.compile(rf"(?:{_LABELS}|{_ROLES})[:\uff1a\s]{{0,2}}(?={_CHINESE}{{2}})")
_ENDS = re.compile(
    rf"[{_STOP}]|$|[致反表投电電手户称稱说要的在于到与和及因为向申咨报举没已不上下态私连曾每昨拒骂又两多几住]|[四五六七八九十]|"
    r"来电|來電|身份证|先生|女士|小姐|同志|本人|家中|家里|家的|未|长期|经常|当|今天|收费|打|总|现在|现反|"
    r"一直|一再|二次|三[个次月天]"
)
_NUMBER = re.compile(r"1[3-9]\d[\d\-* ]{8}")
_LEADS = re.compile(
    r"(?:的?(?:联系)?(?:电话|電話|手机号?)(?:号码?)?[是为:\uff1a ]{0,2}|[\uff08(\uff0c,、:\uff1a ]{0,2})"
    r"(?:\+?86[- ]?)?$"
)
_LOOK_BACK = 16
_OPENS = re.compile(rf"(?:^|[{_STOP}0-9*]|联系|致电|找|是|叫|户|人|员|工|给|和|与)$")
_FUNCTION = frozenset(
    "的了是在不我你他她它这那就也都很还没有和与及或被把让给对向从由于为因所以并且但而其该各每某请将要去说问找叫跟"
    "姓等位副委部司局镇村县市区店厂"
)
"""Characters that no given name has."""
_TITLE_WORDS = "师傅 先生 女士 小姐 同志 经理 主任 老师 老板 电话 手机 家里 家中 大爷 阿姨 大姐 大哥"
_TITLES = frozenset(_TITLE_WORDS.split())


def find(text: str) -> Iterator[Span]:
    """Yield the names in ``text`` that something beside them gives away."""
    for found in _LABELLED.finditer(text):
        asked = ":" in found[0] or "\uff1a" in found[0]
        if found[1][:2] not in NOBODY if asked else is_name(found[1]):
            yield Span(found.start(1), found.end(1), Kind.NAME, "*" * len(found[1]))
    for found in _AFTER_ROLE.finditer(text):
        start = found.end()
        for end in (start + 2, start + 3, start + 4):
            if is_name(text[start:end]) and _ENDS.match(text, end):
                yield Span(start, end, Kind.NAME, "*" * (end - start))
                break
    for found in _POLITE.finditer(text):
        yield from _ending_at(text, found.start(), open_only=False)
    for found in _NUMBER.finditer(text):
        lead = _LEADS.search(text, max(found.start() - _LOOK_BACK, 0), found.start())
        yield from _ending_at(text, lead.start() if lead else found.start(), open_only=True)


def _ending_at(text: str, end: int, *, open_only: bool) -> Iterator[Span]:
    """Yield the longest name that ends where a title or a number begins; its surname stays.

    ``open_only`` asks for something before the name that a name can follow.
    """
    for length in (4, 3, 2):
        start = end - length
        if start < 0 or not is_name(text[start:end]):
            continue
        if open_only and not _OPENS.search(text, max(start - 2, 0), start):
            continue
        kept = 2 if text[start : start + 2] in COMPOUND else 1
        if length > kept:
            yield Span(start, end, Kind.NAME, text[start : start + kept] + "*" * (length - kept))
        return


def is_name(text: str) -> bool:
    """Return whether two to four characters can be somebody's name."""
    if (text[0] not in COMMON and text[:2] not in COMPOUND) or text[:2] in NO_NAMES:
        return False
    given = text[2:] if text[:2] in COMPOUND else text[1:]
    return (
        1 <= len(given) <= 2
        and given not in _TITLES
        and not set(given) & _FUNCTION
        and all("\u4e00" <= each <= "\u9fff" for each in given)
    )


def may_be_name(word: str) -> bool:
    """Return whether a word typed by itself may be somebody's name: better one too many than one too few."""
    plain = word.strip()
    foreign = len(plain) > 1 and plain.isascii() and plain.isalpha()
    return foreign or "·" in plain or "•" in plain or (len(plain) > 1 and is_name(plain))
