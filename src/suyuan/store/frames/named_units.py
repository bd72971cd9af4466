"""The units that the last monthly comparison kept by a moment named, with the months before in a row."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from suyuan.analytics import period
from suyuan.analytics.detect.named_unit import Named
from suyuan.store import rules
from suyuan.store.queries import comparisons

FRESH = 2
"""The last comparison counts until the next month is over and compared: what is older says nothing today."""


def load(as_of: datetime) -> tuple[Named, ...]:
    """Return each month a unit was named of, as far back as it was named month after month."""
    kept = comparisons.until(as_of)
    recent = [one.label for one in period.run_up(comparisons.ended(as_of), FRESH)]
    if not kept or (last := max(kept)) not in recent:
        return ()
    return tuple(one for row in comparisons.named(kept[last]) for one in _in_a_row(kept, last, row))


def _in_a_row(kept: comparisons.Kept, last: str, row: comparisons.Row) -> Iterator[Named]:
    for month in period.run_up(period.parse(last), row["running"]):
        for then in comparisons.named(kept[month.label]) if month.label in kept else ():
            if then["unit"] == row["unit"]:
                yield _named(month, then)


def _named(month: period.Period, row: dict[str, Any]) -> Named:
    held = row["measures"][row["worst"]]
    assert month.first is not None
    return Named(
        month=month.label,
        unit=row["unit"],
        running=row["running"],
        measure=row["worst"],
        since=datetime.combine(month.first, time(), rules.rulebook().calendar.zone),
        n=held["n"],
        expected=held["others"] * held["of"],
        category=row["category"],
    )
