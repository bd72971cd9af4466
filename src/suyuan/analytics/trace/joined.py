"""Two logs as one: what has the same id in both is one object, and what both tell is told once.

The first is the one that knows better what belongs to what; the second, the home's own, says what an object
of both is. So a log of other systems and our own events are traced together, and what is new with both.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .eventlog import Ints

Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]
HALF = 2
"""The second log tells the course of an object where it has at least one event for so many of the first."""


class Parts(NamedTuple):
    """A log by columns; events stand in the order of time, pairs are (event, object) and (object, object)."""

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
    links: tuple[Ints, Ints]


def joined(first: Parts, second: Parts, apart: Collection[str], ends: Collection[str] = ()) -> Parts:
    """Return two logs as one; ``apart`` are the types that are no order: places, units, people.

    ``ends`` are complaints: both tell of them, as when one was made is what the first event of either says.
    The course of any other order that both tell is the second's, unless that tells less than half as much:
    one step under two names would stand there twice. What is left of the second and was told by the first
    with the same activity at the same moment on the same order counts once. Of links the first's stand where
    they join the object to another one of that type.
    """
    row, objects, kinds, types = _objects(first, second)
    activities, activity = _named(first.activities, second.activities, second.activity)
    is_order, is_end = ~_of(kinds, types, apart), _of(kinds, types, ends)
    first = _without(first, _told_by_second(first, second, row, len(kinds)) & is_order & ~is_end, is_order)
    touched = row[second.touches[1]]
    whose = is_order[touched]
    fresh = ~_again(first, (second.touches[0][whose], touched[whose]), activity, second.at)
    at = np.append(first.at, second.at[fresh])
    order = np.argsort(at, kind="stable")
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    place = np.cumsum(fresh) - 1 + len(first.at)
    kept = fresh[second.touches[0]]
    links = _links(first, kinds, (row[second.links[0]], row[second.links[1]]), len(types))
    return Parts(
        activities,
        types,
        pa.concat_arrays([first.events, second.events.filter(pa.array(fresh))]).take(pa.array(order)),
        objects,
        np.append(first.activity, activity[fresh])[order].astype(np.int32),
        at[order],
        kinds.astype(np.int32),
        (
            np.append(rank[first.touches[0]], rank[place[second.touches[0][kept]]]),
            np.append(first.touches[1], touched[kept]).astype(np.int32),
        ),
        (
            np.append(first.links[0], links[0]).astype(np.int32),
            np.append(first.links[1], links[1]).astype(np.int32),
        ),
    )


def _of(kinds: Codes, types: Sequence[str], wanted: Collection[str]) -> Flags:
    """Return of each object whether it is of some types."""
    return np.isin(kinds, [n for n, name in enumerate(types) if name in wanted])


def _named(first: Sequence[str], second: Sequence[str], code: Ints) -> tuple[list[str], Codes]:
    """Return the names of both, those of the first in front, and the codes of the second into them."""
    names = list(dict.fromkeys((*first, *second)))
    place = {name: n for n, name in enumerate(names)}
    table = np.array([place[name] for name in second], np.int64)
    return names, table[code] if len(code) else np.zeros(0, np.int64)


def _objects(first: Parts, second: Parts) -> tuple[Codes, Any, Codes, list[str]]:
    """Return where each object of the second stands, all ids, all types, and their names."""
    types, kind = _named(first.types, second.types, second.type)
    found = pc.index_in(second.objects, value_set=first.objects).fill_null(-1)
    row = found.to_numpy(zero_copy_only=False).astype(np.int64)
    fresh = row < 0
    row[fresh] = len(first.type) + np.arange(int(fresh.sum()))
    kinds = np.append(first.type.astype(np.int64), kind[fresh])
    kinds[row] = kind
    objects = pa.concat_arrays([first.objects, second.objects.filter(pa.array(fresh))])
    return row, objects, kinds, types


def _told_by_second(first: Parts, second: Parts, row: Codes, size: int) -> Flags:
    """Return of each object whether the second tells its course, and not much less than the first."""
    theirs = np.bincount(first.touches[1], minlength=size)
    ours = np.zeros(size, np.int64)
    ours[row] = np.bincount(second.touches[1], minlength=len(row))
    return (ours > 0) & (ours * HALF >= theirs)


def _without(log: Parts, gone: Flags, is_order: Flags) -> Parts:
    """Return a log without the events of some orders; one that is on another order too stays on that."""
    event, thing = log.touches
    off = gone[thing]
    left = np.zeros(len(log.at), bool)
    left[event[off]] = True
    left[event[~off & is_order[thing]]] = False
    kept = ~left
    place = np.cumsum(kept) - 1
    stays = kept[event] & ~off
    return log._replace(
        events=log.events.filter(pa.array(kept)),
        activity=log.activity[kept],
        at=log.at[kept],
        touches=(place[event[stays]], thing[stays]),
    )


def _again(first: Parts, pairs: tuple[Ints, Codes], activity: Codes, at: Ints) -> Flags:
    """Return of each event of the second whether the first has it: one activity, moment and order."""
    wide = int(max(first.activity.max(initial=0), activity.max(initial=0))) + 1
    theirs, ours = first.touches[0], pairs[0]
    known = first.touches[1].astype(np.int64) * wide + first.activity[theirs]
    what = np.append(known, pairs[1] * wide + activity[ours])
    when = np.append(first.at[theirs], at[ours])
    second = np.append(np.zeros(len(theirs), bool), np.ones(len(ours), bool))
    order = np.lexsort((second, when, what))
    what, when, second = what[order], when[order], second[order]
    again = np.zeros(len(at), bool)
    if len(what):
        begins = np.append(True, (what[1:] != what[:-1]) | (when[1:] != when[:-1]))
        of_first = ~second[np.flatnonzero(begins)[np.cumsum(begins) - 1]]
        again[np.append(theirs, ours)[order][second & of_first]] = True
    return again


def _links(first: Parts, kinds: Codes, pairs: tuple[Codes, Codes], types: int) -> tuple[Codes, Codes]:
    """Return the links of the second that say more than the first: of a type it joins an object to, none."""
    known = first.links[0].astype(np.int64) * types + kinds[first.links[1]]
    new = ~np.isin(pairs[0] * types + kinds[pairs[1]], known)
    return pairs[0][new], pairs[1][new]
