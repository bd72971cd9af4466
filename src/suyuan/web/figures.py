"""What pages ask of the lake: opened once per export, always within the viewer's units.

A figure is kept for the minute it was drawn in, so that ten people looking at one board cost one scan; what
was looked at lately is drawn ahead (see ``ahead``).
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext

from suyuan.analytics import board, breakdown, period, scan, shirking
from suyuan.analytics.breakdown import Cell, Key
from suyuan.analytics.period import ALL, Period
from suyuan.analytics.source import Tables
from suyuan.domain.errors import BadInput, Refused
from suyuan.gateways import engine
from suyuan.store import lake, rules
from suyuan.store.queries import org, sensitivity
from suyuan.store.queries.cases import LOCAL
from suyuan.store.queries.viewer import Viewer

from . import ahead as drawn
from . import register, traces
from .ahead import ahead

RUNS = {"year": 10, "month": 24, "week": 26}
"""How many periods of each kind the picker offers."""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit with everything below it; the path ``/`` is everything there is."""

    path: str
    code: str
    name: str
    depth: int
    provisional: bool = False

    @property
    def indented(self) -> str:
        """Return the name moved in by its depth, for a list to choose from."""
        return "　" * self.depth + self.name


@dataclass(frozen=True, slots=True)
class Stand:
    """The lake as it was exported: where, when, and the moment figures are drawn for."""

    folder: str
    stamp: int
    as_of: datetime

    @property
    def exported_at(self) -> datetime | None:
        """Return when the lake was last brought up to date, or None before the first time."""
        return datetime.fromtimestamp(self.stamp / 1e9, LOCAL) if self.stamp else None

    def tables(self) -> Tables:
        """Return the lake's tables on an open engine."""
        return _engine(self.folder, self.stamp).tables()

    def files(self) -> tuple[Path, ...]:
        """Return the files figures are drawn from."""
        return _engine(self.folder, self.stamp).files


def stand(now: datetime | None = None) -> Stand:
    """Return the lake that figures are shown of: the one in force, or the one before while it is drawn."""
    return drawn.instead(newest(now))


def due() -> Iterator[Callable[[], object]]:
    """Yield what draws each figure that was looked at lately, for the lake in force and this minute.

    A new event log is learned from first: the next page that traces would wait for it. So would the order of
    repairs for the scores of a new day.
    """
    yield traces.learn_ahead
    yield functools.partial(sensitivity.ahead, timezone.now())
    yield from drawn.due(newest())


def newest(now: datetime | None = None) -> Stand:
    """Return the lake in force, with the moment rounded down to the minute."""
    folder = Path(lake.folder())
    manifest = folder / engine.MANIFEST
    at = now or timezone.now()
    stamp = manifest.stat().st_mtime_ns if manifest.exists() else 0
    return Stand(str(folder), stamp, at.replace(second=0, microsecond=0))


@functools.lru_cache(maxsize=2)
def _engine(folder: str, stamp: int) -> engine.Engine:  # noqa: ARG001 a new stamp is a new lake
    return engine.open_duckdb(folder)


def places(viewer: Viewer, at: Stand) -> list[Place]:
    """Return the units in reach as a tree; everything first, for those who reach all of several roots."""
    units = org.units(viewer)
    top = min((unit.path.count("/") for unit in units), default=0)
    found = [
        Place(unit.path, unit.code, unit.name, unit.path.count("/") - top, unit.provisional) for unit in units
    ]
    if len(viewer.paths) > 1 and all(map(viewer.sees, _paths(at.folder, at.stamp))):
        return [Place(scan.ROOT, "", gettext("全部单位"), 0), *found]
    return found


@functools.lru_cache(maxsize=4)
def _paths(folder: str, stamp: int) -> tuple[str, ...]:
    tables = _engine(folder, stamp).tables()
    return tuple(tables.fetch(tables.units.select("path")).column("path").to_pylist())


def chosen(viewer: Viewer, code: str, within: list[Place]) -> Place:
    """Return the unit asked for, or the highest in reach; one out of reach is not found."""
    if code:
        found = next((place for place in within if place.code == code), None)
        if found is None:
            raise Refused("unknown_unit", unit=code)
        return found
    if not within:
        raise Refused("no_unit", actor=viewer.actor.username)
    return within[0]


@ahead
def latest_day(at: Stand, path: str) -> date | None:
    """Return the last local day on which a case of these units was accepted."""
    return _days(at.folder, at.stamp, path)[1]


def wanted(at: Stand, viewer: Viewer, label: str, today: date) -> Period:
    """Return the period written; raise BadInput for one before the viewer's first order, or yet to come."""
    spans = [_days(at.folder, at.stamp, path) for path in viewer.paths]
    first = min((day for day, _ in spans if day), default=None)
    return period.known(period.parse(label), first, max([today, *(day for _, day in spans if day)]))


@functools.lru_cache(maxsize=64)
def _days(folder: str, stamp: int, path: str) -> tuple[date | None, date | None]:
    return scan.days(_engine(folder, stamp).tables(), path)


def period_choices(latest: date | None, today: date) -> dict[str, list[Period]]:
    """Return the periods to choose from by kind, the newest first."""
    end = latest or today
    return {
        kind: list(reversed(period.run_up(period.of_day(end, kind), count))) for kind, count in RUNS.items()
    }


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page of figures was asked for, checked against the viewer's reach."""

    viewer: Viewer
    at: Stand
    place: Place
    period: Period
    places: list[Place]
    periods: dict[str, list[Period]]

    @property
    def query(self) -> dict[str, str]:
        """Return what links to the same unit and period carry."""
        return {"unit": self.place.code, "period": self.period.label}


def asked(
    viewer: Viewer, query: Mapping[str, str], now: datetime, known: frozenset[str], *, anytime: bool = False
) -> Asked:
    """Return what a query asks for; an option nobody knows is an error, and so is a period without orders.

    A page that says itself that there are none takes ``anytime``.
    """
    query = register.only(query, known)
    at = stand(now)
    within = places(viewer, at)
    place = chosen(viewer, query.get("unit", ""), within)
    latest = latest_day(at, place.path)
    today = now.astimezone(LOCAL).date()
    text = query.get("period")
    if not text:
        about = period.of_day(latest or today, "month")
    else:
        about = period.parse(text) if anytime else wanted(at, viewer, text, today)
    return Asked(viewer, at, place, about, within, period_choices(latest, today))


@ahead
@functools.lru_cache(maxsize=64)
def rows(at: Stand, label: str, path: str) -> tuple[board.Row, ...]:
    """Return every measure of the board."""
    return tuple(board.board(at.tables(), period.parse(label), path, as_of=at.as_of))


@ahead
@functools.lru_cache(maxsize=64)
def trend(at: Stand, measure: str, label: str, path: str) -> tuple[board.Point, ...]:
    """Return a measure over the periods up to this one."""
    wanted = period.parse(label)
    if wanted.kind == "all":
        raise BadInput("period_kind_unknown", value=label, kinds="year | month | week")
    return tuple(board.trend(at.tables(), measure, wanted, path, as_of=at.as_of))


@dataclass(frozen=True, slots=True)
class Complaints:
    """Complaints of a unit and period by category and by hour; ``children`` are left out of both."""

    categories: Mapping[Key, int]
    hours: Mapping[Key, int]
    children: int


@ahead
def complaints(at: Stand, label: str, path: str) -> Complaints:
    """Return how the complaints of a unit and period fall; no moment changes that, only an export."""
    return _complaints(at.folder, at.stamp, label, path)


@functools.lru_cache(maxsize=64)
def _complaints(folder: str, stamp: int, label: str, path: str) -> Complaints:
    tables, cell = _engine(folder, stamp).tables(), Cell(period.parse(label), path, {"type": "complaint"})
    by = (breakdown.counts(tables, cell, (name,)) for name in ("category", "hour"))
    return Complaints(*by, breakdown.children(tables, cell))


@ahead
def causes(at: Stand, label: str, path: str) -> Mapping[Key, int]:
    """Return the complaints of a unit and period by class and by why it came to them."""
    return _causes(at.folder, at.stamp, label, path)


@functools.lru_cache(maxsize=64)
def _causes(folder: str, stamp: int, label: str, path: str) -> Mapping[Key, int]:
    cell = Cell(period.parse(label), path, {"type": "complaint"})
    return breakdown.counts(_engine(folder, stamp).tables(), cell, ("l2", "cause"))


@ahead
def years(at: Stand, path: str) -> tuple[Mapping[Key, int], Mapping[Key, int]]:
    """Return the main orders of a unit by type and year, and its complaints by class and year."""
    return _years(at.folder, at.stamp, path)


@functools.lru_cache(maxsize=64)
def _years(folder: str, stamp: int, path: str) -> tuple[Mapping[Key, int], Mapping[Key, int]]:
    tables, only = _engine(folder, stamp).tables(), Cell(ALL, path, {"type": "complaint"})
    types = breakdown.counts(tables, Cell(ALL, path), ("type", "year"))
    return types, breakdown.counts(tables, only, ("l2", "year"))


@ahead
@functools.lru_cache(maxsize=32)
def by_unit(at: Stand, measure: str, label: str) -> tuple[board.UnitRows, ...]:
    """Return a measure for every unit."""
    return tuple(board.by_unit(at.tables(), period.parse(label), [measure], as_of=at.as_of))


@ahead
@functools.lru_cache(maxsize=64)
def handed_over(at: Stand, label: str, paths: tuple[str, ...]) -> tuple[shirking.Pair, ...]:
    """Return the pairs of units between which the orders of these units changed hands."""
    until = shirking.work(at.as_of, rules.rulebook().calendar)
    return tuple(shirking.pairs(at.tables(), period.parse(label), paths, until))


@functools.lru_cache(maxsize=64)
def bounced(
    at: Stand, label: str, paths: tuple[str, ...], pair: tuple[str, str], start: int, size: int
) -> tuple[str, ...]:
    """Return the numbers of so many of the orders that bounced between two units, oldest first."""
    page = slice(start, start + size)
    return tuple(shirking.orders_of(at.tables(), period.parse(label), paths, pair, page))
