"""A text of a case whose caller is kept secret: a surname alone can say who it is."""

import re

from .surnames import COMMON, COMPOUND, DOUBTFUL, RARE
from .text import mask

_SURNAME = f"(?:{'|'.join(COMPOUND)}|[{''.join(sorted(COMMON | RARE | DOUBTFUL))}])"
TITLE = "先生|女士|小姐|同志|师傅|大爷|大妈|大叔|大姐|大哥|阿姨"
_LEFT = re.compile(rf"{_SURNAME}(?=\*+(?![*号单栋幢室楼])|(?:{TITLE}))")
"""What ``mask`` leaves of a name; the stars of a house number follow a street, not a surname."""


def mask_whole(text: str) -> str:
    """Return ``text`` masked, of a name not even the surname left; masking twice is masking once."""
    return _LEFT.sub(lambda found: "*" * len(found[0]), mask(text))
