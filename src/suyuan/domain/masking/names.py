"""Names of people, found by what stands before and behind them: a title, a role, a telephone number.

A name by itself is not looked for: no list tells 高峰 the person from 高峰 the hour.
"""

import re
from collections.abc import Iterator

from .span import Kind, Span
from .surnames import COMMON, COMPOUND, NO_NAMES, NOBODY, PLACES

_CHINESE = r"[\u4e00-\u9fff\u3400-\u4dbf]"
_LABELS = (
    "姓名|户主|戶主|户名|戶名|联系人|聯絡人|聯繫人|投诉人|投訴人|报修人|举报人|申请人|来电人|经办人|当事人|反映人|诉求人|"
    "机主|业主|租户|租客|经手人|代办人|委托人|法人|法定代表人|收件人|签收人|开户人|见证人|证人|名字叫|名叫|叫做|"
    "來電人|经办|姓名为|本人姓名|主叫"
)
_ROLES = (
    "客户经理|客户|客戶|用户|用戶|村民|居民|邻居|抄表员|抄收员|催费员|收费员|台区经理|电工|师傅|坐席|工作人员|窗口人员|"
    "抢修人员|班长|所长|主任|经理|队长|房东|本人|我是|我叫|叫|员工|职工|书记|支书|村长|网格员|负责人|老板|联系|致电|找|"
    "店主|物业|施工队|营业员|受理员|组长|镇长|民警|记者|律师|医生|教师|老师|学生|群众|军属|老人|老汉|残疾人|低保户|"
    "把|由|与|咱家|我家|联系过|五保户|贫困户|伤者|死者|被举报人|被投诉人|的是|告知|回访|拨打|"
    "其妻子|其丈夫|其父亲|其母亲|其儿子|其女儿|其妻|其夫|其父|其母|其子|其女|其弟|其兄|其姐|其妹|妻子|丈夫|父亲|母亲|儿子|"
    "女儿|儿媳|女婿|孙子|孙女|老公|老婆|爱人|爸爸|妈妈|哥哥|弟弟|姐姐|妹妹|爷爷|奶奶|外公|外婆|公公|婆婆|岳父|岳母|外甥|侄子|侄女|"
    "同事|老乡|朋友|合伙人|亲属|亲戚|家属|家人|邻居"
)
# Every alternative starts with a literal character: only then does the search skip to where one stands.
_POLITE = re.compile(
    r"先生|女士|小姐|同志|师傅|大爷|大妈|大叔|大姐|大哥|阿姨|奶奶|爷爷|老师|老板|经理|主任|所长|班长|站长|书记|队长|村长|组长|医生|律师"
)
_KIN = frozenset("子夫妻女父母弟兄姐妹媳婿公婆爸妈哥爷奶甥侄亲长记理工师事乡把席户与")
"""The last characters of roles that a name follows more often than not."""
_STOP = r"\s，,。.;；、:：（()）\u201c\u201d\"'《》【】\[\]!！?？|/"
_LABELLED = re.compile(
    rf"(?:{_LABELS})(?:[:\uff1a]\s*|\s*[是为叫系]\s*|\s+)({_CHINESE}{{2,4}}?(?:[·•]{_CHINESE}{{2,6}})?)"
    rf"(?=[{_STOP}]|$|先生|女士|小姐|同志|来电|致电|反映|表示|电话|手机|身份证|户号)"
)
_AT_ROLE = frozenset(_LABELS.split("|") + _ROLES.split("|"))
_ROLE_ENDS = frozenset(each[-1] for each in _AT_ROLE)
_ROLE_SIZES = tuple(sorted({len(each) for each in _AT_ROLE}, reverse=True))
_BETWEEN = frozenset(' :\uff1a,\u201c"(\uff08')
"""What may stand between a role and the name."""
_ENDS = re.compile(
    rf"[{_STOP}]|$|[致反表投电電手户称稱说要的在于到与和及因为向申咨报举没已不上下态私连曾每昨拒骂又两多几住]|[四五六七八九十]|"
    r"来电|來電|身份证|先生|女士|小姐|同志|本人|家中|家里|家的|未|长期|经常|当|今天|收费|打|总|现在|现反|"
    r"一直|一再|二次|三[个次月天]|[家户代收签私去态喝把欠拉系接办帮喊负摔听独邻也补诉屋各解处协答转证受店核确\u201c\u201d半]|"
    r"行动|联名|语气|从来|发函|年[近纪]|充值|承诺|沟通|情绪|懂|打[过了]"
)
_SAYS = re.compile(
    r"反映|反应|反應|诉|訴|称|稱|说|說|讲|来电|來電|来营业|来函|致电|投诉|投訴|表示|要求|补充|举报|咨询|催办|请求|申请|认为|质疑|"
    r"报修|报称|转告|转述|提出|希望|拒绝|骂|收钱|多次|欠的?电|户号|身份证|邮箱|微信|卡号|车牌|打过电话|"
    r"[,，]?住[在址]?|[,，]\s?[男女]|[(\uff08][男女]|[,，](?:QQ|微信|户号)|充值|当面|户(?![户口外内名主号均数型籍户表用变])|家(?![村庄港口属人长乡园庭具电用])|的电[表费]|"
    r"[(\uff08][1-9]\d{5}(?:19|20)|车[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]|屋里|[:\uff1a](?!\d)"
)
"""What follows a name that begins a clause: somebody says something, or something is somebody's."""
_SURNAME = re.compile(f"[{''.join(sorted(COMMON | {each[0] for each in COMPOUND}))}](?={_CHINESE})")
_BEGINS = re.compile(rf"(?:^|[{_STOP}]|昨[日天]|今[日天]|[上下]午|该户|是|叫|找|要求)$")
_MAY_BEGIN = re.compile(rf"[{_STOP}日天午户是叫找求]")
_DOTTED_NAME = re.compile(
    rf"(?:(?<=[户客人主员者系是叫])|(?<!{_CHINESE}))({_CHINESE}{{2,8}}?|[A-Za-z]{{2,12}})[·•]({_CHINESE}{{1,8}}?)"
    rf"(?=[{_STOP}0-9]|$|反[映应]|[来來致]电|[来來致]電|[称稱说說诉家户的要表投女先同在住电补])"
)
_ESTATE = re.compile("[园府城苑湾郡里庭洲馆厦心地场区墅岸]$")
_NOUN_WORDS = (
    "医院 学校 公司 小区 花园 广场 大厦 酒店 超市 商场 宾馆 市场 工地 车站 供电 中学 小学 大学 幼儿 商会 "
    "银行 大队 水库 电站 社区 公寓 新村 工业 集团 物业 变电 台区 线路"
)
_NOUNS = frozenset(_NOUN_WORDS.split())
"""What is no given name behind a double surname: 东方医院."""
_NUMBER = re.compile(r"1[3-9]\d[\d\-* ]{8}")
_LEADS = re.compile(
    r"(?:的?(?:联系)?(?:电话|電話|手机号?)(?:号码?)?[是为:\uff1a ]{0,2}|[\uff08(\uff0c,、:\uff1a ]{0,2})"
    r"(?:\+?86[- ]?)?$"
)
_LOOK_BACK = 16
_OPENS = re.compile(rf"(?:^|[{_STOP}0-9*]|联系|致电|找|是|叫|户|人|员|工|给|和|与)$")
_FUNCTION = frozenset(
    "的了是在不我你他她它这那就也都很还没有和与及或被把让给对向从由于为因所以并且但而其该各每某请将要去说问找叫跟"
    "姓等位副委部司局镇村县市区店厂街巷院校站队组社坝沟屯线所"
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
    for found in _POLITE.finditer(text):
        yield from _ending_at(text, found.start(), open_only=False)
    for found in _SURNAME.finditer(text):
        start = found.start()
        if text[start : start + 2] not in NO_NAMES and (end := _end_of(text, start)):
            yield Span(start, end, Kind.NAME, "*" * (end - start))
    if "·" in text or "•" in text:
        yield from _of_two_parts(text)
    for found in _NUMBER.finditer(text):
        lead = _LEADS.search(text, max(found.start() - _LOOK_BACK, 0), found.start())
        yield from _ending_at(text, lead.start() if lead else found.start(), open_only=True)


def _end_of(text: str, start: int) -> int:
    """Return where the name ends that begins with the surname at ``start``; 0 where nothing says it is one.

    Surnames are looked for first, because they are few: what says that one begins a name stands before it, a
    role or the beginning of a clause.
    """
    before = text[start - 1] if start else ""
    role = _role_before(text, start)
    if role and (end := _behind_role(text, start, sure=role[-1] in _KIN)):
        return end
    if before and not _MAY_BEGIN.match(before):
        return 0
    for end in range(start + 2, min(start + 4, len(text)) + 1):
        if _SAYS.match(text, end) and is_name(text[start:end]) and text[start:end] not in PLACES:
            return end if _BEGINS.search(text, max(start - 2, 0), start) else 0
    return 0


def _role_before(text: str, at: int) -> str:
    """Return the role or label that ends at ``at``, up to two signs before it, or nothing."""
    for _ in range(2):
        if at and text[at - 1] in _BETWEEN:
            at -= 1
    if not at or text[at - 1] not in _ROLE_ENDS:
        return ""
    for size in _ROLE_SIZES:
        if size <= at and (role := text[at - size : at]) in _AT_ROLE:
            return role
    return ""


def _behind_role(text: str, start: int, *, sure: bool) -> int:
    """Return where the name behind a role ends, 0 where there is none.

    家 ends a given name as often as it follows one: then the longer name is tried first. Behind a word that a
    name has to follow, three characters are taken where nothing says where it ends.
    """
    if text[start] == "傅" and text[start - 1 : start] == "师":
        return 0
    lengths = (3, 2, 4) if text[start + 2 : start + 3] == "家" else (2, 3, 4)
    for length in lengths:
        if _ENDS.match(text, start + length) and is_name(text[start : start + length]):
            return start + length
    return start + 3 if sure and is_name(text[start : start + 3]) else 0


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


def _of_two_parts(text: str) -> Iterator[Span]:
    """Yield names written with a dot between their parts; estates are written so too."""
    for found in _DOTTED_NAME.finditer(text):
        if not _ESTATE.search(found[2]):
            start = found.start(1) + (2 if found[1][:2] in ("客户", "用户", "村民", "居民", "户主") else 0)
            yield Span(start, found.end(2), Kind.NAME, "*" * (found.end(2) - start))


def is_name(text: str) -> bool:
    """Return whether two to four characters can be somebody's name."""
    if (text[0] not in COMMON and text[:2] not in COMPOUND) or text[:2] in NO_NAMES:
        return False
    given = text[2:] if text[:2] in COMPOUND else text[1:]
    return (
        1 <= len(given) <= 2
        and given not in _TITLES
        and given not in _NOUNS
        and not set(given) & _FUNCTION
        and all("\u4e00" <= each <= "\u9fff" for each in given)
    )


def may_be_name(word: str) -> bool:
    """Return whether a word typed by itself may be somebody's name: better one too many than one too few."""
    plain = word.strip()
    foreign = len(plain) > 1 and plain.isascii() and plain.isalpha()
    return foreign or "·" in plain or "•" in plain or (len(plain) > 1 and is_name(plain))
