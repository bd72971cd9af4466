"""The audit desk's queue: restricted cases, their clock, and how often it ran out, unit by unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from suyuan.domain.vocabulary import State
from suyuan.store.models import Case, Clock
from suyuan.store.rules import rulebook

from . import restricted
from .viewer import Viewer

FAMILY = "discipline.verify"
"""The limits within which the audit desk verifies and proposes: this one and those below it."""


@dataclass(frozen=True, slots=True)
class Exceeded:
    """How many of a unit's restricted cases were not verified in time, of those that had the clock."""

    unit: str
    n: int
    of: int


def limits() -> list[str]:
    """Return the limits of the audit desk's clock."""
    return [one for one in rulebook().limits if one == FAMILY or one.startswith(f"{FAMILY}.")]


def mine(viewer: Viewer, *, closed: bool) -> QuerySet[Case]:
    """Return the restricted and confidential cases in reach, none against a unit of the viewer's own."""
    few = _few(restricted=True).union(_few(secrecy="confidential", procedure__in=("complaint", "report")))
    rows = Case.objects.filter(restricted.unrestricted(viewer), viewer.scope(), pk__in=few)
    rows = rows.filter(is_open=not closed).exclude(state=State.MERGED).select_related("unit", "accused")
    return rows.order_by(
        *(("-archived_at", "-pk") if closed else (F("next_due_at").asc(nulls_last=True), "pk"))
    )


def _few(**condition: object) -> QuerySet[Case, dict[str, int]]:
    """Return the ids of cases by a condition that has an index of its own: the two in one have none."""
    return Case.objects.filter(**condition).order_by().values("pk")


def clocks(rows: Iterable[Case]) -> dict[int, Clock]:
    """Return the audit desk's clock of each case in its present episode."""
    found = Clock.objects.filter(case__in=[row.pk for row in rows], limit__in=limits()).exclude(state="void")
    return {clock.case_id: clock for clock in found.order_by("episode", "pk")}


def exceeded(viewer: Viewer, now: datetime) -> list[Exceeded]:
    """Return, unit by unit, on how many cases the clock ran out, of all that had it; the worst first."""
    seen = Case.objects.filter(restricted.unrestricted(viewer), viewer.scope(), restricted=True)
    rows = Clock.objects.filter(limit__in=limits(), case__in=seen.values("pk")).exclude(state="void")
    late = Q(stopped_at__gt=F("due_at")) | Q(stopped_at=None, state="running", due_at__lte=now)
    counted = rows.values("case__unit__name").annotate(
        of=Count("case", distinct=True), n=Count("case", filter=late, distinct=True)
    )
    found = [Exceeded(row["case__unit__name"], row["n"], row["of"]) for row in counted]
    return sorted(found, key=lambda one: (-one.n, one.unit))
