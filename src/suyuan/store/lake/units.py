"""Units out of the database, in column form, and what the rows of the other tables carry of theirs."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from suyuan.analytics.lake import UNIT_DEPTH, UNITS
from suyuan.analytics.source import arrow_schema
from suyuan.domain.worktime import Calendar
from suyuan.store.models import Unit

from . import civil


def units() -> pa.Table:
    """Return the units as they stand."""
    found: dict[str, list[Any]] = {name: [] for name, _ in UNITS}
    for unit in Unit.objects.select_related("parent"):
        values = (
            unit.code,
            unit.name,
            unit.path,
            unit.path.count("/") - 1,
            unit.parent.code if unit.parent else "",
            unit.specialty,
            unit.kind,
            unit.customers,
            unit.provisional,
        )
        for (name, _), value in zip(UNITS, values, strict=True):
            found[name].append(value)
    return pa.table(found, schema=arrow_schema(UNITS))


class Units:
    """Unit columns by unit id."""

    def __init__(self) -> None:
        rows = list(Unit.objects.values_list("pk", "code", "path"))
        self.place = {pk: n for n, (pk, _, _) in enumerate(rows)}
        self.code = pa.array([code for _, code, _ in rows], pa.string())
        self.path = pa.array([path for _, _, path in rows], pa.string())
        chains = [path.strip("/").split("/") for _, _, path in rows]
        self.ancestors = [
            pa.array([chain[n] if n < len(chain) else "" for chain in chains], pa.string())
            for n in range(UNIT_DEPTH)
        ]

    def columns(self, ids: Sequence[int]) -> dict[str, pa.Array]:
        """Return the unit columns of rows with these unit ids."""
        at = pa.array([self.place[pk] for pk in ids], pa.int32())
        placed = {"unit": self.code.take(at), "unit_path": self.path.take(at)}
        return placed | {f"u{n + 1}": column.take(at) for n, column in enumerate(self.ancestors)}

    def of_case(
        self, ids: Sequence[int], accepted: pa.Array, zones: Sequence[str], calendar: Calendar
    ) -> dict[str, pa.Array]:
        """Return what rows of other tables carry of their case: its unit, and when it was accepted."""
        days, placed = civil.columns(accepted, zones, calendar), self.columns(ids)
        kept = ("accepted_date", "accepted_month", "accepted_week", "accepted_year")
        return {name: days[name] for name in kept} | {name: placed[name] for name in ("unit", "unit_path")}
