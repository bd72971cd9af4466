"""More calls than are to be expected at this time of this kind of day, of all and by line and area.

Expected is the shape of a day of its kind (weekday, holiday, make-up day) over the weeks before, drawn to all
days alike in being worked or not, times how much the last fortnight was above it. Counts scatter more than
chance (negative binomial), by as much as the weeks before did.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import scipy  # its statistics take a second to load: they are loaded by the first who asks for one
from numpy.typing import NDArray

from suyuan.domain.worktime import Calendar

from . import columns
from .columns import DAY, micro, moment
from .detector import Detector, Frames, Terms
from .signal import Level, Signal

NAME = "call_surge"
_NAMED = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema([("at", pa.timestamp("us", "UTC")), ("line", _NAMED), ("area", _NAMED)])
ALL = ("all", "")
_MINUTE = 60_000_000
_MONTH = 30
_EPOCH = date(1970, 1, 1)
_LEAST = 0.05
"""Calls a slot at least expected: none was ever seen at night."""
_LIKE = 8
"""So many days of their kind stand for all days alike, at the level of their own kind."""
_CLIP, _MIDDLE = 25.0, 0.455
"""A squared deviation so many times the usual is a surge and no scatter; the median of one (chi-square)."""


@dataclass(frozen=True)
class Slots:
    """The days looked at, and how they are cut into slots."""

    first: int
    """The day of the first slot, days since 1970, local."""
    kinds: NDArray[np.int64]
    """Of each day: 0–6 weekday, 7 holiday, 8 make-up workday."""
    per_day: int

    @property
    def days(self) -> int:
        """Return how many days there are, the last being today."""
        return len(self.kinds)


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    """Yield where calls surged in the slots that ended lately, one signal a place."""
    table: pa.Table = frames["calls"]
    calendar: Calendar = frames["calendar"]
    shift = as_of.astimezone(calendar.zone).utcoffset() or timedelta()
    now = micro(as_of) + round(shift.total_seconds() * 1e6)
    at = columns.micros(table, "at") + round(shift.total_seconds() * 1e6)
    first = max(int(at.min(initial=now)) // DAY, now // DAY - terms["history_days"])
    if now // DAY - first < terms["least_days"]:
        return
    slots = Slots(first, _kinds(calendar, first, now // DAY), 1440 // terms["minutes"])
    wanted = (at >= first * DAY) & (at < now - now % (terms["minutes"] * _MINUTE))
    table, slot = table.filter(pa.array(wanted)), (at[wanted] - first * DAY) // (terms["minutes"] * _MINUTE)
    fresh = _fresh(now, slots, terms)
    counts = np.bincount(slot, minlength=slots.days * slots.per_day)
    mean, scatter = expected(counts, slots, fresh[0])
    places = (one for kind in ("line", "area") for one in _groups(table, kind, slot, fresh, terms))
    groups = [(ALL, counts), *places]
    p = terms["alarms_per_month"] / (_MONTH * slots.per_day) / len(groups)
    for (kind, name), mine in groups:
        share = 1.0 if kind == "all" else _share(mine, counts, fresh[0])
        hoped, apart = mean * share, 1 + (scatter - 1) * share
        start, end = _above(mine, hoped, apart, fresh, p)
        if end > start:
            since = (first * DAY) + start * terms["minutes"] * _MINUTE - round(shift.total_seconds() * 1e6)
            seen, usual = float(mine[start:end].sum()), float(hoped[start:end].sum())
            if seen < terms["least_calls"]:
                continue
            yield _signal((kind, name), since, (seen, usual), (end - start) * terms["minutes"], terms)


def expected(counts: NDArray[np.int64], slots: Slots, until: int) -> tuple[NDArray[np.float64], float]:
    """Return how many calls each slot should have by the days before ``until``, and how they scatter."""
    whole = until // slots.per_day
    table = counts[: slots.days * slots.per_day].reshape(slots.days, slots.per_day).astype(np.float64)
    known, kinds = table[:whole], slots.kinds
    free = (kinds == 5) | (kinds == 6) | (kinds == 7)
    shapes = np.zeros((9, slots.per_day))
    for kind in range(9):
        mine, like = known[kinds[:whole] == kind], known[free[:whole] == (kind in (5, 6, 7))]
        pooled = like.mean(0) if len(like) else known.mean(0)
        level = (mine.sum() + pooled.sum()) / ((len(mine) + 1) * max(pooled.sum(), 1.0))
        shapes[kind] = (mine.sum(0) + _LIKE * level * pooled) / (len(mine) + _LIKE)
    shapes = np.maximum(_smooth(shapes), _LEAST)
    mean = shapes[kinds]
    recent = slice(max(whole - 14, 0), whole)
    level = float((known[recent].sum() + 1) / (mean[recent].sum() + 1))
    fitted = mean[:whole]
    apart = (known - fitted) ** 2 / fitted
    usual = max(float(np.median(apart[fitted >= 1])) / _MIDDLE, 1.0) if (fitted >= 1).any() else 1.0
    scatter = float(np.minimum(apart, _CLIP * usual).mean()) * (
        1 + 2 / _LIKE
    )  # the days fitted are their own
    return (mean * level).ravel(), max(1.0, scatter)


def _smooth(shapes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return shapes in which a slot stands with half of those beside it."""
    before, after = np.roll(shapes, 1, axis=1), np.roll(shapes, -1, axis=1)
    return (shapes * 2 + before + after) / 4


def _kinds(calendar: Calendar, first: int, last: int) -> NDArray[np.int64]:
    found = []
    for n in range(first, last + 1):
        day = _EPOCH + timedelta(days=n)
        works, weekday = calendar.provisional_workday(day), day.weekday()
        found.append(weekday if works == (weekday < 5) else 8 if works else 7)
    return np.array(found, np.int64)


def _fresh(now: int, slots: Slots, terms: Terms) -> tuple[int, int]:
    """Return the first and the last but one of the slots that are over and ended lately."""
    width = terms["minutes"] * _MINUTE
    end = (now - slots.first * DAY) // width
    return max(int(end - terms["fresh_minutes"] // terms["minutes"]), 0), int(end)


def _groups(
    table: pa.Table, kind: str, slot: NDArray[np.int64], fresh: tuple[int, int], terms: Terms
) -> Iterator[tuple[tuple[str, str], NDArray[np.int64]]]:
    """Yield the places with so many calls lately, and their calls by slot."""
    if not table.num_rows:
        return
    names = _encoded(table[kind])
    who = names.indices.fill_null(-1).to_numpy()
    lately = (slot >= fresh[0]) & (slot < fresh[1]) & (who >= 0)
    many = np.bincount(who[lately], minlength=len(names.dictionary)) >= terms["least_calls"]
    for place in np.flatnonzero(many).tolist():
        if name := names.dictionary[place].as_py():
            yield (kind, name), np.bincount(slot[who == place], minlength=fresh[1])


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    return column.unify_dictionaries().combine_chunks()


def _share(mine: NDArray[np.int64], counts: NDArray[np.int64], until: int) -> float:
    """Return which part of the calls before was of a place, one call more than was seen."""
    return float((mine[:until].sum() + 1) / (counts[:until].sum() + 1))


def _above(
    counts: NDArray[np.int64], mean: NDArray[np.float64], scatter: float, fresh: tuple[int, int], p: float
) -> tuple[int, int]:
    """Return the run of slots up to the last of them that has more than chance allows; (0, 0) without one."""
    start, end = fresh
    seen, usual = counts[start:end], mean[start:end]
    over = tail(seen, usual, scatter) < p
    if not over.any():
        return 0, 0
    last = int(np.flatnonzero(over)[-1])
    first = last
    while first and over[first - 1]:
        first -= 1
    return start + first, start + last + 1


def tail(seen: NDArray[np.int64], mean: NDArray[np.float64], scatter: float) -> NDArray[np.float64]:
    """Return how probable so many or more are, variance being ``scatter`` times the mean."""
    if scatter < 1.01:
        return np.asarray(scipy.stats.poisson.sf(seen - 1, mean), np.float64)
    return np.asarray(scipy.stats.nbinom.sf(seen - 1, mean / (scatter - 1), 1 / scatter), np.float64)


def _signal(
    place: tuple[str, str], since: int, calls: tuple[float, float], minutes: int, terms: Terms
) -> Signal:
    kind, name = place
    seen, usual = calls
    times = seen / usual
    level = Level.IMPORTANT if times >= terms["important_times"] else Level.GENERAL
    if times >= terms["urgent_times"]:
        level = Level.URGENT
    return Signal(
        NAME,
        "calls:all" if kind == "all" else f"{kind}:{name}",
        level,
        moment(since),
        seen,
        round(usual, 2),
        "call_surge" if kind == "all" else "call_surge_place",
        {
            "calls": round(seen),
            "usual": round(usual, 1),
            "minutes": minutes,
            "place": name,
            "times": round(times, 1),
        },
        (),
        "",
        terms["becomes"],
    )


CALL_SURGE = Detector(NAME, ("calls", "calendar"), find)
