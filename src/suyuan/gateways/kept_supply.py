"""Tables of supply as a home keeps them: Parquet parts by kind and by month or day, every row as it was told.

A row is known by its key. Told again it changes nothing; told otherwise it is kept beside the one before,
with the moment it was taken in, so that what was known at any moment can still be read. An empty cell says
nothing, and an outage that was over is not opened again by an older file.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from suyuan.domain.errors import BadInput

from .supplyfile import SHEETS, TYPES, UTC_MOMENT
from .supplyrules import HAPPENED, KEYS, NTH, codes

KINDS = tuple(SHEETS)
TAKEN = "taken"
"""When a row was taken in."""
_STAMP = {"outages": "%Y-%m", "readings": "%Y-%m", "voltage": "%Y-%m-%d", "calls": "%Y-%m-%d"}
_ENDED, _AGAIN = "ended", b"told_again"
Part = tuple[str, str]
"""A kind, and the month or day (UTC) of its rows."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of rows."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.new + other.new, self.changed + other.changed, self.unchanged + other.unchanged)


@dataclass(frozen=True, slots=True)
class Held:
    """What a home holds of a kind: rows, with those that were told otherwise since, and from when to when."""

    kind: str
    rows: int
    first: datetime | None
    last: datetime | None


def parts(folder: Path, kind: str, since: date | None = None) -> list[Path]:
    """Return the parts of a kind in time, those alone that may hold rows of a day or later."""
    every = sorted((folder / kind).glob("*.parquet"))
    return [path for path in every if since is None or over(path) > since]


def over(path: Path) -> date:
    """Return the day after the last one of a part; raise BadInput where its name says none."""
    try:
        if len(path.stem) == len("2026-01"):
            return (date.fromisoformat(f"{path.stem}-01") + timedelta(days=32)).replace(day=1)
        return date.fromisoformat(path.stem) + timedelta(days=1)
    except ValueError:
        raise BadInput("truncated_file", file=path.name) from None


def split(table: pa.Table, kind: str) -> dict[Part, pa.Table]:
    """Return rows by the part they belong to."""
    stamps = pc.strftime(table[HAPPENED[kind]], _STAMP[kind]).combine_chunks().dictionary_encode()
    if kind == "calls":
        table = table.append_column(NTH, pa.array(_nth(codes(table, KEYS[kind][:-1])), pa.int64()))
    return {
        (kind, stamp): table.filter(pc.equal(stamps.indices, n))
        for n, stamp in enumerate(stamps.dictionary.to_pylist())
    }


def read(path: Path, kind: str) -> pa.Table:
    """Return a part; raise BadInput where it is none."""
    names = [*SHEETS[kind], *((NTH,) if kind == "calls" else ()), TAKEN]
    try:
        table = pq.read_table(path, columns=names)
        table.validate(full=True)
        found = [(column.name, column.type) for column in table.schema]
    except (pa.ArrowException, OSError, ValueError):
        raise BadInput("truncated_file", file=path.name) from None
    if found != [(name, _type(kind, name)) for name in names]:
        raise BadInput("truncated_file", file=path.name)
    return table


def _type(kind: str, name: str) -> pa.DataType:
    special = {NTH: pa.int64(), TAKEN: UTC_MOMENT}
    return special[name] if name in special else TYPES[SHEETS[kind][name].kind]


def write(path: Path, table: pa.Table, kind: str) -> None:
    """Write a part, for its owner alone; it says of itself whether rows of it were told again."""
    key = codes(table, KEYS[kind])
    again = b"1" if len(np.unique(key)) < len(key) else b""
    path.touch(mode=0o600)
    pq.write_table(table.replace_schema_metadata({_AGAIN: again}), path, compression="zstd")


def merged(
    known: pa.Table | None, fresh: pa.Table, kind: str, now: datetime
) -> tuple[pa.Table | None, Counts]:
    """Return a part with rows told now, and what became of them; None where it stays as it is."""
    told = fresh.append_column(TAKEN, pa.repeat(pa.scalar(now, UTC_MOMENT), fresh.num_rows))
    had = 0
    if known is not None:
        had, told = known.num_rows, _filled(known, told, kind)
        told = pa.concat_tables([known, told.select(known.column_names)])
    kept = _firsts(codes(told, [name for name in told.column_names if name != TAKEN]))
    kept[:had] = True
    more = int(kept[had:].sum())
    new = int(_firsts(codes(told, KEYS[kind]))[had:].sum())
    counts = Counts(new, more - new, fresh.num_rows - more)
    return (told.filter(pa.array(kept)) if more else None), counts


def _firsts(rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which of some numbers stand there first."""
    found = np.zeros(len(rows), bool)
    found[np.unique(rows, return_index=True)[1]] = True
    return found


def _filled(known: pa.Table, told: pa.Table, kind: str) -> pa.Table:
    """Return rows with what was known where a cell is empty; of outages those that are no older than it."""
    key = codes(pa.concat_tables([known.select(KEYS[kind]), told.select(KEYS[kind])]), KEYS[kind])
    last = np.full(int(key.max(initial=-1)) + 1, -1, np.int64)
    last[key[: known.num_rows]] = np.arange(known.num_rows)
    place = last[key[known.num_rows :]]
    before = known.take(pa.array(place, mask=place < 0))
    if kind == "outages":
        younger = pc.or_(pc.is_valid(told[_ENDED]), pc.is_null(before[_ENDED]))
        told, before = told.filter(younger), before.filter(younger)
    for name in SHEETS[kind]:
        at = told.schema.get_field_index(name)
        told = told.set_column(at, name, pc.coalesce(told[name], before[name]))
    return told


def known(folder: Path, kind: str, as_of: datetime, since: date | None = None) -> pa.Table | None:
    """Return what was taken in of a kind by a moment, each row as it was told last; None without any.

    ``since`` is a day before which nothing is asked.
    """
    found = []
    for path in parts(folder, kind, since):
        part = read(path, kind)
        table = part.filter(pc.less_equal(part[TAKEN], pa.scalar(as_of, UTC_MOMENT)))
        if kind != "outages" and (part.schema.metadata or {}).get(_AGAIN):
            table = _last(table, kind)
        found.append(table)
    whole = pa.concat_tables(found) if found else None
    if whole is None or not whole.num_rows:
        return None
    return _last(whole, kind) if kind == "outages" else whole


def any_known(folder: Path, kind: str, as_of: datetime, since: date | None = None) -> bool:
    """Tell whether anything of a kind had been taken in by a moment."""
    moment = pa.scalar(as_of, UTC_MOMENT)
    taken = (read(path, kind)[TAKEN] for path in parts(folder, kind, since))
    return any(pc.any(pc.less_equal(one, moment)).as_py() for one in taken)


def _last(table: pa.Table, kind: str) -> pa.Table:
    """Return each row as it was told last, an outage that is over before one that is not."""
    if not table.num_rows:
        return table
    key = codes(table, KEYS[kind])
    over_ = np.zeros(len(key), bool)
    if kind == "outages":
        over_ = pc.is_valid(table[_ENDED]).to_numpy()
    order = np.lexsort((np.arange(len(key)), over_, key))
    last = np.append(key[order][1:] != key[order][:-1], True)
    return table.take(pa.array(np.sort(order[last])))


def held(folder: Path) -> list[Held]:
    """Return what is held of each kind there is anything of."""
    found = []
    for kind in KINDS:
        every = parts(folder, kind)
        if every:
            rows = sum(rows_of(path) for path in every)
            first, last = (read(path, kind)[HAPPENED[kind]] for path in (every[0], every[-1]))
            found.append(Held(kind, rows, _moment(pc.min(first)), _moment(pc.max(last))))
    return found


def rows_of(path: Path) -> int:
    """Return how many rows a part has; raise BadInput where it is none."""
    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError, ValueError):
        raise BadInput("truncated_file", file=path.name) from None


def _moment(found: pa.Scalar) -> datetime | None:
    value = found.as_py()
    if value is None or isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day, tzinfo=UTC)


def of_accounts(folder: Path, accounts: Collection[str]) -> Iterator[tuple[str, Path, pa.Table]]:
    """Yield the parts that speak of some accounts, each with its kind and those rows."""
    for kind in KINDS:
        for path in parts(folder, kind) if "account" in SHEETS[kind] else ():
            table = read(path, kind)
            theirs = table.filter(pc.is_in(table["account"], pa.array(sorted(accounts), pa.string())))
            if theirs.num_rows:
                yield kind, path, theirs


def without(path: Path, kind: str, accounts: Collection[str]) -> pa.Table:
    """Return a part without the rows of some accounts."""
    table = read(path, kind)
    return table.filter(pc.invert(pc.is_in(table["account"], pa.array(sorted(accounts), pa.string()))))


def _nth(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return of each row how many before it have its code."""
    order = np.argsort(rows, kind="stable")
    start = np.append(True, rows[order][1:] != rows[order][:-1])
    at = np.arange(len(rows))
    nth = np.empty(len(rows), np.int64)
    nth[order] = at - np.maximum.accumulate(np.where(start, at, 0))
    return nth
