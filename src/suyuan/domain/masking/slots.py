"""Names that the place in the sentence gives away, whatever they are made of.

Behind a role, before what somebody says: a surname alone, 老王, a name typed with a space, one in Latin
letters, one written down by its sound.
"""

import re
from collections.abc import Iterator

from . import cues
from .given import HARDLY, OFTEN
from .span import CHINESE, STOP, Kind, Span
from .surnames import COMMON, COMPOUND, DOUBTFUL, RARE

_SAYS = (
    r"反映|反应|诉|称|说|讲|来电|致电|投诉|表示|要求|咨询|催|报修|提出|质疑|拒绝|同意|家|住|留言|联系"
    r"|打[来过电]|本人|先生|女士"
)
_END = rf"(?=[{STOP}]|$|{_SAYS})"
_ANY = "".join(sorted(COMMON | RARE | DOUBTFUL))
_TWO = "|".join(COMPOUND)
_SURNAME = re.compile(rf"(?:免贵|贵|[我俺也都只个位者户人])姓\s?(?P<name>{_TWO}|[{_ANY}])(?=[{STOP}]|$)")
_FAMILIAR = (
    "王李张刘陈杨赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁余叶蒋杜苏魏吕丁沈任姚"
    "卢傅钟姜崔谭廖范汪陆戴贾韦夏邱侯邹熊孟秦薛尹段雷黎史贺顾毛郝龚邵万钱严覃武孔汤常洪黄高方白金龙"
    "石葛庞牛江程"
)
_BY_AGE = re.compile(
    rf"[老小](?<!大老)(?<!县小)(?P<given>[{_FAMILIAR}])[头哥姐]?"
    rf"(?=[{STOP}]|$|反映|称|说|讲|来电|打[来过电]|每次|被|知道|家[没停的里]|态度|收|没|不|也|从|上门"
    rf"|到[场现]|来[修换抄收过]|给)"
)
_OPEN = frozenset("的叫找给称")
_SPACED = re.compile(rf"[ \u3000](?<=[{''.join(sorted(COMMON))}].)(?P<given>{CHINESE}{{1,2}}?){_END}")
_NOT_GIVEN = frozenset(
    ("先生", "女士", "小姐", "同志", "师傅", "电话", "客户", "用户", "户号", "地址", "本人")
)
_LATIN_NAME = r"[A-Z][a-z]{1,14}(?:[ .·-]{1,2}[A-Z](?:[a-z]{1,14}|\b)){0,3}"
_LATIN = re.compile(rf"{_LATIN_NAME}(?![A-Za-z0-9@_])")
_TITLE = re.compile(r"(?:Mrs?|Ms|Miss|Dr)\b[. ]*")
_NO_LATIN = frozenset(
    (
        "App",
        "Wifi",
        "Excel",
        "Word",
        "Type",
        "Line",
        "Vip",
        "Pos",
        "Led",
        "Kwh",
        "Kva",
        "Kv",
        "Ok",
        "Id",
        "Email",
    )
)
_SOUNDS = (
    "南洛阿艾布巴卜哈尔拉木提买麦江汗古丽热依孜玛娜努库西吉克才让卓央措仁次旦旺达瓦扎顿多贡嘎桑珠平"
    "德格日勒图雅乌云其仓宝音朝鲁呼斯琴高娃苏和孟根额敖登罗藏先东曲珍姆加杰华沙龙萨合力甫迪尼帕夏伊"
    "玉素莫曼尤吐逊再米娅万沙马惹伍呷果普措牛"
)
_FIRST_SOUNDS = (
    "阿艾布巴卜哈尔拉木买麦江汗古热依孜玛娜努库西吉才卓央措扎达顿多嘎桑珠格图乌呼斯敖登罗萨迪帕伊玉"
    "素莫曼尤吐再米惹额孟苏卡德旺伍沙马次边普白洛强索"
)
_BY_SOUND = re.compile(rf"(?P<name>[{_FIRST_SOUNDS}][{_SOUNDS}]{{2,9}}){_END}")
_LIKE_WORDS = re.compile(
    rf"[和来全能有](?P<given>[{''.join(sorted(OFTEN))}]{{1,2}})(?=反映|称|说|讲|来电|表示|投诉|诉)"
)
"""Surnames that are the commonest of words: a role has to stand before them, and somebody says something."""
_RARE = re.compile(rf"[老小和来全能有 \u3000A-Z][{_FAMILIAR}{''.join(sorted(OFTEN))}a-z]")
"""What every name opens with that is looked for after it: most texts have none."""
_BLANK = ' :\uff1a,\u201c"(\uff08，'


_DEAR = re.compile(
    rf"尊敬的(?P<name>(?:{_TWO}|[{_ANY}]){CHINESE}{{1,2}}?)(?<![长记任局席总好导])(?=[:：，,]|您|客户|用户)"
)


def find(text: str) -> Iterator[Span]:
    """Yield what stands where only somebody's name can stand."""
    if "姓" in text:
        for found in _SURNAME.finditer(text):
            yield _hidden(found)
    if "尊敬的" in text:
        for found in _DEAR.finditer(text):
            yield _hidden(found)
    yield from _by_sound(text)
    if not _RARE.search(text):
        return
    for found in _BY_AGE.finditer(text):
        if _is_known(text, found.start()):
            yield Span(found.start(), found.end(), Kind.NAME, found[0][0] + "*" * (len(found[0]) - 1))
    for found in _SPACED.finditer(text):
        given = found["given"]
        if given not in _NOT_GIVEN and HARDLY.isdisjoint(given) and _is_role(text, found.start() - 1):
            yield Span(found.start() - 1, found.end(), Kind.NAME, "*" * (len(given) + 2))
    for found in _LIKE_WORDS.finditer(text):
        if len(found["given"]) == 2 and _is_role(text, found.start()):
            yield Span(found.start(), found.end(), Kind.NAME, "*" * len(found[0]))
    for found in _LATIN.finditer(text):
        start, end = found.span()
        title = _TITLE.match(text, start, end)
        start = title.end() if title else start
        if start < end and (title or (found[0] not in _NO_LATIN and _is_role(text, start))):
            yield Span(start, end, Kind.NAME, "*" * (end - start))


def _by_sound(text: str) -> Iterator[Span]:
    """Yield names of other languages behind a role, written down by their sound."""
    for found in _BY_SOUND.finditer(text):
        if _is_role(text, found.start()):
            yield _hidden(found)


def _hidden(found: re.Match[str]) -> Span:
    start, end = found.span("name")
    return Span(start, end, Kind.NAME, "*" * (end - start))


def _is_known(text: str, start: int) -> bool:
    """Return whether somebody who is called 老王 can stand here."""
    return (start > 0 and text[start - 1] in _OPEN) or _is_role(text, start)


def _is_role(text: str, start: int) -> bool:
    """Return whether a role ends here, with no more than a sign between."""
    end = start - (text[start - 1 : start] in _BLANK and start > 1)
    return any(text[max(end - size, 0) : end] in cues.NOUNS for size in cues.ROLE_SIZES)
