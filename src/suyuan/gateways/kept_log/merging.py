"""A log merged into the one that is kept: what is new, what has changed, what is as it was."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from . import clashing, orders, owning, tables
from .incoming import MARK, Incoming, Kinds
from .sources import Told, number_of

_COMING = """
CREATE TEMP TABLE came (id INTEGER PRIMARY KEY, activity INTEGER, at INTEGER, rank INTEGER, state INTEGER);
CREATE TEMP TABLE came_touch (event INTEGER, object INTEGER, PRIMARY KEY (event, object)) WITHOUT ROWID;
CREATE TEMP TABLE moved (object INTEGER PRIMARY KEY);
CREATE TEMP TABLE lost (id INTEGER PRIMARY KEY);
"""
_NEW, _CHANGED, _SAME = 1, 2, 0
_STATES = """
DELETE FROM temp.came WHERE id IN (SELECT event FROM main.gone);
UPDATE temp.came SET state = 1 WHERE NOT EXISTS (SELECT 1 FROM main.event e WHERE e.id = came.id);
UPDATE temp.came SET state = 2 WHERE state = 0 AND EXISTS (SELECT 1 FROM main.event e WHERE e.id = came.id
  AND NOT e.cut AND (e.activity, e.at, e.rank) <> (came.activity, came.at, came.rank));
"""
_ADDED = """
UPDATE temp.came SET state = 3 WHERE state = 0
AND NOT (SELECT cut FROM main.event e WHERE e.id = came.id)
AND EXISTS (SELECT 1 FROM temp.came_touch t WHERE t.event = came.id
  AND NOT EXISTS (SELECT 1 FROM main.touch k WHERE k.event = t.event AND k.object = t.object));
"""
_LEFT = """
UPDATE temp.came SET state = 2 WHERE state IN (0, 3)
AND NOT (SELECT cut FROM main.event e WHERE e.id = came.id)
AND EXISTS (SELECT 1 FROM main.touch k WHERE k.event = came.id
  AND NOT EXISTS (SELECT 1 FROM temp.came_touch t WHERE t.event = k.event AND t.object = k.object));
"""
_WRITTEN = """
INSERT OR IGNORE INTO temp.moved SELECT object FROM main.touch WHERE event IN (SELECT id FROM temp.lost);
INSERT OR IGNORE INTO temp.moved SELECT k.object FROM temp.came c CROSS JOIN main.touch k ON k.event = c.id
  WHERE c.state > 0;
DELETE FROM main.touch WHERE event IN (SELECT id FROM temp.lost);
DELETE FROM main.touch WHERE event IN (SELECT id FROM temp.came WHERE state = 2);
DELETE FROM main.event WHERE id IN (SELECT id FROM temp.lost);
INSERT OR IGNORE INTO main.touch SELECT t.event, t.object FROM temp.came_touch t
  CROSS JOIN temp.came c ON c.id = t.event WHERE c.state > 0;
INSERT OR IGNORE INTO temp.moved SELECT t.object FROM temp.came_touch t
  JOIN temp.came c ON c.id = t.event WHERE c.state > 0;
"""
"""``CROSS JOIN``: what came is asked first, however much is kept."""
_MOVED = "(SELECT id FROM temp.came WHERE state > 0)"
_LOST = "temp.lost"
"""The events that are written, and those that go."""
UNUSED = """
DELETE FROM main.object WHERE id IN (SELECT object FROM temp.moved)
AND NOT EXISTS (SELECT 1 FROM main.touch k WHERE k.object = object.id)
AND NOT EXISTS (SELECT 1 FROM main.link WHERE one = object.id)
AND NOT EXISTS (SELECT 1 FROM main.link WHERE other = object.id);
DELETE FROM main.promise WHERE object IN (SELECT object FROM temp.moved)
AND object NOT IN (SELECT id FROM main.object);
"""
"""An object that nothing happens to and nothing is joined to says nothing."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the events of a log that was merged, and how much is kept in all."""

    new: int
    changed: int
    unchanged: int
    removed: int
    """Events of the source that its new file, put in the place of all of it, no longer has."""
    joins: int
    """Links between objects, and promises, that are new or other ones."""
    events: int
    objects: int
    mixed: int
    """Orders of which the source says other places than another one does."""

    @property
    def nothing(self) -> bool:
        """Tell whether the log is as it was."""
        return not (self.new or self.changed or self.removed or self.joins)


def merge(path: Path, log: Incoming, told: Told, kinds: Kinds, *, replace: bool) -> Counts:
    """Merge one source's log into a file that is not in place yet, and return what became of it."""
    with tables.writing(path, anew=True) as link:
        tables.script(link, _COMING)
        owning.ready(link)
        source = number_of(link, told)
        activities, types = (
            _names(link, table, names) for table, names in (("activity", log.activities), ("type", log.types))
        )
        things = _things(link, log, types)
        _coming(link, log, activities, things)
        if replace:
            link.execute(
                "INSERT INTO temp.lost SELECT id FROM main.event WHERE source = ? "
                "AND id NOT IN (SELECT id FROM temp.came)", (source,),
            )  # fmt: skip
        states = _states(link, adds=log.adds)
        for part in (_LOST, _MOVED):
            owning.count(link, part, "id", -1)
        tables.script(link, _WRITTEN)
        link.execute(
            "INSERT OR REPLACE INTO main.event SELECT id, activity, at, rank, ?, 0 FROM temp.came "
            "WHERE state IN (1, 2)", (source,),
        )  # fmt: skip
        owning.count(link, _MOVED, "id", 1)
        removed = _count(link, _LOST)
        joins = _joins(link, log, things, source, replace=replace) + _promises(link, log, things, source)
        tables.script(link, UNUSED)
        orders.renew(link, kinds)
        kept = [_count(link, name) for name in ("event", "object")]
        mixed = clashing.count(link, source)
    new, changed = states.get(_NEW, 0), sum(n for state, n in states.items() if state > _NEW)
    return Counts(new, changed, states.get(_SAME, 0), removed, joins, *kept, mixed)


def _names(link: sqlite3.Connection, table: str, names: list[str]) -> dict[int, int]:
    """Return by its place what number each name has here, giving one to those without."""
    link.executemany(f"INSERT OR IGNORE INTO {table} (name) VALUES (?)", ((name,) for name in names))
    known = dict(link.execute(f"SELECT name, id FROM {table}"))
    return {at: known[name] for at, name in enumerate(names)}


def _things(link: sqlite3.Connection, log: Incoming, types: dict[int, int]) -> Any:
    """Return the number of each object of the log here; -1 for one that nothing is joined to.

    A number that stands here under another type already is called by its type and number; one reference is
    one object, whatever its type is called.
    """
    used = np.zeros(len(log.things), np.bool_)
    for rows in (*log.touches[1:], *log.links):
        used[rows] = True
    link.execute("CREATE TEMP TABLE thing (place INTEGER PRIMARY KEY, name TEXT, type INTEGER, called TEXT)")
    rows = ((at, log.things[at], types[int(log.type[at])]) for at in np.flatnonzero(used).tolist())
    link.executemany("INSERT INTO temp.thing (place, name, type) VALUES (?, ?, ?)", rows)
    link.execute(
        """UPDATE temp.thing SET called = CASE WHEN substr(name, 1, 1) <> ? AND (
             EXISTS (SELECT 1 FROM main.object o WHERE o.name = (SELECT t.name FROM main.type t
               WHERE t.id = thing.type) || ':' || thing.name)
             OR EXISTS (SELECT 1 FROM main.object o WHERE o.name = thing.name AND o.type <> thing.type))
           THEN (SELECT t.name FROM main.type t WHERE t.id = thing.type) || ':' || name ELSE name END""",
        (MARK,),
    )
    link.execute(
        "INSERT OR IGNORE INTO main.object (name, type) SELECT called, type FROM temp.thing ORDER BY place"
    )
    found = np.full(len(log.things), -1, np.int64)
    sql = "SELECT place, o.id FROM temp.thing t JOIN main.object o ON o.name = t.called"
    for place, number in link.execute(sql):
        found[place] = number
    link.execute(
        "INSERT OR IGNORE INTO temp.moved SELECT o.id FROM temp.thing t "
        "JOIN main.object o ON o.name = t.called "
        "WHERE NOT EXISTS (SELECT 1 FROM main.touch k WHERE k.object = o.id)"
    )
    return found


def _coming(link: sqlite3.Connection, log: Incoming, activities: dict[int, int], things: Any) -> None:
    """Put the events that came beside those that are kept."""
    number = np.array([activities[at] for at in range(len(activities))] or [0], np.int64)
    rows = log.rows(log.ids, number[log.activity], log.at, log.rank)
    link.executemany("INSERT OR IGNORE INTO temp.came VALUES (?, ?, ?, ?, 0)", rows)
    event, thing = log.touches
    pairs = log.rows(log.ids[event], things[thing])
    link.executemany("INSERT OR IGNORE INTO temp.came_touch VALUES (?, ?)", pairs)


def _states(link: sqlite3.Connection, *, adds: bool) -> dict[int, int]:
    """Say of each event that came whether it is new, another one, or as it was; return how many are."""
    tables.script(link, _STATES + _ADDED)
    if not adds:
        tables.script(link, _LEFT)
    return dict(link.execute("SELECT state, count(*) FROM temp.came GROUP BY state"))


def _joins(link: sqlite3.Connection, log: Incoming, things: Any, source: int, *, replace: bool) -> int:
    """Take the links between objects; return how many are new, or gone where all of a source is replaced."""
    link.execute(
        "CREATE TEMP TABLE came_link (one INTEGER, other INTEGER, PRIMARY KEY (one, other)) WITHOUT ROWID"
    )
    pairs = log.rows(things[log.links[0]], things[log.links[1]])
    link.executemany("INSERT OR IGNORE INTO temp.came_link VALUES (?, ?)", pairs)
    gone = 0
    if replace:
        over = "source = ? AND (one, other) NOT IN (SELECT one, other FROM temp.came_link)"
        for end in ("one", "other"):
            link.execute(
                f"INSERT OR IGNORE INTO temp.moved SELECT {end} FROM main.link WHERE {over}", (source,)
            )
        gone = link.execute(f"DELETE FROM main.link WHERE {over}", (source,)).rowcount
    new = link.execute("INSERT OR IGNORE INTO main.link SELECT one, other, ? FROM temp.came_link", (source,))
    return int(new.rowcount) + gone


def _promises(link: sqlite3.Connection, log: Incoming, things: Any, source: int) -> int:
    """Take what was promised of orders: what was said last holds; return how much of it is another one."""
    said = [
        (int(things[one.thing]), one.name, source, one.at, one.said)
        for one in log.promises
        if things[one.thing] >= 0
    ]
    changed = link.executemany(
        """INSERT INTO main.promise VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
           SET at = excluded.at, said = excluded.said WHERE (excluded.said, excluded.at) > (said, at)""",
        said,
    ).rowcount
    if changed > 0:
        link.executemany("INSERT OR IGNORE INTO temp.moved VALUES (?)", ((thing,) for thing, *_ in said))
    return max(changed, 0)


def _count(link: sqlite3.Connection, table: str) -> int:
    return int(link.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
