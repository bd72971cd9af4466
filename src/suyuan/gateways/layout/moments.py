"""Times as offices write them, to aware moments in UTC.

Only orders of year, month, day are understood: 01/02/2025 is a different day in different offices, so it is
refused unless the layout gives the format. A local time that a clock change skips does not exist and is
refused; one that happens twice is taken the first time and noted.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EARLIEST = datetime(2000, 1, 1)  # noqa: DTZ001 local, made aware below
EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 day 0 of Excel's serial dates
SERIALS = (1.0, 2_958_466.0)
"""Serial days from 1900 to 9999."""
DATED = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[\sT,]*(上午|下午|am|pm)?\s*(\d{1,2})[:时点](\d{1,2})?[:分]?(?:(\d{1,2})(?:\.(\d{1,6})\d*)?秒?)?\s*(am|pm)?)?",
    re.IGNORECASE,
)
RUN = re.compile(r"(\d{4})(\d\d)(\d\d)[T\s]?(?:(\d\d)(\d\d)(\d\d)?)?")
SERIAL = re.compile(r"\d{5}(\.\d+)?")
ZONED = re.compile(r"(Z|[+-]\d\d:?\d\d(:\d\d)?)$", re.IGNORECASE)
TIME = re.compile(r"\d{6}|(上午|下午|am|pm)?\s*\d{1,2}[:时点]\d.*", re.IGNORECASE)
FRACTION = re.compile(r"0(\.\d+)?|0?\.\d+")
EXCEL_DAY_0 = re.compile(r"1(899-12-3[01]|900-01-0[01])[T ]")
"""What a workbook may put before a time of day."""
WEEKDAY = re.compile(r"[(\s]*(星期|周)[一二三四五六日天][)\s]*")


class Unreadable(ValueError):
    """The text is no time that can be told."""


class Clock:
    """Reads times of one zone. ``ambiguous`` is set by a local time that happened twice."""

    def __init__(self, zone: str, formats: tuple[str, ...] = ()) -> None:
        self.zone = ZoneInfo(zone)
        self.formats = formats
        self.ambiguous = False
        self.earliest = EARLIEST.replace(tzinfo=self.zone).astimezone(UTC)
        self._days: dict[str, timedelta | None] = {}

    def read(self, cell: object) -> datetime:
        """Return the moment ``cell`` names; raise Unreadable if it names none for certain."""
        if (
            isinstance(cell, str)
            and len(cell) == 19
            and cell[4] == cell[7] == "-"
            and cell[13] == cell[16] == ":"
            and cell.isascii()
        ):
            day = cell[:10]
            shift = self._days[day] if day in self._days else self._learn(day)
            if shift is not None:
                try:
                    return datetime.fromisoformat(cell + "+00:00") - shift
                except (ValueError, OverflowError):
                    raise Unreadable from None
        try:
            return self._slowly(cell)
        except OverflowError:  # the first and the last hours there are
            raise Unreadable from None

    def read_two(self, day: object, hour: object) -> datetime:
        """Return the moment a day and a time of day name; raise Unreadable if they name none for certain."""
        on = self.read(day).astimezone(self.zone).date()
        text = unicodedata.normalize("NFKC", str(hour)).strip()
        if FRACTION.fullmatch(text):  # how a workbook keeps a time of day
            midnight = datetime.combine(on, time())
            return self.local(_whole_second(midnight + timedelta(days=float(text))))
        text = EXCEL_DAY_0.sub("", text)
        if not TIME.fullmatch(text):
            raise Unreadable
        return self.read(f"{on:%Y%m%d} {text}" if text.isdecimal() else f"{on.isoformat()} {text}")

    def _slowly(self, cell: object) -> datetime:
        if isinstance(cell, str):
            return self._from_text(cell)
        if isinstance(cell, datetime):
            return self.local(_whole_second(cell)) if cell.tzinfo is None else cell.astimezone(UTC)
        if isinstance(cell, date):
            return self.local(datetime.combine(cell, time()))
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return self._from_number(float(cell))
        raise Unreadable

    def local(self, naive: datetime) -> datetime:
        """Return the moment a wall clock of the zone showed ``naive``."""
        day = naive.date().isoformat()
        shift = self._days[day] if day in self._days else self._learn(day)
        if shift is not None:
            return naive.replace(tzinfo=UTC) - shift
        first, second = naive.replace(tzinfo=self.zone), naive.replace(tzinfo=self.zone, fold=1)
        moment = first.astimezone(UTC)
        if first.utcoffset() != second.utcoffset():
            if moment.astimezone(self.zone).replace(tzinfo=None) != naive:
                raise Unreadable
            self.ambiguous = True
        return moment

    def _learn(self, day: str) -> timedelta | None:
        """Remember the zone's offset on ``day``, or None where it changes on it."""
        try:
            start = datetime.fromisoformat(day).replace(tzinfo=self.zone)
            ends = (start, start.replace(hour=23, minute=59, second=59, fold=1))
            offsets = {moment.utcoffset() for moment in ends}
        except (ValueError, OverflowError):
            raise Unreadable from None
        found = offsets.pop() if len(offsets) == 1 else None
        if len(self._days) < 100_000:
            self._days[day] = found
        return found

    def _from_number(self, number: float) -> datetime:
        if SERIALS[0] <= number < SERIALS[1]:
            return self.local(_whole_second(EPOCH_1900 + timedelta(days=number)))
        if number >= 19_000_101 and number.is_integer() and number < 1e14:
            return self._from_text(str(int(number)))
        raise Unreadable

    def _from_text(self, cell: str) -> datetime:
        text = unicodedata.normalize("NFKC", cell).strip()
        if len(text) > 16 and (zoned := ZONED.search(text)) and zoned.start() > 10:
            return _iso(text)
        if not text.isascii():
            text = WEEKDAY.sub(" ", text).strip()
        if matched := DATED.fullmatch(text):
            return self.local(_civil(matched))
        if matched := RUN.fullmatch(text):
            return self.local(_built(*(int(part or 0) for part in matched.groups())))
        if SERIAL.fullmatch(text):
            return self._from_number(float(text))
        for form in self.formats:
            try:
                found = datetime.strptime(text, form)  # noqa: DTZ007 made aware by ``local``
            except ValueError:
                continue
            return self.local(found) if found.tzinfo is None else found.astimezone(UTC)
        raise Unreadable


def _iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.replace("/", "-")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable from None


def _built(*parts: int) -> datetime:
    try:
        return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        raise Unreadable from None


def _civil(matched: re.Match[str]) -> datetime:
    year, month, day, before, hour, minute, second, fraction, after = matched.groups()
    hours = int(hour or 0)
    half = (before or after or "").lower()
    if half:
        if hours > 12 and half != "下午":
            raise Unreadable
        late = half in ("下午", "pm")
        hours = hours + 12 if late and hours < 12 else (0 if hours == 12 and not late else hours)
    micro = int((fraction or "0").ljust(6, "0"))
    return _built(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0), micro)


def _whole_second(moment: datetime) -> datetime:
    """Undo the rounding of a day's fraction: 08:04:59.999997 was entered as 08:05:00."""
    rest = moment.microsecond
    if rest < 1_000:
        return moment.replace(microsecond=0)
    return moment.replace(microsecond=0) + timedelta(seconds=1) if rest > 999_000 else moment
