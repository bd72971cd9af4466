"""Themes 主题: what customers of one place bring up more often than they should (docs/methods/themes.md).

counting   contacts by kind, place and day, out of the lake
tails      how surprising a count is, given the other places and the place's own past
finding    the themes past the threshold of the rulebook
"""

from .counting import AREA, LEVELS, LINE, UNIT, Named, Span, counted, numbers
from .finding import BOTH, OTHERS, OWN, Theme, Threshold, find, judge

__all__ = [
    "AREA",
    "BOTH",
    "LEVELS",
    "LINE",
    "OTHERS",
    "OWN",
    "UNIT",
    "Named",
    "Span",
    "Theme",
    "Threshold",
    "counted",
    "find",
    "judge",
    "numbers",
]
