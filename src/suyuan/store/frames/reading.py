"""A question in plain SQL, answered as one Arrow table."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from suyuan.store import bulk
from suyuan.store.lake.reading import bools, chunks, dates, moment, timestamps

TEXT, WHOLE, NUMBER, FLAG, DAY, MOMENT = "text", "whole", "number", "flag", "day", "moment"
UTC_MOMENT = pa.timestamp("us", "UTC")
ARROW = {
    TEXT: pa.string(),
    WHOLE: pa.int64(),
    NUMBER: pa.float64(),
    FLAG: pa.bool_(),
    DAY: pa.date32(),
    MOMENT: UTC_MOMENT,
}
"""How each kind of column lies in a frame."""

OPEN_TO_ALL = "NOT c.restricted AND c.secrecy = '' AND c.state <> 'void'"
"""The condition for cases that anybody of their unit may be told of, ``c`` being the case."""
Columns = Mapping[str, tuple[str, str]]
"""By column: the SQL that gives it, and its kind."""


def table(columns: Columns, rest: str, values: Sequence[Any] = ()) -> pa.Table:
    """Return the rows of a question; ``rest`` is what follows the list of columns, with %s for values.

    Moments are of UTC whatever the database; one among the values is given as the database stores it.
    """
    asked = [moment(sql) if kind == MOMENT else sql for sql, kind in columns.values()]
    stamp = bulk.stamp()
    given = tuple(stamp(one) if isinstance(one, datetime) else one for one in values)
    parts = [_typed(columns, found) for found in chunks(f"SELECT {', '.join(asked)} {rest}", given)]
    return pa.concat_tables(parts or [_typed(columns, ())])


def of_rows(columns: Columns, rows: Sequence[Sequence[Any]]) -> pa.Table:
    """Return rows of plain values (moments with a zone) as the table of some columns."""
    across = list(zip(*rows, strict=True)) or [()] * len(columns)
    named = zip(columns.items(), across, strict=True)
    return pa.table({name: pa.array(values, ARROW[kind]) for (name, (_, kind)), values in named})


def _typed(columns: Columns, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    across = list(zip(*rows, strict=True)) or [()] * len(columns)
    kinds = [kind for _, kind in columns.values()]
    arrays = [_column(values, kind) for values, kind in zip(across, kinds, strict=True)]
    return pa.table(arrays, names=list(columns))


def _column(values: Sequence[Any], kind: str) -> pa.Array:
    if kind == MOMENT:
        return timestamps(values).cast(UTC_MOMENT)
    if kind == DAY:
        return dates(values)
    return bools(values) if kind == FLAG else pa.array(values, ARROW[kind])
