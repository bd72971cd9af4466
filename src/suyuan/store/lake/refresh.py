"""Bringing the lake up to date: changed cases leave the partitions they lay in and enter the right one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import transaction
from django.db.models import Max

from suyuan.analytics.lake import SHAPE, TABLES
from suyuan.domain.rulebook import Rulebook
from suyuan.store import bulk, rules
from suyuan.store.models import Case

from . import commitments, handovers, pseudonyms, rows, units
from .folder import KEPT, Manifest, beside, folder
from .orders import span

Source = Callable[[int, int, Rulebook], Iterator[pa.Table]]
SOURCES: dict[str, Source] = {
    "cases": rows.cases,
    "clocks": rows.clocks,
    "commitments": commitments.rows,
    "handovers": handovers.rows,
}
MANY = 12
"""Files of one month after which they are written as one."""


def refresh() -> int:
    """Bring the lake up to the newest event and return its id; what has not changed is not touched."""
    manifest = Manifest.load()
    rules.look()
    book = rules.rulebook()
    upto, mark = _committed(), pseudonyms.mark(pseudonyms.key())
    same = (manifest.edition, manifest.mark, manifest.shape) == (book.edition, mark, SHAPE)
    after = manifest.exported_to if same else 0
    files = manifest.files if after else {name: [] for name in TABLES}
    if upto > after:
        changed = _changed(after, upto) if after else None
        for table, source in SOURCES.items():
            kept = _without(files[table], changed, upto) if changed is not None else []
            fresh = _append(table, source(after, upto, book), upto)
            files = files | {table: _compacted(table, [*kept, *fresh], upto)}
    register = folder() / "units" / f"part-{upto}.parquet"
    register.parent.mkdir(exist_ok=True)
    _write(register, units.units())
    manifest.mark, manifest.shape = mark, SHAPE
    manifest.put_in_force(upto, book.edition, files | {"units": [_name(register)]})
    pseudonyms.drop_old()
    return upto


def forget() -> int:
    """Bring the lake up to date until no file of before is left, and return the newest event's id."""
    return [refresh() for _ in range(KEPT + 1)][-1]


@transaction.atomic
def _committed() -> int:
    """Return the newest event whose case shows it, every earlier one committed too."""
    bulk.no_event_in_flight()
    return int(Case.objects.aggregate(top=Max("changed_event"))["top"] or 0)


def _changed(after: int, upto: int) -> pa.Array:
    condition, values = span(after, upto)
    found = Case.objects.raw(f"SELECT c.id FROM store_case c WHERE {condition}", values)
    return pa.array([case.pk for case in found], pa.int64())


def _without(known: list[str], changed: pa.Array, upto: int) -> list[str]:
    """Return the files that hold none of the changed cases, rewriting those that did without them."""
    kept = []
    for name in known:
        path = folder() / name
        ids = pq.read_table(path, columns=["case_id"])["case_id"]
        stays = pc.invert(pc.is_in(ids, value_set=changed))
        if pc.all(stays).as_py():
            kept.append(name)
            continue
        left = pq.read_table(path, partitioning=None).filter(stays)
        if left.num_rows:
            rewritten = path.with_name(f"{path.stem.split('.')[0]}.{upto}.parquet")
            _write(rewritten, left)
            kept.append(_name(rewritten))
    return kept


def _append(table: str, chunks: Iterator[pa.Table], upto: int) -> list[str]:
    """Write rows that come in order of acceptance, one file a month, holding no more than a chunk."""
    written: list[Path] = []
    month, writer = "", None
    for chunk in chunks:
        for here in pc.unique(chunk["accepted_month"]).to_pylist():
            part = chunk.filter(pc.equal(chunk["accepted_month"], here))
            if here != month:
                if writer is not None:
                    writer.close()
                month, path = here, folder() / table / f"month={here}" / f"part-{upto}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                writer = pq.ParquetWriter(beside(path), chunk.schema, compression="zstd")
                written.append(path)
            writer.write_table(part)
    if writer is not None:
        writer.close()
    for path in written:
        beside(path).replace(path)
    return [_name(path) for path in written]


def _compacted(table: str, names: list[str], upto: int) -> list[str]:
    """Write the files of a month that has gathered many as one."""
    by_month: dict[str, list[str]] = {}
    for name in names:
        by_month.setdefault(name.split("/")[1], []).append(name)
    kept = []
    for month, parts in by_month.items():
        if len(parts) <= MANY:
            kept += parts
            continue
        whole = pa.concat_tables([pq.read_table(folder() / part, partitioning=None) for part in parts])
        path = folder() / table / month / f"whole-{upto}.parquet"
        _write(path, whole)
        kept.append(_name(path))
    return kept


def _write(path: Path, table: pa.Table) -> None:
    temporary = beside(path)
    pq.write_table(table, temporary, compression="zstd")
    temporary.replace(path)


def _name(path: Path) -> str:
    return path.relative_to(folder()).as_posix()
