"""A customer file taken in: good rows change the register, others come back with every reason.

Each batch is a transaction of its own, so an interrupted import is simply run again: what stands already
changes nothing. A dry run does every batch and undoes it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction

from suyuan.domain import customer as rule
from suyuan.domain.errors import Refused
from suyuan.domain.masking import mask
from suyuan.domain.procedure import Actor
from suyuan.gateways.customerfile import Quarantine, Table
from suyuan.gateways.lists import Line
from suyuan.store import chain, keyring, rules

from ._record import STREAM
from ._write import write
from .rows import LISTED, Prepared, Rows

BATCH = 2_000
OPEN = frozenset({"unit", *LISTED, "day", "called_at", "outcome", "waited"})
"""Fields whose values are shown: the name of a unit, words of a list, when a call came in and what became."""
SHOWN = 200
"""Faults that are listed; the quarantine file has them all."""


@dataclass(slots=True)
class Taken:
    """What became of a file: how many rows of each kind, and why some were not taken; nothing personal."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Row, column, what stands there where that says nothing of a person, rule."""
    quarantine_file: str = ""

    def set_aside(
        self,
        line: Line,
        wrong: dict[str, str],
        table: Table,
        aside: Quarantine | None,
        say: Callable[[str], str],
    ) -> None:
        """Count a row that cannot be taken, and keep it with every reason."""
        faults = [
            (table.header(name), mask(line.values.get(name, ""))[:60] if name in OPEN else "", broken)
            for name, broken in wrong.items()
        ]
        self.counts["quarantined"] += 1
        self.faults += [(line.row, *fault) for fault in faults][: SHOWN - len(self.faults)]
        if aside is not None:
            aside.add(line, [(column, value, say(broken)) for column, value, broken in faults])

    def plain(self) -> dict[str, object]:
        """Return the counts as JSON values; ``read`` is what was accepted, known already and set aside."""
        new, changed = self.counts["new"], self.counts["changed"]
        return {
            "read": self.counts.total(),
            "accepted": new + changed,
            "new": new,
            "changed": changed,
            "duplicate": self.counts["same"],
            "quarantined": self.counts["quarantined"],
            "quarantine_file": self.quarantine_file or None,
            "faults": [
                {"row": row, "column": column, "value": value, "rule": rule}
                for row, column, value, rule in self.faults
            ],
        }


def import_customers(
    *,
    tables: Sequence[Table],
    actor: Actor,
    now: datetime,
    quarantine: Path | None = None,
    say: Callable[[str], str] = str,
    dry_run: bool = False,
) -> Taken:
    """Take the customers of a file in and return what became of its rows; bad ones go to ``quarantine``."""
    if not rule.may_import(actor):
        raise Refused("not_your_role", verb="customer_import")
    rules.look(now)
    rows, taken = Rows(actor), Taken()
    for table in tables:
        aside = Quarantine(quarantine, table.headers) if quarantine else None
        for lines in batches(table):
            good = _sorted_out(lines, rows, table, taken, aside, say)
            taken.counts.update(take_batch(batch=good, actor=actor, now=now, dry_run=dry_run))
        if aside is not None and (written := aside.close()):
            taken.quarantine_file = written
    return taken


def batches(table: Table) -> Iterator[list[Line]]:
    """Yield the rows of a table, as many at once as one transaction takes."""
    lines = table.lines()
    while batch := list(islice(lines, BATCH)):
        yield batch


@transaction.atomic
def take_batch(
    *, batch: Sequence[Prepared], actor: Actor, now: datetime, dry_run: bool = False
) -> Counter[str]:
    """Bring the register to what some rows say, and write down how many that changed."""
    with keyring.steady():
        counts = Counter(change for _, change, _ in write(batch, actor, now)) if batch else Counter[str]()
    if counts["new"] or counts["changed"]:
        chain.append(
            stream=STREAM,
            at=now,
            actor=actor.username,
            verb="customer_import",
            detail={"new": counts["new"], "changed": counts["changed"], "same": counts["same"]},
        )
    if dry_run:
        transaction.set_rollback(True)
    return counts


def _sorted_out(
    lines: Sequence[Line],
    rows: Rows,
    table: Table,
    taken: Taken,
    aside: Quarantine | None,
    say: Callable[[str], str],
) -> list[Prepared]:
    """Return the rows of a batch that can be taken; set the others aside."""
    good = []
    for line in lines:
        prepared, wrong = rows.prepare(line)
        if prepared is not None:
            good.append(prepared)
        else:
            taken.set_aside(line, wrong, table, aside, say)
    return good
