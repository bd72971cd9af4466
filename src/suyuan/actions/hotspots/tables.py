"""Hot spots in a table of counts, by the figures and the calendar of the rulebook. Nothing of it is kept."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from suyuan.analytics.hotspots import nodes, own, scanning
from suyuan.analytics.hotspots.figures import Figures
from suyuan.analytics.hotspots.ordinary import Borne
from suyuan.analytics.hotspots.scanning import Found
from suyuan.analytics.hotspots.seasons import Days
from suyuan.analytics.hotspots.signals import Signal
from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook import Rulebook
from suyuan.gateways.countfile import Counted

WHOLE = own.WHOLE
"""The name of the node above all others."""


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

    def set_by(self) -> list[dict[str, object]]:
        """Return the single days that set the limit: where, when, how many, and how many on a mean day."""
        looked = self.found.looked
        return [
            {
                "node": self._named(node),
                "day": self._day(day),
                "observed": float(looked.counts[node, day]),
                "mean": float(looked.counts[node].mean()),
            }
            for node, day in self.found.ordinary.by
        ]

    def _named(self, node: int) -> list[str]:
        return ["/".join(path) for path in self.found.looked.nodes.names[node] if path] or [WHOLE]

    def _told(self, one: Signal) -> dict[str, object]:
        numbers = asdict(one)
        days = {name: self._day(numbers.pop(name)) for name in ("first", "last", "raised", "until")}
        return {
            "node": self._named(numbers.pop("node")),
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

    Raise BadInput where there are too few days to know what is usual, or more than are looked at.
    """
    end = int(counted.day.max()) if asked.last is None else asked.last.toordinal()
    keep = counted.day <= end
    if not keep.any():
        raise BadInput(
            "nothing_by_then", as_of=asked.last, first_day=date.fromordinal(int(counted.day.min()))
        )
    first, given = int(counted.day[keep].min()), figures(book, asked.on)
    borne = terms(book, "hotspots.alarms", asked.on)
    size = end - first + 1
    _narrow(counted, first, end, int(terms(book, "hotspots.table", asked.on)["days"]))
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


def _narrow(counted: Counted, first: int, end: int, most: int) -> None:
    """Raise BadInput where a table covers more days than are looked at, naming the rows at its ends.

    The last row named is the latest up to ``end``; none where the day asked for lies after all rows.
    """
    if end - first < most:
        return
    rows = {name: counted.row[counted.day == day] for name, day in (("first_row", first), ("last_row", end))}
    raise BadInput(
        "too_many_days",
        days=end - first + 1,
        most=most,
        first_day=date.fromordinal(first),
        last_day=date.fromordinal(end),
        **{name: int(found.min()) for name, found in rows.items() if len(found)},
    )
