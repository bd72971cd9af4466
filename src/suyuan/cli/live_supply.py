"""What the other systems of a city hand over of outages, meters and calls, day by day, as tables."""

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from datetime import datetime, timedelta
from pathlib import Path

from suyuan.simulate.daily import CALL_COLUMNS, Days
from suyuan.simulate.files import write_csv
from suyuan.simulate.precursors import truth

Row = tuple[object, ...]
SURGE, HALF = "call_surge", timedelta(minutes=30)
BEGAN, ENDED = 5, 7
"""Columns of a row of outages."""


def take_in(days: Days, day: int, without: Set[str], folder: Path, now: datetime) -> int:
    """Take in what a day brought, through the door that every table goes through; return how many rows."""
    from suyuan.actions import supply
    from suyuan.domain.procedure import SYSTEM

    new = 0
    for kind, columns, rows in _tables(days, day, without):
        path = folder / f"{kind}.csv"
        if write_csv(path, columns, rows):
            taken = supply.take(kind=kind, path=path, actor=SYSTEM, now=now)
            new += taken.new + taken.changed
    return new


def hear(days: Days, day: int, without: Set[str], folder: Path, after: datetime) -> dict[str, int]:
    """Let the detector of call surges look once, with the calls until then; return what it found.

    Of the looks of every hour this is the one that follows the loudest half-hour, and is after a moment: the
    others would cost as much each and see less.
    """
    from suyuan.actions import supply
    from suyuan.actions.warn.watching import watch
    from suyuan.domain.procedure import SYSTEM

    rows = sorted(days.calls(day, without))
    halves = Counter(_half(datetime.fromisoformat(str(row[0]))) for row in rows)
    if not halves:
        return {}
    loudest = max(sorted(halves), key=halves.__getitem__) + HALF
    now = max(loudest.replace(minute=20) + timedelta(hours=loudest.minute > 20), after)
    until = now.isoformat()
    path = folder / "calls.csv"
    write_csv(path, CALL_COLUMNS, (row for row in rows if str(row[0]) <= until))
    supply.take(kind="calls", path=path, actor=SYSTEM, now=now)
    found = watch((SURGE,), now=now)
    return {"rang": found.kept.seen, "opened": sum(not one.joined for one in found.opened)}


def _half(at: datetime) -> datetime:
    return at.replace(minute=at.minute // 30 * 30, second=0)


def _tables(days: Days, day: int, without: Set[str]) -> Iterator[tuple[str, Sequence[str], Iterator[Row]]]:
    """Yield what each system hands over; the months that meters were read in, once each is over."""
    yield "outages", truth.OUTAGE_COLUMNS, _moved(days, day)
    yield "voltage", truth.VOLTAGE_COLUMNS, days.voltages(day, 0)
    yield "calls", CALL_COLUMNS, days.calls(day, without)
    if day == 0 or days.date(day).day == 1:
        yield "readings", truth.USE_COLUMNS, days.uses(day)


def _moved(days: Days, day: int) -> Iterator[Row]:
    """Yield the outages that began or ended on a day, on the first day all before it too."""
    on = days.date(day).isoformat()
    for row in days.outages(day):
        if day == 0 or on in (str(row[BEGAN])[:10], str(row[ENDED])[:10]):
            yield row
