"""What the lake knows for the monthly comparison: complaints of the lowest units by month, and exposure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from suyuan.analytics import board
from suyuan.analytics.measures import terms
from suyuan.analytics.period import Period
from suyuan.analytics.register import code_of
from suyuan.analytics.scan import in_any
from suyuan.analytics.source import Tables
from suyuan.analytics.unit_comparison import Counted
from suyuan.domain.order import UNASSIGNED

COMPLAINTS, ORDERS = "complaint_volume", "order_volume"


@dataclass(frozen=True, slots=True)
class Months:
    """The lowest units by path: sort and exposure of each, its complaints by month, the oldest first."""

    sorts: Mapping[str, str]
    exposure: Mapping[str, float]
    by_customers: bool
    """Whether exposure is customers; orders of the month where the register has none."""
    complaints: Mapping[str, tuple[int, ...]]
    category: Mapping[str, str]
    """What more than half of the complaints of the month are about; restricted ones say nothing."""

    def counted(self, counts: Mapping[str, tuple[int, ...]], *, measured: bool = True) -> list[Counted]:
        """Return the units with counts of a measure by month, the last of them the one compared.

        Where the month was not measured no unit has exposure, so that none is compared.
        """
        length = max((len(one) for one in (*counts.values(), *self.complaints.values())), default=1)
        return [
            Counted(path, sort, every[-1], self.exposure[path] if measured else 0.0, every[:-1])
            for path, sort in self.sorts.items()
            for every in (counts.get(path) or (0,) * length,)
        ]


def read(tables: Tables, month: Period, before: int, *, as_of: datetime) -> Months:
    """Return complaints of a month and so many before it, of units that have none below them."""
    register = tables.fetch(tables.units.select("path", "kind", "customers")).to_pylist()
    above = {one["path"][: one["path"].rstrip("/").rfind("/") + 1] for one in register}
    lowest = {
        one["path"]: one
        for one in register
        if one["path"] not in above and code_of(one["path"]) != UNASSIGNED
    }
    drawn = board.runs(tables, (COMPLAINTS, ORDERS), month, as_of=as_of, count=before + 1)
    known = {path: float(one["customers"] or 0) for path, one in lowest.items()}
    orders = {path: float(_of(drawn, ORDERS, path)[-1]) for path in lowest if (ORDERS, path) in drawn}
    by_customers = any(known.values())
    return Months(
        {path: one["kind"] for path, one in lowest.items()},
        known if by_customers else {path: orders.get(path, 0.0) for path in lowest},
        by_customers,
        {path: _of(drawn, COMPLAINTS, path) for path in lowest if (COMPLAINTS, path) in drawn},
        _categories(tables, month),
    )


def _of(drawn: Mapping[tuple[str, str], list[board.Point]], measure: str, path: str) -> tuple[int, ...]:
    return tuple(int(one.figure.n) for one in drawn[measure, path])


def _categories(tables: Tables, month: Period) -> dict[str, str]:
    rows = in_any(tables.cases, [month])
    rows = rows.filter(terms.complaint(rows) & terms.main_order(rows))
    found: dict[str, Counter[str]] = {}
    grouped = rows.group_by("unit_path", "category", "restricted").aggregate(n=rows.count())
    for one in tables.fetch(grouped).to_pylist():
        about = "" if one["restricted"] else one["category"]
        found.setdefault(one["unit_path"], Counter())[about] += one["n"]
    return {path: about for path, counts in found.items() if (about := _most(counts))}


def _most(counts: Counter[str]) -> str:
    """Return what more than half of all are about, empty for nothing."""
    ((about, n),) = counts.most_common(1)
    return about if 2 * n > counts.total() else ""
