"""How do counts fall by type, category, hour or year, and which cases stand behind each count?

Counts hold main orders alone: a split order is one demand (child orders are the exclusion ``child_order``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from suyuan.analytics import scan
from suyuan.analytics.measures import terms
from suyuan.analytics.period import ALL, Period
from suyuan.analytics.scan import ROOT
from suyuan.analytics.source import Table, Tables
from suyuan.domain.errors import BadInput

COLUMNS = {
    "type": "business_type",
    "category": "category",
    "l1": "l1",
    "l2": "l2",
    "hour": "accepted_hour",
    "year": "accepted_year",
    "month": "accepted_month",
    "channel": "channel",
    "cause": "cause",
}
"""What counts can be broken down by, and the lake's column for it."""

NUMBERS = frozenset({"hour", "year"})

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """Which cases: a unit with its sub-units, a period, and a value of some columns."""

    period: Period = ALL
    unit_path: str = ROOT
    values: Mapping[str, str] = field(default_factory=dict)


def counts(tables: Tables, cell: Cell, by: tuple[str, ...]) -> dict[Key, int]:
    """Return the number of main orders in a cell by the values of these columns, as text."""
    rows = _rows(tables, cell)
    columns = [_column(name) for name in by]
    found = tables.fetch(rows.group_by(columns).aggregate(n=rows.count()).order_by(columns))
    keys = zip(*(found.column(column).to_pylist() for column in columns), strict=True)
    return {
        tuple("" if value is None else str(value) for value in key): int(n)
        for key, n in zip(keys, found.column("n").to_pylist(), strict=True)
    }


def children(tables: Tables, cell: Cell) -> int:
    """Return how many child orders of a cell are left out of the counts."""
    rows = _inside(tables, cell)
    left_out = rows.filter(~terms.main_order(rows))
    found = tables.fetch(left_out.aggregate(n=left_out.count()))
    return int(found.column("n")[0].as_py())


def drill(tables: Tables, cell: Cell, *, limit: int, offset: int = 0) -> list[int]:
    """Return ids of the cases of a cell, in the order of their ids."""
    page = _rows(tables, cell).select("case_id").order_by("case_id").limit(limit, offset=offset)
    return [int(case_id) for case_id in tables.fetch(page).column("case_id").to_pylist()]


def _rows(tables: Tables, cell: Cell) -> Table:
    rows = _inside(tables, cell)
    return rows.filter(terms.main_order(rows))


def _inside(tables: Tables, cell: Cell) -> Table:
    rows = scan.in_any(tables.cases, (cell.period,), cell.unit_path)
    for name, value in cell.values.items():
        column = rows[_column(name)]
        rows = rows.filter(column == (_number(name, value) if name in NUMBERS else value))
    return rows


def _column(name: str) -> str:
    if name not in COLUMNS:
        raise BadInput("unknown_value", field="by", value=name, known=", ".join(COLUMNS))
    return COLUMNS[name]


def _number(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 4:
        raise BadInput("unknown_value", field=name, value=value)
    return int(value)
