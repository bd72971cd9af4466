"""A log of somebody else's made again: what tracing needs, every object by the name it is given here.

Only what happened, when, and to which objects is taken. Attributes, qualifiers and the ids of events stay
behind: none of them is asked for, and any of them may say who somebody is.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from suyuan.domain.errors import BadInput

from .ocel import moment_of

Word = Callable[[str], str]
_CORE = ("event", "object", "event_object", "object_object", "event_map_type")
_MADE = """
PRAGMA page_size = 8192;
PRAGMA journal_mode = OFF;
PRAGMA temp_store = MEMORY;
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT);
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT);
CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT DEFAULT '',
  PRIMARY KEY (ocel_event_id, ocel_object_id)) WITHOUT ROWID;
CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT DEFAULT '',
  PRIMARY KEY (ocel_source_id, ocel_target_id)) WITHOUT ROWID;
CREATE TEMP TABLE thing (old TEXT PRIMARY KEY, now TEXT) WITHOUT ROWID;
CREATE TEMP TABLE told (old TEXT PRIMARY KEY, now TEXT) WITHOUT ROWID;
"""
_TOLD = """
INSERT INTO temp.told SELECT ocel_id, printf('e%09d', row_number() OVER (ORDER BY ocel_id))
FROM (SELECT DISTINCT ocel_id FROM src.event)
"""
"""Events are numbered in the order of their own ids, by which a log tells what came first in one moment."""
_JOINED = """
INSERT OR IGNORE INTO main.event_object (ocel_event_id, ocel_object_id)
SELECT told.now, thing.now FROM src.event_object eo
JOIN temp.told ON told.old = eo.ocel_event_id JOIN temp.thing ON thing.old = eo.ocel_object_id
JOIN main.event ON event.ocel_id = told.now;
INSERT OR IGNORE INTO main.object_object (ocel_source_id, ocel_target_id)
SELECT a.now, b.now FROM src.object_object oo
JOIN temp.thing a ON a.old = oo.ocel_source_id JOIN temp.thing b ON b.old = oo.ocel_target_id;
CREATE INDEX event_object_by_object ON event_object (ocel_object_id);
CREATE INDEX object_object_by_target ON object_object (ocel_target_id);
"""


@contextmanager
def _reading(path: Path, target: str) -> Iterator[sqlite3.Connection]:
    """Open ``target`` with somebody else's log beside it as ``src``, its tables and nothing that computes."""
    if not path.is_file():
        raise BadInput("log_missing", file=path.name)
    try:
        with closing(sqlite3.connect(target, uri=True)) as link:
            link.execute("PRAGMA trusted_schema = OFF")
            link.execute("ATTACH ? AS src", (path.resolve().as_uri() + "?mode=ro",))
            tables = "SELECT name FROM src.sqlite_master WHERE type = 'table' AND rootpage > 0"
            there = {str(name).lower() for (name,) in link.execute(tables)}
            for name in _CORE:
                if name not in there:
                    raise sqlite3.DataError(f"no table {name}")
            yield link
    except (sqlite3.Error, sqlite3.Warning, UnicodeError, OverflowError) as error:
        raise BadInput("log_unreadable", file=path.name, problem=str(error)) from error


def things(path: Path) -> list[tuple[str, str]]:
    """Return every object of a log with its type."""
    with _reading(path, ":memory:") as link:
        return _texts(link.execute("SELECT ocel_id, ocel_type FROM src.object"))


def rewrite(
    path: Path, target: Path, names: Mapping[str, str], word: Word, zone: tzinfo | None = None
) -> dict[str, int]:
    """Write the log anew to ``target`` and return how much it holds.

    ``names`` says what each object is called there; one it does not name stays behind with all that joins it.
    ``word`` is what becomes of the name of a type or an activity, ``zone`` where moments that name none were.
    """
    with _reading(path, target.as_uri()) as link:
        link.executescript(_MADE)
        link.executemany("INSERT INTO temp.thing VALUES (?, ?)", names.items())
        kinds = _texts(link.execute("SELECT ocel_id, ocel_type FROM src.object"))
        rows = ((names[old], word(kind)) for old, kind in kinds if old in names)
        link.executemany("INSERT OR IGNORE INTO main.object VALUES (?, ?)", rows)
        link.execute(_TOLD)
        _events(link, word, lambda text, kind: _moment(text, kind, path, zone))
        link.executescript(_JOINED)
        counts = {name: _count(link, name) for name in ("event", "object")}
        link.commit()
    return {"events": counts["event"], "objects": counts["object"]}


def _events(link: sqlite3.Connection, word: Word, moment: Callable[[object, str], str]) -> None:
    """Copy what happened when, each type from its own table to one of ours."""
    there = {str(n) for (n,) in link.execute("SELECT name FROM src.sqlite_master WHERE type = 'table'")}
    maps = _texts(link.execute("SELECT ocel_type, ocel_type_map FROM src.event_map_type"))
    for number, (kind, name) in enumerate(maps, 1):
        if f"event_{name}" not in there:
            raise sqlite3.DataError("no table of a type of events")
        source, called = _quoted(f"event_{name}"), word(kind)
        link.execute("INSERT OR IGNORE INTO main.event_map_type VALUES (?, ?)", (called, f"t{number}"))
        sql = "SELECT ocel_type_map FROM main.event_map_type WHERE ocel_type = ?"
        ((ours,),) = link.execute(sql, (called,)).fetchall()
        link.execute(
            f"CREATE TABLE IF NOT EXISTS main.event_{ours} (ocel_id TEXT PRIMARY KEY, ocel_time TEXT)"
        )
        happened = link.execute(
            f"SELECT told.now, x.ocel_time FROM src.{source} x JOIN temp.told ON told.old = x.ocel_id "
            "JOIN src.event e ON e.ocel_id = x.ocel_id WHERE e.ocel_type = ?",
            (kind,),
        ).fetchall()
        rows = [(event, moment(at, called)) for event, at in happened]
        link.executemany(f"INSERT OR IGNORE INTO main.event_{ours} VALUES (?, ?)", rows)
        link.executemany(
            "INSERT OR IGNORE INTO main.event VALUES (?, ?)", ((event, called) for event, _ in rows)
        )


def _moment(text: object, kind: str, path: Path, zone: tzinfo | None) -> str:
    """Return a moment as it is written; of one that is none, nothing is repeated: it may be anything."""
    moment = moment_of(text, zone)
    if moment is None:
        zoned = zone is not None or moment_of(text, UTC) is None
        raise BadInput("log_time" if zoned else "log_zone", file=path.name, event=kind)
    return moment.isoformat()


def _texts(found: sqlite3.Cursor) -> list[Any]:
    """Return rows of names, read to their end: a cursor left open keeps the file locked."""
    rows = found.fetchall()
    if not all(isinstance(cell, str) for row in rows for cell in row):
        raise sqlite3.DataError("a name that is no text")
    return rows


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _count(link: sqlite3.Connection, table: str) -> int:
    return int(link.execute(f"SELECT count(*) FROM main.{table}").fetchone()[0])


@contextmanager
def _ours(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(path, timeout=60)) as link:
            link.execute("PRAGMA temp_store = MEMORY")
            link.execute("PRAGMA secure_delete = ON")  # what is forgotten leaves no trace in a free page
            yield link
            link.commit()
    except sqlite3.DatabaseError as error:
        raise BadInput("log_unreadable", file=path.name, problem=str(error)) from error


def joined(path: Path, of: Iterable[str]) -> set[tuple[str, str]]:
    """Return the objects, with their types, that a log of ours says belong to these."""
    sql = (
        "SELECT o.ocel_id, o.ocel_type FROM object_object oo JOIN object o ON o.ocel_id = oo.{} "
        "WHERE oo.{} = ?"
    )
    found: set[tuple[str, str]] = set()
    with _ours(path) as link:
        for thing in of:
            for ends in (
                ("ocel_target_id", "ocel_source_id"),
                ("ocel_source_id", "ocel_target_id"),
            ):
                found |= set(link.execute(sql.format(*ends), (thing,)))
    return found


def events_of(path: Path, thing: str) -> list[tuple[str, str]]:
    """Return what happened to an object of a log of ours: the moment and the activity, the oldest first."""
    sql = "SELECT e.ocel_id, e.ocel_type FROM event_object eo JOIN event e ON e.ocel_id = eo.ocel_event_id "
    rows: list[tuple[str, str]] = []
    with _ours(path) as link:
        maps = dict(link.execute("SELECT ocel_type, ocel_type_map FROM event_map_type"))
        for event, kind in link.execute(sql + "WHERE eo.ocel_object_id = ?", (thing,)).fetchall():
            at = link.execute(f"SELECT ocel_time FROM event_{maps[kind]} WHERE ocel_id = ?", (event,))
            rows.append((str(at.fetchone()[0]), kind))
    return sorted(rows)


def forget(path: Path, these: Iterable[str]) -> int:
    """Remove objects from a log of ours, and the events that happened to nothing else; return how many."""
    with _ours(path) as link:
        link.execute("CREATE TEMP TABLE gone (ocel_id TEXT PRIMARY KEY)")
        link.executemany("INSERT OR IGNORE INTO gone VALUES (?)", ((thing,) for thing in these))
        link.execute(
            "CREATE TEMP TABLE touched AS SELECT DISTINCT ocel_event_id AS event FROM event_object "
            "WHERE ocel_object_id IN (SELECT ocel_id FROM gone)"
        )
        for table, column in (
            ("event_object", "ocel_object_id"),
            ("object_object", "ocel_source_id"),
            ("object_object", "ocel_target_id"),
        ):
            link.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT ocel_id FROM gone)")
        count = link.execute("DELETE FROM object WHERE ocel_id IN (SELECT ocel_id FROM gone)").rowcount
        link.execute("DELETE FROM touched WHERE event IN (SELECT ocel_event_id FROM event_object)")
        for (name,) in link.execute("SELECT ocel_type_map FROM event_map_type").fetchall():
            link.execute(f"DELETE FROM event_{name} WHERE ocel_id IN (SELECT event FROM touched)")
        link.execute("DELETE FROM event WHERE ocel_id IN (SELECT event FROM touched)")
    return count
