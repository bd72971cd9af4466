"""Where in a text something personal stands."""

from enum import StrEnum
from typing import NamedTuple

CHINESE = r"[\u4e00-\u9fff\u3400-\u4dbf]"
STOP = r"\s，,。.;；、:：（()）\u201c\u201d\"'《》【】\[\]!！?？|/"
"""What ends a clause, as the inside of a set of a regular expression."""


class Kind(StrEnum):
    """What a piece of text gives away."""

    PHONE = "phone"
    IDENTITY = "identity"
    CARD = "card"
    ACCOUNT = "account"
    NUMBER = "number"
    """A long number of which nothing says that it is harmless."""
    NAME = "name"
    ADDRESS = "address"
    EMAIL = "email"
    PLATE = "plate"
    CHAT = "chat"


class Span(NamedTuple):
    """A piece of text that is to be hidden, and what stands there instead."""

    start: int
    end: int
    kind: Kind
    shown: str
