"""Types of objects in the event log that was taken over (OCEL 2.0, SQLite), and moments as logs write them.

A tuple of names bounds each query and nothing is written.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from suyuan.domain.errors import BadInput

_CHUNK = 500
_TYPES = "SELECT ocel_id, ocel_type FROM object WHERE ocel_id IN (?)"


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.is_file():
        raise BadInput("log_missing", file=path.name)
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        try:
            yield connection
        except sqlite3.DatabaseError as error:
            raise BadInput("log_unreadable", file=path.name, problem=str(error)) from error


def _ask(connection: sqlite3.Connection, sql: str, names: Iterable[str]) -> Iterator[Any]:
    """Yield the rows of ``sql`` for names bound where it says ``IN (?)``, in chunks."""
    wanted = sorted(set(names))
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        yield from _texts(connection.execute(sql.replace("(?)", f"({','.join('?' * len(part))})"), part))


def _texts(rows: Iterable[Any]) -> Iterator[Any]:
    """Yield rows of names and moments; raise DataError where one holds anything else."""
    for row in rows:
        if not all(isinstance(cell, str) for cell in row):
            raise sqlite3.DataError("a name or a moment that is no text")
        yield row


def types_of(path: Path, things: Iterable[str]) -> dict[str, str]:
    """Return the type of each object."""
    with _open(path) as db:
        return dict(_ask(db, _TYPES, things))


def moment_of(text: object, zone: tzinfo | None = None) -> datetime | None:
    """Return the moment a text of a log is, in ``zone`` where it names none; None for what is none."""
    try:
        moment = datetime.fromisoformat(str(text))
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else zone and moment.replace(tzinfo=zone)
