"""What do a column's header and its values say it is?"""

import re
from typing import Any

from .cells import BLANKS, Broken, inexact, shown, spellings
from .chains import Chains
from .moments import Clock, Unreadable
from .record import Column, Layout
from .spelling import half_width, header, word

NUMBER = re.compile(r"[A-Za-z]{0,6}[-_]?\d{4,}[\w-]*")
PHONE = re.compile(r"\+?[\d-]{7,16}")
ACCOUNT = re.compile(r"\d{8,13}")
LONG = 12
"""Characters from which a text is somebody's words and not a name or code."""


def likeness(name: str, column: Column) -> float:
    """Return how much header ``name`` is like those of ``column``: 1 the same, 0 nothing in common."""
    return max((_alike(header(name), header(known)) for known in column.headers), default=0.0)


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if not one or not other:
        return 0.0
    if one in other or other in one:
        return 0.55 + 0.4 * min(len(one), len(other)) / max(len(one), len(other))
    pairs = [{text[i : i + 2] for i in range(len(text) - 1)} for text in (one, other)]
    total = len(pairs[0]) + len(pairs[1])
    return 2 * len(pairs[0] & pairs[1]) / total if total else 0.0


class Evidence:
    """Judges values by what the parsers of ``layout`` would make of them."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._clock = Clock(layout.timezone, layout.formats)
        self._chains = Chains(layout)

    def share(self, column: Column, cells: list[Any]) -> float | None:
        """Return the share of ``cells`` that could be values of ``column``; None where any text could."""
        given = [cell for cell in cells if half_width(shown(cell)).casefold() not in BLANKS | {""}]
        if not given:
            return None
        texts = [half_width(shown(cell)) for cell in given]
        match column.reads_as:
            case "moment":
                return _share(self._is_moment(cell) for cell in given)
            case "chain":
                return _share(not self._chains.read(cell).unknown for cell in given)
            case "code" | "bool":
                known = spellings(self.layout, column.code_list)
                return _share(word(text) in known for text in texts)
        return self._by_shape(column.field, given, texts)

    def _by_shape(self, name: str, given: list[Any], texts: list[str]) -> float | None:
        if name == "number":
            exact = _share(
                bool(NUMBER.fullmatch(t)) or (isinstance(c, float) and inexact(c))
                for c, t in zip(given, texts, strict=True)
            )
            return exact * len(set(texts)) / len(texts)
        if name == "phone":
            return _share(bool(PHONE.fullmatch(text)) for text in texts)
        if name == "account":
            return _share(bool(ACCOUNT.fullmatch(text)) for text in texts)
        if name in ("text", "handling"):
            return _share(len(text) >= LONG for text in texts)
        return None

    def _is_moment(self, cell: Any) -> bool:
        # A bare number may be a serial date, but also anything else: it is no evidence.
        if isinstance(cell, int | float):
            return False
        try:
            return self._clock.read(cell) >= self._clock.earliest
        except (Unreadable, Broken):
            return False


def _share(claims: Any) -> float:
    found = list(claims)
    return sum(found) / len(found) if found else 0.0
