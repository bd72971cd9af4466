"""Where is a unit significantly weaker than the others of its sort, in which measure? (C20)

Each unit is tested against all others of its sort together, one-sided, towards what is bad: shares exactly
(hypergeometric, given how many there were in all), complaints exactly (binomial, by customers or orders),
times by Welch's test on their logarithms. Wrong names among those named are held at ``Q_LEVEL`` over all
measures and units looked at (Benjamini and Hochberg 1995); the value beside is drawn towards that of all, the
more the less there was (Marshall 1991).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import ibis
import numpy as np
import scipy  # its statistics take a second to load: they are loaded by the first who asks for one
from numpy.typing import NDArray

from suyuan.analytics import board, intervals
from suyuan.analytics.consistency import LEAST
from suyuan.analytics.measures import find as measure_of
from suyuan.analytics.measures import terms
from suyuan.analytics.period import Period
from suyuan.analytics.ranking import Q_LEVEL, discoveries, gate, shrunk_rates
from suyuan.analytics.scan import in_any
from suyuan.analytics.source import Table, Tables

COMPLAINTS, ORDERS = "complaint_volume", "order_volume"
TIMES = {"repair_hours": "repair", "complaint_hours": "complaint"}
"""By measure of time, the procedure: from when a case was accepted until supply was restored, or it was
answered."""
HOUR = 3_600_000_000
Hours = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Looked:
    """One unit in one measure: what it came to, what the others of its sort did, and how likely by chance.

    ``value``, ``others``, ``shrunk``, ``low`` and ``high`` are a share, a rate by exposure, or hours.
    """

    measure: str
    unit: str
    n: float
    of: float
    value: float
    others: float
    shrunk: float
    low: float
    high: float
    p: float
    q: float = 1.0


@dataclass(frozen=True, slots=True)
class Counted:
    """A unit's count and what it is among: orders for a share, customers or orders for a rate."""

    unit: str
    n: int
    of: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which measures are looked at: shares of which little is bad, and those of which much is."""

    low: tuple[str, ...]
    high: tuple[str, ...]


def shares(measure: str, rows: Sequence[Counted], *, high_is_bad: bool) -> list[Looked]:
    """Look at the share of each unit beside that of the others."""
    rows = [row for row in rows if row.of >= LEAST]
    n, of = sum(row.n for row in rows), sum(row.of for row in rows)
    drawn = shrunk_rates([row.n for row in rows], [row.of for row in rows]) if rows else []
    found = []
    for row, shrunk in zip(rows, drawn, strict=True):
        if of == row.of:
            continue
        given = int(of), n, int(row.of)
        # Not a frozen distribution: making one takes four times as long as asking.
        low_tail, high_tail = scipy.stats.hypergeom.cdf, scipy.stats.hypergeom.sf
        p = float(high_tail(row.n - 1, *given) if high_is_bad else low_tail(row.n, *given))
        low, high = intervals.wilson(row.n, int(row.of)) or (0.0, 1.0)
        others = (n - row.n) / (of - row.of)
        value = row.n / row.of
        found.append(Looked(measure, row.unit, row.n, row.of, value, others, shrunk, low, high, p))
    return found


def counts(measure: str, rows: Sequence[Counted]) -> list[Looked]:
    """Look at how often something happened at each unit for its exposure, beside the others."""
    rows = [row for row in rows if row.of > 0]
    n, of = sum(row.n for row in rows), sum(row.of for row in rows)
    drawn = shrunk_rates([row.n for row in rows], [row.of for row in rows]) if n else []
    found = []
    for row, shrunk in zip(rows, drawn, strict=False):
        if of == row.of:
            continue
        p = float(scipy.stats.binom.sf(row.n - 1, n, row.of / of))
        low, high = intervals.poisson(row.n, row.of) or (0.0, 0.0)
        others = (n - row.n) / (of - row.of)
        found.append(Looked(measure, row.unit, row.n, row.of, row.n / row.of, others, shrunk, low, high, p))
    return found


def times(measure: str, hours: Mapping[str, Hours]) -> list[Looked]:
    """Look at how long each unit took beside the others, by logarithms: a few long ones decide nothing.

    The values are geometric means; what is drawn towards all is their logarithm.
    """
    logs = {unit: np.log(np.maximum(each, 1 / 60)) for unit, each in hours.items() if len(each) >= LEAST}
    drawn = _drawn(logs)
    found = []
    for unit, own in logs.items():
        rest = np.concatenate([each for other, each in logs.items() if other != unit] or [np.zeros(0)])
        if not len(rest):
            continue
        test = scipy.stats.ttest_ind(own, rest, equal_var=False, alternative="greater")
        p = float(test.pvalue) if np.isfinite(test.pvalue) else 1.0
        spare = float(scipy.stats.t.ppf(0.975, len(own) - 1)) * own.std(ddof=1) / np.sqrt(len(own))
        low, value, high = (float(np.exp(own.mean() + side * spare)) for side in (-1, 0, 1))
        others = float(np.exp(rest.mean()))
        found.append(
            Looked(measure, unit, float(len(own)), float(len(own)), value, others, drawn[unit], low, high, p)
        )
    return found


def _drawn(logs: Mapping[str, Hours]) -> dict[str, float]:
    """Return the geometric means drawn towards that of all: the spread between units by moments."""
    if not logs:
        return {}
    every = np.concatenate(list(logs.values()))
    within = float(np.mean([each.var(ddof=1) for each in logs.values()]))
    means = {unit: float(each.mean()) for unit, each in logs.items()}
    chance = np.array([within / len(each) for each in logs.values()])
    between = max(0.0, float(np.mean((np.array(list(means.values())) - every.mean()) ** 2 - chance)))
    whole = float(every.mean())
    trust = {unit: between / (between + within / len(logs[unit])) if between else 0.0 for unit in logs}
    return {unit: float(np.exp(whole + trust[unit] * (means[unit] - whole))) for unit in logs}


def weakest(looked: Iterable[Looked], q_level: float = Q_LEVEL) -> list[Looked]:
    """Return those that are weaker by more than chance, the surest first."""
    every = list(looked)
    judged = [replace(one, q=q) for one, q in zip(every, discoveries([one.p for one in every]), strict=True)]
    named = [one for one in judged if one.q <= q_level]
    return sorted(named, key=lambda one: (one.q, one.p, one.measure, one.unit))


def find(tables: Tables, period: Period, wanted: Wanted, *, as_of: datetime) -> list[Looked]:
    """Return the weak links of a period among all units: units that have none below them, by their sort."""
    for name in (*wanted.low, *wanted.high):
        gate(measure_of(name)[0])
    register = tables.fetch(tables.units.select("path", "kind", "customers")).to_pylist()
    above = {unit["path"][: unit["path"].rstrip("/").rfind("/") + 1] for unit in register}
    leaves = {unit["path"]: unit for unit in register if unit["path"] not in above}
    ids = (*wanted.low, *wanted.high, COMPLAINTS, ORDERS)
    drawn = board.by_unit(tables, period, ids, as_of=as_of)
    figures = {unit.path: {row.id: row for row in unit.rows} for unit in drawn if unit.path in leaves}
    hours = {name: _hours(tables, period, procedure) for name, procedure in TIMES.items()}
    looked: list[Looked] = []
    for sort in sorted({unit["kind"] for unit in leaves.values()}):
        paths = [path for path in figures if leaves[path]["kind"] == sort]
        looked += _of_sort(wanted, {path: figures[path] for path in paths}, leaves)
        for name, taken in hours.items():
            looked += times(name, {path: taken[path] for path in paths if path in taken})
    return weakest(looked)


def _of_sort(
    wanted: Wanted, figures: Mapping[str, Mapping[str, board.Row]], units: Mapping[str, Mapping[str, object]]
) -> list[Looked]:
    looked: list[Looked] = []
    for name in (*wanted.low, *wanted.high):
        measure, _ = measure_of(name)
        rows = [
            Counted(path, int(at[measure.id].n), float(at[measure.id].of or 0))
            for path, at in figures.items()
        ]
        looked += shares(name, rows, high_is_bad=name in wanted.high)
    by_customers = all(units[path]["customers"] for path in figures)
    rows = []
    for path, at in figures.items():
        exposure = units[path]["customers"] if by_customers else at[ORDERS].n
        rows.append(Counted(path, int(at[COMPLAINTS].n), float(str(exposure or 0))))
    return looked + counts(COMPLAINTS, rows)


def _hours(tables: Tables, period: Period, procedure: str) -> dict[str, Hours]:
    """Return how many hours each main order of a procedure took, by unit; open ones are left out."""
    rows = in_any(tables.cases, [period])
    until = ibis.coalesce(rows.restored_at, rows.answered_at)
    rows = rows.filter((rows.procedure == procedure) & terms.main_order(rows) & until.notnull())
    until = ibis.coalesce(rows.restored_at, rows.answered_at)
    found = tables.fetch(_ended(rows, until))
    taken = (found.column("until").to_numpy() - found.column("accepted_at").to_numpy()).astype(
        "timedelta64[us]"
    )
    units = np.array(found.column("unit_path").to_pylist(), object)
    hours = taken.astype(np.int64) / HOUR
    return {str(unit): hours[(units == unit) & (hours >= 0)] for unit in set(units.tolist())}


def _ended(rows: Table, until: Table) -> Table:
    return rows.select("unit_path", "accepted_at", until=until)
