"""A call file taken in: abandoned calls onto the list, answered ones close what they answer.

The same file twice adds nothing, and files may come in any order. A dry run closes nothing.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction

from suyuan.domain import missed_call as rule
from suyuan.domain.errors import Refused
from suyuan.domain.masking import mask_phone
from suyuan.domain.procedure import Actor
from suyuan.gateways.customerfile import Table
from suyuan.store import bulk, chain, keyring, rules, seal
from suyuan.store.models import MissedCall, Unit

from .._taking_in import Taken, take_in
from ._since import STREAM, close_spoken, note_answered
from .rows import Prepared, Rows

CALLERS = 500
"""Callers looked at in one transaction."""


def import_calls(
    *,
    tables: Sequence[Table],
    actor: Actor,
    now: datetime,
    quarantine: Path | None = None,
    say: Callable[[str], str] = str,
    dry_run: bool = False,
) -> Taken:
    """Take the calls of a file in and return what became of its rows; bad ones go to ``quarantine``."""
    desk = _desk(actor)
    rules.look(now)
    met: dict[str, None] = {}

    def take(good: list[Prepared]) -> Counter[str]:
        met.update((one.index, None) for one in good if one.index)
        return take_calls(batch=good, actor=actor.username, now=now, dry_run=dry_run)

    rows = Rows(actor, desk, now)
    taken = take_in(tables=tables, rows=rows, take=take, quarantine=quarantine, say=say)
    callers = iter([] if dry_run else met)
    while chunk := list(islice(callers, CALLERS)):
        taken.counts["closed"] += close_spoken(callers=chunk, actor=actor.username, now=now)
    return taken


def told(taken: Taken) -> dict[str, object]:
    """Return what became of a call file as JSON values."""
    counts = taken.counts
    names = ("new", "same", "answered", "other", "unlisted", "quarantined")
    return {
        "read": sum(counts[name] for name in names),
        **{("duplicate" if name == "same" else name): counts[name] for name in names},
        "closed": counts["closed"],
        "quarantine_file": taken.quarantine_file or None,
        "faults": [{"row": row, "column": column, "rule": rule} for row, column, _, rule in taken.faults],
    }


def _desk(actor: Actor) -> Unit:
    """Return the highest unit an actor takes call files in for: where a call stands that names no unit."""
    paths = sorted((path for role, path in actor.reaching if role in rule.MAY_IMPORT), key=len)
    if not paths:
        raise Refused("not_your_role", verb="calls_import")
    return Unit.objects.get(path=paths[0])


@transaction.atomic
def take_calls(
    *, batch: Sequence[Prepared], actor: str, now: datetime, dry_run: bool = False
) -> Counter[str]:
    """Put the abandoned calls of some rows on the list, each once, and keep when callers were answered."""
    bulk.one_at_a_time(STREAM)
    counts = Counter(
        one.outcome if one.outcome != rule.ABANDONED else "unlisted"
        for one in batch
        if one.outcome != rule.ABANDONED or not one.index
    )
    wanted = [one for one in batch if one.outcome == rule.ABANDONED and one.index]
    by_key = {one.key: one for one in wanted}
    there = MissedCall.objects.filter(key_index__in=by_key).values_list("key_index", flat=True)
    for key in there:
        del by_key[key]
    with keyring.steady():
        MissedCall.objects.bulk_create([_row(one) for one in by_key.values()], batch_size=500)
    answered = note_answered([one for one in batch if one.outcome == rule.ANSWERED])
    counts["new"], counts["same"], counts["noted"] = len(by_key), len(wanted) - len(by_key), answered
    if by_key or answered:
        detail: dict[str, object] = {"new": len(by_key), "same": counts["same"], "answered": answered}
        chain.append(stream=STREAM, at=now, actor=actor, verb="calls_import", detail=detail)
    if dry_run:
        transaction.set_rollback(True)
    return counts


def _row(one: Prepared) -> MissedCall:
    return MissedCall(
        key_index=one.key,
        at=one.at,
        number_index=one.index,
        masked=mask_phone(one.number)[:40],
        sealed=seal.seal({"phone": one.number}),
        waited=one.waited,
        queue=one.queue,
        unit=one.unit,
        state=rule.OPEN,
    )
