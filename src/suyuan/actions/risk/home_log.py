"""The log of this home as a model reads it: its cases with their limits, and the orders of other systems."""

from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from suyuan.analytics.trace.joined import Parts
from suyuan.gateways.eventlog import Columns
from suyuan.gateways.eventlog.columns import OF_EVENTS, OF_OBJECTS
from suyuan.store.queries import risk as queries

from .. import _log_held, own_log

DUE, STOPPED = "due", "stopped"
"""What the limit of a case is called among what is said of it."""


class Logs:
    """The logs of this home at one moment: the one asked for last is kept, so models in a row share it."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._kept: tuple[bool, Columns] | None = None

    def columns(self, *, with_others: bool) -> Columns:
        """Return what happened here up to the moment."""
        if self._kept is None or self._kept[0] is not with_others:
            self._kept = None  # the one before is let go first
            self._kept = with_others, columns(self.now, with_others=with_others)
        return self._kept[1]


def columns(now: datetime, *, with_others: bool) -> Columns:
    """Return what happened here up to now; with the orders of other systems where a log is kept."""
    others = _log_held.whole() if with_others else None
    if others is not None:
        return _bare(others)
    return _with_limits(own_log.columns(own_log.Scope(), now), now)


def _bare(parts: Parts) -> Columns:
    """Return a log of events and objects, with nothing said of them."""
    event, thing, source, target = (one.astype(np.int32) for one in (*parts.touches, *parts.links))
    activity, kind, at = (
        parts.activity.astype(np.int32),
        parts.type.astype(np.int32),
        parts.at.astype(np.int64),
    )
    return Columns(
        parts.activities, activity, at, parts.events, parts.types, kind, parts.objects, [""],
        event, thing, np.zeros(len(event), np.int32), source, target, np.zeros(len(source), np.int32),
        OF_EVENTS.empty_table(), OF_OBJECTS.empty_table(), {}, {}, [],
    )  # fmt: skip


def _with_limits(given: Columns, now: datetime) -> Columns:
    """Return the log with each due of each case's binding limit, since when, and when it was met."""
    place = {name: at for at, name in enumerate(given.object_ids.to_pylist())}
    said: list[tuple[int, str, str, int]] = []
    for one in queries.limits(now):
        if one.number in place:
            mine = place[one.number]
            said += [(mine, DUE, due.isoformat(), _micros(since)) for since, due in one.dues]
            if one.met is not None:
                said.append((mine, STOPPED, one.met.isoformat(), _micros(one.met)))
    columns = tuple([row[at] for row in said] for at in range(4))
    given_as = (*columns[:3], ["time"] * len(said), columns[3])
    more = pa.Table.from_arrays([_as(one, field) for one, field in zip(given_as, OF_OBJECTS, strict=True)],
                                schema=OF_OBJECTS)  # fmt: skip
    table = pa.concat_tables([given.attributes_of_objects.cast(OF_OBJECTS), more]).unify_dictionaries()
    return given._replace(attributes_of_objects=table)


def _micros(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)


def _as(values: Any, field: pa.Field) -> pa.Array:
    plain = not pa.types.is_dictionary(field.type)
    return pa.array(values, field.type) if plain else pa.array(values, pa.string()).dictionary_encode()
