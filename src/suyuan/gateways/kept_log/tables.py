"""The file of the log that is kept: events, objects and what joins them, by number.

The number of an event is a keyed digest of its source and its id there: the same event has the same number
whenever it comes. ``rank`` puts events of one moment in the order their own ids have.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from suyuan.domain.errors import BadInput

from . import owning

FORM = 2
"""``PRAGMA user_version``. What an earlier version kept has none: see ``earlier``."""
MADE = f"""
PRAGMA page_size = 8192;
PRAGMA user_version = {FORM};
CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT UNIQUE, digest TEXT, form TEXT, at TEXT, by TEXT);
CREATE TABLE activity (id INTEGER PRIMARY KEY, name TEXT UNIQUE, done INTEGER DEFAULT 0);
CREATE TABLE type (id INTEGER PRIMARY KEY, name TEXT UNIQUE, role TEXT DEFAULT '');
CREATE TABLE event (id INTEGER PRIMARY KEY, activity INTEGER, at INTEGER, rank INTEGER, source INTEGER,
  cut INTEGER DEFAULT 0);
CREATE TABLE object (id INTEGER PRIMARY KEY, name TEXT UNIQUE, type INTEGER);
CREATE TABLE touch (event INTEGER, object INTEGER, PRIMARY KEY (event, object)) WITHOUT ROWID;
CREATE INDEX touch_by_object ON touch (object, event);
CREATE TABLE link (one INTEGER, other INTEGER, source INTEGER,
  PRIMARY KEY (one, other, source)) WITHOUT ROWID;
CREATE INDEX link_by_other ON link (other);
CREATE TABLE promise (object INTEGER, name TEXT, source INTEGER, at INTEGER, said INTEGER,
  PRIMARY KEY (object, name, source)) WITHOUT ROWID;
CREATE TABLE gone (event INTEGER PRIMARY KEY);
CREATE TABLE orders (object INTEGER PRIMARY KEY, sign TEXT UNIQUE, type INTEGER, unit INTEGER, begun INTEGER,
  last INTEGER, step INTEGER, steps INTEGER, done INTEGER, source INTEGER, promised INTEGER);
CREATE INDEX orders_by_last ON orders (last);
CREATE INDEX orders_by_type ON orders (type, last);
CREATE INDEX orders_by_unit ON orders (unit, last);
CREATE INDEX orders_by_done ON orders (done, last);
CREATE INDEX orders_by_type_done ON orders (type, done, last);
CREATE INDEX orders_by_unit_done ON orders (unit, done, last);
{owning.MADE}
"""
"""``cut``: somebody was taken out of the event, so that it is not written again; ``gone``: of whom nothing
else was in it, so that it does not come back. Moments are microseconds UTC."""


def is_kept(path: Path) -> bool:
    """Tell whether a file is a log in the form of this version."""
    with reading(path) as link:
        return version(link) == FORM


def version(link: sqlite3.Connection) -> int:
    """Return the form of a log that is kept, 0 where it is an earlier version's."""
    return int(link.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open one state of the log, whoever writes meanwhile; raise BadInput where it is none."""
    if not path.is_file():
        raise BadInput("log_missing", file=path.name)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=60)) as link:
            link.execute("BEGIN")
            yield link
    except (sqlite3.Error, TypeError, ValueError, OverflowError) as error:
        raise BadInput("log_unreadable", file=path.name, problem=str(error)[:200]) from error


@contextmanager
def writing(path: Path, *, anew: bool = False) -> Iterator[sqlite3.Connection]:
    """Open the log to change it, whole or not at all; ``anew``: a file of nobody else's, not yet in place."""
    try:
        with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as link:
            link.execute("PRAGMA temp_store = MEMORY")
            link.execute("PRAGMA secure_delete = ON")  # what is forgotten leaves no trace in a free page
            if anew:
                link.execute("PRAGMA journal_mode = OFF")
                link.execute("PRAGMA synchronous = OFF")
                if version(link) != FORM:
                    link.executescript(MADE)  # in a transaction it would end it: see ``script``
            link.execute("BEGIN IMMEDIATE")
            yield link
            link.execute("COMMIT")
    except (sqlite3.Error, OverflowError) as error:
        raise BadInput("log_unreadable", file=path.name, problem=str(error)[:200]) from error


def script(link: sqlite3.Connection, text: str) -> None:
    """Run statements one after the other, within the transaction that is open."""
    for statement in text.split(";"):
        link.execute(statement)
