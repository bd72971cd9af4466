"""Which texts can be kept, and how long what stands in an address may be."""

import re

LONGEST = 2_000
"""Characters of one value in an address; a search has fewer."""

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> bool:
    """Return whether a text can be kept: no NUL, no half of a character."""
    return _UNSTORABLE.search(text) is None
