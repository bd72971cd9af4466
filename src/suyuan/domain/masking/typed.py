"""Whether what somebody types to search for may say who somebody is: then it is kept nowhere."""

import re

from .names import may_be_name
from .text import mask

SEVEN_DIGITS = re.compile(r"\d(?:[\s()（）+-]*\d){6}")
"""What may be a telephone or account, however it is written and whatever stands around it."""


def may_say_who(text: str) -> bool:
    """Return whether a text may hold somebody's number, name or address: better one too many."""
    return bool(SEVEN_DIGITS.search(text)) or mask(text) != text or any(map(may_be_name, text.split()))
