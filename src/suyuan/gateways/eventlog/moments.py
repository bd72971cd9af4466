"""When is it? ISO 8601 texts as microseconds UTC, a hundred thousand at a time.

Texts of one length are read together by the digits at their places. What does not look as expected is read
one by one by the standard library, so that both ways take the same texts.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from suyuan.domain.errors import BadInput

READ, NO_ZONE, NO_MOMENT = 0, 1, 2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY, _HOUR, _MINUTE, _SECOND = 86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000
_FIRST, _END = -719_161 * _DAY, 2_932_896 * _DAY
"""The years 1 to 9999, which is what the standard library can say, but for a day that a zone may need."""
_SIGNS = {4: "-", 7: "-", 13: ":", 16: ":"}
_DIGITS = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18)
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int32)
_UNSOUND = np.iinfo(np.int64).max

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Read(NamedTuple):
    """By text: the moment, and whether it could be read."""

    at: Numbers
    state: npt.NDArray[np.uint8]


def read(texts: Any, zone: tzinfo | None) -> Read:
    """Return the moments of a ``pa.StringArray``; those that name no zone were in ``zone``."""
    count = len(texts)
    at, state = np.zeros(count, np.int64), np.full(count, NO_MOMENT, np.uint8)
    lengths = pc.fill_null(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False)
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        if 19 <= length <= 35:
            good, found, zoned = _together(texts.take(pa.array(rows)), int(length))
            if zone is not None:
                found = np.where(zoned, found, _utc(found, zone)) if not zoned.all() else found
                zoned = np.ones_like(zoned)
            good &= (found >= _FIRST) & (found < _END)
            at[rows[good]] = found[good]
            state[rows[good]] = np.where(zoned[good], READ, NO_ZONE)
            rows = rows[~good]
        for row, text in zip(rows.tolist(), texts.take(pa.array(rows)).to_pylist(), strict=True):
            at[row], state[row] = one(text, zone)
    return Read(at, state)


def need_zone(moments: Read, texts: Any, file: str) -> None:
    """Raise BadInput if a moment names no zone and none was given; of the text only its form is told."""
    lacking = np.flatnonzero(moments.state == NO_ZONE)
    if len(lacking):
        raise BadInput("log_zone", file=file, value=texts[int(lacking[0])].as_py(), count=len(lacking))


def one(text: str | None, zone: tzinfo | None) -> tuple[int, int]:
    """Return the moment of one text and whether it could be read."""
    if not text:
        return 0, NO_MOMENT
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None and zone is None:
            return 0, NO_ZONE
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
        found = (moment - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError):
        return 0, NO_MOMENT
    return (found, READ) if _FIRST <= found < _END else (0, NO_MOMENT)


def micros(texts: list[str]) -> list[int | None]:
    """Return moments that name their zone as microseconds, None for what is none."""
    found = (one(text, None) for text in texts)
    return [at if state == READ else None for at, state in found]


def written(at: int) -> str:
    """Return a moment as a log writes it."""
    text = (_EPOCH + at * _MICROSECOND).isoformat()
    return text.replace("+00:00", "Z")


def _together(texts: Any, length: int) -> tuple[Flags, Numbers, Flags]:
    """Return which texts of one length are well formed, their moments, and which of them name a zone."""
    offsets, data = np.frombuffer(texts.buffers()[1], np.int32), np.frombuffer(texts.buffers()[2], np.uint8)
    start = int(offsets[texts.offset])
    cells = np.ascontiguousarray(data[start : start + len(texts) * length].reshape(len(texts), length).T)
    digits = cells.astype(np.int32)
    digits -= ord("0")
    good: Flags = (cells[10] == ord("T")) | (cells[10] == ord(" "))
    for place, sign in _SIGNS.items():
        good &= cells[place] == ord(sign)
    for place in _DIGITS:
        good &= (digits[place] >= 0) & (digits[place] <= 9)
    found, valid = _civil(digits)
    good &= valid
    size, offset, named = _zones(cells, digits, length)
    fraction, valid = _fractions(cells, digits, length - size)
    good &= valid & (offset != _UNSOUND)
    return good, found + fraction - np.where(good, offset, 0), named


def _civil(digits: Any) -> tuple[Numbers, Flags]:
    """Return the microseconds up to the whole second, and which dates and times there are."""
    year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3]
    month, day, hour, minute, second = (digits[p] * 10 + digits[p + 1] for p in (5, 8, 11, 14, 17))
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = _DAYS[np.clip(month, 0, 12)] + (leap & (month == 2))
    good = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= last)
    good &= (hour <= 23) & (minute <= 59) & (second <= 59)
    # Days of the proleptic Gregorian calendar; a year begins with March, so that the leap day is last.
    shifted = year - (month <= 2)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = shifted * 365 + shifted // 4 - shifted // 100 + shifted // 400 + of_year - 719_468
    return days * np.int64(_DAY) + (hour * 3600 + minute * 60 + second) * np.int64(_SECOND), good


def _zones(cells: Any, digits: Any, length: int) -> tuple[Numbers, Numbers, Flags]:
    """Return by row how many characters name the zone, its offset, and whether there is one."""
    count = cells.shape[1]
    size, offset = np.zeros(count, np.int64), np.zeros(count, np.int64)
    size[cells[-1] == ord("Z")] = 1
    for width, colon in ((6, True), (5, False), (3, False)):
        if length - width < 19:
            continue
        sign = cells[length - width]
        here = ((sign == ord("+")) | (sign == ord("-"))) & (size == 0)
        if not here.any():
            continue
        hours = digits[length - width + 1] * 10 + digits[length - width + 2]
        minutes = digits[-2] * 10 + digits[-1] if width > 3 else np.zeros_like(hours)
        places = [1, 2, 4, 5] if width == 6 else list(range(1, width))
        sound = (hours <= 23) & (minutes <= 59)
        for place in places:
            number = digits[length - width + place]
            sound &= (number >= 0) & (number <= 9)
        if colon:
            sound &= cells[-3] == ord(":")
        away = (hours * 60 + minutes) * np.int64(_MINUTE)
        found = np.where(sound, np.where(sign == ord("+"), away, -away), _UNSOUND)
        size[here], offset[here] = width, found[here]
    return size, offset, size > 0


def _fractions(cells: Any, digits: Any, ends: Numbers) -> tuple[Numbers, Flags]:
    """Return the microseconds after the whole second; more digits than six are cut off."""
    fraction, good = np.zeros(len(ends), np.int64), ends == 19
    for end in range(21, len(cells) + 1):
        rows = np.flatnonzero(ends == end)
        if not len(rows):
            continue
        part = digits[20:end, rows]
        good[rows] = (cells[19, rows] == ord(".")) & ((part >= 0) & (part <= 9)).all(axis=0)
        part = part[:6].astype(np.int64)
        fraction[rows] = (10 ** np.arange(5, 5 - len(part), -1, dtype=np.int64)) @ part
    return fraction, good


def _utc(local: Numbers, zone: tzinfo) -> Numbers:
    """Return moments told by the clocks of a zone as UTC; an hour that came twice is its first."""
    hours, places = np.unique(local // _HOUR, return_inverse=True)
    steady = np.zeros(len(hours), np.bool_)
    offsets = np.zeros(len(hours), np.int64)
    for row, hour in enumerate(hours.tolist()):
        first, last = (_offset(hour * _HOUR + add, zone) for add in (0, _HOUR - 1))
        steady[row], offsets[row] = first == last, first
    found = local - offsets[places]
    for row in np.flatnonzero(~steady[places]).tolist():
        found[row] = int(local[row]) - _offset(int(local[row]), zone)
    return found


def _offset(local: int, zone: tzinfo) -> int:
    if not _FIRST <= local < _END:
        return 0
    moment = (_EPOCH + local * _MICROSECOND).replace(tzinfo=zone)
    away = moment.utcoffset()
    return away // _MICROSECOND if away is not None else 0
