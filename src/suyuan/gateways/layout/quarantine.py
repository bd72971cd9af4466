"""Rows that were not taken, in a file of the same columns that can be corrected and read again."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from ..tablefile import guard, open_writer
from .rows import Outcome

REASONS = ("行号", "列", "值", "规则")
"""Row in the original file, columns, values, rules; those of several broken rules stand in one order."""


def write_quarantine(path: Path, headers: Sequence[str], rows: Iterable[Outcome]) -> int:
    """Write the rejected among ``rows`` to ``path`` (.csv, .csv.gz or .xlsx); return how many there were."""
    width = len(headers) - len(REASONS) if tuple(headers[-len(REASONS) :]) == REASONS else len(headers)
    count = 0
    with open_writer(path) as write:
        write([_safe(h) for h in headers[:width]] + list(REASONS))
        for outcome in rows:
            if outcome.record is not None:
                continue
            cells = [_safe(cell) for cell in outcome.raw[:width]]
            cells += [""] * (width - len(cells))
            faults = outcome.faults
            reasons = (
                "；".join(parts) for parts in zip(*((f.column, f.value, f.rule) for f in faults), strict=True)
            )
            write([*cells, str(outcome.row), *(guard(text) for text in reasons)])
            count += 1
    return count


def _safe(cell: str) -> str:
    """Return ``cell`` guarded, unless it came guarded: reading takes one apostrophe off, not two."""
    return cell if cell[:1] == "'" else guard(cell)
