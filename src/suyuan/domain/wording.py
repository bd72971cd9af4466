"""Words people search for: cut into index terms, said in other ways, and found again in a text."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

_RUN = re.compile(r"[一-鿿]+|[0-9a-z]+")

MOST_WAYS = 8
"""Ways of saying one word that a search looks for."""
AROUND = 40
"""Characters of a text shown before the first hit."""

Marked = list[tuple[str, bool]]
"""A text in pieces, each with whether it is a hit."""


def plain(text: str) -> str:
    """Return a text as the index sees it: half width, lower case, one character for one."""
    return "".join(_one(character) for character in text)


def _one(character: str) -> str:
    """Return one character for one, so that places in the plain text are places in the text."""
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character


def terms(text: str) -> list[str]:
    """Return the index terms of ``text``: bigrams of Chinese runs, words and numbers as they are.

    The last character of a run stands alone, so that a single character is found wherever it stands.
    """
    found: list[str] = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0] >= "一":
            found += [run[i : i + 2] for i in range(len(run))]
        else:
            found.append(run)
    return found


def wanted(word: str) -> list[str]:
    """Return the terms a word asks for: bigrams, and single characters only where they stand alone."""
    found: set[str] = set()
    for run in _RUN.findall(unicodedata.normalize("NFKC", word).lower()):
        whole = run[0] < "一" or len(run) == 1
        found |= {run} if whole else {run[i : i + 2] for i in range(len(run) - 1)}
    return sorted(found)


def words(query: str) -> list[str]:
    """Return the words of a query: what stands between spaces and has a term to look for."""
    return [word for word in unicodedata.normalize("NFKC", query).lower().split() if wanted(word)]


def ways(word: str, groups: Iterable[Sequence[str]]) -> list[str]:
    """Return a word and the other ways of saying it, itself first.

    A group holds words that mean the same; one that stands inside a longer word is replaced there, so that
    频繁停电 also finds 频繁没电.
    """
    found = [word]
    for group in groups:
        inside = max((one for one in group if one in word), key=len, default="")
        if inside:
            found += [word.replace(inside, other) for other in group if other != inside]
    return list(dict.fromkeys(found))[:MOST_WAYS]


def marked(text: str, hits: Iterable[str], longest: int = 120) -> Marked:
    """Return the part of a text around the first of ``hits``, in pieces; its beginning where none is."""
    found = _places(plain(text), hits)
    start = max(found[0][0] - AROUND, 0) if found and found[0][1] > longest else 0
    stop = min(start + longest, len(text))
    pieces: Marked = [("…", False)] if start else []
    at = start
    for first, last in found:
        if first < at or last > stop:
            continue
        pieces += [(text[at:first], False), (text[first:last], True)]
        at = last
    pieces += [(text[at:stop], False), ("…" if stop < len(text) else "", False)]
    return [piece for piece in pieces if piece[0]]


def _places(text: str, hits: Iterable[str]) -> list[tuple[int, int]]:
    """Return where hits stand, the longest first where several begin at one place."""
    longest_first = sorted({plain(hit) for hit in hits if hit}, key=len, reverse=True)
    if not longest_first:
        return []
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    return [found.span() for found in pattern.finditer(text)]
