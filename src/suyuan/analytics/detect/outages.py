"""Outages as a table, and as an event log tells them: what went off, where, when, and when it came back."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from suyuan.analytics.trace.causality import Patterns
from suyuan.analytics.trace.eventlog import EventLog, Ints

from .columns import NEVER
from .orders import MARK, flagged
from .watched import Watched

_NAMED = pa.dictionary(pa.int32(), pa.string())
_MOMENT = pa.timestamp("us", "UTC")
SCHEMA = pa.schema(
    [
        ("outage", pa.string()),
        ("place", _NAMED),  # what was off: the account, else the area, else the line
        ("place_kind", _NAMED),  # account, area, line
        ("line", _NAMED),  # that feeds it, or is it; empty
        ("kind", _NAMED),  # planned, temporary, fault, shedding, arrears, selection, reclosed, other; empty
        ("external", pa.bool_()),  # somebody else's damage
        ("began", _MOMENT),
        ("arrived", _MOMENT),
        ("ended", _MOMENT),  # null: still off
        ("due", _MOMENT),  # null: by no plan and no estimate
        ("site", _NAMED),  # urban, rural, remote; empty
        ("unit", _NAMED),
    ]
)
_DEEP = 4
"""Account, area, line, unit: so far up is looked."""
PLACES = ("account", "area", "line")


def of_log(log: EventLog, watched: Watched) -> pa.Table:
    """Return the outages of a log: objects that went off, one row each, whatever they are called."""
    off, on = (flagged(log.activities, every) for every in (watched.named.off, watched.named.on))
    event, thing = log.touched.left, log.touched.item
    is_outage = _of_type(log, watched.roles.events)
    began = _first(log, event, thing, off[log.activity[event]] & is_outage[thing])
    ended = _last(log, event, thing, on[log.activity[event]] & is_outage[thing])
    found = np.flatnonzero(began != NEVER)
    at_event = _event_of(log, event, thing, off[log.activity[event]] & is_outage[thing])[found]
    place, kind = _places(log, watched, at_event)
    where = place >= 0
    found, place, kind = found[where], place[where], kind[where]
    units = _units(log, watched, place)
    back = np.where(ended[found] >= began[found], ended[found], NEVER)
    nothing = pa.nulls(len(found), _MOMENT)
    empty = named([""] * len(found))
    return pa.table(
        [
            log.objects.texts.take(pa.array(found)).cast(pa.string()),
            named([log.objects[int(one)].removeprefix(MARK) for one in place.tolist()]),
            named([PLACES[int(one)] for one in kind.tolist()]),
            named(_lines(log, watched, place)),
            empty,
            pa.array(np.zeros(len(found), bool)),
            moments(began[found]),
            nothing,
            moments(back),
            nothing,
            empty,
            named(units),
        ],
        schema=SCHEMA,
    )


def named(values: list[str]) -> pa.Array:
    """Return names as they stand in a table."""
    return pa.array(values, pa.string()).dictionary_encode()


def moments(at: Ints) -> pa.Array:
    """Return microseconds of UTC as moments, ``NEVER`` as none."""
    return pa.array(at, pa.int64(), mask=at == NEVER).cast(_MOMENT)


def _of_type(log: EventLog, patterns: Patterns) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = flagged(log.types, patterns)[log.type]
    return found


def _first(log: EventLog, event: NDArray, thing: NDArray, wanted: NDArray) -> NDArray[np.int64]:  # type: ignore[type-arg]
    found = np.full(len(log.type), NEVER, np.int64)
    found[thing[wanted][::-1]] = log.at[event[wanted]][::-1]
    return found


def _last(log: EventLog, event: NDArray, thing: NDArray, wanted: NDArray) -> NDArray[np.int64]:  # type: ignore[type-arg]
    found = np.full(len(log.type), NEVER, np.int64)
    found[thing[wanted]] = log.at[event[wanted]]
    return found


def _event_of(log: EventLog, event: NDArray, thing: NDArray, wanted: NDArray) -> NDArray[np.int64]:  # type: ignore[type-arg]
    found = np.full(len(log.type), -1, np.int64)
    found[thing[wanted][::-1]] = event[wanted][::-1]
    return found


def _places(
    log: EventLog, watched: Watched, event: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the smallest place that each event names, -1 for none, and which of ``PLACES`` it is."""
    every = np.full(len(log.at), -1, np.int64)
    sort = np.zeros(len(log.at), np.int64)
    left, item = log.touched.left, log.touched.item
    kinds = (watched.named.accounts, watched.named.areas, watched.named.lines)
    for place, patterns in reversed(list(enumerate(kinds))):
        mine = _of_type(log, patterns)[item]
        every[left[mine]], sort[left[mine]] = item[mine], place
    return every[event], sort[event]


def _lines(log: EventLog, watched: Watched, places: NDArray[np.int64]) -> list[str]:
    """Return the line that each place is, or belongs to; empty where none is said."""
    return above(log, places, _of_type(log, watched.named.lines))


def _units(log: EventLog, watched: Watched, places: NDArray[np.int64]) -> list[str]:
    """Return the unit that each place belongs to, however far up; empty where none is said."""
    return above(log, places, _of_type(log, watched.roles.all_units))


def above(log: EventLog, places: NDArray[np.int64], wanted: NDArray[np.bool_]) -> list[str]:
    """Return the nearest of some objects that each place is or belongs to, asked once a place."""
    known: dict[int, str] = {}
    for place in dict.fromkeys(places.tolist()):
        near = [place]
        for _ in range(_DEEP):
            if any(wanted[one] for one in near):
                break
            near = [int(one) for thing in near for one in log.out.of(thing)]
        known[place] = next((log.objects[one] for one in near if wanted[one]), "")
    return [known[place] for place in places.tolist()]
