"""One stretch of an XES log: who says what is found, and what cannot be taken is named."""

from datetime import tzinfo
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from . import moments
from .batch import KIND, Batch, Rows, codes
from .columns import OF_EVENTS, OF_OBJECTS, Codes, Moments, SetAside
from .layout import Layout
from .values import canonical

NAME = "concept:name"
_KINDS = pa.array(dict.fromkeys(KIND), pa.string())
_KIND = codes([list(dict.fromkeys(KIND)).index(kind) for kind in KIND])
_WHY = ("", "trace_without_name", "no_activity", "no_time", "bad_time")


class Terms(NamedTuple):
    """What is known before a stretch is read, and where what is set aside is noted."""

    file: str
    zone: tzinfo | None
    layout: Layout
    quarantined: list[SetAside]


class Part(NamedTuple):
    """A stretch without what was set aside; events and traces are numbered within the file."""

    activity: Any
    at: Moments
    number: Codes
    """By event: which of the file it is, from 1."""
    trace: Codes
    of_events: pa.Table
    """Its events are numbered within the stretch."""
    of_traces: pa.Table
    names: Any
    """By trace: its name, null without one."""


class Side(NamedTuple):
    """The attributes of one kind of owner: ``event`` or ``trace``."""

    word: str
    rows: Rows
    before: int
    """How many owners of the file came before."""
    kept: Any
    """By owner: whether it is taken."""
    found: list[tuple[int, Any]]
    """The keys that are no attributes here, and the rows that say one of them once more."""


def part(batch: Batch, events: int, traces: int, terms: Terms) -> Part:
    """Return a stretch that so many events and traces came before."""
    count, layout = len(batch.trace_of_event), terms.layout
    keys = _keys(batch)
    name, time, title = (keys.get(key, -1) for key in (layout.activity, layout.time, NAME))
    activity, more = _first(batch.of_events, name, count)
    moment, late = _first(batch.of_events, time, count)
    names, again = _first(batch.of_traces, title, batch.traces)
    at, state = _moments(batch.words, moment, terms)
    unnamed = names[batch.trace_of_event] < 0
    tests = [unnamed, activity < 0, moment < 0, state != moments.READ]
    why = np.select(tests, [1, 2, 3, 4], 0)
    titles = batch.words.take(pa.array(names, mask=names < 0))
    for row in np.flatnonzero(names < 0).tolist():
        terms.quarantined.append(SetAside(f"trace {traces + row + 1}", "trace", _WHY[1]))
    for row in np.flatnonzero(why).tolist():
        what = titles[int(batch.trace_of_event[row])].as_py() or "event"
        terms.quarantined.append(SetAside(f"event {events + row + 1}", what, _WHY[why[row]]))
    kept = why == 0
    sides = (
        Side("event", batch.of_events, events, kept, [(name, more), (time, late)]),
        Side("trace", batch.of_traces, traces, names >= 0, [(title, again)]),
    )
    (event_words, of_events), (trace_words, of_traces) = (_plain(batch.words, side, terms) for side in sides)
    rank = codes(np.cumsum(kept) - 1)
    return Part(
        coded(batch.words, activity[kept]),
        at[kept],
        codes(np.flatnonzero(kept) + events + 1),
        codes(batch.trace_of_event[kept] + traces),
        _table(event_words, of_events, rank[of_events.owner], OF_EVENTS),
        _table(trace_words, of_traces, codes(of_traces.owner + traces), OF_OBJECTS),
        titles,
    )


def coded(texts: Any, code: Codes) -> Any:
    """Return texts by code, with those alone that are pointed at."""
    mark = np.zeros(len(texts), np.bool_)
    mark[code] = True
    used = np.flatnonzero(mark)
    place = codes(np.cumsum(mark) - 1)
    return pa.DictionaryArray.from_arrays(place[code], texts.take(pa.array(used)))


def _keys(batch: Batch) -> dict[str, int]:
    """Return the keys of a stretch, each with its code."""
    mark = np.zeros(len(batch.words), np.bool_)
    mark[batch.of_events.key] = mark[batch.of_traces.key] = True
    used = np.flatnonzero(mark)
    return dict(zip(batch.words.take(pa.array(used)).to_pylist(), used.tolist(), strict=True))


def _first(rows: Rows, key: int, count: int) -> tuple[Codes, Any]:
    """Return by owner the value under a key, -1 for none, and the rows that say it once more."""
    found = np.full(count, -1, np.int32)
    here = np.flatnonzero(rows.key == key)
    owner = rows.owner[here]
    first = np.ones(len(here), np.bool_)
    if (owner[1:] <= owner[:-1]).any():
        first[:] = False
        first[np.unique(owner, return_index=True)[1]] = True
    found[owner[first]] = rows.value[here[first]]
    return found, here[~first]


def _moments(texts: Any, moment: Codes, terms: Terms) -> tuple[Moments, Any]:
    """Return by event its moment and whether it could be read; unlike texts are read once."""
    mark = np.zeros(len(texts) + 1, np.bool_)
    mark[moment] = True  # the last stands for none
    used = np.flatnonzero(mark[:-1])
    chosen = texts.take(pa.array(used))
    found = moments.read(chosen, terms.zone)
    moments.need_zone(found, chosen, terms.file)
    at, state = np.zeros(len(texts) + 1, np.int64), np.full(len(texts) + 1, moments.NO_MOMENT, np.uint8)
    at[used], state[used] = found.at, found.state
    return at[moment], state[moment]


def _plain(texts: Any, side: Side, terms: Terms) -> tuple[Any, Rows]:
    """Return the words, and the attributes that are taken; note those of taken owners that are not."""
    rows = side.rows
    kept = side.kept[rows.owner] if len(rows.owner) else np.zeros(0, np.bool_)
    for key, again in side.found:
        _note(texts, side, again, "duplicate_attribute", terms)
        kept &= rows.key != key
    kinds = np.array([kind != "string" for kind in KIND])
    here = np.flatnonzero(kept & kinds[rows.kind])
    if not len(here):
        return texts, rows.chosen(np.flatnonzero(kept))
    pairs = rows.value[here].astype(np.int64) * len(KIND) + rows.kind[here]
    unlike, place = np.unique(pairs, return_inverse=True)
    said = texts.take(pa.array(unlike // len(KIND))).to_pylist()
    found = [
        canonical(v, KIND[p % len(KIND)], terms.zone) for v, p in zip(said, unlike.tolist(), strict=True)
    ]
    wrong = np.array([text is None for text in found])[place]
    _note(texts, side, here[wrong], "attribute_value", terms)
    kept[here[wrong]] = False
    value = rows.value.copy()
    value[here] = place + len(texts)
    return pa.concat_arrays([texts, pa.array(found, pa.string())]), rows._replace(value=value).chosen(
        np.flatnonzero(kept)
    )


def _note(texts: Any, side: Side, rows: Any, why: str, terms: Terms) -> None:
    for row in rows.tolist():
        owner = int(side.rows.owner[row])
        if side.kept[owner]:
            what = texts[int(side.rows.key[row])].as_py()
            terms.quarantined.append(SetAside(f"{side.word} {side.before + owner + 1}", what, why))


def _table(texts: Any, rows: Rows, owner: Codes, schema: pa.Schema) -> pa.Table:
    kind = pa.DictionaryArray.from_arrays(_KIND[rows.kind], _KINDS)
    columns = [pa.array(owner, pa.int32()), coded(texts, rows.key), coded(texts, rows.value), kind]
    if len(schema) > len(columns):
        columns.append(pa.nulls(len(owner), pa.int64()))
    return pa.table(columns, schema=schema)
