"""Reading many rows at once: in chunks, moments past the database layer's parsing of each value."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
from django.db import connection

from suyuan.analytics.lake import Columns
from suyuan.analytics.source import arrow_schema

CHUNK = 50_000


def moment(column: str) -> str:
    """Return SQL for a moment as it lies there: text on SQLite, past Django's per-value parsing."""
    return f"CAST({column} AS TEXT)" if connection.vendor == "sqlite" else f"{column} AT TIME ZONE 'UTC'"


def timestamps(values: Sequence[Any]) -> pa.Array:
    """Return moments that were read with ``moment``."""
    if connection.vendor == "sqlite":
        return pa.array(values, pa.string()).cast(pa.timestamp("us"))
    return pa.array(values, pa.timestamp("us"))


def dates(values: Sequence[Any]) -> pa.Array:
    """Return days; SQLite keeps them as text."""
    return pa.array([date.fromisoformat(v) if isinstance(v, str) else v for v in values], pa.date32())


def bools(values: Sequence[Any]) -> pa.Array:
    """Return flags; SQLite keeps them as numbers."""
    return pa.array([None if value is None else bool(value) for value in values], pa.bool_())


def chunks(sql: str, values: tuple[Any, ...]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a question, so many at a time."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(CHUNK):
            yield rows


def shaped(found: Mapping[str, pa.Array], columns: Columns) -> pa.Table:
    """Return columns as the lake stores them, in its order."""
    wanted = arrow_schema(columns)
    return pa.table([found[name].cast(wanted.field(name).type) for name in wanted.names], schema=wanted)
