"""Whether what somebody types to search for may say who somebody is: then it is kept nowhere."""

import re
import unicodedata

from .names import is_name, may_be_name
from .text import mask

SEVEN_DIGITS = re.compile(r"\d(?:[\s()（）+-]*\d){6}")
"""What may be a telephone or account, however it is written and whatever stands around it."""


def may_say_who(text: str) -> bool:
    """Return whether a text may hold somebody's number, name or address: better one too many."""
    return says_who(text) or any(map(may_be_name, text.split()))


def says_who(text: str) -> bool:
    """Return whether a text holds somebody's number or address, or a word of it is a Chinese name."""
    plain = unicodedata.normalize("NFKC", text)
    number = SEVEN_DIGITS.search(plain) is not None or mask(plain) != plain
    return number or any(len(word) > 1 and is_name(word) for word in plain.split())
