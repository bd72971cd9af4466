"""What the other systems of a city hand over of outages, meters and calls, day by day, as tables."""

from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import datetime
from itertools import chain
from pathlib import Path

from suyuan.simulate.daily import CALL_COLUMNS, READING_COLUMNS, Days
from suyuan.simulate.files import write_csv
from suyuan.simulate.precursors import truth

Row = tuple[object, ...]
BACK = 57
"""Of so many days detectors look at voltages and calls at most."""
BEGAN, DUE, ENDED = 5, 6, 7
"""Columns of a row of outages."""


def write(days: Days, span: range, without: Set[str], folder: Path) -> list[tuple[str, Path]]:
    """Write what each system hands over of some days, the last of them being over; return kinds and files."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for kind, columns, rows in _tables(days, span, without):
        path = folder / f"{kind}.csv"
        if write_csv(path, columns, rows):
            found.append((kind, path))
        else:
            path.unlink()
    return found


def take_in(found: Iterable[tuple[str, Path]], now: datetime) -> int:
    """Take tables in through the door that every table goes through; return how many rows were new."""
    from suyuan.actions import supply
    from suyuan.domain.procedure import SYSTEM

    taken = [supply.take(kind=kind, path=path, actor=SYSTEM, now=now) for kind, path in found]
    return sum(one.new + one.changed for one in taken)


def _tables(days: Days, span: range, without: Set[str]) -> Iterator[tuple[str, Sequence[str], Iterable[Row]]]:
    """Yield what each system hands over; voltages and calls no further back than is looked."""
    last = span[-BACK:]
    yield "outages", truth.OUTAGE_COLUMNS, _moved(days, span)
    yield "voltage", truth.VOLTAGE_COLUMNS, days.voltages(span[-1], len(last) - 1)
    yield "calls", CALL_COLUMNS, chain.from_iterable(days.calls(day, without) for day in last)
    yield "readings", READING_COLUMNS, chain.from_iterable(days.readings(day) for day in span)


def _moved(days: Days, span: range) -> Iterator[Row]:
    """Yield the outages that began or ended in some days, where it is the first of all, all before it too."""
    since = days.date(span[0]).isoformat() if span[0] else ""
    for row in days.outages(span[-1]):
        if max(str(row[BEGAN]), str(row[ENDED])) >= since:
            yield row
