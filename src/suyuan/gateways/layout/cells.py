"""One cell to one value, or the name of the rule it breaks.

Every parser returns ``None`` or ``""`` for a cell that says nothing and raises ``Broken`` for one that says
something wrong. Parsers remember what they have seen, because an order file repeats itself.
"""

import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from suyuan.domain.order import is_number

from ..tablefile import unguard
from .chains import Chains
from .moments import Clock, Unreadable
from .record import IDS, Column, Layout
from .spelling import half_width, word

BLANKS = frozenset(
    {"-", "--", "—", "——", "/", "\\", "无", "null", "none", "nan", "n/a", "#n/a", "\\n", "nil"}
)
"""What people and programs write where there is nothing to write."""

NUMBERS = ("number", "parent_number")
"""The fields that name a case."""
LONGEST_BLANK = max(map(len, BLANKS))

EXACT_DIGITS = 15
"""Digits a spreadsheet keeps of a number; of a longer one it has already lost the end."""
SCIENTIFIC = re.compile(r"[+-]?\d(\.\d+)?[eE]\+?\d+")
POINT_ZERO = re.compile(r"\d+\.0")
MEMORY = 20_000
"""Most spellings one parser remembers."""

UNMAPPED = "?"
"""What a ``state`` column gives for a state its list does not know: the times decide, the row is noted."""

Parser = Callable[[Any], Any]


class Broken(Exception):
    """The cell breaks ``rule``."""

    def __init__(self, rule: str, detail: str = "") -> None:
        super().__init__(rule)
        self.rule, self.detail = rule, detail


def shown(cell: Any) -> str:
    """Return ``cell`` as text that reads back as the same cell, a broken number as broken."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        if not cell.is_integer():
            return repr(cell)
        return f"{cell:.14E}" if inexact(cell) else str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def inexact(number: float) -> bool:
    """Tell whether an order number kept as ``number`` may have lost its last digits.

    Excel keeps 15 digits and writes zeros behind them; past 2**53 no program can keep them all.
    """
    size = abs(number)
    return size >= 2**53 or (size >= 10**EXACT_DIGITS and int(size) % 10 == 0)


def parser(column: Column, layout: Layout, chains: Chains, clock: Clock) -> Parser:
    """Return what reads the cells of ``column``."""
    match column.reads_as:
        case "moment":
            return _moment(clock)
        case "id":
            return _id(column)
        case "code":
            return _code(column, layout)
        case "bool" | "state":
            return _bool(column, layout)
        case "chain":
            return chains.read
        case "unit":
            return _unit(column)
        case "words":
            return lambda cell: tuple(shown(cell).split())
        case "json":
            return _json(column)
        case "verbatim":
            return _verbatim(column)
        case "plain":
            return lambda cell: shown(cell).strip()
        case _:
            return _text(column)


def _within(text: str, column: Column) -> str:
    if len(text) > column.length:
        raise Broken("too_long", f"{len(text)} > {column.length}")
    return text


def _numbered(text: str, column: Column) -> str:
    """Return a number as it is; raise Broken where it is a case's and no case can be called that."""
    if column.field in NUMBERS and text and not is_number(text):
        raise Broken("bad_number")
    return text


def _verbatim(column: Column) -> Parser:
    """Keep every character: what was exported comes back. A formula as a number is still refused."""
    is_id = column.field in IDS

    def read(cell: Any) -> str:
        if isinstance(cell, float) and is_id and inexact(cell):
            raise Broken("number_precision_lost", f"more than {EXACT_DIGITS} digits in a number cell")
        text = shown(cell)
        if is_id and text[:1] == "=":
            raise Broken("formula_cell")
        return _numbered(_within(unguard(text), column), column)

    return read


def _text(column: Column) -> Parser:
    limit, prefix, free = column.length, column.prefix, column.field in ("text", "handling")

    def read(cell: Any) -> str:
        text = (cell if isinstance(cell, str) else shown(cell)).strip()
        if text[:1] == "'":
            text = unguard(text)
        if len(text) > limit:
            raise Broken("too_long", f"{len(text)} > {limit}")
        if not free and len(text) <= LONGEST_BLANK and text.casefold() in BLANKS:
            return ""
        return prefix + text if text else ""

    return read


def _id(column: Column) -> Parser:
    limit, prefix = column.length, column.prefix

    def read(cell: Any) -> str:
        if isinstance(cell, float) and inexact(cell):
            raise Broken("number_precision_lost", f"more than {EXACT_DIGITS} digits in a number cell")
        text = half_width(unguard(cell.strip()) if isinstance(cell, str) else shown(cell))
        if not text or (len(text) <= LONGEST_BLANK and text.casefold() in BLANKS):
            return ""
        if text[0] in "=+-@":
            raise Broken("formula_cell")
        if not text.isalnum() or "e" in text or "E" in text:
            if SCIENTIFIC.fullmatch(text):
                raise Broken("number_precision_lost", "written as a power of ten")
            if POINT_ZERO.fullmatch(text):
                text = text[:-2]
        if len(text) > limit:
            raise Broken("too_long", f"{len(text)} > {limit}")
        return _numbered(prefix + text, column)

    return read


def _moment(clock: Clock) -> Parser:
    earliest = clock.earliest

    def read(cell: Any) -> datetime | None:
        try:
            moment = clock.read(cell)
        except Unreadable:
            if isinstance(cell, str) and ((bare := cell.strip().casefold()) == "" or bare in BLANKS):
                return None
            if isinstance(cell, timedelta):
                raise Broken("bad_date", "a duration") from None
            raise Broken("bad_date") from None
        if moment < earliest:
            raise Broken("date_out_of_range", "before 2000-01-01")
        return moment

    return read


def spellings(layout: Layout, name: str) -> dict[str, str]:
    """Return spelling → code of a code list; the codes themselves are spellings too."""
    table: dict[str, str] = {word(blank): "" for blank in BLANKS}
    for code, texts in layout.codes.get(name, {}).items():
        code = "" if code == "_blank" else code
        table |= {word(text): code for text in (code, *texts)}
    table[""] = ""
    return table


def _code(column: Column, layout: Layout) -> Parser:
    table = spellings(layout, column.code_list)
    seen: dict[str, str] = {}

    def read(cell: Any) -> str:
        text = cell if isinstance(cell, str) else shown(cell)
        found = seen.get(text)
        if found is None:
            found = table.get(word(text))
            if found is None:
                raise Broken("unknown_value")
            if len(seen) < MEMORY:
                seen[text] = found
        return found

    return read


def _bool(column: Column, layout: Layout) -> Parser:
    table = spellings(layout, column.code_list)
    seen: dict[str, bool | str | None] = {}
    meaning = {"true": True, "false": False, "": None, UNMAPPED: UNMAPPED}
    other = UNMAPPED if column.reads_as == "state" else None

    def read(cell: Any) -> bool | str | None:
        if isinstance(cell, bool):
            return cell
        text = cell if isinstance(cell, str) else shown(cell)
        if text not in seen:
            found = table.get(word(text), other)
            if found is None:
                raise Broken("unknown_value")
            if len(seen) >= MEMORY:
                seen.clear()
            seen[text] = meaning[found]
        return seen[text]

    return read


UNIT_BOTH = re.compile(r"([0-9A-Za-z]{2,})[\s\-_—:：]+(\D.*)")
UNIT_TAIL = re.compile(r"(\D.*?)[(\[]([0-9A-Za-z]{2,})[)\]]")


def _unit(column: Column) -> Parser:
    """Read ``3340101``, ``城东供电所``, ``3340101 城东供电所`` or ``城东供电所(3340101)`` as (code, name)."""
    seen: dict[str, tuple[str, str]] = {}

    def read(cell: Any) -> tuple[str, str]:
        raw = cell if isinstance(cell, str) else shown(cell)
        if raw in seen:
            return seen[raw]
        text = half_width(unguard(raw.strip()))
        if isinstance(cell, float) and inexact(cell):
            raise Broken("number_precision_lost", f"more than {EXACT_DIGITS} digits in a number cell")
        if len(text) > column.length:
            raise Broken("too_long", f"{len(text)} > {column.length}")
        if text.casefold() in BLANKS:
            found = ("", "")
        elif text.isascii() and text.isalnum() and any(c.isdigit() for c in text):
            found = (text, "")
        elif both := UNIT_BOTH.fullmatch(text):
            found = (both[1], both[2])
        else:
            tail = UNIT_TAIL.fullmatch(text)
            found = (tail[2], tail[1].strip()) if tail else ("", text)
        if len(seen) < MEMORY:
            seen[raw] = found
        return found

    return read


def _json(column: Column) -> Parser:
    def read(cell: Any) -> dict[str, str]:
        text = unguard(shown(cell))
        if not text.strip():
            return {}
        try:
            found = json.loads(_within(text, column))
        except ValueError:
            raise Broken("unknown_value", "not a JSON object") from None
        if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
            raise Broken("unknown_value", "not a JSON object of texts")
        return found

    return read
