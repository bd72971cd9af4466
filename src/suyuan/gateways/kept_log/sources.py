"""Where what is kept came from: one row a source; a source forgotten."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from . import orders, owning, tables
from .incoming import Kinds


class Told(NamedTuple):
    """What is written down of a file that was taken over."""

    name: str
    digest: str
    """SHA-256 of the file."""
    form: str
    """What it was: ``sqlite``, ``json``, ``xml`` or the layout of a table."""
    at: str
    """When it was taken over, ISO 8601."""
    by: str


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it stands: what its last file that changed anything was, and what is kept of it."""

    name: str
    digest: str
    form: str
    at: str
    by: str
    events: int
    first: int | None
    last: int | None
    """Microseconds UTC of its first and last event."""


def number_of(link: sqlite3.Connection, told: Told) -> int:
    """Return the number of a source, with what is said of it now."""
    link.execute(
        """INSERT INTO source (name, digest, form, at, by) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE
           SET digest = excluded.digest, form = excluded.form, at = excluded.at, by = excluded.by""",
        told,
    )
    return int(link.execute("SELECT id FROM source WHERE name = ?", (told.name,)).fetchone()[0])


def sources(path: Path) -> list[Source]:
    """Return every source, the one that changed last first."""
    with tables.reading(path) as link:
        if tables.version(link) != tables.FORM:
            return []
        rows = link.execute(
            """SELECT s.name, s.digest, s.form, s.at, s.by, count(e.id), min(e.at), max(e.at)
               FROM source s LEFT JOIN event e ON e.source = s.id GROUP BY s.id ORDER BY s.at DESC, s.name"""
        )
        return [Source(*row) for row in rows]


_DROPPED = """
CREATE TEMP TABLE moved (object INTEGER PRIMARY KEY);
INSERT OR IGNORE INTO temp.moved SELECT t.object FROM main.touch t
  WHERE t.event IN (SELECT id FROM main.event WHERE source = {0});
INSERT OR IGNORE INTO temp.moved SELECT one FROM main.link WHERE source = {0};
INSERT OR IGNORE INTO temp.moved SELECT other FROM main.link WHERE source = {0};
DELETE FROM main.touch WHERE event IN (SELECT id FROM main.event WHERE source = {0});
DELETE FROM main.link WHERE source = {0};
DELETE FROM main.promise WHERE source = {0};
DELETE FROM main.event WHERE source = {0};
DELETE FROM main.source WHERE id = {0}
"""


def drop(path: Path, name: str, kinds: Kinds) -> int | None:
    """Remove what came from a source out of a file not in place yet; return how many events it had."""
    from .merging import UNUSED

    with tables.writing(path, anew=True) as link:
        row = link.execute("SELECT id FROM source WHERE name = ?", (name,)).fetchone()
        if row is None:
            return None
        number = int(row[0])
        events = link.execute("SELECT count(*) FROM event WHERE source = ?", (number,)).fetchone()[0]
        owning.ready(link)
        owning.count(link, f"(SELECT id FROM main.event WHERE source = {number})", "id", -1)
        tables.script(link, _DROPPED.format(number))
        tables.script(link, UNUSED)
        orders.renew(link, kinds)
    return int(events)
