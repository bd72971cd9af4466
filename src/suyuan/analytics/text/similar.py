"""How alike are two texts? Counted by the runs of characters they share, so that no dictionary is needed.

Only masked texts are compared: what a mask hides is left out, and so is every digit, so that neither a number
nor a name makes two texts alike.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

SIZES = (2, 3)
"""Lengths of the runs: two characters are a Chinese word; a run of three that is shared says more."""

_SAYS_NOTHING = re.compile(r"[\W\d_]+")
"""Punctuation, spaces, digits and the asterisks of a mask."""

Shingles = Mapping[str, int]
"""Each run of characters with how often it occurs."""


def normal(text: str, idle: Iterable[str] = ()) -> str:
    """Return a text in one width and case, without punctuation, digits, masks and idle phrases."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for phrase in idle:
        plain = plain.replace(phrase, " ")
    return _SAYS_NOTHING.sub(" ", plain).strip()


def shingles(text: str) -> Counter[str]:
    """Return the runs of characters of a normal text; none reaches over what was left out."""
    found: Counter[str] = Counter()
    for piece in text.split():
        for size in SIZES:
            found.update(piece[at : at + size] for at in range(len(piece) - size + 1))
    return found


def jaccard(one: Shingles, other: Shingles) -> float:
    """Return the weight of the runs two texts share, of that of all they have; a longer run weighs more."""
    if len(one) > len(other):
        one, other = other, one
    shared = sum(len(run) * min(n, other.get(run, 0)) for run, n in one.items())
    every = _weight(one) + _weight(other) - shared
    return shared / every if every else 0.0


def _weight(runs: Shingles) -> int:
    return sum(len(run) * n for run, n in runs.items())
