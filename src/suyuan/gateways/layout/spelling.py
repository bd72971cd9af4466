"""Which texts are the same word? Width, script, case, spaces and brackets do not make a difference."""

import re
import unicodedata
from functools import lru_cache

from suyuan.analytics.script import simplified

SPACES = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
BRACKETS = re.compile(r"[(\[【〔「{<].*?[)\]】〕」}>]")
DECORATION = re.compile(r"[*:：#、，,。.;；\"'“”‘’?？!！_]+")

_WIDE = re.compile("[\uff01-\uff5e\u3000]")
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""Full-width forms of ASCII, as Chinese input methods type digits and letters."""


@lru_cache(maxsize=65_536)
def word(text: str) -> str:
    """Return the form two spellings of one word share."""
    return SPACES.sub("", simplified(unicodedata.normalize("NFKC", text))).casefold()


@lru_cache(maxsize=4_096)
def header(text: str) -> str:
    """Return the form two spellings of one header share; ``受理时间（必填）*`` is 受理时间."""
    whole = word(text)
    bare = DECORATION.sub("", BRACKETS.sub("", whole))
    return bare or DECORATION.sub("", whole)


def half_width(text: str) -> str:
    """Return ``text`` with digits, letters and signs of ASCII width, and no space around."""
    return text.strip() if _WIDE.search(text) is None else text.translate(FULL_WIDTH).strip()
