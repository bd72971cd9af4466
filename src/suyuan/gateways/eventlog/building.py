"""From what a reader found, in the order of the file, to the columns everybody takes."""

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from suyuan.domain.errors import BadInput

from .batch import codes
from .columns import Codes, Columns, Declared, Moments, SetAside


class Relations(NamedTuple):
    """Pairs of rows with a qualifier, a ``pa.DictionaryArray``."""

    source: Codes
    target: Codes
    qualifier: Any


class Found(NamedTuple):
    """A log in the order of its file; names are ``pa.DictionaryArray``s."""

    activity: Any
    at: Moments
    event_ids: Any
    type: Any
    object_ids: Any
    touches: Relations
    links: Relations
    of_events: pa.Table
    of_objects: pa.Table
    declared_of_events: Declared
    declared_of_objects: Declared
    quarantined: list[SetAside]


class Group(NamedTuple):
    """Objects that events name: the type, how they are touched, which events, which ids, ids untouched."""

    type: str
    qualifier: str
    events: Codes
    ids: Any
    others: Any


def words(values: Any) -> Any:
    """Return texts as codes into unlike texts."""
    return (
        values
        if isinstance(values, pa.DictionaryArray)
        else pa.array(values, pa.string()).dictionary_encode()
    )


def same(word: str, count: int) -> Any:
    """Return one text so many times."""
    return pa.DictionaryArray.from_arrays(np.zeros(count, np.int32), pa.array([word], pa.string()))


def no_relations() -> Relations:
    """Return none."""
    return Relations(codes([]), codes([]), same("", 0))


def columns(found: Found) -> Columns:
    """Return the columns: events by moment, names in order, rows of events moved along."""
    order = np.argsort(found.at, kind="stable")
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    activities, activity = _named(found.activity, found.declared_of_events)
    types, kind = _named(found.type, found.declared_of_objects)
    qualifiers, (touched, linked) = _qualifiers(found.touches.qualifier, found.links.qualifier)
    touch = rank[found.touches.source]
    by_event = _moved(found.touches.source, order, rank)
    by_source = np.argsort(found.links.source, kind="stable")
    return Columns(
        activities,
        activity[order],
        found.at[order],
        found.event_ids.take(pa.array(order)),
        types,
        kind,
        found.object_ids,
        qualifiers,
        touch[by_event],
        found.touches.target[by_event],
        touched[by_event],
        found.links.source[by_source],
        found.links.target[by_source],
        linked[by_source],
        _rows(found.of_events, "event", order, rank),
        _rows(found.of_objects, "object", None, None),
        {name: found.declared_of_events.get(name, {}) for name in activities},
        {name: found.declared_of_objects.get(name, {}) for name in types},
        found.quarantined,
    )


def _named(column: Any, declared: Declared) -> tuple[list[str], Codes]:
    """Return all names in order, declared ones too, and the codes into them."""
    used = column.dictionary.to_pylist()
    present = np.zeros(len(used), np.bool_)
    present[np.asarray(column.indices)] = True
    names = sorted({name for name, there in zip(used, present, strict=True) if there} | set(declared))
    place = {name: number for number, name in enumerate(names)}
    table = codes([place.get(name, -1) for name in used])
    return names, table[np.asarray(column.indices)]


def _qualifiers(*columns: Any) -> tuple[list[str], list[Codes]]:
    names = sorted({name for column in columns for name in pc.unique(column).dictionary_decode().to_pylist()})
    place = {name: number for number, name in enumerate(names)}
    found = []
    for column in columns:
        table = codes([place.get(name, -1) for name in column.dictionary.to_pylist()])
        found.append(table[np.asarray(column.indices)] if len(column) else codes([]))
    return names, found


def _moved(owner: Codes, order: Any, rank: Codes) -> Any:
    """Return in what order rows stand whose owners were put in ``order``, those of one owner as they were."""
    if len(owner) and (owner[1:] < owner[:-1]).any():
        return np.argsort(rank[owner], kind="stable")
    counts = np.bincount(owner, minlength=len(order))
    before = np.cumsum(counts) - counts
    moved = counts[order]
    return np.repeat(before[order] - (np.cumsum(moved) - moved), moved) + np.arange(len(owner))


def _rows(table: pa.Table, owner: str, order: Any, rank: Any) -> pa.Table:
    whose = table[owner].combine_chunks().to_numpy(zero_copy_only=False)
    if order is None:
        by, whose = np.argsort(whose, kind="stable"), whose
    else:
        by, whose = _moved(whose, order, rank), rank[whose]
    columns = [pa.array(whose[by], pa.int32())]
    for name in table.column_names[1:]:
        column = table[name].combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = column.unify_dictionaries().combine_chunks()
        if pa.types.is_dictionary(column.type):
            moved = np.asarray(column.indices)[by]
            columns.append(pa.DictionaryArray.from_arrays(moved, column.dictionary))
        else:
            columns.append(column.take(pa.array(by)))
    return pa.table(columns, schema=table.schema)


def objects(groups: list[Group], file: str) -> tuple[Any, Any, Relations, list[Codes]]:
    """Return types, ids and touches of the objects that events name, and by group the object of each row.

    Raise BadInput where one id is of two types.
    """
    by_type: dict[str, list[int]] = {}
    for number, group in enumerate(groups):
        by_type.setdefault(group.type, []).append(number)
    types, ids, start = [], [], 0
    rows: list[Codes] = [codes([])] * len(groups)
    for kind, numbers in by_type.items():
        every = pa.concat_arrays([a for n in numbers for a in (groups[n].ids, groups[n].others)])
        coded = every.dictionary_encode()
        place, at = np.asarray(coded.indices), 0
        for number in numbers:
            rows[number] = codes(place[at : at + len(groups[number].ids)] + start)
            at += len(groups[number].ids) + len(groups[number].others)
        types += [same(kind, len(coded.dictionary))]
        ids += [coded.dictionary]
        start += len(coded.dictionary)
    object_ids = pa.concat_arrays([pa.array([], pa.string()), *ids])
    kinds = pa.chunked_array([same("", 0), *types]).unify_dictionaries().combine_chunks()
    _one_type_each(object_ids, kinds, file)
    return kinds, object_ids, _touching(groups, rows), rows


def _one_type_each(ids: Any, kinds: Any, file: str) -> None:
    if len(pc.unique(ids)) == len(ids):
        return
    counts = pc.value_counts(ids)
    twice = counts.field("values")[pc.index(pc.greater(counts.field("counts"), 1), True).as_py()]
    both = sorted(kinds.filter(pc.equal(ids, twice)).to_pylist())
    raise BadInput("log_object_twice", file=file, value=twice.as_py()[:60], types=both)


def _touching(groups: list[Group], rows: list[Codes]) -> Relations:
    if not groups:
        return no_relations()
    source = np.concatenate([group.events for group in groups])
    target = np.concatenate(rows)
    how = [same(group.qualifier, len(group.events)) for group in groups]
    qualifier = pa.chunked_array(how).unify_dictionaries().combine_chunks()
    if len(groups) == 1:
        return Relations(source, target, qualifier)
    order = np.argsort(source, kind="stable")
    return Relations(source[order], target[order], qualifier.take(pa.array(order)))
