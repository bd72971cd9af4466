"""Rows of a table that are no records: totals, who made it, a header repeated between pages."""

import re
from collections.abc import Sequence

from .spelling import word

_SUM = re.compile(
    r".{0,20}?(?:合计|总计|小计|共计|累计|总数|总人数|总户数|人数|户数|subtotal|total)"
    r"[:(]*[\d,.]*[人名户个条行家]?\)?"
    r"|[总一本页]*共[:]?\d[\d,]*[人名户个条行家](?:单位|人员|客户|记录)?"
)


def is_footer(cells: Sequence[str], told: Sequence[str], footers: Sequence[str]) -> bool:
    """Return whether a row is a total or the like: it begins so, and leaves blank what a record tells.

    ``told`` are its cells in the columns that no record leaves blank; a cell merged across repeats the first.
    """
    first = word(next((text for text in cells if text), ""))
    untold = any(not text.strip() or word(text) == first for text in told)
    return untold and first.startswith(tuple(map(word, footers)))


def is_sum(cell: str) -> bool:
    """Return whether a cell that should name one thing names a sum of them: 小计, 合计：12人, 共3户."""
    return _SUM.fullmatch(word(cell)) is not None
