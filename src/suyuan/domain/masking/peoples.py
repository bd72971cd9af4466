"""Names that no Chinese surname begins: with a dot between them, Tibetan, Mongolian and Uyghur ones."""

import re
from collections.abc import Iterator

from .span import CHINESE, STOP, Kind, Span

_DOTTED = re.compile(
    rf"(?:(?<=[户客人主员者系是叫民长])|(?<!{CHINESE}))({CHINESE}{{2,8}}?|"
    rf"[A-Za-z]{{2,12}})[·•]({CHINESE}{{1,8}}?)"
    rf"(?=[{STOP}0-9]|$|反[映应]|[来來致]电|[来來致]電|[称稱說说诉家户的要表投女先同在住电补到]|入户)"
)
_ESTATE = re.compile("[园府城苑湾郡里庭洲馆厦心场区墅岸]$")
_ROLES = ("客户", "用户", "村民", "居民", "户主", "牧民", "租客", "管理员", "台区管理员", "抄表员", "联系人")
_PARTS = (
    "次仁|扎西|卓玛|央宗|德吉|旺堆|平措|顿珠|达瓦|尼玛|巴桑|拉姆|多吉|曲珍|白玛|格桑|洛桑|丹增|仁增|"
    "贡布|索朗|次旦|边巴|普布|米玛|强巴|嘎玛|旦增|"
    "罗布|措姆|央金|卓嘎|桑珠|旺姆|旺杰|斯琴|高娃|其其格|乌云|格日勒|格日|苏和|呼格|吉勒|额尔德|巴特尔|"
    "孟和|娜仁|托娅|敖登|阿拉坦|萨仁|宝音|"
    "朝鲁|布和|哈斯|图雅|其木格|古丽|买买提|麦麦提|阿不都|阿卜杜|阿不力|艾山|艾合|吐尔|依明|热依|玛依|"
    "迪丽|阿依|库尔班|木拉提|克里木|努尔|帕提|尼亚孜|"
    "玉素甫|艾力|伊力|肉孜|图尔荪|热合曼|阿里木|古丽娜|阿孜|米娜|帕夏|再娜|布|汗|热|拉|娜|尔|江"
)
_LONG = "|".join(each for each in _PARTS.split("|") if len(each) > 1)
_JOINED = re.compile(rf"(?:{_LONG})(?:{_PARTS}){{1,3}}")
_SINGLE = re.compile(rf"(?:哈力克|巴特尔|买买提|巴图|艾力|木拉提)(?={CHINESE}|[{STOP}]|$)")
_ROLE_ENDS = frozenset("员户民客师工人")


def find(text: str) -> Iterator[Span]:
    """Yield names written with a dot between their parts, but no estates, and names made of such parts."""
    if "·" in text or "•" in text:
        for found in _DOTTED.finditer(text):
            if not _ESTATE.search(found[2]):
                start = found.start(1) + len(next((each for each in _ROLES if found[1].startswith(each)), ""))
                yield Span(start, found.end(2), Kind.NAME, "*" * (found.end(2) - start))
    for found in _JOINED.finditer(text):
        yield Span(found.start(), found.end(), Kind.NAME, "*" * (found.end() - found.start()))
    for found in _SINGLE.finditer(text):
        if text[found.start() - 1 : found.start()] in _ROLE_ENDS:
            yield Span(found.start(), found.end(), Kind.NAME, "*" * (found.end() - found.start()))
