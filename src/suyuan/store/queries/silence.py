"""What speaks against believing that a unit had no complaint: the under-reporting guard beside a reward."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import CharField, Count, Exists, Max, OuterRef, Q, Value
from django.db.models.functions import Concat

from suyuan.analytics.period import Period
from suyuan.analytics.streak import LETTERS, REGULATORS
from suyuan.domain.vocabulary import EXCLUDED
from suyuan.store import rules
from suyuan.store.models import Case, Event, MissedCall, Unit

from .reconcile import days
from .viewer import under

MANY = 3
"""Calls or urges from which one case looks like a complaint: as the streaks of the board have it."""
SIGNS = (
    *("calls", "regulated", "written", "missed", "repeats", "dissatisfied", "urged", "reclassified"),
    "appealed",
)
ASSESSED = Q(business_type="complaint") & ~Q(finding_assessed=EXCLUDED)
"""A complaint that counts: one that an appeal took out of the assessment stands beside."""


@dataclass(frozen=True, slots=True)
class Silence:
    """What a unit had beside complaints in a period, by sign; and since when it had no complaint at all."""

    signs: Mapping[str, int]
    since: date | None
    """The day of its last complaint that counts; None where it never had one."""

    @property
    def doubts(self) -> list[tuple[str, int]]:
        """Return the signs there are of complaints under another name; calls and appeals are none."""
        return [(sign, n) for sign, n in self.signs.items() if n and sign not in ("calls", "appealed")]

    def days(self, until: date) -> int | None:
        """Return how many whole days it has been without a complaint, None where it never had one."""
        return None if self.since is None else (until - self.since).days


def of(units: Collection[Unit], period: Period) -> dict[int, Silence]:
    """Return the guard of each of some units with those below it, by its id; six questions for all."""
    if not units:
        return {}
    above = _above(units)
    cases = Case.objects.filter(unit__in=above, is_child=False).order_by()
    here = cases.filter(days("accepted_at", period))
    counted = here.exclude(business_type="complaint").values("unit_id")
    appealed = here.filter(business_type="complaint", finding_assessed=EXCLUDED).values("unit_id")
    missed = MissedCall.objects.filter(days("at", period), unit__in=above).order_by().values("unit_id")
    signs: dict[int, dict[str, int]] = {unit.pk: dict.fromkeys(SIGNS, 0) for unit in units}
    rows = [
        *counted.annotate(**COUNTS),
        *counted.filter(Exists(ONCE)).annotate(reclassified=Count("pk")),
        *appealed.annotate(appealed=Count("pk")),
        *missed.annotate(missed=Count("pk")),
    ]
    for row in rows:
        for unit in above[row.pop("unit_id")]:
            for sign, n in row.items():
                signs[unit][sign] += n
    last: dict[int, datetime] = {}
    told = cases.filter(ASSESSED).values_list("unit_id").annotate(last=Max("accepted_at"))
    for below, at in told:
        for unit in above[below]:
            last[unit] = max(at, last.get(unit, at))
    return {pk: Silence(one, rules.local_day(last[pk]) if pk in last else None) for pk, one in signs.items()}


COUNTS = {
    "calls": Count("pk", filter=Q(channel="95598")),
    "regulated": Count("pk", filter=Q(channel__in=REGULATORS)),
    "written": Count("pk", filter=Q(channel__in=LETTERS)),
    "repeats": Count("pk", filter=Q(urges__gte=MANY - 1)),
    "dissatisfied": Count("pk", filter=Q(satisfaction="dissatisfied")),
    "urged": Count("pk", filter=Q(urges__gte=MANY)),
}
ONCE = Event.objects.filter(
    stream=Concat(Value("case:"), OuterRef("number"), output_field=CharField()),
    verb="reclassify",
    detail__was__business_type="complaint",
)
"""That a case was a complaint and was made something else."""


def _above(units: Collection[Unit]) -> dict[int, list[int]]:
    """Return of each unit at or below some units, by its id, those of them it counts for."""
    within = under({unit.path for unit in units}, "")
    rows = Unit.objects.filter(within).values_list("pk", "path")
    return {pk: [unit.pk for unit in units if path.startswith(unit.path)] for pk, path in rows}


def complaints(units: Collection[Unit], period: Period) -> dict[int, int]:
    """Return how many complaints some units had in a period, with those below each, by its id."""
    found = {unit.pk: 0 for unit in units}
    if not units:
        return found
    above = _above(units)
    rows = Case.objects.filter(ASSESSED, days("accepted_at", period), unit__in=above)
    counted = rows.exclude(state__in=("void", "merged")).order_by().values_list("unit_id")
    for below, n in counted.annotate(n=Count("pk")):
        for unit in above[below]:
            found[unit] += n
    return found
