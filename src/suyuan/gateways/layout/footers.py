"""Rows of a table that are no records: totals, who made it, a header repeated between pages."""

from collections.abc import Sequence

from .spelling import word


def is_footer(cells: Sequence[str], told: Sequence[str], footers: Sequence[str]) -> bool:
    """Return whether a row is a total or the like: it begins so, and leaves blank what a record tells.

    ``told`` are its cells in the columns that no record leaves blank; a cell merged across repeats the first.
    """
    first = word(next((text for text in cells if text), ""))
    untold = any(not text.strip() or word(text) == first for text in told)
    return untold and first.startswith(tuple(map(word, footers)))
