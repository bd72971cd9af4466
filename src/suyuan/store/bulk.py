"""Many rows at once: prepared statements on SQLite, COPY on PostgreSQL.

An import writes six rows a case, a million times; the ORM would cost more than the database. Only
``actions.imports`` may use it, inside its own transaction.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

Row = Sequence[Any]
Stamp = Callable[[datetime | None], Any]
"""How a moment is stored on one kind of database."""


def insert(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows whose values are already stored values (see ``stamp``)."""
    named = ", ".join(f'"{column}"' for column in columns)
    if connection.vendor == "sqlite":
        holes = ", ".join(["%s"] * len(columns))
        with connection.cursor() as cursor:
            cursor.executemany(f'INSERT INTO "{table}" ({named}) VALUES ({holes})', rows)
        return
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({named}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def stamp() -> Stamp:
    """Return how a moment is stored on this database."""
    return sqlite_moment if connection.vendor == "sqlite" else postgres_moment


def sqlite_moment(moment: datetime | None) -> str | None:
    """Return a moment as Django stores it in SQLite: UTC, without a zone."""
    if moment is None:
        return None
    return str(moment if moment.tzinfo is UTC else moment.astimezone(UTC))[:-6]


def postgres_moment(moment: datetime | None) -> str | None:
    """Return a moment as PostgreSQL reads it: COPY takes text four times as fast as it takes moments."""
    return None if moment is None else str(moment)


def moment(stored: datetime) -> datetime:
    """Return a moment read by plain SQL as a moment with a zone: SQLite keeps UTC without one."""
    return stored if stored.tzinfo else stored.replace(tzinfo=UTC)


def claim_ids(table: str, count: int) -> Sequence[int]:
    """Return ``count`` free ids in order; on PostgreSQL others may lie between them."""
    if table == "store_event":
        writing_events()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f'SELECT COALESCE(MAX(id), 0) + 1 FROM "{table}"')
            first = int(cursor.fetchone()[0])
            return range(first, first + count)
        cursor.execute(
            f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) FROM generate_series(1, %s)", (count,)
        )
        return [row[0] for row in cursor.fetchall()]


def one_at_a_time(what: str) -> None:
    """Wait until no other transaction does ``what``; SQLite's writers queue anyway."""
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (what,))


def writing_events() -> None:
    """Say until the transaction ends that an event is being written: ids are given out before commits."""
    _hold("pg_advisory_xact_lock_shared")


def no_event_in_flight() -> None:
    """Wait until every event given an id has been committed or dropped; call it inside a transaction."""
    _hold("pg_advisory_xact_lock")


def _hold(lock: str) -> None:
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {lock}(hashtext('suyuan:events'))")


def known(table: str, key: str, columns: Sequence[str], values: Sequence[str | int]) -> list[tuple[Any, ...]]:
    """Return the rows of ``table`` whose ``key`` is among ``values``."""
    named = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f'SELECT {named} FROM "{table}" WHERE "{key}" IN (SELECT value FROM json_each(%s))',
                (json.dumps(list(values)),),
            )
        else:
            cursor.execute(f'SELECT {named} FROM "{table}" WHERE "{key}" = ANY(%s)', (list(values),))
        return list(cursor.fetchall())


def update(table: str, values: dict[str, Any], pk: int) -> None:
    """Set columns of one row to values that are already stored values."""
    named = ", ".join(f'"{column}" = %s' for column in values)
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{table}" SET {named} WHERE id = %s', (*values.values(), pk))


def set_many(table: str, column: str, kind: str, values: Sequence[tuple[Any, int]]) -> None:
    """Set one column, of the SQL type ``kind``, of many rows, each ``(value, id)``."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(f'UPDATE "{table}" SET "{column}" = %s WHERE id = %s', values)
            return
        cursor.execute(
            f'UPDATE "{table}" AS t SET "{column}" = v.value '
            f"FROM unnest(%s::{kind}[], %s::bigint[]) AS v(value, id) WHERE t.id = v.id",
            ([value for value, _ in values], [pk for _, pk in values]),
        )


def know_sizes(*tables: str) -> None:
    """Let PostgreSQL look at tables that many rows came into, so that it does not plan as if they were empty.

    Its own look comes a minute later, and to a table of fewer than fifty rows, such as units, never.
    """
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(tables)}")
