"""Columns of a frame as the detectors count with them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from suyuan.analytics.trace.working import WorkingTime, working_time
from suyuan.domain.worktime import Calendar

Micros = NDArray[np.int64]
DAY, HOUR = 86_400_000_000, 3_600_000_000
NEVER = np.iinfo(np.int64).min
"""Stands for a moment that was not reached."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def micros(frame: pa.Table, name: str) -> Micros:
    """Return a column of moments as microseconds of UTC, ``NEVER`` where there is none."""
    found = frame.column(name).cast("int64").fill_null(int(NEVER))
    return np.asarray(found.to_numpy(), np.int64)


def micro(at: datetime) -> int:
    """Return a moment as microseconds of UTC."""
    return (at - _EPOCH) // _TICK


def moment(at: int) -> datetime:
    """Return the moment of microseconds of UTC."""
    return _EPOCH + int(at) * _TICK


def looked_at(at: datetime, zone: tzinfo) -> datetime:
    """Return a local moment on the civil day looked at: 00:00 is the end of the day before."""
    return (at - _TICK).astimezone(zone)


def text(frame: pa.Table, name: str) -> NDArray[np.object_]:
    """Return a column of text."""
    return np.asarray(frame.column(name).to_pylist(), object)


def clock(calendar: Calendar, *moments: Micros) -> WorkingTime:
    """Return the working time between the earliest and the latest of some moments."""
    every = np.concatenate([each[each != NEVER] for each in moments])
    first, last = (int(every.min()), int(every.max())) if len(every) else (0, 0)
    return working_time(calendar, first, last)


def becomes(terms: Mapping[str, Any], category: str, procedure: str = "") -> str:
    """Return the category of the complaint it would become: its own, or what the figure says of its kind.

    Empty where neither is known: what nobody knows is no category.
    """
    return category or str(terms.get(f"becomes_{procedure}", terms.get("becomes", "")))
