"""The binding limits of cases, for models of risk: by when, known since when, and when they were met."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from suyuan.store.models import Clock, ClockEntry

Change = tuple[datetime, int, datetime | None]
"""From when on which clock has which due; none once it is void."""
VOID = "void"


class Limit(NamedTuple):
    """The binding limit of a case as it was known up to a moment."""

    number: str
    dues: list[tuple[datetime, datetime]]
    """Since when, and by when: the earliest of the binding clocks that ran then."""
    met: datetime | None


def limits(as_of: datetime) -> Iterator[Limit]:
    """Yield the binding limits that were known at a moment, with every due they had until then."""
    moved = _moved()
    found: dict[str, list[Change]] = defaultdict(list)
    met: dict[str, dict[int, datetime]] = defaultdict(dict)
    rows = Clock.objects.filter(binding=True, episode=1, started_at__lte=as_of).order_by("case_id", "pk")
    values = rows.values_list("pk", "case__number", "started_at", "due_at", "stopped_at")
    for clock, number, started, due, stopped in values.iterator(2_000):
        entries = moved.get(clock, [])
        first = next((before for _, before, _, _ in entries if before is not None), due)
        found[number].append((started, clock, first))
        for at, _, after, kind in entries:
            if at <= as_of and (kind == VOID or after is not None):
                found[number].append((at, clock, None if kind == VOID else after))
        if stopped is not None and stopped <= as_of:
            met[number][clock] = stopped
    for number, changes in found.items():
        dues, last = _earliest(changes)
        if dues:
            yield Limit(number, dues, met[number].get(last))


def _moved() -> dict[int, list[tuple[datetime, datetime | None, datetime | None, str]]]:
    """Return, of each binding clock, when its due was moved, from when to when, and by what."""
    rows = ClockEntry.objects.filter(clock__binding=True, clock__episode=1).order_by("clock_id", "at", "id")
    found: dict[int, list[tuple[datetime, datetime | None, datetime | None, str]]] = defaultdict(list)
    values = rows.values_list("clock_id", "at", "due_before", "due_after", "kind")
    for clock, *entry in values.iterator(2_000):
        found[clock].append((entry[0], entry[1], entry[2], entry[3]))
    return found


def _earliest(changes: list[Change]) -> tuple[list[tuple[datetime, datetime]], int]:
    """Return since when which due was the earliest of the clocks that ran, and whose the last one was."""
    running: dict[int, datetime] = {}
    found: list[tuple[datetime, datetime]] = []
    last = 0
    for at, clock, due in sorted(changes, key=lambda one: one[0]):
        if due is None:
            running.pop(clock, None)
        else:
            running[clock] = due
        if running:
            last = min(running, key=lambda one: (running[one], one))
            if not found or found[-1][1] != running[last]:
                found.append((at, running[last]))
    return found, last
