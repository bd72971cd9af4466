"""Do the units apply one rule alike? (A1: one intake, no regional differences)

For every share that ought not to depend on where a customer lives, the units are tested against each other
and those that differ by more than chance are named. That units differ is a question to ask, not a fault:
the report says which and how far, never who is right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import scipy  # its statistics take a second to load: they are loaded by the first who asks for one

from suyuan.analytics import board
from suyuan.analytics.measures import five_rates, practice, service
from suyuan.analytics.period import Period
from suyuan.analytics.ranking import Q_LEVEL, discoveries
from suyuan.analytics.source import Tables

COMPARED = (
    *practice.MEASURES,
    service.VERIFIED,
    service.FIRST_ANSWER,
    service.CALLBACK,
    five_rates.REGISTRATION,
    five_rates.SATISFACTION,
)
"""Shares that units working by one rule should have in common."""

LEAST = 5
"""Units with fewer rows are not compared: the approximation needs about five (Cochran 1954)."""


@dataclass(frozen=True, slots=True)
class Share:
    """One unit's share."""

    unit: str
    n: int
    of: int


@dataclass(frozen=True, slots=True)
class Difference:
    """How far units differ in one share, and which of them stand apart from all others."""

    measure_id: str
    n: int
    of: int
    units: int
    lowest: Share
    highest: Share
    chi2: float
    p: float
    apart: tuple[Share, ...]


def report(tables: Tables, period: Period, depth: int, *, as_of: datetime) -> list[Difference]:
    """Return the shares in which the units of one depth differ, the least likely to be chance first."""
    found = board.by_unit(tables, period, [measure.id for measure in COMPARED], as_of=as_of)
    level = [unit for unit in found if unit.path.count("/") == depth + 1]
    shares: dict[str, list[Share]] = {}
    for unit in level:
        for row in unit.rows:
            shares.setdefault(row.id, []).append(Share(unit.code, int(row.n), int(row.of or 0)))
    return compare(shares)


def compare(shares: Mapping[str, Sequence[Share]]) -> list[Difference]:
    """Return one difference for each measure in which at least two units have rows enough."""
    differences = [difference(name, rows) for name, rows in shares.items()]
    return sorted((each for each in differences if each), key=lambda each: (each.p, each.measure_id))


def difference(measure_id: str, rows: Sequence[Share]) -> Difference | None:
    """Test whether the units share one proportion; None with fewer than two units to compare."""
    compared = [row for row in rows if row.of >= LEAST]
    if len(compared) < 2:
        return None
    n, of = sum(row.n for row in compared), sum(row.of for row in compared)
    common = n / of
    statistic = 0.0
    if 0 < n < of:
        statistic = sum((row.n - row.of * common) ** 2 / (row.of * common * (1 - common)) for row in compared)
    by_share = sorted(compared, key=lambda row: (row.n / row.of, row.unit))
    return Difference(
        measure_id=measure_id,
        n=n,
        of=of,
        units=len(compared),
        lowest=by_share[0],
        highest=by_share[-1],
        chi2=statistic,
        p=float(scipy.stats.chi2.sf(statistic, len(compared) - 1)),
        apart=_apart(compared),
    )


def _apart(rows: Sequence[Share]) -> tuple[Share, ...]:
    """Name the units that differ from all others, the furthest first.

    Each named unit is taken out before the others are looked at again, or one odd unit would make all the
    others look odd. Every round is exact (Fisher) and holds false discoveries at ``Q_LEVEL``.
    """
    left, named = list(rows), []
    while len(left) > 1:
        n, of = sum(row.n for row in left), sum(row.of for row in left)
        tables = ([[row.n, row.of - row.n], [n - row.n, of - row.of - n + row.n]] for row in left)
        q_values = discoveries([float(scipy.stats.fisher_exact(table).pvalue) for table in tables])
        common = n / of
        furthest = min(
            range(len(left)), key=lambda at: (q_values[at], -abs(left[at].n - left[at].of * common))
        )
        if q_values[furthest] > Q_LEVEL:
            break
        named.append(left.pop(furthest))
    return tuple(named)
