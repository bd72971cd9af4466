"""Names of people: a surname, what stands before and behind it, and how much the rest looks like a name.

A name by itself is not looked for: no list tells 高峰 the person from 高峰 the hour. Each clue is worth
something, and what is worth ``ENOUGH`` is hidden.
"""

import re
from collections.abc import Iterator

from . import cues, peoples, slots
from .given import HARDLY, OPENING, likeness
from .span import CHINESE, STOP, Kind, Span
from .surnames import COMMON, COMPOUND, DOUBTFUL, NO_NAMES, NOBODY, PLACES, RARE
from .words import JOINED, WORDS

ENOUGH = 5.0
_FORGIVEN = 2.5
"""What a common word is worth where somebody stands who says something: 用户和平称."""
_DOUBT = 0.4
"""How much better a longer name has to be, of which the last character is in no other name: 来福哭."""
_NONE = -9.0
_WORTH = (
    dict.fromkeys(DOUBTFUL, -0.7)
    | dict.fromkeys(RARE, 0.0)
    | dict.fromkeys(COMMON, 0.5)
    | dict.fromkeys("任曾方关向应房沙管尚游麻车牛常温席华费", -0.3)
)
"""How much a surname by itself says; many words begin like those that are worth less than nothing."""
_SURE = frozenset(each for each, worth in _WORTH.items() if worth > 0)
_USUAL = frozenset("王李张刘陈杨黄赵吴周徐孙胡朱何郭罗郑谢宋唐许邓冯韩曹彭曾蔡潘袁董余苏吕魏蒋杜丁沈姜范")
"""Surnames that hardly ever begin a given name."""
_DOUBLE = frozenset(COMPOUND)
_BEGINNINGS = frozenset(_WORTH) | {each[0] for each in COMPOUND}
_CAN_STAND = cues.ROLE_ENDS | frozenset(cues.BEFORE)
_NO_SECOND = HARDLY - {each[1] for each in COMPOUND} - OPENING


def _set(characters: frozenset[str]) -> str:
    return "".join(map(re.escape, sorted(characters)))


_SURNAME = re.compile(
    rf"[{_set(_BEGINNINGS)}](?<![^{_set(_CAN_STAND)}].)(?=[^{_set(_NO_SECOND)}])(?={CHINESE})", re.DOTALL
)
"""A surname behind something that a name can follow, and before something that a name can go on with."""
_NUMBER = re.compile(r"1[3-9]\d[\d\-* ]{8}")
_LEADS = re.compile(
    r"(?:的?(?:联系)?(?:电话|電話|手机号?)(?:号码?)?[是为:\uff1a ]{0,2}|[\uff08(\uff0c,、:\uff1a/ ]{0,2})"
    r"(?:\+?86[- ]?)?$"
)
_LOOK_BACK = 16
_NO_BEGINNING = JOINED | cues.CUT
_BETWEEN = frozenset(' :\uff1a,\u201c"(\uff08')
"""What may stand between a role and the name."""
_OPENS = re.compile(rf"(?:^|[{STOP}0-9*]|联系|致电|找|是|叫|户|人|员|工|给|和|与|称)$")
_FUNCTION = frozenset(
    "的了是在不我你他她它这那就也都很还没有和与及或被把让给对向从由于为因所以并且但而其该各每某请将要去"
    "说问找叫跟"
    "姓等位副委部司局镇村县市区店厂街巷院校站队组社坝沟屯线所"
)
"""Characters that no given name has."""
_NOUN_WORDS = (
    "医院 学校 公司 小区 花园 广场 大厦 酒店 超市 商场 宾馆 市场 工地 车站 供电 中学 小学 大学 幼儿 商会 "
    "银行 大队 水库 电站 社区 公寓 新村 工业 集团 物业 变电 台区 线路 师傅 先生 女士 小姐 同志 经理 主任 "
    "队长 局长 市长 县长 区长 厅长 处长 科长 校长 院长 同学 老师 老板 电话 手机 家里 家中 大爷 阿姨 大姐 大哥"
)
_NOUNS = frozenset(_NOUN_WORDS.split())
"""What is no given name behind a surname: 东方医院, 张师傅."""
_JOINS = frozenset("、和与及跟/")
_NUMERALS = frozenset("一二两三四五六七八九十几")
_NAMELIKE = _NUMERALS | frozenset("家先来多开楚全")
"""Characters that are in many names and in none of the lists."""


def find(text: str) -> Iterator[Span]:
    """Yield the names in ``text`` that something beside them gives away."""
    for found in cues.LABELLED.finditer(text):
        asked = ":" in found[0] or "\uff1a" in found[0]
        if found[1][:2] not in NOBODY if asked else is_name(found[1]) or _likeness(found[1][:3]) >= 0.0:
            yield _hidden(found.start(1), found.end(1))
    if "姓" in text:
        for found in cues.SURNAME_AND_NAME.finditer(text):
            yield _hidden(*found.span(1))
            yield _hidden(*found.span(2))
    for found in cues.TITLES.finditer(text):
        yield from _ending_at(text, found.start(), open_only=False)
    last = 0
    for found in _SURNAME.finditer(text):
        start = found.start()
        listed = (
            last and start - 1 == last and text[last] in _JOINS and text[start : start + 2] not in NO_NAMES
        )
        before = cues.LISTED_AFTER if listed else _before(text, start)
        if before and (end := _end_of(text, start, before)):
            yield _hidden(start, end)
            if not listed:
                yield from _listed_before(text, start)
            last = end
    yield from peoples.find(text)
    yield from slots.find(text)
    for found in _NUMBER.finditer(text):
        lead = _LEADS.search(text, max(found.start() - _LOOK_BACK, 0), found.start())
        yield from _ending_at(text, lead.start() if lead else found.start(), open_only=True)


def _hidden(start: int, end: int) -> Span:
    return Span(start, end, Kind.NAME, "*" * (end - start))


def _before(text: str, start: int) -> float:
    """Return what stands before a name is worth; 0 where no name begins."""
    if not start:
        return cues.BEGINNING
    last = text[start - 1]
    if last in cues.ROLE_ENDS:
        said = {text[max(start - size, 0) : start] for size in cues.ROLE_SIZES}
        if not cues.NAMED.isdisjoint(said):
            return cues.CALLED
        role = not cues.ROLES.isdisjoint(said)
        if text[start - 1 : start + 1] in (cues.CUT if role and text[start] in _SURE else _NO_BEGINNING):
            return 0.0
        if role:
            return cues.ROLE if cues.NOUNS.isdisjoint(said) else cues.TRUSTED
    elif text[start - 1 : start + 1] in _NO_BEGINNING:
        return 0.0
    if last in "为是系" and any(text[max(start - 1 - size, 0) : start - 1] in cues.NOUNS for size in (3, 2)):
        return cues.ROLE
    if last == "的" and text[start - 2 : start - 1] in cues.PLACE_ENDS:
        return cues.OF_A_PLACE
    if last.isdigit() and text[max(start - 11, 0) : start].isdecimal() and start > 10:
        return cues.NUMBERED
    worth = cues.BEFORE.get(last, 0.0)
    if last in "、和与及跟" and _is_listed(text, start - 1):
        return cues.LISTED_BEHIND
    if last in _BETWEEN and start > 1 and text[start - 2] not in _BETWEEN:
        return max(worth, _before(text, start - 1))
    return worth


def _listed_before(text: str, start: int) -> Iterator[Span]:
    """Yield the names of a list that ends with the one at ``start``, from the last to the first."""
    while start > 2 and text[start - 1] in _JOINS:
        end = start - 1
        for start in (end - 3, end - 2):
            open_ = start < 1 or not text[start - 1].isalpha() or text[start - 1] in cues.ROLE_ENDS
            begins = start >= 0 and text[max(start - 1, 0) : start + 1] not in _NO_BEGINNING
            if begins and open_ and text[start] in _BEGINNINGS and _likeness(text[start:end]) >= 0.0:
                yield _hidden(start, end)
                break
        else:
            return


def _is_listed(text: str, end: int) -> bool:
    """Return whether a name seems to end here, which the next one is listed with."""
    return any(
        end >= size and text[end - size] in _BEGINNINGS and _likeness(text[end - size : end]) >= 0.0
        for size in (3, 2)
    )


def _end_of(text: str, start: int, before: float) -> int:
    """Return where the name ends that begins at ``start``; 0 where nothing says it is one."""
    best, where = 0.0, 0
    for end in _ends(text, start):
        if text[start + 1 : end] in _NUMERALS and text[start - 1 : start] == "、":
            continue
        name = text[start:end]
        if not name[-1].isalpha():
            break
        worth = before + _likeness(name)
        word = before >= cues.TRUSTED and (name[:2] in WORDS or name[:2] in NO_NAMES)
        if word and name[0] in _SURE and name[:2] in WORDS:
            worth += _FORGIVEN if len(name) == 2 else 0.5
            word = False
        if worth + cues.SAYS_WORTH + (_FORGIVEN if word else 0.0) < ENOUGH:
            continue
        behind = _behind(text, end)
        worth += behind if behind or before != cues.CALLED else cues.TRUSTED - cues.CALLED
        if word and name[:2] not in cues.HOW and _is_somebody(text, start, end):
            worth += _FORGIVEN if len(name) == 2 else 0.5
        if worth >= max(best + _DOUBT * (where > 0 and _ends_in_a_verb(text, end - 1)), ENOUGH):
            best, where = worth, end
    return where


def _ends_in_a_verb(text: str, last: int) -> bool:
    """Return whether the last of three characters is in hardly any name, and may follow one: 来福哭."""
    return (
        text[last] not in _NAMELIKE
        and likeness(text[last]) <= 0.5
        and cues.PERHAPS.match(text, last) is not None
    )


def _is_somebody(text: str, start: int, end: int) -> bool:
    """Return whether somebody stands between a role and what follows, though it is a common word."""
    if cues.SAYS.match(text, end):
        return True
    if text[start : start + 2] in NO_NAMES:
        return False
    said = {text[max(start - size, 0) : start] for size in cues.ROLE_SIZES}
    return cues.ANYBODY.isdisjoint(said) and cues.PERHAPS.match(text, end) is not None


def _ends(text: str, start: int) -> range:
    first = start + (3 if text[start : start + 2] in _DOUBLE else 2)
    return range(first, min(first + 1, len(text)) + 1)


def _likeness(name: str) -> float:
    """Return how much characters look like a name by themselves; a common word looks less like one."""
    double = name[:2] in _DOUBLE
    given = name[2 if double else 1 :]
    if not given or given in _NOUNS:
        return _NONE
    worth = 2.0 if double else _WORTH.get(name[0], _NONE)
    if name in PLACES or name[:2] in NOBODY:
        return worth - 3.0
    if not double and name[:2] in WORDS:
        worth -= 1.0 if len(given) == 2 else 3.0
    elif name[:2] in NO_NAMES:
        worth -= 3.0 if len(given) == 1 else 1.0 if given[0] == "家" else 2.0
    if given[0] in _USUAL and (name[0] in DOUBTFUL or len(given) == 1):
        worth -= 1.0
    return worth + likeness(given) - (0.5 if len(given) == 1 else 0.0)


def _behind(text: str, end: int) -> float:
    """Return what stands behind a name is worth."""
    if cues.TITLES.match(text, end):
        return cues.TITLE_WORTH
    if cues.CLEAR.match(text, end):
        return cues.SAYS_WORTH if cues.SAYS.match(text, end) else cues.CLEAR_WORTH
    listed = cues.LISTED.match(text, end)
    if listed and _is_next(text, listed.end()):
        return cues.CLEAR_WORTH
    if not cues.PERHAPS.match(text, end):
        return 0.0
    return cues.STOP_WORTH if not text[end : end + 1].isalpha() else cues.PERHAPS_WORTH


def _is_next(text: str, start: int) -> bool:
    """Return whether another name seems to stand here, which the first one is listed with."""
    return text[start : start + 1] in _BEGINNINGS and any(
        _likeness(text[start:end]) >= 0.0 and cues.PERHAPS.match(text, end) for end in _ends(text, start)
    )


def _ending_at(text: str, end: int, *, open_only: bool) -> Iterator[Span]:
    """Yield the likeliest name that ends where a title or a number begins; its surname stays.

    ``open_only`` asks for something before the name that a name can follow.
    """
    found = []
    for length in (4, 3, 2):
        start = end - length
        name = text[max(start, 0) : end]
        if start < 0 or not _could_be(name) or text[start - 1 : start + 1] in cues.CUT:
            continue
        if open_only and not _OPENS.search(text, max(start - 2, 0), start):
            continue
        found.append((_likeness(name) + cues.BEFORE.get(text[start - 1 : start], 0.0) / 4, length))
    if found:
        length = max(found)[1]
        start, kept = end - length, 2 if text[end - length : end - length + 2] in _DOUBLE else 1
        yield Span(start, end, Kind.NAME, text[start : start + kept] + "*" * (length - kept))


def _could_be(name: str) -> bool:
    """Return whether characters before a title can be a name."""
    if name[0] in COMMON or name[:2] in _DOUBLE:
        return is_name(name)
    return name[0] in _WORTH and not set(name[1:]) & _FUNCTION and _likeness(name) >= -0.5 and len(name) < 4


def is_name(text: str) -> bool:
    """Return whether two to four characters can be somebody's name."""
    if (text[0] not in COMMON and text[:2] not in _DOUBLE) or text[:2] in NO_NAMES:
        return False
    given = text[2:] if text[:2] in _DOUBLE else text[1:]
    return (
        1 <= len(given) <= 2
        and given not in _NOUNS
        and not set(given) & _FUNCTION
        and all("\u4e00" <= each <= "\u9fff" for each in given)
    )


def is_no_word(name: str) -> bool:
    """Return whether characters that are a name somewhere in a text are one all over it."""
    return len(name) > 2 or not (name in WORDS or name in NO_NAMES or name in PLACES)


def may_be_name(word: str) -> bool:
    """Return whether a word typed by itself may be somebody's name: better one too many than one too few."""
    plain = word.strip()
    foreign = len(plain) > 1 and plain.isascii() and plain.isalpha()
    return foreign or "·" in plain or "•" in plain or (len(plain) > 1 and is_name(plain))
