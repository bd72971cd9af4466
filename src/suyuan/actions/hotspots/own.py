"""Hot spots among the home's own orders as of a day, found once a day and kept in memory.

The lake is looked at anew where more than a hundredth of what was counted came to it since.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from suyuan.analytics.hotspots import own, scanning
from suyuan.analytics.hotspots.figures import Figures
from suyuan.analytics.hotspots.nodes import Node
from suyuan.analytics.hotspots.ordinary import Borne
from suyuan.analytics.hotspots.own import Counts, Where
from suyuan.analytics.hotspots.signals import Signal
from suyuan.analytics.source import Tables
from suyuan.domain.rulebook import Rulebook

from .tables import days, figures, terms

KEPT = 4
"""So many days are kept in memory."""
QUIET = 2
"""So many days without more than usual, and a hot spot is over."""
_NEWER = 0.01
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Spot:
    """More than expected at a node of the home's trees."""

    key: str
    node: Node
    where: Where
    first: date
    last: date
    observed: float
    expected: float
    score: float
    p: float
    raised: date
    """The day on which it was seen first."""
    until: date
    """The last day on which it was seen."""
    unit_paths: frozenset[str]
    """Every unit with orders below the node: whoever reaches them all may see it."""
    daily: tuple[tuple[date, float, float], ...]
    """Day, counted, expected."""


@dataclass(frozen=True, slots=True)
class Own:
    """What was looked at, and what was found on the last day or in the longest window before it."""

    last: date
    """The last day known."""
    known: int
    """Days known."""
    least: int
    """Days that have to be known."""
    alarms: float
    """False ones borne with in a month."""
    windows: int = 0
    """The longest window, days; 0 where nothing was looked for."""
    nodes: int = 0
    limit: float = 0.0
    """The score from which on something is told; it stays from Monday to Sunday."""
    spots: tuple[Spot, ...] = ()

    @property
    def looked(self) -> bool:
        """Tell whether enough is known to look for anything."""
        return self.windows > 0

    def going(self, one: "Spot") -> bool:
        """Tell whether there was more than usual until lately."""
        return (self.last - one.last).days <= QUIET

    def seen(self, sees: Callable[[str], bool]) -> list[Spot]:
        """Return those all of whose units somebody sees, those still going on first, the highest first."""
        mine = [one for one in self.spots if all(map(sees, one.unit_paths))]
        return sorted(mine, key=lambda one: (not self.going(one), -one.score))


_ONE = threading.Lock()
_held: dict[tuple[str, date], tuple[float, Own]] = {}
"""By lake and day how much was counted, and what was found in it."""


def is_busy(most: float) -> bool:
    """Tell whether somebody still looks after so many seconds."""
    if _ONE.acquire(timeout=most):
        _ONE.release()
        return False
    return True


def forget() -> None:
    """Look anew next time."""
    _held.clear()


def found(tables: Tables, folder: str, last: date, book: Rulebook) -> Own:
    """Return the hot spots as of the end of a day; ``folder`` says which lake the tables are of."""
    since = last - timedelta(days=int(terms(book, "hotspots.own", last)["days"]) - 1)
    counts = own.counted(tables, since, last)
    many = float(counts.many.sum()) if counts else 0.0
    with _ONE:
        before, held = _held.get((folder, last), (-1.0, None))
        if held is None or abs(many - before) > _NEWER * before:
            held = looked_for(counts, last, book)
            while len(_held) >= KEPT:
                _held.pop(next(iter(_held)))
            _held[folder, last] = many, held
    return held


def looked_for(counts: Counts | None, last: date, book: Rulebook) -> Own:
    """Return the hot spots of counts that end with a day; with too few days none are looked for."""
    given, alarms = figures(book, last), terms(book, "hotspots.alarms", last)
    known = last.toordinal() - counts.first + 1 if counts else 0
    if known < given.warm_up + given.windows:
        given = figures(book, last, "hotspots.windows_short")
    least, a_month = given.warm_up + given.windows, float(alarms["a_month"])
    if counts is None or known < least:
        return Own(last, known, least, a_month)
    settled = _settled(last, known, least)
    tree = own.tree(counts, _least(book, last))
    rows = counts.place, counts.day - counts.first, counts.many
    scanned = scanning.scan(
        scanning.counts_of(tree, *rows, known),
        tree,
        days(book, counts.first, known, plain=False),
        given,
        Borne(a_month, int(alarms["rounds"])),
        settled,
    )
    spots = tuple(_spots(scanned, counts, known, given))
    limit = scanned.ordinary.limit
    return Own(last, known, least, a_month, given.windows, len(tree.names), limit, spots)


def _settled(last: date, known: int, least: int) -> int:
    """Return how many of the days known say what is ordinary: until the Sunday before, where those suffice.

    With a limit made anew each day a list would disown what that of the day before had told.
    """
    until = known - last.isoweekday() % _WEEK
    return until if until >= least else known


def _least(book: Rulebook, on: date) -> own.Least:
    given = terms(book, "hotspots.own", on)
    return own.Least(given["events"], int(given["nodes"]), given["a_day"])


def _spots(scanned: scanning.Found, counts: Counts, known: int, given: Figures) -> Iterator[Spot]:
    """Yield what was seen in the longest window last, the newest first."""
    shared = own.above(counts.places)
    for one in reversed(scanned.signals):
        if one.until >= known - given.windows:
            yield _spot(scanned, one, counts, shared, known - given.recent - given.windows)


def _spot(scanned: scanning.Found, one: Signal, counts: Counts, shared: tuple[str, ...], since: int) -> Spot:
    looked = scanned.looked
    node = looked.nodes.names[one.node]
    below = looked.nodes.below[[one.node]].indices.tolist()
    shown = range(max(since, 0), looked.counts.shape[1])

    def day(at: int) -> date:
        return date.fromordinal(counts.first + at)

    return Spot(
        own.key(node),
        node,
        own.where(node, shared),
        day(one.first),
        day(one.last),
        one.observed,
        one.expected,
        one.score,
        scanned.ordinary.p(one.score),
        day(one.raised),
        day(one.until),
        frozenset(counts.places[place][0] for place in below),
        tuple(
            (day(at), float(looked.counts[one.node, at]), float(looked.expected.mean[one.node, at]))
            for at in shown
        ),
    )
