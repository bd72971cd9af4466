"""A whole file: each batch one transaction, resumed where it stopped, summed up at the end."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from suyuan.config import disk
from suyuan.config.home import home
from suyuan.domain.errors import BadInput, RuleError
from suyuan.domain.masking import mask_file_name
from suyuan.domain.procedure import Actor
from suyuan.gateways.layout import Fault, Layout, Outcome, Proposal, load, propose, write_quarantine
from suyuan.gateways.layout.proposal import REQUIRED
from suyuan.store import bulk, chain, leases, presence, rules, tray
from suyuan.store.models import ImportRun

from . import handed_in, produce
from .produce import Batch, Job, batches, cells_of
from .spool import Faulty, Spool
from .units import Units
from .write import Writer

log = logging.getLogger("suyuan.work")

Progress = Callable[[float, int], None]
"""Told after each batch: the part of the file read, 0 to 1, and the rows so far."""

TERMS = "lease.import"
"""The figure that says how long a run may be silent before another worker takes it for dead."""

NOTES_KEPT = 1_000
"""Rows listed under each note; the count is kept whole."""


class Stopped(Exception):
    """The worker is leaving; what is written so far stands."""


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


def preview(path: Path, layout: str = "auto", *, now: datetime | None = None) -> Proposal:
    """Return which layout fits a file, the mapping, twenty rows, and what is missing."""
    return propose(path, home(), None if layout == "auto" else load(layout, home()), now=now)


def queue(*, path: Path, name: str, layout: str, actor: Actor, now: datetime) -> int:
    """Put a file that was handed in in the worker's queue and return the run's id."""
    row = ImportRun.objects.create(
        name=name[:200],
        path=str(path),
        sha256=tray.sha256(path),
        layout=layout,
        state="queued",
        by=actor.username,
        started_at=now,
        next_at=now,
    )
    return row.pk


def carry_out(*, row: ImportRun, now: datetime, going: Callable[[], bool]) -> None:
    """Carry out a claimed import; given back, to go on where it is, once ``going`` says no.

    A file that cannot be understood leaves its reason on the run, and its page shows it. Once the run is over
    the file that was handed in goes. A full disk is no fault of the file: it waits, and goes on where it is.
    """

    def told(_fraction: float, _rows: int) -> None:
        if not going():
            raise Stopped

    actor = Actor(row.by, frozenset())
    try:
        with tray.opened(Path(row.path)) as path:
            run(path=path, layout=row.layout, actor=actor, now=now, progress=told, row=row)
    except Stopped:
        leases.give_back(row, at=now)
        return
    except RuleError as error:
        if error.code == "lease_lost":
            raise
    except OSError as error:
        if not disk.why(error):
            raise
        log.warning("import %d waits: %s", row.pk, disk.why(error))
        leases.give_back(row, at=now + leases.terms(TERMS).wait_most)
        return
    handed_in.let_go(Path(row.path))


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
    try:
        chosen = choose(path, layout)
        row = row or _row(path, chosen, actor, now)
        leases.renew(row, now=now, by=leases.terms(TERMS), layout=chosen.name)
        this = _Run(row, chosen, path, now, _spool(row))
        this.take(progress or _silent)
    except RuleError as error:
        if row is not None and error.code != "lease_lost":
            problem = {"code": error.code, "facts": _plain(error.facts)}
            leases.finish(row, state="failed", problem=problem, **_place(row))
            _spool(row).drop()
        raise
    summary = this.finish()
    this.spool.drop()
    return summary


@dataclass(slots=True)
class _Run:
    """One file on its way in."""

    row: ImportRun
    layout: Layout
    path: Path
    now: datetime
    spool: Spool
    headers: tuple[str, ...] = ()
    sheet: str = ""
    started: float = field(default_factory=time.monotonic)

    @property
    def at(self) -> datetime:
        """Return the moment it is, counted from when the run began."""
        return self.now + timedelta(seconds=time.monotonic() - self.started)

    def take(self, progress: Progress) -> None:
        """Write the file batch by batch, each with the counters in one transaction."""
        by, postgres = self.row.by, connection.vendor == "postgresql"
        rules.look(self.now)
        own = rules.own_files(), rules.own_entries()
        job = Job(self.path, self.layout, *own, by, self.now, self.row.rows_done, postgres, produce.BATCH)
        edition = rules.edition(rules.rulebook(), self.now)
        writer = Writer(Units.load(by, self.now), edition, self.layout.name, by, self.now)
        for batch in batches(job):
            self.headers, self.sheet = batch.headers, batch.sheet
            with transaction.atomic():
                leases.renew(self.row, now=self.at, by=leases.terms(TERMS))
                self._write(batch, writer)
            progress(batch.fraction, self.row.read)
        if not self.row.read:
            raise BadInput("no_rows", file=self.row.name, sheet=self.sheet)

    def _write(self, batch: Batch, writer: Writer) -> None:
        row, done = self.row, writer.write(batch.prepared)
        refused: list[Faulty] = [
            (n, [(_header(batch, name), value, rule, "")], []) for n, name, value, rule in done.faults
        ]
        faulty = [*batch.faulty, *refused]
        self.spool.add(faulty)
        row.rows_done = max(row.rows_done, batch.last_row)
        row.read += batch.read
        row.accepted += done.accepted
        row.duplicate += done.duplicate
        row.quarantined += len(faulty)
        for code, met in batch.notes.items():
            known = row.notes.get(code, {"count": 0, "rows": []})
            seen = {number for number, _ in known["rows"]}  # a resumed run meets the last rows again
            fresh = [list(each) for each in met if each[0] not in seen]
            rows = [*known["rows"], *fresh][:NOTES_KEPT]
            row.notes[code] = {"count": known["count"] + len(fresh), "rows": rows}
        row.save()

    @transaction.atomic
    def finish(self) -> Summary:
        """Write the quarantine file and the event, and sum up."""
        row = self.row
        row.seconds = round(row.seconds + time.monotonic() - self.started, 3)
        faulty = self.spool.rows()
        if faulty:
            row.quarantine_file = str(self._quarantine(faulty))
            row.reasons = Counter(rule for _, faults, _ in faulty for rule in {fault[2] for fault in faults})
        leases.finish(row, finished_at=self.now, **_place(row))
        row.save()
        counts = {name: getattr(row, name) for name in ("read", "accepted", "duplicate", "quarantined")}
        chain.append(
            stream="register:import",
            at=self.now,
            actor=row.by,
            verb="import_run",
            objects=[("file", row.sha256)],
            detail={"layout": self.layout.name, **counts},
        )
        if row.accepted:
            bulk.know_sizes("store_unit", "store_case", "store_search", "store_contact", "store_clock")
        return Summary(
            **counts,
            quarantine_file=row.quarantine_file or None,
            seconds=row.seconds,
            layout=self.layout.name,
            sheet=self.sheet,
            notes=row.notes,
        )

    def _quarantine(self, faulty: list[Faulty]) -> Path:
        """Write the rows that were not taken, with the cells of those that only the database refused."""
        suffix = ".xlsx" if self.row.name.lower().endswith((".xlsx", ".xls", ".xlsm")) else ".csv"
        target = tray.folder(tray.SET_APART) / f"{self.row.pk}-{Path(self.row.name).stem}-quarantine{suffix}"
        bare = frozenset(n for n, _, raw in faulty if not raw)
        cells = cells_of(self.path, self.layout, bare) if bare else {}
        outcomes = (
            Outcome(n, None, tuple(Fault(*fault) for fault in faults), tuple(raw or cells.get(n, ())))
            for n, faults, raw in faulty
        )
        with tray.written(target) as made:
            write_quarantine(made, self.headers, outcomes)
        return target


def _spool(row: ImportRun) -> Spool:
    return Spool(tray.folder(tray.SET_APART) / f"{row.pk}.jsonl")


def choose(path: Path, layout: str) -> Layout:
    """Return the layout named, or the one that fits; raise BadInput saying what is missing or unclear."""
    if not path.is_file():
        raise BadInput("no_such_file", file=path.name)
    if layout != "auto":
        return load(layout, home())
    proposal = propose(path, home())
    if "layouts_fit_equally" in proposal.problems:
        raise BadInput("layouts_fit_equally", file=path.name)
    if proposal.layout is None:
        missing = [name for name in proposal.missing if name in REQUIRED]
        raise BadInput("wrong_layout", file=path.name, missing=missing)
    return proposal.layout


def _row(path: Path, layout: Layout, actor: Actor, now: datetime) -> ImportRun:
    """Return the unfinished run of this very file, taken over to be resumed, or a new one."""
    digest = tray.sha256(path)
    row = ImportRun.objects.filter(sha256=digest, layout=layout.name, state="running").last() or ImportRun(
        name=mask_file_name(path.name),
        path=str(path),
        sha256=digest,
        layout=layout.name,
        state="running",
        by=actor.username,
        started_at=now,
    )
    row.attempts, row.holder = row.attempts + 1, presence.here("import")
    row.save()
    return row


def _place(row: ImportRun) -> dict[str, str]:
    """Return where the file of an ended run lies: of one from outside the home nothing, not even its name."""
    return {} if Path(row.path).is_relative_to(home()) else {"path": ""}


def _plain(facts: dict[str, object]) -> dict[str, object]:
    return {
        key: value if isinstance(value, str | int | float | list) else str(value)
        for key, value in facts.items()
    }


def _header(batch: Batch, name: str) -> str:
    """Return the header of the column a field was read from; a unit may stand in one column for both."""
    return batch.header_of.get(name) or batch.header_of.get("unit") or name


def _silent(fraction: float, rows: int) -> None:
    """Tell nobody."""
