"""How are all measures counted for all units in one pass over each table?

Every term of every measure becomes one conditional sum, grouped by the unit and the period a row falls in;
sums are then added up along the unit path in memory. Equal terms are summed once.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

import ibis
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from suyuan.analytics.lake import TABLES
from suyuan.analytics.measures import terms
from suyuan.analytics.measures.measure import Measure, Parts
from suyuan.analytics.period import Period
from suyuan.analytics.source import AS_OF, Table, Tables, Value, unbound

ROOT = "/"
"""The path above every unit: the whole lake."""

Cell = tuple[str, int, str]
"""Unit path, number of the period, family member."""


@dataclass(frozen=True)
class Sums:
    """Sums of every term by unit (its sub-units included), period and family member."""

    periods: tuple[Period, ...]
    columns: dict[tuple[str, str], int]
    cells: dict[Cell, NDArray[np.int64]]
    paths: frozenset[str]

    def parts(self, measure: Measure, path: str, period: Period, member: str = "") -> Parts:
        """Return the sums of a measure's terms; zeros where nothing was found."""
        cell = self.cells.get((path, self.periods.index(period), member))
        return {
            part: 0 if cell is None else int(cell[self.columns[measure.id, part]]) for part in measure.terms
        }

    @cached_property
    def members(self) -> dict[str, list[str]]:
        """The family members met in each unit in any of the periods."""
        met: dict[str, set[str]] = {}
        for path, _, member in self.cells:
            if member:
                met.setdefault(path, set()).add(member)
        return {path: sorted(found) for path, found in met.items()}


def ancestors(path: str) -> list[str]:
    """Return the paths that a row of this unit counts for: the whole, each ancestor, the unit itself."""
    codes = [code for code in path.split("/") if code]
    return [ROOT, *(f"/{'/'.join(codes[: depth + 1])}/" for depth in range(len(codes)))]


def days(tables: Tables, path: str) -> tuple[date | None, date | None]:
    """Return the first and the last local day on which a case of these units was accepted."""
    rows = tables.cases if path == ROOT else tables.cases.filter(tables.cases.unit_path.startswith(path))
    found = tables.fetch(rows.aggregate(first=rows.accepted_date.min(), last=rows.accepted_date.max()))
    return found.column("first")[0].as_py(), found.column("last")[0].as_py()


def distinct(periods: Iterable[Period | None]) -> tuple[Period, ...]:
    """Return the periods without gaps and repetitions, in order."""
    return tuple(dict.fromkeys(period for period in periods if period is not None))


def _inside(table: Table, period: Period) -> Value:
    if period.first is None:
        return table.case_id.notnull()
    return table.accepted_date.between(period.first, period.last)


def in_any(table: Table, periods: Sequence[Period], under: str = ROOT) -> Table:
    """Keep the rows of these periods and of the units at or below ``under``."""
    wanted = _inside(table, periods[0])
    for period in periods[1:]:
        wanted = wanted | _inside(table, period)
    kept = table.filter(wanted)
    return kept if under == ROOT else kept.filter(kept.unit_path.startswith(under))


def prepare(rows: Table, cases: Table, *, narrow: bool = False) -> Table:
    """Add what terms need beside the lake's columns: the moment of drawing and the calls on the event.

    The calls on an event are counted over the whole lake, since an event may reach over a month's end;
    child orders are no calls of their own. ``narrow`` says that ``rows`` are few, so that only their events
    need be counted: the same answer sooner.
    """
    calls = terms.amount_of("contact_count", 1)
    events = cases.filter((cases.event_key != "") & terms.main_order(cases))
    if narrow:
        events = events.filter(events.event_key.isin(rows.event_key))
    events = events.group_by("event_key").aggregate(
        calls=calls(events).sum(), first_case=events.case_id.min()
    )
    repeats = events.filter(events.calls >= terms.CALLS_OF_A_REPEAT)
    joined = rows.left_join(repeats, rows.event_key == repeats.event_key)
    return joined.mutate(
        event_calls=ibis.coalesce(joined.calls, calls(joined).cast("int64")),
        event_first=ibis.coalesce(joined.first_case == joined.case_id, True),
        as_of=AS_OF,
    )


def moment(at: datetime) -> Value:
    """Return a moment as a literal in UTC."""
    return ibis.literal(at.astimezone(UTC), type="timestamp('UTC')")


def _summed(table: Table, measures: Sequence[Measure]) -> tuple[dict[tuple[str, str], int], list[Value]]:
    columns: dict[tuple[str, str], int] = {}
    seen: dict[object, int] = {}
    sums: list[Value] = []
    for measure in measures:
        for part, term in measure.terms.items():
            value = term(table)
            key = value.op()
            if key not in seen:
                seen[key] = len(sums)
                # COUNT(CASE …) costs DuckDB a third less than COUNT(*) FILTER (…)
                boolean = value.type().is_boolean()
                total = ibis.ifelse(value, 1, None).count() if boolean else value.sum()
                sums.append(total.name(f"s{len(sums)}"))
            columns[measure.id, part] = seen[key]
    return columns, sums


@dataclass(frozen=True)
class _Asked:
    """What one scan is asked for."""

    kind: str
    measures: tuple[Measure, ...]
    periods: tuple[Period, ...]
    under: str


@functools.lru_cache(maxsize=256)
def _expression(asked: _Asked) -> tuple[dict[tuple[str, str], int], int, Table]:
    """Return where each term is summed, how many sums there are, and the expression that sums them.

    Writing an expression takes longer than running it, so each is kept: it is asked for at many moments.
    """
    source = unbound(asked.kind, TABLES[asked.kind])
    rows = in_any(source, asked.periods, asked.under)
    if asked.kind == "cases":
        narrow = all(period.kind in ("week", "month") for period in asked.periods)
        ready = prepare(rows, source, narrow=narrow)
    else:
        ready = rows.mutate(as_of=AS_OF)
    columns, totals = _summed(ready, asked.measures)
    branches = [(_inside(ready, period), number) for number, period in enumerate(asked.periods)]
    keys = {"path": ready.unit_path, "period": ibis.cases(*branches, else_=-1)}
    if asked.kind == "clocks":
        keys["member"] = ready["limit"]
    return columns, len(totals), ready.group_by(**keys).aggregate(totals)


def _scan(tables: Tables, asked: _Asked, as_of: datetime) -> Sums:
    columns, width, expression = _expression(asked)
    if not width:
        return Sums(asked.periods, {}, {}, frozenset())
    cells = _rolled_up(tables.fetch(expression, as_of), width, asked.under)
    return Sums(asked.periods, columns, cells, frozenset(path for path, _, _ in cells))


def _rolled_up(found: pa.Table, width: int, under: str) -> dict[Cell, NDArray[np.int64]]:
    """Add each group to its unit and every unit above it, and to its family as a whole."""
    sums_of = [found.column(f"s{at}").fill_null(0).to_numpy().astype(np.int64) for at in range(width)]
    matrix = np.column_stack(sums_of)
    members = found.column("member").to_pylist() if "member" in found.column_names else [""] * found.num_rows
    groups = zip(found.column("path").to_pylist(), found.column("period").to_pylist(), members, strict=True)
    cells: dict[Cell, NDArray[np.int64]] = {}
    for row, (path, period, member) in enumerate(groups):
        for above in ancestors(path or ""):
            if above.startswith(under):
                for of_family in {member, ""}:
                    cell = cells.setdefault((above, period, of_family), np.zeros(width, np.int64))
                    cell += matrix[row]
    return cells


def sums(
    tables: Tables,
    measures: Sequence[Measure],
    periods: Iterable[Period | None],
    *,
    as_of: datetime,
    under: str = ROOT,
) -> dict[str, Sums]:
    """Return the sums of these measures by table, each table read once."""
    wanted = distinct(periods)
    kinds = sorted({measure.table for measure in measures})
    return {
        kind: _scan(tables, _Asked(kind, tuple(m for m in measures if m.table == kind), wanted, under), as_of)
        for kind in kinds
    }
