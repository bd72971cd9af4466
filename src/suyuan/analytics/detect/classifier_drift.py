"""Contacts of another make-up than before: what the classifier learned from is no longer what comes in.

The mixes of types, categories and channels of the last weeks are held against those of the weeks before. How
far mixes of ordinary weeks lie apart is told by mixing whole weeks: they scatter more than contacts alone.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from suyuan.domain.worktime import Calendar

from . import columns
from .columns import DAY, micro
from .detector import Detector, Frames, Terms
from .signal import Level, Signal

NAME = "classifier_drift"
MIXES = ("kind", "category", "channel")
"""The columns of contacts whose mix is looked at."""
_LABEL = {"kind": "business_type", "category": "category", "channel": "channel"}
_MOST = 40
"""So many values of a column stand by themselves; the rest are one."""
_LEAST = 0.5
"""Contacts taken as seen of a value that was not, so that a ratio of mixes is finite."""
_EPOCH = date(1970, 1, 1)
Floats = NDArray[np.float64]


class Mixed(NamedTuple):
    """How a mix has moved."""

    psi: float
    p: float
    """How often ordinary weeks lie as far apart."""
    value: str
    """What has moved most."""
    before: float
    now: float
    """Its shares."""


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    """Yield a signal for each mix that has moved."""
    table: pa.Table = frames["cases"]
    calendar: Calendar = frames["calendar"]
    shift = as_of.astimezone(calendar.zone).utcoffset() or timedelta()
    offset = round(shift.total_seconds() * 1e6)
    today = (micro(as_of) + offset) // DAY
    week = (today - 1 - (columns.micros(table, "accepted_at") + offset) // DAY) // 7
    wanted = (week >= 0) & (week < terms["weeks"] + terms["weeks_before"])
    if not wanted.any() or int(week[wanted].max()) + 1 < terms["weeks"] + terms["least_weeks"]:
        return
    for name in MIXES:
        values = np.asarray(table[name].to_pylist(), object)[wanted].astype(str)
        moved = _moved(values, week[wanted], terms)
        if moved and moved.p <= terms["false_alarms"] / len(MIXES) and moved.psi >= terms["psi"]:
            since = _EPOCH + timedelta(days=int(today) - 7 * terms["weeks"])
            begin = datetime(since.year, since.month, since.day, tzinfo=calendar.zone)
            yield _signal(name, moved, begin, terms)


def _moved(values: NDArray[np.str_], week: NDArray[np.int64], terms: Terms) -> Mixed | None:
    """Return how a mix has moved; None where there is too little to tell."""
    names, code = np.unique(values, return_inverse=True)
    often = np.bincount(code)
    kept = np.argsort(-often, kind="stable")[: _MOST - 1]
    place = np.full(len(names), len(kept))
    place[kept] = np.arange(len(kept))
    counts = np.zeros((int(week.max()) + 1, len(kept) + 1))
    np.add.at(counts, (week, place[code]), 1)
    counts = counts[counts.sum(1) > 0]
    recent = terms["weeks"]
    if min(counts[:recent].sum(), counts[recent:].sum()) < terms["least"] or len(counts) <= recent:
        return None
    apart = _js(counts, np.eye(len(counts))[:recent].sum(0)[None, :])[0]
    chance = np.random.default_rng(0)
    drawn = np.argsort(chance.random((terms["mixed"], len(counts))), axis=1) < recent
    p = float((1 + (_js(counts, drawn) >= apart - 1e-12).sum()) / (1 + len(drawn)))
    now, before = (_share(counts[part]) for part in (slice(None, recent), slice(recent, None)))
    moved = int(np.argmax(np.abs(now - before)[: len(kept)])) if len(kept) else 0
    psi = float(((now - before) * np.log(now / before)).sum())
    return Mixed(psi, p, str(names[kept[moved]]), float(before[moved]), float(now[moved]))


def _share(counts: Floats) -> Floats:
    seen = counts.sum(0) + _LEAST
    found: Floats = seen / seen.sum()
    return found


def _js(counts: Floats, recent: NDArray[np.number] | NDArray[np.bool_]) -> Floats:
    """Return how far the mix of some weeks lies from that of the others (Jensen–Shannon, nats), by row."""
    now = recent.astype(np.float64) @ counts
    before = counts.sum(0)[None, :] - now
    p, q = (each / each.sum(1, keepdims=True) for each in (now + _LEAST, before + _LEAST))
    middle = (p + q) / 2
    found: Floats = ((p * np.log(p / middle)).sum(1) + (q * np.log(q / middle)).sum(1)) / 2
    return found


def _signal(name: str, moved: Mixed, since: datetime, terms: Terms) -> Signal:
    return Signal(
        NAME,
        f"mix:{name}",
        Level.IMPORTANT if moved.psi >= terms["important_psi"] else Level.GENERAL,
        since,
        round(moved.psi, 4),
        terms["psi"],
        f"mix_of_{name}" if moved.value else f"mix_of_{name}_empty",
        {
            **({_LABEL[name]: moved.value} if moved.value else {}),
            "weeks": terms["weeks"],
            "before": round(100 * moved.before, 1),
            "now": round(100 * moved.now, 1),
            "psi": f"{moved.psi:.2f}",
        },
    )


CLASSIFIER_DRIFT = Detector(NAME, ("cases", "calendar"), find)
