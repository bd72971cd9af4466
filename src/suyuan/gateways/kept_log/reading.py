"""The log that is kept, read whole: every event and object as a number.

What others hand in is read by ``eventlog``; this one was written here. One that an earlier version kept, in
the relational form of OCEL 2.0, is read as well, until something is written to it (``earlier``).
"""

import sqlite3
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from . import tables
from .incoming import name_of

Ints = NDArray[np.int64]
_START, _MICRO = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class Whole(NamedTuple):
    """A whole log; events stand in the order of time, then of their ids."""

    activities: list[str]
    types: list[str]
    events: Any
    """The id of each event, a ``pa.Array`` of texts."""
    objects: Any
    activity: Ints
    at: Ints
    """Microseconds of UTC since 1970."""
    type: Ints
    touches: tuple[Ints, Ints]
    """Event and object of each relation."""
    links: tuple[Ints, Ints]


def whole(path: Path) -> Whole:
    """Return the log that is kept; raise BadInput where it is none."""
    with tables.reading(path) as link:
        return _kept(link) if tables.version(link) == tables.FORM else _earlier(link)


def _kept(link: sqlite3.Connection) -> Whole:
    """Return a log of this version, in an order that neither says what came first nor how it is keyed."""
    rows = _table(link.execute("SELECT id, at, activity FROM event ORDER BY at, rank, id"), 3)
    ids, at, activity = rows.T
    activities = link.execute("SELECT id, name FROM activity ORDER BY name").fetchall()
    types = link.execute("SELECT id, name FROM type ORDER BY name").fetchall()
    things = link.execute("SELECT id, name, type FROM object ORDER BY name").fetchall()
    type_ids = np.array([number for number, _ in types], np.int64)
    kinds = _places(np.array([kind for *_, kind in things], np.int64), type_ids)
    numbers = np.array([number for number, *_ in things], np.int64)
    touches = _table(link.execute("SELECT event, object FROM touch"), 2)
    event = _places(touches[:, 0], ids)
    order = _by_first(event, _places(touches[:, 1], numbers), kinds)
    objects = numbers[order]
    links = _table(link.execute("SELECT DISTINCT one, other FROM link"), 2)
    return Whole(
        [name for _, name in activities],
        [name for _, name in types],
        pa.array(map(name_of, ids.tolist()), pa.string()),
        pa.array([things[row][1] for row in order.tolist()], pa.string()),
        _places(activity, np.array([number for number, _ in activities], np.int64)),
        at,
        kinds[order],
        _ordered(event, _places(touches[:, 1], objects)),
        _ordered(_places(links[:, 0], objects), _places(links[:, 1], objects)),
    )


def _by_first(event: Ints, thing: Ints, kinds: Ints) -> Ints:
    """Return the objects by the first event that happened to them, then by type and name."""
    first = np.full(len(kinds), np.iinfo(np.int64).max)
    np.minimum.at(first, thing, event)
    return np.lexsort((np.arange(len(kinds)), kinds, first))


def _table(rows: Any, width: int) -> Ints:
    return np.fromiter(chain.from_iterable(rows), np.int64).reshape(-1, width)


def _ordered(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Return pairs in an order that does not depend on which was written first."""
    order = np.lexsort((other, one))
    return one[order], other[order]


def _places(numbers: Ints, among: Ints) -> Ints:
    """Return where each number stands; raise ValueError for one that is nowhere."""
    if not len(numbers):
        return np.zeros(0, np.int64)
    order = np.argsort(among)
    at = np.searchsorted(among, numbers, sorter=order)
    if not len(among) or (at == len(among)).any() or (among[order[at]] != numbers).any():
        raise ValueError("a number of nothing")
    return order[at]


def promises(path: Path) -> list[tuple[str, str, int]]:
    """Return by when what of which object was promised: its name, the attribute, microseconds UTC."""
    with tables.reading(path) as link:
        if tables.version(link) != tables.FORM:
            return []
        sql = "SELECT o.name, p.name, min(p.at) FROM promise p JOIN object o ON o.id = p.object GROUP BY 1, 2"
        return link.execute(sql).fetchall()


# ---- one that an earlier version kept ----


def _earlier(link: sqlite3.Connection) -> Whole:
    events, activities, activity, at = _events(link)
    things = link.execute("SELECT ocel_id, ocel_type FROM object ORDER BY rowid").fetchall()
    objects = pa.array([thing for thing, _ in things], pa.string())
    types = sorted({kind for _, kind in things})
    code = {kind: n for n, kind in enumerate(types)}
    kinds = np.array([code[kind] for _, kind in things], np.int64)
    place = {"event": _numbers(events.to_pylist()), "object": _numbers(objects.to_pylist())}
    touches = _pairs(link, "ocel_event_id, ocel_object_id FROM event_object", place["event"], place["object"])
    links = _pairs(
        link, "ocel_source_id, ocel_target_id FROM object_object", place["object"], place["object"]
    )
    return Whole(activities, types, events, objects, activity, at, kinds, touches, links)


def _events(link: sqlite3.Connection) -> tuple[Any, list[str], Ints, Ints]:
    """Return the events in the order of time: ids, the activities, of each its activity and moment."""
    maps = sorted(link.execute("SELECT ocel_type, ocel_type_map FROM event_map_type").fetchall())
    if not all(isinstance(cell, str) for row in maps for cell in row):
        raise sqlite3.DataError("a name that is no text")
    ids: list[str] = []
    times: list[str] = []
    counts = []
    for _, table in maps:
        name = '"event_' + table.replace('"', '""') + '"'
        rows = link.execute(
            f"SELECT x.ocel_id, x.ocel_time FROM {name} x JOIN event USING (ocel_id)"
        ).fetchall()
        ids += [event for event, _ in rows]
        times += [at for _, at in rows]
        counts.append(len(rows))
    at = _micros(times)
    texts = pa.array(ids, pa.string())
    order = np.lexsort((np.array(ids, dtype="U"), at)) if ids else np.zeros(0, np.int64)
    activity = np.repeat(np.arange(len(maps)), counts)
    return texts.take(pa.array(order)), [kind for kind, _ in maps], activity[order], at[order]


def _micros(times: list[str]) -> Ints:
    """Return moments with their offsets as microseconds of UTC."""
    return np.array([(datetime.fromisoformat(text) - _START) // _MICRO for text in times], np.int64)


def _numbers(names: list[str]) -> dict[str, int]:
    return {name: n for n, name in enumerate(names)}


def _pairs(
    link: sqlite3.Connection, of: str, left: dict[str, int], right: dict[str, int]
) -> tuple[Ints, Ints]:
    """Return pairs as numbers; one that names what is not there is left."""
    rows = link.execute(f"SELECT {of}")
    flat = (number for a, b in rows if a in left and b in right for number in (left[a], right[b]))
    both = np.fromiter(flat, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]
