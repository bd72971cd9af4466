"""OCEL 2.0 as an SQLite database, written: a table for each activity and each type of objects."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from suyuan.domain.errors import BadInput

from .columns import Columns
from .ocel_sqlite import quoted
from .telling import BEGINNING, Told, told

_SQL = {"string": "TEXT", "time": "TIMESTAMP", "integer": "INTEGER", "float": "REAL", "boolean": "BOOLEAN"}
_RESERVED = ("ocel_id", "ocel_time", "ocel_changed_field")
_LARGEST = 1 << 63
_CORE = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES event_map_type (ocel_type));
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES object_map_type (ocel_type));
CREATE TABLE event_object (
  ocel_event_id TEXT REFERENCES event (ocel_id), ocel_object_id TEXT REFERENCES object (ocel_id),
  ocel_qualifier TEXT, PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier));
CREATE TABLE object_object (
  ocel_source_id TEXT REFERENCES object (ocel_id), ocel_target_id TEXT REFERENCES object (ocel_id),
  ocel_qualifier TEXT, PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier));
"""
_BY_OBJECT = """
CREATE INDEX event_object_by_object ON event_object (ocel_object_id);
CREATE INDEX object_object_by_target ON object_object (ocel_target_id);
"""


def write(columns: Columns, path: Path) -> None:
    """Write the log to a file that is not there yet."""
    log = told(columns)
    with closing(sqlite3.connect(path)) as link:
        link.executescript(_CORE)
        try:
            _side(link, "object", columns.declared_of_objects, log.objects)
            _side(link, "event", columns.declared_of_events, log.events)
        except UnicodeError as error:
            raise BadInput("log_unwritable", problem=str(error)[:100]) from None
        link.executescript(_BY_OBJECT)
        link.commit()


def _side(link: sqlite3.Connection, word: str, declared: dict[str, Any], every: Iterable[Told]) -> None:
    """Write the types, then what is of them with its attributes and relations."""
    tables = dict(zip(declared, _short(declared), strict=True))
    for kind, short in tables.items():
        link.execute(f"INSERT INTO {word}_map_type VALUES (?, ?)", (kind, short))
        link.execute(_table(word, short, declared[kind]))
    pairs = "event_object" if word == "event" else "object_object"
    rows_of = _event_rows if word == "event" else _object_rows
    for each in every:
        link.execute(f"INSERT INTO {word} VALUES (?, ?)", (each.id, each.type))
        names = list(declared[each.type])
        table, own = quoted(f"{word}_{tables[each.type]}"), 2 if word == "event" else 3
        marks = ",".join("?" * (own + len(names)))
        link.executemany(f"INSERT INTO {table} VALUES ({marks})", rows_of(each, names))
        others = ((each.id, other, how) for other, how in each.relations)
        link.executemany(f"INSERT INTO {pairs} VALUES (?, ?, ?)", others)


def _short(names: Iterable[str]) -> Iterator[str]:
    """Yield by type what its table is called; SQLite takes no notice of the case of letters."""
    used: set[str] = set()
    for name in names:
        plain = "".join(each for each in name if each.isalnum()) or "type"
        short, number = plain, 1
        while short.lower() in used:
            number += 1
            short = f"{plain}_{number}"
        used.add(short.lower())
        yield short


def _table(word: str, short: str, kinds: dict[str, str]) -> str:
    lower = [name.lower() for name in (*_RESERVED, *kinds)]
    for name in kinds:
        if lower.count(name.lower()) > 1 or "\0" in name or not name:
            raise BadInput("log_unwritable", value=name[:60], problem="no name of a column of its own")
    own = ["ocel_id TEXT", "ocel_time TIMESTAMP", *(["ocel_changed_field TEXT"] if word == "object" else [])]
    columns = [*own, *(f"{quoted(name)} {_SQL[kind]}" for name, kind in kinds.items())]
    return f"CREATE TABLE {quoted(f'{word}_{short}')} ({', '.join(columns)})"


def _event_rows(each: Told, names: list[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the row of an event; of an attribute said twice the format has room for one."""
    said: dict[str, Any] = {}
    for name, value, kind, _ in each.attributes:
        if name in said:
            raise BadInput("log_unwritable", value=name[:60], problem=f"said twice of event {each.id[:60]}")
        said[name] = _cell(value, kind)
    yield (each.id, each.time, *(said.get(name) for name in names))


def _object_rows(each: Told, names: list[str]) -> Iterator[tuple[Any, ...]]:
    """Yield what holds of an object from the beginning, then a row for each change."""
    first: dict[str, Any] = {}
    changes = []
    for name, value, kind, at in each.attributes:
        if at == BEGINNING and name not in first:
            first[name] = _cell(value, kind)
        else:
            alone = [_cell(value, kind) if other == name else None for other in names]
            changes.append((each.id, at, name, *alone))
    yield (each.id, BEGINNING, None, *(first.get(name) for name in names))
    yield from changes


def _cell(value: str, kind: str) -> Any:
    """Return a value as SQLite keeps it; raise BadInput for a number it would round."""
    match kind:
        case "integer":
            number = int(value)
            if not -_LARGEST <= number < _LARGEST:
                raise BadInput("log_unwritable", value=value[:60], problem="no integer of SQLite is so large")
            return number
        case "float":
            return float(value) if value != "nan" else value
        case "boolean":
            return int(value == "true")
    return value
