"""An XES log (.xes, .xes.gz): each trace an object whose id is its name; attributes stay attributes.

What the log says about itself (extensions, globals, classifiers, its own attributes) is neither event nor
object and is not taken.
"""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from datetime import tzinfo
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import xes_stretches
from .batch import Batch, codes
from .building import Found, Group, columns, no_relations, objects
from .columns import OF_EVENTS, OF_OBJECTS, Codes, Columns, SetAside
from .declaring import declared
from .layout import Layout, Things
from .numbering import numbered
from .source import Source
from .splitting import group_of
from .xes_part import Part, Terms, part


def read(source: Source, layout: Layout, zone: tzinfo | None) -> Columns:
    """Return the whole log."""
    try:
        return _read(xes_stretches.read(source), Terms(source.name, zone, layout, []))
    except xes_stretches.Unusual:
        return _read(xes_stretches.strict(source), Terms(source.name, zone, layout, []))


def _read(batches: Generator[Batch], terms: Terms) -> Columns:
    with closing(batches):  # and with them the file, whatever goes wrong
        parts = list(_parts(batches, terms))
    found, own = _joined(parts, terms)
    return columns(found)._replace(numbered=not own)


def _parts(batches: Iterable[Batch], terms: Terms) -> Iterator[Part]:
    events = traces = 0
    for batch in batches:
        yield part(batch, events, traces, terms)
        events += len(batch.trace_of_event)
        traces += batch.traces


def _joined(parts: list[Part], terms: Terms) -> tuple[Found, bool]:
    """Return the log in the order of its file, and whether its events have ids of their own."""
    activity = _one([each.activity for each in parts])
    at = np.concatenate([np.zeros(0, np.int64), *(each.at for each in parts)])
    trace = np.concatenate([codes([]), *(each.trace for each in parts)])
    of_events, before = [OF_EVENTS.empty_table()], 0
    for each in parts:
        moved = pa.array(each.of_events["event"].to_numpy() + np.int32(before), pa.int32())
        of_events.append(each.of_events.set_column(0, "event", moved))
        before += len(each.at)
    events = pa.concat_tables(of_events).unify_dictionaries().combine_chunks()
    names = pa.chunked_array([each.names for each in parts], pa.string()).combine_chunks()
    groups = [
        Group(
            terms.layout.case, "", codes(np.arange(len(at))), names.take(pa.array(trace)), names.drop_null()
        )
    ]
    groups += [_group(events, things) for things in terms.layout.objects]
    kinds, ids, touches, _ = objects(groups, terms.file)
    traces = pa.concat_tables([OF_OBJECTS.empty_table(), *(each.of_traces for each in parts)])
    cases = _of_cases(traces.unify_dictionaries().combine_chunks(), names, ids, terms)
    number = np.concatenate([codes([]), *(each.number for each in parts)])
    event_ids, events, own = _ids(events, number)
    found = Found(
        activity,
        at,
        event_ids,
        kinds,
        ids,
        touches,
        no_relations(),
        events,
        cases,
        declared(activity, events, "event"),
        declared(kinds, cases, "object"),
        terms.quarantined,
    )
    return found, own


def _group(of_events: pa.Table, things: Things) -> Group:
    """Return the objects an attribute of events names."""
    name = of_events["name"].combine_chunks()
    rows = np.flatnonzero(np.asarray(name.indices) == name.dictionary.index(things.column).as_py())
    owner = of_events["event"].to_numpy()[rows]
    return group_of(owner, of_events["value"].combine_chunks().take(pa.array(rows)), things)


def _of_cases(of_traces: pa.Table, names: Any, ids: Any, terms: Terms) -> pa.Table:
    """Return what traces say as attributes of objects; of a name that comes again the first one speaks."""
    place = pc.index_in(names, value_set=ids).fill_null(-1).to_numpy(zero_copy_only=False)
    first = np.zeros(len(place), np.bool_)
    first[np.unique(place, return_index=True)[1]] = True
    for row in np.flatnonzero(~first & (place >= 0)).tolist():
        terms.quarantined.append(SetAside(f"trace {row + 1}", names[row].as_py(), "duplicate_trace"))
    owner = of_traces["object"].to_numpy()
    kept = first[owner] if len(owner) else np.zeros(0, np.bool_)
    moved = of_traces.set_column(0, "object", pa.array(place[owner], pa.int32()))
    return moved.filter(pa.array(kept)).cast(OF_OBJECTS)


def _one(chunks: list[Any]) -> Any:
    """Return chunks of codes as one array into unlike texts."""
    kind = pa.dictionary(pa.int32(), pa.string())
    return pa.chunked_array(chunks, kind).unify_dictionaries().combine_chunks()


def _ids(of_events: pa.Table, number: Codes) -> tuple[Any, pa.Table, bool]:
    """Return the events' identities, no attributes then, if each has one of its own; else their numbers."""
    name = of_events["name"].combine_chunks()
    named = np.asarray(name.indices) == name.dictionary.index("identity:id").as_py()
    rows = np.flatnonzero(named)
    owner = of_events["event"].to_numpy()[rows]
    if len(rows) == len(number) > 0 and (owner == np.arange(len(number))).all():
        ids = of_events["value"].combine_chunks().take(pa.array(rows)).dictionary_decode()
        if len(pc.unique(ids)) == len(ids):
            return ids, of_events.filter(pa.array(~named)), True
    return numbered(number), of_events, False
