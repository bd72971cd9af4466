"""Hot spots in a table of counts, by the figures and the calendar of the rulebook. Nothing of it is kept."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from suyuan.analytics.hotspots import nodes, scanning
from suyuan.analytics.hotspots.figures import Figures
from suyuan.analytics.hotspots.ordinary import Borne
from suyuan.analytics.hotspots.scanning import Found
from suyuan.analytics.hotspots.seasons import Days
from suyuan.analytics.hotspots.signals import Signal
from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook import Rulebook
from suyuan.gateways.countfile import Counted

WHOLE = ""
"""What stands for a whole tree in the name of a node."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a table."""

    on: date
    """Which figures are in force."""
    last: date | None = None
    """Nothing after this day is known."""
    alarms: float | None = None
    """False ones borne with in a month; None: as the rulebook says."""
    plain: bool = False
    """No holidays."""
    seed: int = 0


@dataclass(frozen=True)
class Scanned:
    """What was found in a table, whose first day is ``first`` (``date.toordinal``)."""

    found: Found
    first: int
    days: int

    def told(self, on: date | None = None) -> list[dict[str, object]]:
        """Return the signals by name and day, the latest first; with a day those that were seen on it."""
        return [
            self._told(one)
            for one in reversed(self.found.signals)
            if on is None or one.until == on.toordinal() - self.first
        ]

    def _told(self, one: Signal) -> dict[str, object]:
        numbers = asdict(one)
        days = {name: self._day(numbers.pop(name)) for name in ("first", "last", "raised", "until")}
        name = self.found.looked.nodes.names[numbers.pop("node")]
        node = ["/".join(path) for path in name if path] or [WHOLE]
        return {
            "node": node,
            "from": days.pop("first"),
            "to": days.pop("last"),
            **numbers,
            "p": self.found.ordinary.p(one.score),
            **days,
        }

    def _day(self, number: int) -> str:
        return date.fromordinal(self.first + number).isoformat()


def figures(book: Rulebook, on: date, windows: str = "hotspots.windows") -> Figures:
    """Return the figures in force on a day, with those of the windows by name."""
    return Figures(**terms(book, windows, on), **terms(book, "hotspots.usual", on))


def terms(book: Rulebook, name: str, on: date) -> dict[str, Any]:
    """Return the terms of a figure in force on a day."""
    figure = book.figure(name, on)
    return dict(figure.terms) if figure else {}


def days(book: Rulebook, first: int, size: int, *, plain: bool) -> Days:
    """Return what kind of day each is by the one calendar; ``plain`` knows weekdays only."""
    weekday = (np.arange(first, first + size) + 6) % 7
    if plain:
        none = np.zeros(size, np.bool_)
        return Days(weekday, none, none)
    calendar = book.calendar
    works = np.array([calendar.provisional_workday(date.fromordinal(first + at)) for at in range(size)])
    return Days(weekday, ~works & (weekday < 5), works & (weekday >= 5))


def scanned(counted: Counted, book: Rulebook, asked: Asked) -> Scanned:
    """Look for hot spots in what was counted until ``asked.last``.

    Raise BadInput where there are too few days to know what is usual.
    """
    end = int(counted.day.max()) if asked.last is None else asked.last.toordinal()
    keep = counted.day <= end
    if not keep.any():
        raise BadInput("unknown_value", field="as_of", value=str(asked.last))
    first, given = int(counted.day[keep].min()), figures(book, asked.on)
    borne = terms(book, "hotspots.alarms", asked.on)
    size = end - first + 1
    if size < given.warm_up + given.windows:
        raise BadInput("too_few_days", days=size, least=given.warm_up + given.windows)
    tree = nodes.nodes(counted.places)
    rows = counted.place[keep], counted.day[keep] - first, counted.many[keep]
    alarms = borne["a_month"] if asked.alarms is None else asked.alarms
    found = scanning.scan(
        scanning.counts_of(tree, *rows, size),
        tree,
        days(book, first, size, plain=asked.plain),
        given,
        Borne(alarms, int(borne["rounds"]), asked.seed),
    )
    return Scanned(found, first, size)
