"""A customer file taken in: good rows change the register, others come back with every reason."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from suyuan.domain import customer as rule
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import Actor
from suyuan.gateways.customerfile import Table
from suyuan.store import chain, keyring, rules

from .._taking_in import Taken, take_in
from ._record import STREAM
from ._write import write
from .rows import Prepared, Rows


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

    def take(good: list[Prepared]) -> Counter[str]:
        return take_batch(batch=good, actor=actor, now=now, dry_run=dry_run)

    return take_in(tables=tables, rows=Rows(actor), take=take, quarantine=quarantine, say=say)


def told(taken: Taken) -> dict[str, object]:
    """Return what became of a customer file as JSON values."""
    counts = taken.counts
    return {
        "read": counts.total(),
        "accepted": counts["new"] + counts["changed"],
        "new": counts["new"],
        "changed": counts["changed"],
        "duplicate": counts["same"],
        "quarantined": counts["quarantined"],
        "quarantine_file": taken.quarantine_file or None,
        "faults": [
            {"row": row, "column": column, "value": value, "rule": rule}
            for row, column, value, rule in taken.faults
        ],
    }


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
