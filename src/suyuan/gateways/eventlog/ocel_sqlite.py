"""OCEL 2.0 as an SQLite database, read: its tables and nothing in it that computes."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import tzinfo
from typing import Any

from suyuan.domain.errors import BadInput

from .columns import Columns, Declared, SetAside
from .gathering import Gathered, finish
from .source import Source

CORE = {
    "event_map_type": ("ocel_type", "ocel_type_map"),
    "object_map_type": ("ocel_type", "ocel_type_map"),
    "event": ("ocel_id", "ocel_type"),
    "object": ("ocel_id", "ocel_type"),
    "event_object": ("ocel_event_id", "ocel_object_id", "ocel_qualifier"),
    "object_object": ("ocel_source_id", "ocel_target_id", "ocel_qualifier"),
}
_OWN = ("ocel_id", "ocel_time", "ocel_changed_field")
_AFFINITY = (("INT", "integer"), ("BOOL", "boolean"), ("TIME", "time"), ("DATE", "time"), ("REAL", "float"),
             ("FLOA", "float"), ("DOUB", "float"), ("NUM", "float"), ("DEC", "float"))  # fmt: skip
"""What is in the declared type of a column → the kind of its values; all else is text."""


class _Tables:
    """The tables of a log, asked by name whatever the case of its letters."""

    def __init__(self, link: sqlite3.Connection, log: Gathered) -> None:
        self.link, self.log = link, log
        found = link.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0")
        self.names = {str(name).lower(): str(name) for (name,) in found}

    def columns(self, table: str) -> dict[str, str]:
        """Return the columns with their declared types; raise BadInput where there is no such table."""
        if table.lower() not in self.names:
            raise self.log.wrong("tables", lacks=table)
        found = self.link.execute(f"PRAGMA table_info({quoted(self.names[table.lower()])})").fetchall()
        return {str(name): str(kind).upper() for _, name, kind, *_ in found}

    def rows(self, table: str, columns: list[str]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows in the order they were written."""
        there = {name.lower() for name in self.columns(table)}
        for column in columns:
            if column.lower() not in there:
                raise self.log.wrong(f"table {table}", lacks=column)
        source = quoted(self.names[table.lower()])
        sql = f"SELECT {', '.join(map(quoted, columns))} FROM {source}"
        try:
            found = self.link.execute(f"{sql} ORDER BY {source}.rowid")
        except sqlite3.OperationalError:  # WITHOUT ROWID
            found = self.link.execute(sql)
        yield from found


def quoted(name: str) -> str:
    """Return a name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def read(source: Source, zone: tzinfo | None) -> Columns:
    """Return the whole log."""
    log = Gathered(source.name)
    try:
        with closing(sqlite3.connect(source.path.resolve().as_uri() + "?mode=ro", uri=True)) as link:
            link.execute("PRAGMA trusted_schema = OFF")
            link.execute("BEGIN")  # one state of the log, whoever writes meanwhile
            _gather(_Tables(link, log))
    except (sqlite3.Error, sqlite3.Warning, UnicodeError, OverflowError) as error:
        raise BadInput("log_unreadable", file=source.name, problem=str(error)[:200]) from error
    return finish(log, zone)


def _gather(tables: _Tables) -> None:
    log = tables.log
    for table, columns in CORE.items():
        if missing := [name for name in columns if name not in tables.columns(table)]:
            raise log.wrong(f"table {table}", lacks=missing[0])
    events, objects = _things(tables, "event"), _things(tables, "object")
    log.times = [None] * len(log.event_ids)
    for kind, table in _types(tables, "event", log.event_types):
        _events(tables, kind, table, events)
    for kind, table in _types(tables, "object", log.object_types):
        _objects(tables, kind, table, objects)
    for table, rows, pairs in (("event_object", events, log.touches), ("object_object", objects, log.links)):
        for number, row in enumerate(tables.rows(table, list(CORE[table])), 1):
            one, other, how = (_name(cell, f"{table} {number}", log) for cell in (*row[:2], row[2] or ""))
            pairs.add(rows.get(one, -1), one, other, how)


def _things(tables: _Tables, word: str) -> dict[str, int]:
    """Take the ids and types of one kind; return by id its row."""
    log, rows = tables.log, dict[str, int]()
    ids, types = (log.event_ids, log.activities) if word == "event" else (log.object_ids, log.types)
    for number, row in enumerate(tables.rows(word, ["ocel_id", "ocel_type"]), 1):
        name, kind = (_name(cell, f"{word} {number}", log) for cell in row)
        rows.setdefault(name, len(ids))
        ids.append(name)
        types.append(kind)
    return rows


def _types(tables: _Tables, word: str, declared: Declared) -> Iterator[tuple[str, str]]:
    """Yield each type with the table of what is of it; take the attributes it declares."""
    log = tables.log
    for number, row in enumerate(tables.rows(f"{word}_map_type", ["ocel_type", "ocel_type_map"]), 1):
        where = f"{word}_map_type {number}"
        kind, short = (_name(cell, where, log) for cell in row)
        if kind in declared:
            raise log.wrong(where, value=kind[:60], problem="declared twice")
        table = f"{word}_{short}"
        columns = tables.columns(table)
        for needed in ("ocel_id", "ocel_time"):
            if needed not in columns:
                raise log.wrong(f"table {table}", lacks=needed)
        declared[kind] = {name: _kind(said) for name, said in columns.items() if name not in _OWN}
        yield kind, table


def _kind(said: str) -> str:
    return next((kind for part, kind in _AFFINITY if part in said), "string")


def _events(tables: _Tables, kind: str, table: str, rows: dict[str, int]) -> None:
    log, names = tables.log, list(tables.log.event_types[kind])
    told: set[int] = set()
    for number, (name, at, *cells) in enumerate(tables.rows(table, ["ocel_id", "ocel_time", *names]), 1):
        where = f"{table} {number}"
        row = rows.get(_name(name, where, log), -1)
        if row < 0 or log.activities[row] != kind or row in told:
            why = "duplicate_row" if row in told else "dangling_row"
            log.quarantined.append(SetAside(where, str(name)[:60], why))
            continue
        told.add(row)
        log.times[row] = None if at is None else str(at)
        for attribute, cell in zip(names, cells, strict=True):
            if cell is not None:
                log.of_events.add(row, attribute, _text(cell, where, log))


def _objects(tables: _Tables, kind: str, table: str, rows: dict[str, int]) -> None:
    """Take what a table says of objects: whole rows, and rows in which one field alone has changed."""
    log, names = tables.log, list(tables.log.object_types[kind])
    changes = "ocel_changed_field" in tables.columns(table)
    columns = ["ocel_id", "ocel_time", *(["ocel_changed_field"] if changes else []), *names]
    for number, (name, at, *cells) in enumerate(tables.rows(table, columns), 1):
        where = f"{table} {number}"
        row = rows.get(_name(name, where, log), -1)
        if row < 0 or log.types[row] != kind:
            log.quarantined.append(SetAside(where, str(name)[:60], "dangling_row"))
            continue
        changed = cells.pop(0) if changes else None
        for attribute, cell in zip(names, cells, strict=True):
            if cell is None and changed == attribute:
                log.quarantined.append(SetAside(where, attribute, "no_value"))
            if cell is not None and changed in (None, "", attribute):
                moment = None if at is None else str(at)
                log.of_objects.add(row, attribute, _text(cell, where, log), moment)
            elif cell is not None:
                log.quarantined.append(SetAside(where, attribute, "not_the_changed_field"))
        if changed not in (None, "", *names):
            log.quarantined.append(SetAside(where, str(changed)[:60], "unknown_field"))


def _name(cell: Any, where: str, log: Gathered) -> str:
    """Return an id, a type or a qualifier; programs write ids of digits as numbers."""
    if isinstance(cell, str | int):
        return str(cell)
    raise log.wrong(where, problem=f"a name that is {'nothing' if cell is None else 'no text'}")


def _text(cell: Any, where: str, log: Gathered) -> str:
    if isinstance(cell, bytes):
        raise log.wrong(where, problem="bytes where a value should be")
    return repr(cell) if isinstance(cell, float) else str(cell)
