"""A whole file: each batch one transaction, resumed where it stopped, summed up at the end."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from suyuan.config.home import home
from suyuan.domain.errors import BadInput, RuleError
from suyuan.domain.procedure import Actor
from suyuan.gateways.layout import Fault, Layout, Outcome, Proposal, load, propose, write_quarantine
from suyuan.store import chain, rules
from suyuan.store.models import ImportRun

from .produce import Batch, Job, batches
from .spool import Faulty, Spool
from .units import Units
from .write import Writer

Progress = Callable[[float, int], None]
"""Told after each batch: the part of the file read, 0 to 1, and the rows so far."""

NOTES_KEPT = 1_000
"""Rows listed under each note; the count is kept whole."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import did: read = accepted + duplicate + quarantined."""

    read: int
    accepted: int
    duplicate: int
    quarantined: int
    quarantine_file: str | None
    seconds: float
    layout: str = ""
    sheet: str = ""
    notes: dict[str, dict[str, object]] = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        """Return the summary as JSON values."""
        return asdict(self)


def preview(path: Path, layout: str = "auto") -> Proposal:
    """Return which layout fits a file, the mapping, twenty rows, and what is missing."""
    return propose(path, home()) if layout == "auto" else propose(path, home(), load(layout, home()))


def queue(*, path: Path, name: str, layout: str, actor: Actor, now: datetime) -> int:
    """Put a file in the worker's queue and return the run's id."""
    row = ImportRun.objects.create(
        name=name[:200],
        path=str(path),
        sha256=sha256(path),
        layout=layout,
        state="queued",
        by=actor.username,
        started_at=now,
    )
    return row.pk


def run(
    *,
    path: Path,
    layout: str,
    actor: Actor,
    now: datetime,
    progress: Progress | None = None,
    row: ImportRun | None = None,
) -> Summary:
    """Import a file; raise BadInput, with nothing written, when the file itself cannot be understood."""
    started = time.monotonic()
    if not path.is_file():
        raise BadInput("no_such_file", file=path.name)
    chosen = choose(path, layout)
    row = row or _row(path, chosen, actor, now)
    row.layout, row.state = chosen.name, "running"
    row.save()
    spool = Spool(home() / "quarantine" / f"{row.pk}.jsonl")
    spool.path.parent.mkdir(exist_ok=True)
    try:
        headers, sheet = _batches(row, chosen, path, actor, now, spool, progress or (lambda f, n: None))
    except RuleError as error:
        row.state, row.problem = "failed", {"code": error.code, "facts": _plain(error.facts)}
        row.save()
        raise
    row.seconds = round(row.seconds + time.monotonic() - started, 3)
    return _finish(row, chosen, headers, sheet, spool, now)


def choose(path: Path, layout: str) -> Layout:
    """Return the layout named, or the one that fits; raise BadInput saying what is missing."""
    if layout != "auto":
        return load(layout, home())
    proposal = propose(path, home())
    if proposal.layout is None:
        raise BadInput("wrong_layout", file=path.name, missing=list(proposal.missing))
    return proposal.layout


def _row(path: Path, layout: Layout, actor: Actor, now: datetime) -> ImportRun:
    """Return the unfinished run of this very file, to be resumed, or a new one."""
    digest = sha256(path)
    unfinished = ImportRun.objects.filter(sha256=digest, layout=layout.name, state="running").last()
    return unfinished or ImportRun(
        name=path.name[:200],
        path=str(path),
        sha256=digest,
        layout=layout.name,
        state="running",
        by=actor.username,
        started_at=now,
    )


def _batches(
    row: ImportRun, layout: Layout, path: Path, actor: Actor, now: datetime, spool: Spool, progress: Progress
) -> tuple[tuple[str, ...], str]:
    job = Job(
        path, layout, rules.own_files(), actor.username, now, row.rows_done, connection.vendor == "postgresql"
    )
    edition = rules.edition(rules.rulebook(), now)
    writer = Writer(Units.load(), edition, layout.name, actor.username, now)
    headers: tuple[str, ...] = ()
    sheet = ""
    for batch in batches(job):
        headers, sheet = batch.headers, batch.sheet
        with transaction.atomic():
            _write(batch, writer, row, spool)
        progress(batch.fraction, row.read)
    return headers, sheet


def _write(batch: Batch, writer: Writer, row: ImportRun, spool: Spool) -> None:
    done = writer.write(batch.prepared)
    faulty: list[Faulty] = [
        *batch.faulty,
        *(
            (number, [(column, value, rule, "")], list(batch.raws[number]))
            for number, column, value, rule in done.faults
        ),
    ]
    spool.add(faulty)
    row.rows_done = max(row.rows_done, batch.last_row)
    row.read += batch.read
    row.accepted += done.accepted
    row.duplicate += done.duplicate
    row.quarantined += len(faulty)
    for code, rows in batch.notes.items():
        row.notes[code] = {"count": len(rows), "rows": rows[:NOTES_KEPT]}
    row.save()


@transaction.atomic
def _finish(
    row: ImportRun, layout: Layout, headers: tuple[str, ...], sheet: str, spool: Spool, now: datetime
) -> Summary:
    faulty = spool.rows()
    if faulty:
        target = home() / "quarantine" / f"{row.pk}-{Path(row.name).stem}-quarantine{_suffix(row.name)}"
        outcomes = (
            Outcome(n, None, tuple(Fault(*fault) for fault in faults), tuple(raw))
            for n, faults, raw in faulty
        )
        write_quarantine(target, headers, outcomes)
        row.quarantine_file = str(target)
    row.state, row.finished_at = "done", now
    row.save()
    spool.drop()
    chain.append(
        stream="register:import",
        at=now,
        actor=row.by,
        verb="import_run",
        objects=[("file", row.sha256)],
        detail={
            "layout": layout.name,
            "read": row.read,
            "accepted": row.accepted,
            "duplicate": row.duplicate,
            "quarantined": row.quarantined,
        },
    )
    return Summary(
        row.read,
        row.accepted,
        row.duplicate,
        row.quarantined,
        row.quarantine_file or None,
        row.seconds,
        layout.name,
        sheet,
        row.notes,
    )


def _suffix(name: str) -> str:
    return ".xlsx" if name.lower().endswith((".xlsx", ".xls", ".xlsm")) else ".csv"


def _plain(facts: dict[str, object]) -> dict[str, object]:
    return {
        key: value if isinstance(value, str | int | float | list) else str(value)
        for key, value in facts.items()
    }


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
