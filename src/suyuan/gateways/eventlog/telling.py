"""A log told event by event and object by object, for the formats that are written that way."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from . import moments
from .columns import Columns

BEGINNING = "1970-01-01T00:00:00Z"
"""When the standard says what holds from the beginning began."""


class Told(NamedTuple):
    """One event or object with its attributes (name, value, kind, since when) and relations (id, how)."""

    id: str
    type: str
    time: str
    attributes: list[tuple[str, str, str, str]]
    relations: list[tuple[str, str]]


class Telling(NamedTuple):
    """Both, each to be walked once."""

    events: Iterator[Told]
    objects: Iterator[Told]


def told(log: Columns) -> Telling:
    """Return the log to be walked; values have the kind their type declares."""
    objects, qualifiers = log.object_ids.to_pylist(), log.qualifiers
    touches = _by_row(log.touch_event, log.touch_object, log.touch_qualifier, len(log.at))
    links = _by_row(log.link_source, log.link_target, log.link_qualifier, len(objects))
    events = zip(log.event_ids.to_pylist(), log.activity.tolist(), log.at.tolist(), strict=True)
    of_events = _attributes(log.attributes_of_events, "event", len(log.at))
    of_objects = _attributes(log.attributes_of_objects, "object", len(objects))

    def said(rows: list[Any], kinds: dict[str, str]) -> list[tuple[str, str, str, str]]:
        return [(name, value, kinds.get(name, kind), at) for name, value, kind, at in rows]

    def others(pairs: list[tuple[int, int]]) -> list[tuple[str, str]]:
        return [(objects[row], qualifiers[how]) for row, how in pairs]

    def each_event() -> Iterator[Told]:
        for (name, code, at), rows, pairs in zip(events, of_events, touches, strict=True):
            kind = log.activities[code]
            attributes = said(rows, log.declared_of_events[kind])
            yield Told(name, kind, moments.written(at), attributes, others(pairs))

    def each_object() -> Iterator[Told]:
        for name, code, rows, pairs in zip(objects, log.type.tolist(), of_objects, links, strict=True):
            kind = log.types[code]
            yield Told(name, kind, "", said(rows, log.declared_of_objects[kind]), others(pairs))

    return Telling(each_event(), each_object())


def _by_row(owner: Any, other: Any, how: Any, count: int) -> Iterator[list[tuple[int, int]]]:
    """Yield by owner its pairs; the rows stand in the order of the owners."""
    ends = np.cumsum(np.bincount(owner, minlength=count)).tolist()
    pairs, start = list(zip(other.tolist(), how.tolist(), strict=True)), 0
    for end in ends:
        yield pairs[start:end]
        start = end


def _attributes(table: pa.Table, owner: str, count: int) -> Iterator[list[tuple[str, str, str, str]]]:
    """Yield by owner its attributes; the rows stand in the order of the owners."""
    ends = np.cumsum(np.bincount(table[owner].to_numpy(), minlength=count)).tolist()
    name, value, kind = (table[column].combine_chunks().to_pylist() for column in ("name", "value", "kind"))
    at = [""] * len(name)
    if "at" in table.column_names:
        at = [BEGINNING if each is None else moments.written(each) for each in table["at"].to_pylist()]
    rows, start = list(zip(name, value, kind, at, strict=True)), 0
    for end in ends:
        yield rows[start:end]
        start = end
