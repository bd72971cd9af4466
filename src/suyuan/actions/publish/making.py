"""What a worker does with a long list: read in batches, write, seal, tell who asked.

Nothing is kept of an attempt that was cut off: the list is read again, as it is then, and the clear file of
the attempt lies in a room that goes with it.
"""

import hashlib
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from suyuan import __version__
from suyuan.domain.errors import Refused
from suyuan.domain.watermark import Watermark
from suyuan.gateways import workbook
from suyuan.gateways.tablefile import open_writer
from suyuan.gateways.workbook import Table, harmless
from suyuan.store import chain, leases, rules, tray
from suyuan.store.leases import Terms
from suyuan.store.models import Publication
from suyuan.store.queries.cases import LOCAL

from ..exports import STREAM
from . import columns, lists


@dataclass(slots=True)
class Going:
    """A list on its way: how far it is, said on its row with every batch; whether it is to stop."""

    row: Publication
    began: datetime
    going: Callable[[], bool]
    clock: float = field(default_factory=time.monotonic)
    stopped: bool = False
    done: int = 0

    @property
    def now(self) -> datetime:
        """Return the moment it is, counted from when the work began."""
        return self.began + timedelta(seconds=time.monotonic() - self.clock)

    def watched(self, batches: Iterator[columns.Batch]) -> Iterator[columns.Batch]:
        """Yield the batches as long as the worker goes on and the row is its own."""
        for batch in batches:
            if not self.going():
                self.stopped = True
                return
            yield batch
            self.done += len(batch)
            leases.renew(self.row, now=self.now, by=_terms(), rows_done=self.done)


def _terms() -> Terms:
    """Return the terms of a document, its lease short: a list says with every batch that it is alive."""
    lease = timedelta(seconds=rules.figure(lists.LIMITS, "lease_seconds"))
    return replace(leases.terms("lease.publication"), lease=lease)


def make(*, row: Publication, now: datetime, going: Callable[[], bool]) -> None:
    """Take out the list of a claimed row as it is now, or give it back once ``going`` says no."""
    at = Going(row, now, going)
    viewer = lists.asker(row, now)
    leases.renew(row, now=now, by=_terms(), rows_done=0)
    wanted = lists.ids(row, viewer, now)
    suffix = ".xlsx" if len(wanted) <= rules.figure(lists.LIMITS, "workbook_rows") else ".csv"
    leases.renew(row, now=at.now, by=_terms(), as_of=now, rows=len(wanted))
    with tray.room() as room:
        made = room / f"list{suffix}"
        _written(
            made, row, columns.lines(_names(row), at.watched(columns.batches(wanted)), now, row.language)
        )
        if at.stopped:
            leases.give_back(row, at=at.now, rows_done=0)
            return
        with made.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = made.stat().st_size
        name = f"{rules.label('document', row.document, row.language)}-{_stamp(now)}{suffix}"
        kept = tray.folder(tray.TAKEN_OUT) / f"{digest}{suffix}"
        tray.keep(made, kept)
    try:
        _finish(row, at.now, {"sha256": digest, "size": size, "name": name, "rows": at.done})
    except Refused:  # slower than the lease: another worker makes it
        kept.unlink(missing_ok=True)
        raise


def _names(row: Publication) -> Sequence[str]:
    names: Sequence[str] = row.parameters["asked"]["columns"]
    return names


def _stamp(now: datetime) -> str:
    return now.astimezone(LOCAL).strftime("%Y-%m-%d-%H%M")


def _written(path: Path, row: Publication, lines: Iterator[list[object]]) -> None:
    """Write a list with the mark of who takes it out: to a workbook, or to a text file if it is too long."""
    words = rules.label("export", "masked", row.language)
    mark = Watermark(row.by, row.as_of.astimezone(LOCAL), words, row.parameters["code"]).line
    heads = columns.heads(_names(row), row.language)
    if path.suffix == ".xlsx":
        with path.open("wb") as file:
            workbook.write([("Sheet1", Table(heads, lines))], file, row.as_of, mark, path.parent)
        return
    with open_writer(path) as write:
        for line in itertools.chain[Sequence[object]]([[mark], heads], lines):
            write([str(harmless(cell)) for cell in line])


@transaction.atomic
def _finish(row: Publication, now: datetime, made: dict[str, Any]) -> None:
    until = now + timedelta(days=rules.figure(lists.LIMITS, "kept_days"))
    edition = rules.rulebook().edition
    leases.finish(
        row, finished_at=now, kept_until=until, sealed=None, code_version=__version__, edition=edition, **made
    )
    code = row.parameters["code"]
    chain.append(
        stream=STREAM,
        at=now,
        actor=row.by,
        verb="export",
        objects=[("export", code), ("publication", str(row.pk))],
        detail={
            "code": code,
            "page": row.parameters["asked"]["page"],
            "rows": row.rows,
            "purpose": "",
            "masked": True,
            "sha256": made["sha256"],
        },
    )
    facts = {"rows": f"{row.rows:,}", "day": rules.local_day(until).isoformat()}
    lists.tell(row, lists.READY, facts, now)
