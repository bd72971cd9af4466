"""Sentences of which every personal part is known, and sentences that only look as if they had one.

A seed gives the same sentences each time; nobody in them exists.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from suyuan.domain.masking.numbers import WEIGHTS

from .names import CITY, COUNTIES, ESTATES, GIVEN, STREETS, TOWNS, VILLAGES
from .personal_clauses import HARMLESS, TELLING

Spot = tuple[int, int, str]
"""Start, end and kind of something personal."""

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
COMMON = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁余叶蒋杜苏魏程吕丁沈任姚卢"
)
SELDOM = (
    "邹熊孟秦白江阎薛尹段雷侯龙陶贺顾毛郝龚邵万钱严覃武戚莫孔汤常康洪温庄翟葛柯阮岳殷齐梅焦俞柏辛祝涂裴席聂霍"
)
OLD_STYLE = "張劉陳楊黃趙吳孫馬鄭謝許鄧馮韓蕭葉蔣蘇呂盧鍾譚陸賈龍賀顧萬錢嚴湯溫莊"
GIVEN_TOO = (*GIVEN, *"家豪长海先来福本同德光才根金水木春秋一凡万里千山喜旺顺贵祥瑞彤琪慧婷")
DOUBLE = ("欧阳", "上官", "司马", "诸葛", "皇甫", "慕容", "令狐", "夏侯")
PREFIXES = (
    "130",
    "133",
    "135",
    "138",
    "139",
    "147",
    "150",
    "158",
    "166",
    "173",
    "177",
    "180",
    "188",
    "191",
    "198",
    "199",
)
PLACES = ("330106", "110105", "420101", "510104", "622901", "340121", "450102", "131102")
MAIL = ("qq.com", "163.com", "example.com.cn", "mail.example.org")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text and what in it is personal."""

    text: str
    spots: tuple[Spot, ...]


def sentences(seed: int, count: int) -> list[Sentence]:
    """Return ``count`` texts of one to four clauses, in which personal and harmless ones take turns."""
    draw = random.Random(seed)  # noqa: S311 a seeded twin, no secret
    return [_sentence(draw) for _ in range(count)]


def _sentence(draw: random.Random) -> Sentence:
    text, spots = "", []
    for _ in range(draw.randint(1, 4)):
        clause = draw.choice(TELLING if draw.random() < 0.6 else HARMLESS)
        said, found = _filled(draw, clause, len(text))
        text += said + draw.choice(("，", "。", "；", "，", "\n"))
        spots += found
    return Sentence(text, tuple(spots))


_SLOT = re.compile(r"\{(\w+)\}")


def _filled(draw: random.Random, clause: str, at: int) -> tuple[str, list[Spot]]:
    parts, spots, end = [], [], 0
    for slot in _SLOT.finditer(clause):
        parts.append(clause[end : slot.start()])
        value = MAKERS[slot[1]](draw)
        start = at + sum(map(len, parts))
        if slot[1] in KINDS:
            spots.append((start, start + len(value), KINDS[slot[1]]))
        parts.append(value)
        end = slot.end()
    return "".join(parts) + clause[end:], spots


def _digits(draw: random.Random, count: int) -> str:
    return "".join(draw.choices("0123456789", k=count))


def mobile(draw: random.Random) -> str:
    """Return a mobile number in one of the ways people write it."""
    number = draw.choice(PREFIXES) + _digits(draw, 8)
    a, b, c = number[:3], number[3:7], number[7:]
    ways = (
        number,
        number,
        number,
        f"{a} {b} {c}",
        f"{a}-{b}-{c}",
        f"+86 {number}",
        f"86{number}",
        f"+86{number}",
    )
    return draw.choice((*ways, number.translate(FULL_WIDTH), f"{number[:4]}-{number[4:7]}-{number[7:]}"))


SPOKEN = str.maketrans("0123456789", "零幺二三四五六七八九")
FORMAL = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")


def grouped(draw: random.Random) -> str:
    """Return a mobile number in groups, with more between them than one character, or digit by digit."""
    number = draw.choice(PREFIXES) + _digits(draw, 8)
    a, b, c = number[:3], number[3:7], number[7:]
    return draw.choice(
        (f"{a}  {b}  {c}", f"{a} - {b} - {c}", f"{a}.{b}.{c}", f"{a}·{b}·{c}", "-".join(number))
    )


def spoken(draw: random.Random) -> str:
    """Return a mobile number in Chinese numerals, as it is said or as it stands on papers."""
    number = (draw.choice(PREFIXES) + _digits(draw, 8)).translate(draw.choice((SPOKEN, FORMAL)))
    return draw.choice((number, f"{number[:3]}，{number[3:7]}，{number[7:]}", " ".join(number)))


def travel(draw: random.Random) -> str:
    """Return the number of a passport or of a permit for Hong Kong and Macau."""
    return draw.choice("EGPHM") + draw.choice("013456789") + _digits(draw, 7)


def tail(draw: random.Random) -> str:
    """Return the last four of a number."""
    four = _digits(draw, 4)
    return draw.choice((four, four, four.translate(SPOKEN)))


def landline(draw: random.Random) -> str:
    """Return a telephone number with its area code."""
    area, local = draw.choice((("010", 8), ("021", 8), ("0571", 8), ("0898", 8), ("0931", 7), ("0755", 8)))
    number = draw.choice("2345678") + _digits(draw, local - 1)
    way = draw.choice(("{}-{}", "{}{}", "({}){}", "（{}）{}", "{} {}"))
    return way.format(area, number)


def local_line(draw: random.Random) -> str:
    """Return a telephone number without its area code."""
    return draw.choice("2345678") + _digits(draw, draw.choice((6, 7)))


def identity(draw: random.Random) -> str:
    """Return an identity number with its check digit, or an old one of fifteen digits."""
    month, day = draw.randint(1, 12), draw.randint(1, 28)
    if draw.random() < 0.15:
        return f"{draw.choice(PLACES)}{draw.randint(30, 85)}{month:02d}{day:02d}{_digits(draw, 3)}"
    number = f"{draw.choice(PLACES)}{draw.randint(1935, 2012)}{month:02d}{day:02d}{_digits(draw, 3)}"
    check = (12 - sum(int(n) * w for n, w in zip(number, WEIGHTS, strict=True)) % 11) % 11
    return number + ("X" if check == 10 else str(check))


def card(draw: random.Random) -> str:
    """Return a bank card number with its check digit, in one run or in fours."""
    body = draw.choice(("6222", "6217", "6228", "4367", "5187")) + _digits(draw, draw.choice((11, 14)))
    total = 0
    for place, each in enumerate(reversed(body)):
        value = int(each) * (2 - place % 2)
        total += value - 9 if value > 9 else value
    number = body + str(-total % 10)
    return number if draw.random() < 0.6 else " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def account(draw: random.Random) -> str:
    """Return an account number of ten or thirteen digits."""
    return draw.choice(("33", "05", "10", "62", "99")) + _digits(draw, draw.choice((8, 11)))


def name(draw: random.Random) -> str:
    """Return a name of two to four characters, now and then in traditional characters."""
    given = "".join(draw.choices(GIVEN_TOO, k=draw.choice((1, 2, 2))))
    chance = draw.random()
    if chance < 0.06:
        return draw.choice(DOUBLE) + given
    return draw.choice(OLD_STYLE if chance < 0.12 else SELDOM if chance < 0.3 else COMMON) + given


def house(draw: random.Random) -> str:
    """Return what stands behind a street or an estate."""
    n = draw.randint
    ways = (
        f"{n(1, 400)}号", f"{n(1, 40)}号楼{n(1, 6)}单元{n(101, 2804)}室",
        f"{n(1, 40)}栋{n(1, 4)}单元{n(101, 2804)}",
        f"{n(1, 40)}栋{n(101, 2804)}室", f"{n(1, 40)}幢{n(101, 999)}室",
        f"{n(1, 40)}-{n(1, 4)}-{n(101, 999)}",
        f"{n(1, 300)}号{n(1, 30)}幢{n(1, 4)}单元{n(101, 999)}室", f"{n(1, 9)}座{n(101, 2804)}室",
    )  # fmt: skip
    return draw.choice(ways)


def plot(draw: random.Random) -> str:
    """Return what stands behind a village."""
    first = draw.choice((str(draw.randint(1, 18)), draw.choice("一二三四五六七八九")))
    return draw.choice(
        (f"{first}组{draw.randint(1, 99)}号", f"{first}组", f"{draw.randint(1, 180)}号", f"{first}社")
    )


def plate(draw: random.Random) -> str:
    """Return a number plate, also of an electric car."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    start = draw.choice("京浙苏粤鲁川豫闽赣云贵") + draw.choice(letters[:10])
    rest = (f"{_digits(draw, 5)}", f"{draw.choice(letters)}{_digits(draw, 4)}", f"D{_digits(draw, 5)}")
    return start + draw.choice(("", "·")) + draw.choice(rest)


def email(draw: random.Random) -> str:
    """Return what stands before the @ of a mail address, with it."""
    return draw.choice(("zhang.san", "liwei", "wxm_88", "chen-hao")) + _digits(draw, draw.randint(0, 4)) + "@"


def chat(draw: random.Random) -> str:
    """Return a chat name."""
    return draw.choice(("wxid_", "li-", "hello", "Zhao")) + _digits(draw, draw.randint(4, 8))


def order(draw: random.Random) -> str:
    """Return an order number."""
    day = f"20{draw.randint(19, 26)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}"
    return draw.choice(("", "SY", "KF", "DY")) + day + _digits(draw, draw.choice((4, 5, 6)))


def _of(*choices: str) -> Callable[[random.Random], str]:
    return lambda draw: draw.choice(choices)


def _between(low: int, high: int) -> Callable[[random.Random], str]:
    return lambda draw: str(draw.randint(low, high))


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "mobile": mobile, "grouped": grouped, "spoken": spoken, "travel": travel, "tail": tail,
    "landline": landline, "local": local_line, "identity": identity, "card": card,
    "account": account, "name": name, "house": house, "plot": plot, "plate": plate, "mail": email,
    "chat": chat, "host": _of(*MAIL), "surname": lambda draw: draw.choice(COMMON + SELDOM),
    "street": _of(*STREETS),
    "estate": _of(*ESTATES), "village": _of(*VILLAGES), "city": _of(CITY, ""), "county": _of(*COUNTIES, ""),
    "town": _of(*[f"{each}镇" for row in TOWNS for each in row]), "order": order, "n": _between(2, 30),
    "big": _between(1_000_000, 99_999_999), "amount": _between(30, 9_999), "month": _between(1, 12),
    "day": _between(1, 28), "hour": _between(0, 23), "minute": _between(10, 59), "year": _between(2019, 2026),
    "reading": _between(1000, 999_999),
}  # fmt: skip
KINDS = {
    "mobile": "phone", "grouped": "phone", "spoken": "phone", "travel": "identity", "tail": "number",
    "landline": "phone", "local": "phone", "identity": "identity", "card": "card",
    "account": "account", "name": "name", "house": "address", "plot": "address", "plate": "plate",
    "mail": "email", "chat": "chat",
}  # fmt: skip
"""The slots whose values are personal."""
