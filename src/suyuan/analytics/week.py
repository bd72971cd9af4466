"""This week's complaints: which units are really high, and which only look it?

Units are compared with others of their kind (a hall with halls), by customers where the register gives them
for all of the kind, else by what they handled in the half year before. The test is ``ranking.rank``'s.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from suyuan.analytics import board, intervals, ranking
from suyuan.analytics.measures import find
from suyuan.analytics.period import Period, of_day
from suyuan.analytics.scan import ROOT
from suyuan.analytics.source import Tables

COUNT, VOLUME = "complaint_volume", "order_volume"
HALF_YEAR = 182
"""Days before the week whose orders stand in for customers that nobody has registered."""

CUSTOMERS, ORDERS = "customers", "orders"


@dataclass(frozen=True, slots=True)
class Judged:
    """One unit's week: its standing, and the interval its own count leaves open."""

    code: str
    name: str
    path: str
    standing: ranking.Ranked
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Kind:
    """Units of one kind, and what they were compared by: customers or orders."""

    kind: str
    by: str
    units: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """All complaints of a week; ``above`` are those that no compared unit holds."""

    period: Period
    n: int
    kinds: tuple[Kind, ...]
    above: int

    def named(self, verdict: str) -> list[Judged]:
        """Return the units with this verdict."""
        return [unit for kind in self.kinds for unit in kind.units if unit.standing.verdict == verdict]

    @property
    def compared(self) -> int:
        """Return how many units were looked at."""
        return sum(len(kind.units) for kind in self.kinds)


@dataclass(frozen=True, slots=True)
class _Unit:
    code: str
    name: str
    path: str
    kind: str
    customers: int | None
    n: int
    orders: int


def last_full_week(day: date) -> Period:
    """Return the last ISO week that had ended at the end of this local day."""
    week = of_day(day, "week")
    if week.first is None or week.last is None or day >= week.last:
        return week
    return of_day(week.first - timedelta(days=1), "week")


def week(tables: Tables, period: Period, under: Sequence[str], *, as_of: datetime) -> Week:
    """Return the week of the units at or below these paths, each judged among all of its kind there are."""
    gate = find(COUNT)[0]
    ranking.gate(gate)
    counted = _counts(tables, period, COUNT, as_of)
    before = _before(tables, period, as_of)
    register = tables.fetch(tables.units.select("code", "name", "path", "kind", "customers")).to_pylist()
    above = {unit["path"][: unit["path"].rstrip("/").rfind("/") + 1] for unit in register}
    leaves = [
        _Unit(**unit, n=counted.get(unit["path"], 0), orders=before.get(unit["path"], 0))
        for unit in register
        if unit["path"] not in above
    ]
    active = [unit for unit in leaves if unit.n or unit.orders or unit.customers]
    groups = {kind: [unit for unit in active if unit.kind == kind] for kind in {unit.kind for unit in active}}
    compared = {kind: units for kind, units in groups.items() if len(units) > 1 and any(u.n for u in units)}
    kinds = (_seen(_kind(kind, compared[kind]), under) for kind in sorted(compared))
    shown = tuple(kind for kind in kinds if kind.units)
    total = sum(counted.get(path, 0) for path in _tops(under, counted))
    return Week(period, total, shown, total - sum(unit.standing.n for kind in shown for unit in kind.units))


def _seen(kind: Kind, under: Sequence[str]) -> Kind:
    """Return a kind with those of its units that lie in reach: who looks changes no verdict."""
    return replace(kind, units=tuple(unit for unit in kind.units if unit.path.startswith(tuple(under))))


def _tops(under: Iterable[str], counted: dict[str, int]) -> list[str]:
    return [path for path in under if path in counted or path == ROOT]


def _counts(tables: Tables, period: Period, measure: str, as_of: datetime) -> dict[str, int]:
    found = board.by_unit(tables, period, [measure], as_of=as_of)
    return {unit.path: int(row.n) for unit in found for row in unit.rows if row.id == measure}


def _before(tables: Tables, period: Period, as_of: datetime) -> dict[str, int]:
    """Return how many orders each unit handled in the half year before the period."""
    if period.first is None:
        return {}
    first, last = period.first - timedelta(days=HALF_YEAR), period.first - timedelta(days=1)
    return _counts(tables, Period(f"{first}–{last}", "span", first, last), VOLUME, as_of)


def _kind(kind: str, units: Sequence[_Unit]) -> Kind:
    """Return the units of a kind, those really high first."""
    by = CUSTOMERS if all(unit.customers for unit in units) else ORDERS
    counted = [
        ranking.Counted(unit.path, unit.n, float((unit.customers if by == CUSTOMERS else unit.orders) or 0))
        for unit in units
    ]
    of = {unit.path: unit for unit in units}
    judged = []
    for standing in ranking.rank(counted):
        unit = of[standing.unit]
        low, high = intervals.poisson(unit.n) or (0.0, 0.0)
        judged.append(Judged(unit.code, unit.name, unit.path, standing, low, high))
    return Kind(kind, by, tuple(judged))
