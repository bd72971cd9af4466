"""Which spellings are one name? Width, spaces, dots, script and case make no difference."""

import re
import unicodedata
from functools import cache

from suyuan.analytics.script import simplified
from suyuan.domain.masking.surnames import NOBODY

VERSION = 1
"""Rises with every change of what ``name`` returns: the worker then indexes the names anew."""

_BETWEEN = re.compile(r"[\s·•・‧.．\-]+")
_CHINESE = range(0x4E00, 0xA000)


def name(text: str) -> str:
    """Return the form the spellings of one name share; nothing for a word that stands for no name."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).translate(_simplified()).casefold()
    return "" if plain in NOBODY else plain


@cache
def _simplified() -> dict[int, str]:
    """Return each traditional character's simplified one: a name is no phrase whose words could matter."""
    pairs = ((code, simplified(chr(code))) for code in _CHINESE)
    return {code: simple for code, simple in pairs if simple != chr(code)}
