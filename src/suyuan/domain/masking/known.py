"""What is known of the people a text is about is hidden in it word for word, whatever stands around it.

Rules see a name by what stands beside it; a case knows whose it is. Spaces, dots, width and case make no
difference.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from .fields import mask_address
from .names import is_no_word
from .span import Kind
from .surnames import COMPOUND, NOBODY
from .text import find, mask
from .whole import TITLE, mask_whole

NAMES = ("customer", "name", "registered_customer")
NUMBERS = ("phone", "account", "email", "wechat")
ADDRESS = "address"
"""The keys under which a sealed value holds what says who it is."""
SHORTEST_NUMBER, SHORTEST_ADDRESS = 5, 6
"""Fewer characters of a number or an address stand in too much that is none."""

_SEVERAL = re.compile(r"[、,;/|()\[\]]+")
_GAP = r"[\s\u200b-\u200f\ufeff·•・‧.．\-]"
_GAPS = re.compile(f"{_GAP}+")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_IN_WORD = re.compile("[A-Za-z0-9]")
_TITLED = re.compile(f"(?:{TITLE})$")
_TITLES = re.compile(TITLE)
_FIRM = re.compile(
    "(?:公司|厂|店|局|所|站|院|学校|大学|中学|小学|幼儿园|委会|社|部|中心|集团|队|行|超市|酒店|宾馆|物业)$"
)
"""Who is no person: what is said of a firm in an ordinary case keeps its name."""
_LONGEST_PERSON = 4


@dataclass(frozen=True, slots=True)
class Known:
    """Who a text may be about: the characters that say so, without what stands between them."""

    people: frozenset[str] = frozenset()
    firms: frozenset[str] = frozenset()
    surnames: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()

    def __or__(self, other: "Known") -> "Known":
        """Return what either knows."""
        return Known(*(getattr(self, name) | getattr(other, name) for name in self.__slots__))


def known(opened: Mapping[str, str]) -> Known:
    """Return who it is by the values that were sealed of somebody."""
    named = [one for key in NAMES if opened.get(key) for one in _each(opened[key])]
    numbers = (_plain(opened[key]) for key in NUMBERS if opened.get(key))
    address = _plain(opened.get(ADDRESS, ""))
    return Known(
        people=frozenset(one for one in named if len(one) > 1 and not _FIRM.search(one)),
        firms=frozenset(one for one in named if _FIRM.search(one)),
        surnames=frozenset(filter(None, map(_surname, named))),
        numbers=frozenset(one for one in numbers if len(one) >= SHORTEST_NUMBER),
        addresses=frozenset({address} if len(address) >= SHORTEST_ADDRESS else ()),
    )


def mask_known(text: str, told: Known, *, whole: bool = False) -> str:
    """Return ``text`` masked, with what is known hidden too; ``whole`` leaves nothing of a name.

    The rules see the text as it was said: a name that is hidden first gives no other one away.
    """
    rest = mask_whole if whole else mask
    hidden = _hide(text, told, whole)
    if hidden == text:
        return rest(text)
    parts, at = [], 0
    for span in find(text):
        here = hidden[span.start : span.end]
        kept = here if span.kind is Kind.NAME and here != text[span.start : span.end] else span.shown
        parts += [hidden[at : span.start], kept]
        at = span.end
    return rest(_hide("".join(parts) + hidden[at:], told, whole))


def without(text: str, told: Known) -> str:
    """Return ``text`` without who is known, and else as it was said."""
    return _hide(text, told, whole=True)


def _each(value: str) -> Iterator[str]:
    """Yield the names a field holds, without a title."""
    for piece in _SEVERAL.split(unicodedata.normalize("NFKC", value).replace("，", ",")):
        name = _TITLED.sub("", _plain(piece))
        if name and name not in NOBODY:
            yield name


def _plain(text: str) -> str:
    return _GAPS.sub("", text.translate(_NARROW)).casefold()


def _surname(name: str) -> str:
    """Return the surname of a Chinese person's name, nothing of anybody else's."""
    if not "\u3400" <= name[0] <= "\u9fff" or len(name) > _LONGEST_PERSON or _FIRM.search(name):
        return ""
    return name[:2] if name[:2] in COMPOUND else name[0]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something known stands in a text, with what is written between its characters."""

    text: str
    start: int
    end: int

    @property
    def said(self) -> str:
        return self.text[self.start : self.end]


def _shown(text: str, plain: str, shown: Callable[[_Place], str]) -> str:
    """Return the text with something known shown otherwise, however it is written."""
    parts, since = [], 0
    for place in _places(text, plain):
        parts += [text[since : place.start], shown(place)]
        since = place.end
    return "".join(parts) + text[since:]


def _places(text: str, plain: str) -> Iterator[_Place]:
    """Yield where characters stand one after another; Latin ones and digits as whole words."""
    each = [(one, at) for at, written in enumerate(text) for one in _plain_one(written)]
    whole, at, size = "".join(one for one, _ in each), 0, len(plain)
    while (at := whole.find(plain, at)) >= 0:
        start, end = each[at][1], each[at + size - 1][1] + 1
        is_word = not (_IN_WORD.match(text[start - 1 : start]) or _IN_WORD.match(text[end : end + 1]))
        if is_word or not plain.isascii():
            yield _Place(text, start, end)
            at += size
        else:
            at += 1


@lru_cache(maxsize=8192)
def _plain_one(written: str) -> str:
    return _plain(written)


def _hide(text: str, told: Known, whole: bool) -> str:
    """Return the text with what is known starred, character for character."""
    plain = _plain(text)
    names = told.people | told.firms if whole else told.people
    for name in sorted(names, key=lambda one: (-len(one), one)):
        if name in plain:
            text = _shown(text, name, _stars if whole else _named)
    for number in sorted(told.numbers):
        if number in plain:
            text = _shown(text, number, lambda found: found.said[:3] + "*" * (len(found.said) - 3))
    for address in sorted(told.addresses):
        if address in plain:
            text = _shown(text, address, _placed)
    return _rest(text, told) if whole else text


def _rest(text: str, told: Known) -> str:
    """Return the text also without the given name alone, and the surname where it stands for a name."""
    for surname in sorted(told.surnames):
        beside = f"{surname}(?=(?:{TITLE})|某|\\*)|(?<=姓){surname}"
        text = re.sub(beside, lambda found: "*" * len(found[0]), text)
    for name in sorted(told.people):
        surname = _surname(name)
        given = name.removeprefix(surname)
        if surname and len(given) > 1:
            text = _shown(text, given, _stars)
    return text


def _stars(found: _Place) -> str:
    return "*" * len(found.said)


def _named(found: _Place) -> str:
    """Return stars; beside a title the surname stays, and a name that is a word within a clause."""
    said, before, name = found.said, found.text[: found.start][-1:], _plain(found.said)
    if not is_no_word(name) and before.isalnum():
        return said
    surname = _surname(name)
    titled = surname and said.startswith(surname) and _TITLES.match(found.text, found.end)
    kept = len(surname) if titled else 0
    return said[:kept] + "*" * (len(said) - kept)


def _placed(found: _Place) -> str:
    """Return an address down to the street."""
    said = found.said
    street = mask_address(said).rstrip("*")
    return said[: len(street)] + "*" * (len(said) - len(street))
