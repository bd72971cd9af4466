"""The database: reachable, new enough, in UTF-8, with a clock that agrees."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from .finding import Finding, error, warning

OLDEST_POSTGRESQL = 15
DAMAGED = ("disk image is malformed", "file is not a database")
"""What SQLite says of a file that holds a database no more."""
APART = timedelta(seconds=30)
"""How far the database's clock may be from this machine's: dues are computed here and compared there."""


def reach(ready: Callable[[], None]) -> Iterator[Finding]:
    """Yield a finding when the database, or what is sealed in it, cannot be opened."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from suyuan.domain.errors import Refused

    from . import keys

    try:
        ready()
    except Refused as lost:
        if lost.code != "keys_missing":
            raise
        yield keys.missing(lost)
    except (DatabaseError, ImproperlyConfigured) as wrong:
        yield _unopened(wrong)


def _unopened(wrong: Exception) -> Finding:
    """Return the finding of a database that does not open, with what mends it for its kind and fault."""
    said = str(wrong).strip().splitlines()[0] if str(wrong).strip() else type(wrong).__name__
    if any(fault in said for fault in DAMAGED):
        return error(
            "database_damaged",
            f"the database file is damaged: {said[:200]}",
            "stop the console and the workers, keep the file aside, and restore the newest backup into an "
            "empty home: docs/operate.md",
        )
    return error(
        "database_unreachable",
        f"the database cannot be opened: {said[:200]}",
        "check SUYUAN_DATABASE_URL, and that the server runs and the role owns the database",
    )


def look(now: datetime) -> Iterator[Finding]:
    """Yield what is wrong with the database that was opened."""
    from suyuan.store.queries import condition

    there = condition.database()
    if there.vendor == "postgresql" and there.major < OLDEST_POSTGRESQL:
        yield error(
            "postgresql_old",
            f"PostgreSQL {there.major} is too old",
            f"use PostgreSQL {OLDEST_POSTGRESQL} or newer",
        )
    if there.encoding != "UTF8":
        yield error(
            "not_utf8",
            f"the database stores text as {there.encoding}",
            "make it anew: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
        )
    if there.vendor == "sqlite" and there.journal not in ("wal", "memory"):
        yield warning(
            "journal_not_wal",
            f"SQLite keeps its journal as {there.journal}: readers wait for writers",
            "move the home to a local disk: network shares cannot hold a write-ahead log",
        )
    if there.at is not None and abs(there.at - now) > APART:
        apart = int(abs(there.at - now).total_seconds())
        yield error(
            "clocks_apart",
            f"the database's clock and this machine's are {apart} s apart",
            "let both machines keep time by NTP: dues depend on it",
        )
