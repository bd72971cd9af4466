"""Hiding what identifies a person in a text, keeping what says what happened.

``text`` finds and hides; ``numbers``, ``written``, ``names`` (with ``cues``, ``surnames``, ``given``,
``words``, ``slots``, ``peoples``) and ``places`` each know one kind of clue; ``fields`` hides values that are
personal as a whole; ``known`` hides word for word whom a case knows; ``whole`` leaves not even a surname,
where a caller is kept secret.
"""

from .fields import mask_address, mask_file_name, mask_name, mask_phone
from .known import Known, known, mask_known, without
from .names import may_be_name
from .span import Kind, Span
from .text import find, mask
from .typed import may_say_who, says_who
from .whole import mask_whole

VERSION = 7
"""Which rules these are; raised whenever they hide anything else, so that older texts are masked again."""

__all__ = [
    "VERSION",
    "Kind",
    "Known",
    "Span",
    "find",
    "known",
    "mask",
    "mask_address",
    "mask_file_name",
    "mask_known",
    "mask_name",
    "mask_phone",
    "mask_whole",
    "may_be_name",
    "may_say_who",
    "says_who",
    "without",
]
