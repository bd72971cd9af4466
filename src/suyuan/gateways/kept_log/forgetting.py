"""Somebody's objects in the log that is kept: found, told, removed."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from . import owning, tables
from .incoming import MARK

_CHUNK = 400
_START = datetime(1970, 1, 1, tzinfo=UTC)
_BESIDE = """
SELECT o.name, t.name FROM link l JOIN object o ON o.id = l.{0} JOIN type t ON t.id = o.type
WHERE l.{1} = (SELECT id FROM object WHERE name = ?)
"""
_TOUCHED = "(SELECT DISTINCT event FROM main.touch WHERE object IN (SELECT id FROM temp.somebody))"
_GONE = """
CREATE TEMP TABLE touched AS SELECT DISTINCT event FROM main.touch
  WHERE object IN (SELECT id FROM temp.somebody);
DELETE FROM main.touch WHERE object IN (SELECT id FROM temp.somebody);
DELETE FROM main.link WHERE one IN (SELECT id FROM temp.somebody);
DELETE FROM main.link WHERE other IN (SELECT id FROM temp.somebody);
DELETE FROM main.promise WHERE object IN (SELECT id FROM temp.somebody);
DELETE FROM main.orders WHERE object IN (SELECT id FROM temp.somebody);
DELETE FROM main.object WHERE id IN (SELECT id FROM temp.somebody);
UPDATE main.event SET cut = 1 WHERE id IN (SELECT event FROM temp.touched);
CREATE TEMP TABLE alone AS SELECT event FROM temp.touched
  WHERE event NOT IN (SELECT t.event FROM main.touch t WHERE t.event IN (SELECT event FROM temp.touched));
INSERT OR IGNORE INTO main.gone SELECT event FROM temp.alone;
DELETE FROM main.event WHERE id IN (SELECT event FROM temp.alone)
"""
"""Of an event that happened to nobody else only its number stays, which says nothing: so it does not come
back with the next file. Of the others it is written down that they are not to be written again."""


def _ask(link: sqlite3.Connection, sql: str, names: Iterable[str]) -> Iterator[Any]:
    """Yield the rows of ``sql`` for names bound where it says ``IN (?)``."""
    wanted = sorted(set(names))
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        yield from link.execute(sql.replace("(?)", f"({','.join('?' * len(part))})"), part)


def types_of(path: Path, things: Iterable[str]) -> dict[str, str]:
    """Return the type of each object; one whose number stands under several types, each of them."""
    with tables.reading(path) as link:
        kinds = [name for (name,) in link.execute("SELECT name FROM type")]
        plain = set(things)
        twice = {f"{kind}:{thing}" for kind in kinds for thing in plain if thing[:1] != MARK}
        sql = "SELECT o.name, t.name FROM object o JOIN type t ON t.id = o.type WHERE o.name IN (?)"
        return dict(_ask(link, sql, plain | twice))


def joined(path: Path, of: Iterable[str]) -> set[tuple[str, str]]:
    """Return the objects, with their types, that are linked to these."""
    with tables.reading(path) as link:
        return {
            (str(name), str(kind))
            for thing in of
            for ends in (("one", "other"), ("other", "one"))
            for name, kind in link.execute(_BESIDE.format(*ends), (thing,))
        }


def events_of(path: Path, thing: str) -> list[tuple[str, str]]:
    """Return what happened to an object: the moment and the activity, the oldest first."""
    with tables.reading(path) as link:
        rows = link.execute(
            """SELECT e.at, a.name FROM object o JOIN touch t ON t.object = o.id
               JOIN event e ON e.id = t.event
               JOIN activity a ON a.id = e.activity WHERE o.name = ? ORDER BY e.at, e.rank, e.id""",
            (thing,),
        )
        return [((_START + timedelta(microseconds=at)).isoformat(), kind) for at, kind in rows]


def forget(path: Path, these: Iterable[str]) -> int:
    """Remove objects, and the events that happened to nothing else; return how many objects."""
    with tables.writing(path) as link:
        link.execute("CREATE TEMP TABLE somebody (id INTEGER PRIMARY KEY)")
        sql = "INSERT OR IGNORE INTO temp.somebody SELECT id FROM main.object WHERE name = ?"
        link.executemany(sql, ((thing,) for thing in these))
        count = link.execute("SELECT count(*) FROM temp.somebody").fetchone()[0]
        if count:
            owning.ready(link)
            owning.count(link, _TOUCHED, "event", -1)
            tables.script(link, _GONE)
            owning.count(link, "temp.touched", "event", 1)
    return int(count)
