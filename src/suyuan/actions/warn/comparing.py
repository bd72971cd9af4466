"""The monthly comparison of units (横向分析): drawn for any month that is over, kept of the last one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from suyuan.analytics import period, unit_months
from suyuan.analytics.detect.named_unit import NAME
from suyuan.analytics.period import Period
from suyuan.analytics.register import code_of
from suyuan.analytics.unit_comparison import Held, Standing, compare, worst
from suyuan.domain.errors import BadInput
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways.engine import open_duckdb
from suyuan.store import bulk, chain, lake, rules
from suyuan.store.models import MonthlyComparison
from suyuan.store.queries import comparisons

STREAM = "register:comparisons"
COMPLAINTS, SIGNALS = "complaints", "signals"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A comparison as it is drawn: nothing is kept of it yet."""

    month: Period
    by_customers: bool
    terms: Mapping[str, Any]
    spread: Mapping[str, float]
    rows: list[comparisons.Row]

    @property
    def counted(self) -> bool:
        """Whether anything was counted of any unit."""
        return any(held["n"] for row in self.rows for held in row["measures"].values())


def draw(month: Period, *, as_of: datetime) -> Drawn:
    """Return how the lowest units stood in a month; raise BadInput for a month that was not over.

    What an order is, and how many customers a unit has, is read as it is now.
    """
    if month.kind != "month" or month.last is None or month.last >= rules.local_day(as_of):
        raise BadInput("month_not_over", value=month.label, last=comparisons.ended(as_of).label)
    terms = rules.rulebook().figures[f"detect.{NAME}"][-1].terms
    lake.refresh()
    with open_duckdb(lake.folder()) as engine:
        known = unit_months.read(engine.tables(), month, terms["months"], as_of=as_of)
    run = period.run_up(month, terms["months"] + 1)
    signals, looked = comparisons.signals(run, as_of), comparisons.looked(month, as_of)
    counted = {COMPLAINTS: known.counted(known.complaints), SIGNALS: known.counted(signals, measured=looked)}
    found = compare(counted, terms)
    before = comparisons.running(month, as_of)
    rows = [_row(path, found.of(path), before, known.category) for path in known.sorts]
    return Drawn(month, known.by_customers, terms, found.spread, sorted(rows, key=_order))


def _row(
    path: str, held: Mapping[str, Held], before: Mapping[str, int], category: Mapping[str, str]
) -> comparisons.Row:
    code, stands = code_of(path), worst(held)
    return {
        "unit": code,
        "path": path,
        "standing": stands.standing.value,
        "running": before.get(code, 0) + 1 if stands.standing is Standing.NAMED else 0,
        "worst": stands.measure,
        "category": category.get(path, "") if stands.measure == COMPLAINTS else "",
        "measures": {
            name: {key: value for key, value in asdict(one).items() if key not in ("measure", "unit")}
            for name, one in held.items()
        },
    }


def _order(row: comparisons.Row) -> tuple[int, float, float, str]:
    least = row["measures"][row["worst"]]
    return list(Standing).index(Standing(row["standing"])), least["q"], least["p"], row["path"]


def kept(now: datetime) -> MonthlyComparison | None:
    """Return the comparison of the last month that is over, made where there is none: one a month.

    None where nothing was counted in that month: its files may not be taken in yet.
    """
    month = comparisons.ended(now)
    if (found := MonthlyComparison.objects.filter(month=month.label).first()) is not None:
        return found
    drawn = draw(month, as_of=now)
    return _keep(drawn, now) if drawn.counted else None


@transaction.atomic
def _keep(drawn: Drawn, now: datetime) -> MonthlyComparison:
    bulk.one_at_a_time("comparisons")
    if (found := MonthlyComparison.objects.filter(month=drawn.month.label).first()) is not None:
        return found  # another worker was faster
    made = MonthlyComparison.objects.create(
        month=drawn.month.label,
        made_at=now,
        by_customers=drawn.by_customers,
        terms=dict(drawn.terms),
        spread=dict(drawn.spread),
        rows=drawn.rows,
    )
    named = [row["unit"] for row in comparisons.named(made)]
    chain.append(
        stream=STREAM,
        at=now,
        actor=SYSTEM.username,
        verb="compare_month",
        objects=[("unit", code) for code in sorted(named)],
        detail={"month": made.month, "units": len(made.rows), "named": named},
    )
    return made
