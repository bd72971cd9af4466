"""Business types and categories, alone or as a chain: 投诉-营业投诉-抄表, 故障报修→低压停电→一户停电.

The first part is the type. The rest is a category where the tree knows it. A complaint's category must be
known; what follows another type is a list we do not have, and is kept as its ``type_code``.
"""

import re
from dataclasses import dataclass
from typing import Any

from ..tablefile import unguard
from .record import Layout
from .spelling import word

ARROWS = re.compile(r"\s*(?:→|⇒|-+>|=+>|>>?|＞|»|／|/|\\|\||｜|—+|－|–|-|_|·|：|:)\s*")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a chain says. ``unknown`` names the rule it breaks."""

    business_type: str = ""
    parts: tuple[str, ...] = ()
    unknown: str = ""


NOTHING = Kind()


class Chains:
    """Reads chains by the code lists of one layout."""

    def __init__(self, layout: Layout) -> None:
        column = layout.column("business_type")
        self._types = self._table(layout, column.code_list if column else "business_type")
        self._categories = self._table(layout, "category")
        self._seen: dict[str, Kind] = {}
        self._placed: dict[tuple[str, tuple[str, ...]], tuple[str, str] | None] = {}

    @staticmethod
    def _table(layout: Layout, name: str) -> dict[str, str]:
        return {
            word(text): code for code, texts in layout.codes.get(name, {}).items() for text in (code, *texts)
        }

    def read(self, cell: Any) -> Kind:
        """Return the type and the further parts of ``cell``."""
        if isinstance(cell, float) and cell.is_integer():
            cell = str(int(cell))
        text = cell if isinstance(cell, str) else str(cell)
        found = self._seen.get(text)
        if found is None:
            found = self._read(unguard(text.strip()))
            if len(self._seen) < 20_000:
                self._seen[text] = found
        return found

    def _read(self, text: str) -> Kind:
        if not text:
            return NOTHING
        if (whole := self._types.get(word(text))) is not None:
            return Kind(whole, (text,) if word(text) in self._categories else ())
        parts = tuple(part for part in ARROWS.split(text) if part)
        for taken in range(len(parts), 0, -1):
            code = self._types.get(word("".join(parts[:taken])))
            if code is not None:
                own = parts[:1] if word(parts[0]) in self._categories else ()
                code, rest = self._refined(code, parts[taken:])
                return Kind(code, own + rest)
        return Kind(unknown="unknown_business_type")

    def _refined(self, code: str, rest: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """Return the closer type of the same family that the next part names: 服务申请-欠费复电登记."""
        closer = self._types.get(word(rest[0])) if rest else None
        if closer and "." in code and closer.partition(".")[0] == code.partition(".")[0]:
            return closer, rest[1:]
        return code, rest

    def place(self, business_type: str, parts: tuple[str, ...]) -> tuple[str, str] | None:
        """Return (category, type_code) that ``parts`` mean, or None if a complaint's are unknown."""
        key = (business_type, parts)
        if key not in self._placed:
            if len(self._placed) > 20_000:
                self._placed.clear()
            self._placed[key] = self._place(business_type, parts)
        return self._placed[key]

    def _place(self, business_type: str, parts: tuple[str, ...]) -> tuple[str, str] | None:
        # A file of one type may repeat the type as the first level: 业务类型 投诉, 一级分类 投诉.
        parts = tuple(
            part
            for part in parts
            if word(part) in self._categories or self._types.get(word(part)) != business_type
        )
        category = self._category(parts)
        if category is not None:
            return category, ""
        return None if business_type == "complaint" else ("", "→".join(parts))

    def _category(self, parts: tuple[str, ...]) -> str | None:
        """Return the code of the last part, if it is known and no part before it names another branch.

        A part between that the tree does not know is passed over: provinces write levels of their own.
        """
        if not parts:
            return ""
        codes = [self._categories.get(word(part)) for part in parts]
        last = codes[-1]
        if last is None:
            return None
        return last if all(f"{last}.".startswith(f"{code}.") for code in codes if code) else None
