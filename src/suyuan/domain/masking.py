"""Hiding what identifies a person in a text, keeping what says what happened."""

import re
import unicodedata

_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?(\d[\d -]{5,22}\d)[Xx]?(?![0-9A-Za-z])")
_NAME = re.compile(
    r"((?:客户|用户|户主|联系人|投诉人|报修人|姓名)[:\uff1a是为]?\s*)([一-鿿]{1,3}?)"
    r"(?=先生|女士|小姐|同志|[,\uff0c。;\uff1b、\s(\uff08)\uff09]|来电|致电|反映|表示|$)"
)
_TITLE = re.compile(r"(?<![一-鿿])(?!先生|女士)([一-鿿])(?:(?!先生|女士)[一-鿿]){1,2}(?=先生|女士)")
_ADDRESS = re.compile(r"(\d+)(?=(?:号楼|栋|幢|单元|室|号院|门牌))")


def mask(text: str) -> str:
    """Return ``text`` without phone, identity, card and account numbers, names and house numbers."""
    hidden = _LONG_NUMBER.sub(_mask_number, text)
    hidden = _NAME.sub(lambda found: found[1] + "*" * len(found[2]), hidden)
    hidden = _TITLE.sub(lambda found: found[1] + "*", hidden)
    return _ADDRESS.sub("*", hidden)


def _mask_number(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[1])
    if len(digits) < 7 or _is_moment(found[1]):
        return found[0]
    return found[0].replace(found[1], digits[:3] + "*" * (len(digits) - 5) + digits[-2:])


def _is_moment(text: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d-\d\d?-\d\d?(?: \d\d?)?", text.strip()) is not None


def mask_phone(value: str) -> str:
    """Return a phone or account number with its middle hidden."""
    value = unicodedata.normalize("NFKC", value)
    return value if len(value) < 5 else value[:3] + "*" * (len(value) - 5) + value[-2:]


def mask_name(value: str) -> str:
    """Return a name as its first character and stars."""
    return value[:1] + "*" * max(len(value) - 1, 0)


def mask_address(value: str) -> str:
    """Return an address down to the street, the rest hidden."""
    cut = re.search(r"(路|街|道|巷|镇|乡|村)", value)
    return value[: cut.end()] + "***" if cut else value[:6] + "***"
