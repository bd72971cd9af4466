"""What of an event log was known at a moment: the events until then, and what they happened to."""

from dataclasses import replace
from datetime import datetime

import numpy as np

from suyuan.analytics.trace.eventlog import EventLog, Index, Names, Promised

from .columns import micro


def until(log: EventLog, as_of: datetime) -> EventLog:
    """Return a log as it was at a moment; objects that nothing had happened to stay, without events."""
    end = int(np.searchsorted(log.at, micro(as_of), side="right"))
    if end == len(log.at):
        return log
    start = log.touched.start[: end + 1]
    kept = log.happened.item < end
    before = np.zeros(len(kept) + 1, np.int64)
    np.cumsum(kept, out=before[1:])
    happened = Index(before[log.happened.start], log.happened.item[kept])
    return replace(
        log,
        activity=log.activity[:end],
        at=log.at[:end],
        events=Names(log.events.texts[:end]),
        touched=Index(start, log.touched.item[: int(start[-1])]),
        happened=happened,
        promised=_said(log.promised, micro(as_of)),
    )


def _said(promised: Promised | None, as_of: int) -> Promised | None:
    if promised is None:
        return None
    told = np.asarray(promised.since) <= as_of
    thing, code, at, since = (
        np.asarray(each)[told] for each in (promised.thing, promised.code, promised.at, promised.since)
    )
    return Promised(promised.names, thing, code, at, since)
