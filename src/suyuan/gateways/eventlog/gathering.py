"""Lists that the readers of OCEL fill, and what becomes of them: columns, and what was set aside."""

from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from suyuan.domain.errors import BadInput

from . import moments
from .batch import codes
from .building import Found, Relations, columns, words
from .columns import KINDS, OF_EVENTS, OF_OBJECTS, Codes, Columns, Declared, SetAside
from .values import canonical

SYNONYMS = {"date": "time", "datetime": "time", "timestamp": "time", "int": "integer", "bool": "boolean",
            "real": "float", "double": "float", "str": "string"}  # fmt: skip
"""What programs call the kinds of the standard."""


@dataclass(slots=True)
class Values:
    """Attributes: by row whose (a row of its owners), the name, the text, the moment."""

    owner: list[int] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    value: list[str] = field(default_factory=list)
    at: list[str | None] = field(default_factory=list)

    def add(self, owner: int, name: str, value: str, at: str | None = None) -> None:
        """Take one more."""
        self.owner.append(owner)
        self.name.append(name)
        self.value.append(value)
        self.at.append(at)


@dataclass(slots=True)
class Pairs:
    """Relations: by row the row it comes from (-1: nothing of that id), that id, the other's id, how."""

    source: list[int] = field(default_factory=list)
    source_id: list[str] = field(default_factory=list)
    target_id: list[str] = field(default_factory=list)
    qualifier: list[str] = field(default_factory=list)

    def add(self, source: int, source_id: str, target_id: str, qualifier: str) -> None:
        """Take one more."""
        self.source.append(source)
        self.source_id.append(source_id)
        self.target_id.append(target_id)
        self.qualifier.append(qualifier)


@dataclass(slots=True)
class Gathered:
    """A log as a reader of OCEL met it."""

    file: str
    event_types: Declared = field(default_factory=dict)
    object_types: Declared = field(default_factory=dict)
    event_ids: list[str] = field(default_factory=list)
    activities: list[str] = field(default_factory=list)
    times: list[str | None] = field(default_factory=list)
    object_ids: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    of_events: Values = field(default_factory=Values)
    of_objects: Values = field(default_factory=Values)
    touches: Pairs = field(default_factory=Pairs)
    links: Pairs = field(default_factory=Pairs)
    quarantined: list[SetAside] = field(default_factory=list)

    def wrong(self, where: str, **facts: object) -> BadInput:
        """Return the error of a log that has not the form of the standard."""
        return BadInput("log_schema", file=self.file, place=where, **facts)

    def kind(self, said: str, where: str) -> str:
        """Return the kind of the standard; raise BadInput for any other."""
        kind = SYNONYMS.get(said, said)
        if kind not in KINDS:
            raise self.wrong(where, value=said[:40], allowed=KINDS)
        return kind


def finish(log: Gathered, zone: tzinfo | None) -> Columns:
    """Return the log as columns; raise BadInput where its moments name no zone and none is given."""
    _typed(log, log.activities, log.event_types, "event")
    _typed(log, log.types, log.object_types, "object")
    at, events = _events(log, zone)
    objects = _once(log, pa.array(log.object_ids, pa.string()), "object")
    event_row, object_row = codes(np.cumsum(events) - 1), codes(np.cumsum(objects) - 1)
    event_row[~events] = object_row[~objects] = -1
    ids = pa.array(log.object_ids, pa.string()).filter(pa.array(objects))
    return columns(
        Found(
            words(log.activities).filter(pa.array(events)),
            at[events],
            pa.array(log.event_ids, pa.string()).filter(pa.array(events)),
            words(log.types).filter(pa.array(objects)),
            ids,
            _related(log, log.touches, event_row, ids, "event"),
            _related(log, log.links, object_row, ids, "object"),
            _values(log, log.of_events, event_row, zone, "event"),
            _values(log, log.of_objects, object_row, zone, "object"),
            log.event_types,
            log.object_types,
            log.quarantined,
        )
    )


def _typed(log: Gathered, types: list[str], declared: Declared, word: str) -> None:
    unknown = set(types) - set(declared)
    if unknown:
        row = next(row for row, name in enumerate(types) if name in unknown)
        raise log.wrong(f"{word} {row + 1}", value=types[row][:60], undeclared=f"{word} type")


def _once(log: Gathered, ids: Any, word: str) -> Any:
    """Return which rows are the first of their id; note the others."""
    code = np.asarray(ids.dictionary_encode().indices)
    first = np.zeros(len(code), np.bool_)
    first[np.unique(code, return_index=True)[1]] = True
    for row in np.flatnonzero(~first).tolist():
        log.quarantined.append(SetAside(f"{word} {row + 1}", ids[row].as_py(), f"duplicate_{word}"))
    return first


def _events(log: Gathered, zone: tzinfo | None) -> tuple[Any, Any]:
    """Return the moments, and which events are taken."""
    texts = pa.array(log.times, pa.string())
    found = moments.read(texts, zone)
    moments.need_zone(found, texts, log.file)
    kept = found.state == moments.READ
    for row in np.flatnonzero(~kept).tolist():
        why = "bad_time" if log.times[row] else "no_time"
        log.quarantined.append(SetAside(f"event {row + 1}", log.event_ids[row], why))
    return found.at, kept & _once(log, pa.array(log.event_ids, pa.string()), "event")


def _related(log: Gathered, pairs: Pairs, rows: Codes, ids: Any, word: str) -> Relations:
    """Return the relations that hold; note those to nothing, of what was set aside, and said twice."""
    met = codes(pairs.source)
    source = np.where(met >= 0, rows[met] if len(rows) else -1, -1).astype(np.int32)
    found = pc.index_in(pa.array(pairs.target_id, pa.string()), value_set=ids).fill_null(-1)
    target = found.to_numpy(zero_copy_only=False).astype(np.int32)
    qualifier = words(pairs.qualifier)
    kept = (source >= 0) & (target >= 0)
    how = np.asarray(qualifier.indices).astype(np.int64)
    key = (source.astype(np.int64) * max(len(ids), 1) + target) * max(len(qualifier.dictionary), 1) + how
    _, first = np.unique(key[kept], return_index=True)
    once = np.zeros(len(met), np.bool_)
    once[np.flatnonzero(kept)[first]] = True
    for row in np.flatnonzero(~once).tolist():
        why = "duplicate_relation" if kept[row] else "dangling_relation"
        why = f"{word}_set_aside" if met[row] >= 0 and source[row] < 0 else why
        what = f"{pairs.source_id[row]} → {pairs.target_id[row]}"
        log.quarantined.append(SetAside(f"{word} relation {row + 1}", what, why))
    return Relations(source[once], target[once], qualifier.filter(pa.array(once)))


def _values(log: Gathered, values: Values, rows: Codes, zone: tzinfo | None, word: str) -> pa.Table:
    """Return the attributes of what is taken, each as its kind is written; note those that are none."""
    declared, types = (log.event_types, log.activities) if word == "event" else (log.object_types, log.types)
    at = moments.read(pa.array(values.at, pa.string()), zone)
    moments.need_zone(at, pa.array(values.at, pa.string()), log.file)
    texts, kinds = _written(log, values, (declared, types), zone, word)
    taken = rows[codes(values.owner)] >= 0 if len(rows) else np.zeros(0, np.bool_)
    timed = (at.state == moments.READ) | np.array([each is None for each in values.at], np.bool_)
    fits = np.array([text is not None for text in texts], np.bool_)
    kept = taken & timed & fits
    for row in np.flatnonzero(taken & ~kept).tolist():
        why = "attribute_value" if timed[row] else "bad_time"
        log.quarantined.append(SetAside(f"{word} {values.owner[row] + 1}", values.name[row], why))
    chosen = pa.array(kept)
    name, text, kind = (words(column).filter(chosen) for column in (values.name, texts, kinds))
    owners = rows[codes(values.owner)[kept]] if len(rows) else codes([])
    parts = [pa.array(owners, pa.int32()), name, text, kind]
    if word == "event":
        return pa.table(parts, schema=OF_EVENTS)
    moment = at.at[kept]  # what holds since 1970-01-01T00:00:00Z holds, by the standard, from the beginning
    return pa.table([*parts, pa.array(moment, pa.int64(), mask=moment == 0)], schema=OF_OBJECTS)


def _written(
    log: Gathered, values: Values, typed: tuple[Declared, list[str]], zone: tzinfo | None, word: str
) -> tuple[list[str | None], list[str]]:
    """Return each value as its kind is written, None for one that is none, and its kind."""
    declared, types = typed
    seen: dict[tuple[str, str], str | None] = {}
    texts: list[str | None] = []
    kinds: list[str] = []
    for owner, name, value in zip(values.owner, values.name, values.value, strict=True):
        kind = declared[types[owner]].get(name)
        if kind is None:
            raise log.wrong(f"{word} {owner + 1}", value=name[:60], undeclared="attribute")
        kinds.append(kind)
        if kind == "string":
            texts.append(value)
            continue
        if (value, kind) not in seen:
            seen[value, kind] = canonical(value, kind, zone)
        texts.append(seen[value, kind])
    return texts, kinds
