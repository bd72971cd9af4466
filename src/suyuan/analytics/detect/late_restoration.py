"""Supply that does not come back in time: past what was planned or estimated, else past its limit.

A fault is to be repaired within so many hours of arrival (limits ``repair.restore``); where nobody wrote down
the arrival it is taken as that of the limit of arrival.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from suyuan.domain.rulebook.book import Rulebook

from . import columns
from .columns import HOUR, NEVER, micro
from .detector import Detector, Frames, Terms
from .signal import Level, Signal

NAME = "late_restoration"
_MICROS = {"minutes": HOUR // 60, "hours": HOUR}
CATEGORY = {"planned": "outage.plan", "temporary": "outage.plan"}
FAULT = "outage.repair.overtime"


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    """Yield the outages that near their end without being over, are past it, or came back too late lately.

    What is off was off when outages were heard of last: whether it still is, nobody knows yet.
    """
    table: pa.Table = frames["outages"]
    now, heard = micro(as_of), micro(min(as_of, frames.get("outages_until") or as_of))
    began, ended = columns.micros(table, "began"), columns.micros(table, "ended")
    off = (ended == NEVER) | (ended > now)
    recent = ~off & (ended > now - round(terms["recent_hours"] * HOUR))
    fresh = (began <= now) & (began > now - round(terms["forget_hours"] * HOUR))
    at = np.flatnonzero(fresh & (off | recent))
    if not len(at):
        return
    due, basis = _due(table, at, frames["rulebook"], as_of)
    end = np.where(off[at], np.maximum(heard, began[at]), ended[at])
    share = (end - began[at]) / np.maximum(due - began[at], 1)
    told = np.where(off[at], share >= terms["near"], end > due) & (due != NEVER)
    rows = table.take(pa.array(at)).to_pylist()
    for n in np.flatnonzero(told).tolist():
        hours = float(end[n] - began[at[n]]) / HOUR, float(due[n] - began[at[n]]) / HOUR
        yield _signal(rows[n], bool(off[at[n]]), hours, basis[n], terms)


def _due(
    table: pa.Table, at: NDArray[np.int64], book: Rulebook, as_of: datetime
) -> tuple[NDArray[np.int64], list[str]]:
    """Return by when each outage is to be over, and what says so."""
    said = columns.micros(table, "due")[at]
    began, arrived = columns.micros(table, "began")[at], columns.micros(table, "arrived")[at]
    site = columns.text(table, "site")[at].tolist()
    kind = columns.text(table, "kind")[at].tolist()
    found, basis = said.copy(), [""] * len(at)
    day = columns.looked_at(as_of, book.calendar.zone).date()
    for n in np.flatnonzero(said == NEVER).tolist():
        if kind[n] in ("planned", "arrears", "shedding"):
            continue  # without a plan nobody knows by when
        where = site[n] if site[n] in ("urban", "rural") else "rural"  # unknown or remote: the longer one
        restore, arrive = (book.limit(f"repair.{what}.{where}", day) for what in ("restore", "arrive"))
        if restore is None or arrive is None:
            continue
        come = arrived[n] if arrived[n] != NEVER else began[n] + arrive.amount * _MICROS[arrive.unit]
        found[n], basis[n] = come + restore.amount * _MICROS[restore.unit], restore.id
    return found, basis


def _signal(
    row: Mapping[str, Any], off: bool, hours: tuple[float, float], basis: str, terms: Terms
) -> Signal:
    used, given = hours
    if not off:
        why, level = "restored_late", Level.GENERAL
    elif used > given:
        why = "restoration_late"
        level = Level.URGENT if used >= terms["urgent_hours"] else Level.IMPORTANT
    else:
        why, level = "restoration_near", Level.GENERAL
    return Signal(
        NAME,
        f"outage:{row['outage']}",
        level,
        row["began"],
        round(used, 3),
        round(given, 3),
        why if basis else f"{why}_planned",
        {
            "outage": row["outage"],
            "hours": round(used, 1),
            "given": round(given, 1),
            **({"limit": basis} if basis else {}),
        },
        (),
        row["unit"] or "",
        CATEGORY.get(row["kind"] or "", FAULT),
    )


LATE_RESTORATION = Detector(NAME, ("outages", "outages_until", "rulebook"), find)
