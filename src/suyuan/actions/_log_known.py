"""A log to trace on, with what was learned from it; what its complaints are about is asked of the cases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from suyuan.analytics.trace.chains import Traced
from suyuan.analytics.trace.eventlog import EventLog
from suyuan.analytics.trace.joined import Parts
from suyuan.analytics.trace.tracer import Tracer
from suyuan.gateways.eventlog.batch import codes
from suyuan.gateways.eventlog.columns import OF_EVENTS, OF_OBJECTS, Columns
from suyuan.store.models import Case
from suyuan.store.own_log import Standing

REMEMBERED = 2_000
"""So many complaints are remembered with what they came from."""


@dataclass(frozen=True)
class Known:
    """A log to trace on, with what was learned from it."""

    tracer: Tracer
    about: dict[int, str]
    """What complaints are about: the ``label`` of the log."""
    complaints: Mapping[str, int]
    """Its complaints, the latest first: the object of each number."""
    units: frozenset[int]
    """The types of objects that are units."""
    parts: Parts
    taken: int
    """When the log that was taken over was changed last, in nanoseconds; 0 without one."""
    standing: Standing
    """How far our own events had come."""
    learned: tuple[datetime | None, int]
    """When and of how many complaints it was learned what deviations add."""

    said: dict[tuple[int, str], Traced] = field(default_factory=dict)
    """What was traced lately, by complaint and what it is about."""

    def traced(self, complaint: int, category: str) -> Traced:
        """Return what a complaint came from, traced once while it is asked for."""
        if category:
            self.about[complaint] = category
        found = self.said.get((complaint, category))
        if found is None:
            if len(self.said) >= REMEMBERED:
                self.said.clear()
            found = self.said[complaint, category] = self.tracer.trace(complaint)
        return found

    @property
    def columns(self) -> Columns:
        """Return it as a log that is read from a file stands there, without attributes."""
        log = self.parts
        event, touched, source, target = (codes(each) for each in (*log.touches, *log.links))
        return Columns(
            log.activities,
            codes(log.activity),
            log.at.astype(np.int64),
            log.events,
            log.types,
            codes(log.type),
            log.objects,
            [""],
            event,
            touched,
            np.zeros_like(event),
            source,
            target,
            np.zeros_like(source),
            OF_EVENTS.empty_table(),
            OF_OBJECTS.empty_table(),
            {},
            {},
            [],
        )

    @property
    def newest(self) -> tuple[str, ...]:
        """Return the numbers of its complaints, the latest first."""
        return tuple(self.complaints)

    @property
    def log(self) -> EventLog:
        """Return the log."""
        return self.tracer.log


CHUNK = 500


def categories(numbers: Mapping[str, int] | list[str]) -> dict[str, str]:
    """Return what cases are about, those of the numbers that are cases here."""
    every = list(numbers)
    return {
        number: category
        for start in range(0, len(every), CHUNK)
        for number, category in Case.objects.filter(number__in=every[start : start + CHUNK]).values_list(
            "number", "category"
        )
        if category
    }
