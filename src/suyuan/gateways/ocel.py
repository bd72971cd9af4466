"""What does an object-centric event log (OCEL 2.0, SQLite) say around one object?

Only the neighbourhood is read, so a page can ask a log of millions of events; a tuple of names bounds each
query and nothing is written.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, NamedTuple

from suyuan.domain.errors import BadInput

_CHUNK = 500
_TYPES = "SELECT ocel_id, ocel_type FROM object WHERE ocel_id IN (?)"
_ACTIVITIES = "SELECT ocel_type FROM event_map_type"
_HUB = 400
"""An object with more events than this is a hub (area, feeder): only events asked for by name are read."""

Names = Callable[[str], bool]


class Slice(NamedTuple):
    """A part of a log: (id, activity, aware moment), type by object, (event, object), (object, object)."""

    events: list[tuple[str, str, datetime]]
    types: dict[str, str]
    touches: set[tuple[str, str]]
    links: set[tuple[str, str]]


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


def objects_with(path: Path, activity: Names, at_least: int) -> dict[str, int]:
    """Return the objects touched by at least so many events whose activity is asked for, with the count."""
    with _open(path) as db:
        wanted = [name for (name,) in _texts(db.execute(_ACTIVITIES)) if activity(name)]
        counts: dict[str, int] = {}
        sql = (
            "SELECT eo.ocel_object_id, CAST(count(DISTINCT e.ocel_id) AS TEXT) FROM event e "
            "JOIN event_object eo ON eo.ocel_event_id = e.ocel_id "
            "WHERE e.ocel_type IN (?) GROUP BY 1"
        )
        for thing, count in _ask(db, sql, wanted):
            counts[thing] = counts.get(thing, 0) + int(count)
    return {thing: count for thing, count in counts.items() if count >= at_least}


def types_of(path: Path, things: Iterable[str]) -> dict[str, str]:
    """Return the type of each object."""
    with _open(path) as db:
        return dict(_ask(db, _TYPES, things))


def around(path: Path, start: str, *, hops: int, leaf: Names, activity: Names) -> Slice:
    """Return the slice of the log within ``hops`` objects of ``start``.

    Objects whose type is a ``leaf`` (units, staff) are named but not walked through; of a hub only the events
    whose ``activity`` is asked for are read.
    """
    with _open(path) as db:
        named = [name for (name,) in _texts(db.execute(_ACTIVITIES)) if activity(name)]
        seen: set[str] = set()
        frontier = {start}
        touches: set[tuple[str, str]] = set()
        links: set[tuple[str, str]] = set()
        types: dict[str, str] = {}
        for _ in range(hops + 1):
            types |= dict(_ask(db, _TYPES, frontier))
            walked = {thing for thing in frontier if not leaf(types.get(thing, ""))}
            seen |= frontier
            new = _touches(db, walked, named)
            links |= _links(db, walked)
            touches |= new
            ends = {thing for _, thing in new} | {end for link in links for end in link}
            frontier = ends - seen
        types |= dict(_ask(db, _TYPES, frontier))
        events = _events(db, {event for event, _ in touches}, path)
    return Slice(events, types, touches, links)


def _touches(db: sqlite3.Connection, things: set[str], named: list[str]) -> set[tuple[str, str]]:
    """Return (event, object) pairs of every event of these objects, all objects of those events included."""
    counts = (
        "SELECT ocel_object_id, CAST(count(*) AS TEXT) FROM event_object "
        "WHERE ocel_object_id IN (?) GROUP BY 1"
    )
    hubs = {thing for thing, count in _ask(db, counts, things) if int(count) > _HUB}
    own = "SELECT ocel_event_id FROM event_object WHERE ocel_object_id IN (?)"
    events = {event for (event,) in _ask(db, own, things - hubs)}
    for hub in sorted(hubs):
        sql = (
            "SELECT eo.ocel_event_id FROM event_object eo JOIN event e ON e.ocel_id = eo.ocel_event_id "
            "WHERE e.ocel_type IN (?) AND eo.ocel_object_id = ?"
        )
        marks = ",".join("?" * len(named))
        if named:
            found = db.execute(sql.replace("(?)", f"({marks})"), (*named, hub))
            events |= {event for (event,) in _texts(found)}
    every = "SELECT ocel_event_id, ocel_object_id FROM event_object WHERE ocel_event_id IN (?)"
    return {(event, thing) for event, thing in _ask(db, every, events)}


def _links(db: sqlite3.Connection, things: set[str]) -> set[tuple[str, str]]:
    out = "SELECT ocel_source_id, ocel_target_id FROM object_object WHERE ocel_source_id IN (?)"
    back = "SELECT ocel_source_id, ocel_target_id FROM object_object WHERE ocel_target_id IN (?)"
    return {(a, b) for sql in (out, back) for a, b in _ask(db, sql, things)}


def _events(db: sqlite3.Connection, ids: set[str], path: Path) -> list[tuple[str, str, datetime]]:
    """Return the events with activity and aware time, each type read from its own table."""
    kinds: dict[str, str] = dict(_ask(db, "SELECT ocel_id, ocel_type FROM event WHERE ocel_id IN (?)", ids))
    tables = dict(_texts(db.execute("SELECT ocel_type, ocel_type_map FROM event_map_type")))
    by_kind: dict[str, list[str]] = {}
    for event, kind in kinds.items():
        by_kind.setdefault(kind, []).append(event)
    events = []
    for kind, members in by_kind.items():
        if kind not in tables:
            raise sqlite3.DataError(f"no table of {kind}")
        table = '"event_' + str(tables[kind]).replace('"', '""') + '"'
        for event, text in _ask(db, f"SELECT ocel_id, ocel_time FROM {table} WHERE ocel_id IN (?)", members):
            events.append((event, kind, _moment(text, event, path)))
    return events


def moment_of(text: object, zone: tzinfo | None = None) -> datetime | None:
    """Return the moment a text of a log is, in ``zone`` where it names none; None for what is none."""
    try:
        moment = datetime.fromisoformat(str(text))
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else zone and moment.replace(tzinfo=zone)


def _moment(text: object, event: str, path: Path) -> datetime:
    moment = moment_of(text)
    if moment is None:
        raise BadInput("log_time", file=path.name, event=event, value=text)
    return moment
