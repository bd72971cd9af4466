"""The audit desk's queue: restricted cases, their clock, and how often it ran out, unit by unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q

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


def mine(viewer: Viewer, *, closed: bool, start: int, stop: int) -> list[Case]:
    """Return a stretch of the restricted and confidential cases in reach, none against a unit of one's own.

    Each kind is asked for by itself: the two in one condition have no index.
    """
    order = ("-archived_at", "-pk") if closed else (F("next_due_at").asc(nulls_last=True), "pk")
    rows = Case.objects.filter(restricted.unrestricted(viewer), viewer.scope(), is_open=not closed)
    rows = rows.exclude(state=State.MERGED).order_by(*order)
    kinds = (Q(restricted=True), Q(secrecy="confidential", procedure__in=("complaint", "report")))
    few = {pk for kind in kinds for pk in rows.filter(kind).values_list("pk", flat=True)[:stop]}
    shown = Case.objects.filter(pk__in=few).select_related("unit", "accused")
    return list(shown.order_by(*order)[start:stop])


def clocks(rows: Iterable[Case]) -> dict[int, Clock]:
    """Return the audit desk's clock of each case in its present episode."""
    found = Clock.objects.filter(case__in=[row.pk for row in rows], limit__in=limits()).exclude(state="void")
    return {clock.case_id: clock for clock in found.order_by("episode", "pk")}


def exceeded(viewer: Viewer, now: datetime) -> list[Exceeded]:
    """Return, unit by unit, on how many cases the clock ran out, of all that had it; the worst first."""
    seen = Case.objects.filter(restricted.unrestricted(viewer), viewer.scope(), restricted=True)
    rows = Clock.objects.filter(Exists(seen.filter(pk=OuterRef("case"))), limit__startswith=FAMILY)
    rows = rows.filter(limit__in=limits()).exclude(state="void")
    late = Q(stopped_at__gt=F("due_at")) | Q(stopped_at=None, state="running", due_at__lte=now)
    counted = rows.values("case__unit__name").annotate(
        of=Count("case", distinct=True), n=Count("case", filter=late, distinct=True)
    )
    found = [Exceeded(row["case__unit__name"], row["n"], row["of"]) for row in counted]
    return sorted(found, key=lambda one: (-one.n, one.unit))
