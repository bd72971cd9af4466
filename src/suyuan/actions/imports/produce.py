"""Reading, judging and sealing a file batch by batch, in a second process where the file is worth one."""

import json
import multiprocessing
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from zoneinfo import ZoneInfo

from suyuan.config.child import start
from suyuan.domain import rulebook
from suyuan.domain.errors import BadInput, RuleError
from suyuan.domain.rulebook.notices import ZONE
from suyuan.gateways.layout import Layout, OrderReader, Outcome
from suyuan.store import bulk

from .prepare import Prepared, Preparer
from .spool import Faulty
from .standing import Judge

BATCH = 2_000
WORTH_A_PROCESS = 2_000_000
"""Bytes above which a file is read in a second process; starting one costs most of a second."""


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read, and under which rules."""

    path: Path
    layout: Layout
    rule_files: tuple[Path, ...]
    rule_entries: tuple[str, ...]
    by: str
    now: datetime
    skip_rows: int
    postgres: bool
    batch: int


@dataclass(slots=True)
class Batch:
    """Some rows of a file, in order."""

    last_row: int = 0
    fraction: float = 0.0
    read: int = 0
    prepared: list[Prepared] = field(default_factory=list)
    faulty: list[Faulty] = field(default_factory=list)
    notes: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    headers: tuple[str, ...] = ()
    header_of: dict[str, str] = field(default_factory=dict)
    """Field → the header its column has in this file."""
    sheet: str = ""


def batches(job: Job) -> Iterator[Batch]:
    """Yield the batches of a file."""
    if job.path.stat().st_size < WORTH_A_PROCESS:
        yield from produce(job)
        return
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(
        target=start, args=(theirs, "suyuan.actions.imports.produce:work", pickle.dumps(job)), daemon=True
    )
    child.start()
    theirs.close()
    try:
        yield from _receive(ours)
    finally:
        ours.close()
        child.terminate()
        child.join()


def _receive(pipe: Connection) -> Iterator[Batch]:
    while True:
        try:
            message = pipe.recv()
        except EOFError:
            raise BadInput("reader_died", problem="the reading process ended before the file did") from None
        if message is None:
            return
        if isinstance(message, Batch):
            yield message
            continue
        code, facts = message
        raise BadInput(code, **facts)


def work(pipe: Connection, job: Job) -> None:
    """Send the batches of a file through a pipe; the second process's main function."""
    try:
        for batch in produce(job):
            pipe.send(batch)
        pipe.send(None)
    except RuleError as error:
        pipe.send((error.code, error.facts))
    finally:
        pipe.close()


def produce(job: Job) -> Iterator[Batch]:
    """Read the file and yield its batches; the last one carries the notes."""
    reader = OrderReader(job.path, job.layout, skip_rows=job.skip_rows, now=job.now)
    today = job.now.astimezone(ZoneInfo(ZONE)).date()
    rules = rulebook.load(*job.rule_files, entries=map(json.loads, job.rule_entries), on=today)
    stamp = bulk.postgres_moment if job.postgres else bulk.sqlite_moment
    preparer = Preparer(
        rules=rules,
        source=job.layout.name,
        zone=job.layout.timezone,
        judge=Judge(rules, reader.fields, stamp, job.now),
        by=job.by,
        at=job.now.astimezone(UTC).isoformat(timespec="microseconds"),
        postgres=job.postgres,
    )
    batch = _empty(reader)
    for outcome in reader:
        _take(batch, outcome, preparer)
        if batch.read == job.batch:
            batch.fraction = reader.fraction()
            yield batch
            batch = _empty(reader)
    batch.fraction = 1.0
    batch.notes = {code: list(rows) for code, rows in reader.notes.items()}
    yield batch


def _empty(reader: OrderReader) -> Batch:
    return Batch(headers=reader.headers, header_of=reader.header_of, sheet=reader.sheet)


def _take(batch: Batch, outcome: Outcome, preparer: Preparer) -> None:
    batch.last_row = outcome.row
    batch.read += 1
    if outcome.record is None:
        faults = [(f.column, f.value, f.rule, f.detail) for f in outcome.faults]
        batch.faulty.append((outcome.row, faults, list(outcome.raw)))
        return
    batch.prepared.append(preparer.prepare(outcome.row, outcome.record))


def cells_of(path: Path, layout: Layout, wanted: frozenset[int]) -> dict[int, list[str]]:
    """Return the cells of some rows of a file: those only the database could refuse."""
    reader = OrderReader(path, layout)
    return {outcome.row: list(outcome.raw) for outcome in reader if outcome.row in wanted}
