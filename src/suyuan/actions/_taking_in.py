"""A list taken in by batches: good rows go on, the others come back with every reason.

Each batch is a transaction of its own, so an import that was interrupted is simply run again: what stands
already changes nothing. A dry run does every batch and undoes it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

from suyuan.domain.masking import mask
from suyuan.gateways.customerfile import Quarantine, Table
from suyuan.gateways.lists import Line

BATCH = 2_000
MOST_LISTED = 200
"""Faults that are listed; the quarantine file has them all."""
Faults = dict[str, str]
"""Field → the rule it breaks."""
Prepared = TypeVar("Prepared", covariant=True)
Good = TypeVar("Good")


class Rows(Protocol[Prepared]):
    """What checks the rows of a file, one after the other."""

    @property
    def shown(self) -> frozenset[str]:
        """Return the fields whose values are shown, as they say nothing of a person."""

    def prepare(self, line: Line) -> tuple[Prepared | None, Faults]:
        """Return what a row says, or every fault it has."""


@dataclass(slots=True)
class Taken:
    """What became of a file: how many rows of each kind, and why some were not taken; nothing personal."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Row, column, what stands there where that says nothing of a person, rule."""
    quarantine_file: str = ""

    def leave(self, line: Line, faults: Sequence[tuple[str, str, str]]) -> None:
        """Count a row that cannot be taken, and list its faults while there is room."""
        self.counts["quarantined"] += 1
        self.faults += [(line.row, *fault) for fault in faults][: MOST_LISTED - len(self.faults)]


def take_in(
    *,
    tables: Sequence[Table],
    rows: Rows[Good],
    take: Callable[[list[Good]], Counter[str]],
    quarantine: Path | None,
    say: Callable[[str], str],
) -> Taken:
    """Give ``take`` the good rows of a file batch by batch; return what became of all of them."""
    taken = Taken()
    aside = Quarantine(quarantine) if quarantine else None
    for table in tables:
        for batch in _batches(table):
            good = []
            for line in batch:
                prepared, wrong = rows.prepare(line)
                if prepared is not None:
                    good.append(prepared)
                    continue
                faults = _named(line, wrong, table, rows.shown)
                taken.leave(line, faults)
                if aside is not None:
                    aside.add(table, line, [(column, value, say(broken)) for column, value, broken in faults])
            taken.counts.update(take(good))
    taken.quarantine_file = aside.close() if aside is not None else ""
    return taken


def _batches(table: Table) -> Iterator[list[Line]]:
    lines = table.lines()
    while batch := list(islice(lines, BATCH)):
        yield batch


def _named(
    line: Line, wrong: Mapping[str, str], table: Table, shown: frozenset[str]
) -> list[tuple[str, str, str]]:
    """Return column, value and rule of each fault; a value that may be a person's stays unsaid."""
    return [
        (table.header(name), mask(line.values.get(name, ""))[:60] if name in shown else "", broken)
        for name, broken in wrong.items()
    ]
