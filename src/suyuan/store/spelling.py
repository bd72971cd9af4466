"""Which spellings are one name? Width, spaces, dots, script and case make no difference."""

import re
import threading
import unicodedata
import warnings
from functools import cache

import zhconv

from suyuan.domain.masking.surnames import NOBODY

VERSION = 1
"""Rises with every change of what ``name`` returns: the worker then indexes the names anew."""

_BETWEEN = re.compile(r"[\s·•・‧.．\-]+")
_CHINESE = range(0x4E00, 0xA000)


def name(text: str) -> str:
    """Return the form the spellings of one name share; nothing for a word that stands for no name."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).translate(_simplified()).casefold()
    return "" if plain in NOBODY else plain


_LOADING = threading.Lock()
"""Filters of warnings belong to the process: of two threads one would put back what the other took away."""


@cache
def _simplified() -> dict[int, str]:
    """Return each traditional character's simplified one: a name is no phrase whose words could matter."""
    with _LOADING, warnings.catch_warnings():  # zhconv leaves its dictionary file open
        warnings.simplefilter("ignore", ResourceWarning)
        zhconv.loaddict()
    pairs = ((code, str(zhconv.convert(chr(code), "zh-hans"))) for code in _CHINESE)
    return {code: simple for code, simple in pairs if simple != chr(code)}
