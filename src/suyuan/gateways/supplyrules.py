"""What rows of a table of supply cannot say beside each other, or of later than now: rules on columns."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

NTH = "nth"
"""Which of several calls that cannot be told apart a row is."""
HAPPENED: Mapping[str, str] = {"outages": "began", "readings": "read_on", "voltage": "at", "calls": "at"}
"""The column of a kind that says when its row was so."""
KEYS: Mapping[str, tuple[str, ...]] = {
    "outages": ("outage",),
    "readings": ("account", "read_on"),
    "voltage": ("account", "at"),
    "calls": ("at", "line", "area", NTH),
}
"""By what a row of a kind is known."""
_AFTER = ("arrived", "ended")
"""Columns of an outage that cannot be before it began."""
_ONE_VALUE: Mapping[str, tuple[str, ...]] = {
    "outages": ("began",),
    "readings": ("kwh",),
    "voltage": ("v_a", "v_b", "v_c"),
}
"""Columns of which rows of one key cannot say two things in one file; an outage may have gone on."""
Rows = NDArray[np.bool_]


class Handed(NamedTuple):
    """When and where a table to be kept is handed in, and which words for an outage mean a fault."""

    now: datetime
    today: date
    fault: Callable[[str], bool]


def out_of_order(table: pa.Table) -> Iterator[tuple[str, Rows]]:
    """Yield what ends or is reached before it began, and in which rows."""
    for name in set(_AFTER) & set(table.column_names):
        yield name, _sure(pc.less(table[name], table["began"]))


def ahead(table: pa.Table, kind: str, handed: Handed) -> Rows:
    """Return which rows lie ahead and cannot: measured later than now, a month to come, a fault to come."""
    at = table[HAPPENED[kind]]
    if kind == "readings":
        following = (handed.today.replace(day=1) + timedelta(days=32)).replace(day=1)
        return _sure(pc.greater_equal(at, pa.scalar(following, at.type)))
    later = _sure(pc.greater(at, pa.scalar(handed.now, at.type)))
    if kind == "outages" and later.any():
        later[later] = [handed.fault(one or "") for one in table["kind"].filter(pa.array(later)).to_pylist()]
    return later


def contradictory(table: pa.Table, kind: str, wrong: Rows) -> Iterator[tuple[str, Rows]]:
    """Yield columns of which rows of one key say different things, and those rows; wrong ones count not."""
    if kind not in _ONE_VALUE or not table.num_rows:
        return
    key = codes(table, KEYS[kind])
    for name in _ONE_VALUE[kind]:
        column = table[name].combine_chunks()
        filled = ~wrong & column.is_valid().to_numpy(zero_copy_only=False)
        said = codes(table, [name])
        least, most = np.full(int(key.max()) + 1, len(key)), np.full(int(key.max()) + 1, -1)
        np.minimum.at(least, key[filled], said[filled])
        np.maximum.at(most, key[filled], said[filled])
        yield name, filled & (least < most)[key]


def blank(table: pa.Table, names: Collection[str]) -> Rows:
    """Return which rows fill none of some columns of text."""
    filled = np.zeros(table.num_rows, bool)
    for name in names:
        texts = pc.utf8_trim_whitespace(pc.fill_null(table[name].combine_chunks(), ""))
        filled |= pc.not_equal(texts, "").to_numpy(zero_copy_only=False)
    return ~filled


def codes(table: pa.Table, names: Collection[str]) -> NDArray[np.int64]:
    """Return a number for each row, the same for rows that say the same in some columns."""
    found = np.zeros(table.num_rows, np.int64)
    for name in names:
        column = table[name].combine_chunks()
        coded = column.dictionary_encode(null_encoding="encode")
        code = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        size = len(coded.dictionary) + 1
        found = np.unique(found * size + code, return_inverse=True)[1].astype(np.int64)
    return found


def _sure(truth: pa.ChunkedArray) -> Rows:
    """Return where something is so, not where it is unknown."""
    return np.array(pc.fill_null(truth, False).to_numpy())
