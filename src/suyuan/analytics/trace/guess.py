"""What the types of a log's objects are, where no rule says so: read from who meets whom.

Of two types it is counted how many objects of the other one meets, in events and by relations. An order meets
one home and several units; a home meets several orders; a unit nearly everything. docs/methods/trace.md tells
where that errs: rules that name the roles are better.
"""

from glob import escape

import numpy as np
from numpy.typing import NDArray

from .causality import Patterns, Roles, codes
from .eventlog import EventLog, distinct

EVENTS = 500_000
"""So many events at most are looked at, the first ones."""
ONE, SEVERAL = 1.2, 1.5
"""One meets one other up to so many on average; several from so many."""
MOSTLY = 0.5
"""From which part of the objects of a type something is said of it."""
BUSY = 0.3
"""Who takes part in such a part of all events is a unit or a person, if orders meet several of them."""


def roles(log: EventLog, given: Roles, complaints: Patterns) -> Roles:
    """Return the roles of a log's types: as ``given`` names them, the others as the log shows them."""
    met, share = _meetings(log)
    wide = len(log.types)
    known = {
        name: codes(log.types, patterns)
        for name, patterns in (
            ("complaints", complaints),
            ("cases", given.cases),
            ("actors", (*given.actors, *given.all_units)),
            ("places", given.places),
            ("events", given.events),
        )
    }
    free = set(range(wide)) - set().union(*known.values())
    actors = {one for one in free if _is_actor(log, met, share, one)}
    free -= actors
    people = {one for one in free if _is_of(log, met, share, one, actors)}
    free -= people
    places = {one for one in free if _is_place(met, share, one, free | known["complaints"])}
    return Roles(
        complaints=complaints,
        places=(*given.places, *_named(log, places)),
        cases=given.cases,
        actors=(*given.actors, *_named(log, actors | people)),
        units=(*given.units, *_named(log, actors)),
        events=given.events,
        unit_attribute=given.unit_attribute,
    )


def _named(log: EventLog, types: set[int]) -> Patterns:
    return tuple(escape(log.types[one]) for one in sorted(types))


def _meetings(log: EventLog) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return of each two types how many of the other one meets that meets any, and which part meets any."""
    wide, size = len(log.types), len(log.type)
    end = int(log.touched.start[min(EVENTS, len(log.at))])
    event, thing = log.touched.left[:end], log.touched.item[:end].astype(np.int64)
    pairs = [log.out.left.astype(np.int64) * size + log.out.item]
    for apart in range(1, int(np.diff(log.touched.start).max(initial=1))):
        same = event[apart:] == event[:-apart]
        if not same.any():
            break
        pairs.append(thing[:-apart][same] * size + thing[apart:][same])
    code = np.concatenate(pairs)
    code = distinct(np.append(code, code % size * size + code // size))
    one, other = code // size, code % size
    kinds = log.type[one].astype(np.int64) * wide + log.type[other]
    count = np.bincount(kinds, minlength=wide * wide).reshape(wide, wide)
    meets = distinct(one * wide + log.type[other])
    any_ = np.bincount(log.type[meets // wide].astype(np.int64) * wide + meets % wide, minlength=wide * wide)
    any_ = any_.reshape(wide, wide)
    every = np.bincount(log.type, minlength=wide)[:, None]
    return count / np.maximum(any_, 1), any_ / np.maximum(every, 1)


def _is_actor(log: EventLog, met: NDArray[np.float64], share: NDArray[np.float64], one: int) -> bool:
    """Tell whether objects of a type take part in much, and others mostly meet several of them."""
    pairs = log.touched
    there = np.unique(pairs.left[log.type[pairs.item] == one])
    others = [n for n in range(len(log.types)) if n != one and share[n, one] >= MOSTLY]
    several = [n for n in others if met[n, one] >= SEVERAL and met[one, n] >= met[n, one]]
    return len(there) >= BUSY * len(log.at) and 2 * len(several) > len(others)


def _is_of(
    log: EventLog, met: NDArray[np.float64], share: NDArray[np.float64], one: int, units: set[int]
) -> bool:
    """Tell whether objects of a type take part in many activities, each of them with one unit: people."""
    pairs = log.touched
    done = np.unique(log.activity[pairs.left[log.type[pairs.item] == one]])
    many = len(done) >= BUSY * len(np.unique(log.activity))
    return many and any(share[one, n] >= MOSTLY and met[one, n] <= ONE for n in units)


def _is_place(met: NDArray[np.float64], share: NDArray[np.float64], one: int, among: set[int]) -> bool:
    """Tell whether objects of a type are met by others, each of which meets one, and meet several of them."""
    return any(
        share[n, one] >= MOSTLY and met[n, one] <= ONE and met[one, n] > max(ONE, met[n, one])
        for n in among - {one}
    )
