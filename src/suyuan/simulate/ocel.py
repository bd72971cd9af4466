"""Write the log as OCEL 2.0 in SQLite: the tables and column names of the standard's relational form."""

import sqlite3
from pathlib import Path

import numpy as np

from suyuan.simulate.log import ACTIVITIES, ATTRIBUTE, CASE_TYPES, OBJECT_TYPES, Log
from suyuan.simulate.window import Window

SHARED = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES event_map_type (ocel_type));
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES object_map_type (ocel_type));
CREATE TABLE event_object (ocel_event_id TEXT REFERENCES event (ocel_id),
  ocel_object_id TEXT REFERENCES object (ocel_id),
  ocel_qualifier TEXT, PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier));
CREATE TABLE object_object (ocel_source_id TEXT REFERENCES object (ocel_id),
  ocel_target_id TEXT REFERENCES object (ocel_id),
  ocel_qualifier TEXT, PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier));
"""
COMPLAINT = CASE_TYPES["complaint"]
PROMISED = "承诺时限"
Said = dict[str, tuple[str, str, dict[str, str]]]
"""Complaints say what they are about: the category they were registered under."""
BORN = "1970-01-01T08:00:00+08:00"
"""When an object whose birth is unknown exists from, as the standard's own files write it."""


def _create(link: sqlite3.Connection, log: Log, said: Said) -> tuple[list[str], list[str]]:
    """Create the tables of the types in use and return both lists of types."""
    link.executescript(SHARED)
    events = sorted({event[1] for event in log.events})
    objects = sorted({kind for kind, _ in log.objects.values()})
    for activity in events:
        extra = f", {ATTRIBUTE[activity]} TEXT" if activity in ATTRIBUTE else ""
        link.execute(
            f"CREATE TABLE event_{ACTIVITIES[activity]} "
            f"(ocel_id TEXT PRIMARY KEY REFERENCES event (ocel_id), ocel_time TIMESTAMP{extra})"
        )
    for kind in objects:
        more = f", {said[kind][0]} {said[kind][1]}" if kind in said else ""
        link.execute(
            f"CREATE TABLE object_{OBJECT_TYPES[kind]} "
            "(ocel_id TEXT REFERENCES object (ocel_id), ocel_time TIMESTAMP, "
            f"ocel_changed_field TEXT, name TEXT{more})"
        )
    link.executemany("INSERT INTO event_map_type VALUES (?, ?)", [(e, ACTIVITIES[e]) for e in events])
    link.executemany("INSERT INTO object_map_type VALUES (?, ?)", [(o, OBJECT_TYPES[o]) for o in objects])
    return events, objects


def _said(log: Log, window: Window) -> Said:
    """Return by type of object what else it says: the column, its kind, the value of each object.

    Complaints say what they are about: the category they were registered under.
    """
    said = {COMPLAINT: ("category", "TEXT", log.about)}
    texts = window.iso(np.array(list(log.promised.values()), dtype=np.int64)).tolist()
    for number, text in zip(log.promised, texts, strict=True):
        said.setdefault(log.objects[number][0], (PROMISED, "TIMESTAMP", {}))[2][number] = text
    return said


def _objects(link: sqlite3.Connection, log: Log, kinds: list[str], said: Said) -> None:
    rows = sorted((kind, number, name) for number, (kind, name) in log.objects.items())
    link.executemany("INSERT INTO object VALUES (?, ?)", sorted((number, kind) for kind, number, _ in rows))
    for kind in kinds:
        more, blank = said.get(kind), "" if kind == COMPLAINT else None
        link.executemany(
            f"INSERT INTO object_{OBJECT_TYPES[kind]} VALUES (?, ?, NULL, ?{', ?' if more else ''})",
            (
                (number, BORN, name, more[2].get(number, blank)) if more else (number, BORN, name)
                for k, number, name in rows
                if k == kind
            ),
        )
    link.executemany("INSERT INTO object_object VALUES (?, ?, ?)", sorted(log.relations))


def write_ocel(path: Path, log: Log, window: Window, earlier: int = 0) -> tuple[int, int]:
    """Write the log to a new file and return how many events and objects it holds.

    Of a part of a log ``earlier`` says how many events came before it: they have the numbers before.
    """
    path.unlink(missing_ok=True)
    order = sorted(range(len(log.events)), key=lambda i: (log.events[i][0], i))
    times = window.iso(np.array([log.events[i][0] for i in order], dtype=np.int64)).tolist()
    link = sqlite3.connect(path)
    link.executescript("PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    said = _said(log, window)
    kinds = _create(link, log, said)
    _objects(link, log, kinds[1], said)
    plain: dict[str, list[tuple[str, ...]]] = {activity: [] for activity in kinds[0]}
    events: list[tuple[str, str]] = []
    for n, (i, time) in enumerate(zip(order, times, strict=True)):
        _, activity, _, note = log.events[i]
        number = f"e{earlier + n + 1:08d}"
        events.append((number, activity))
        plain[activity].append((number, time, note) if activity in ATTRIBUTE else (number, time))
    link.executemany("INSERT INTO event VALUES (?, ?)", events)
    link.executemany(
        "INSERT OR IGNORE INTO event_object VALUES (?, ?, ?)",
        ((number, target, qualifier) for (number, _), i in zip(events, order, strict=True)
         for target, qualifier in log.events[i][2]),
    )  # fmt: skip
    for activity, rows in plain.items():
        marks = ", ".join("?" * len(rows[0]))
        link.executemany(f"INSERT INTO event_{ACTIVITIES[activity]} VALUES ({marks})", rows)
    link.execute("CREATE INDEX event_object_by_object ON event_object (ocel_object_id)")
    link.execute("CREATE INDEX object_object_by_target ON object_object (ocel_target_id)")
    link.commit()
    link.close()
    return len(events), len(log.objects)
