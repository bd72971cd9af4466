"""The improvement register: what of hardware and of service is to be mended, by whom and by when."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from suyuan.domain.vocabulary import IMPROVEMENT_KINDS, State
from suyuan.store.models import Case, Improvement

from . import reach
from .desks import known, seen
from .viewer import Viewer

STATES = ("open", "overdue", "done", "")
"""Those still open, those of them past their due, those that are done, or all."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many entries of one kind there are, and how they stand."""

    kind: str
    total: int
    open: int
    done: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries a list shows: of a kind, of a unit and those below it, how they stand."""

    kind: str = ""
    unit: str = ""
    state: str = "open"


def listed(viewer: Viewer, wanted: Wanted, now: datetime) -> QuerySet[Improvement]:
    """Return the entries in reach that are asked for: open ones by their due, others the newest first."""
    known("kind", wanted.kind, ("", *IMPROVEMENT_KINDS))
    known("state", wanted.state, STATES)
    rows = _within(viewer, wanted.unit).select_related("case__unit")
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.state in ("open", "overdue"):
        still = Q(case__is_open=True) if wanted.state == "open" else _overdue(now)
        return rows.filter(still).order_by(F("case__next_due_at").asc(nulls_last=True), "pk")
    if wanted.state == "done":
        rows = rows.filter(case__state=State.ARCHIVED)
    return rows.order_by("-case__accepted_at", "-pk")


def tallies(viewer: Viewer, unit: str, now: datetime) -> list[Tally]:
    """Return how the entries of each kind stand, those made void left out."""
    rows = _within(viewer, unit).exclude(case__state=State.VOID).order_by()
    counted = rows.values("kind").annotate(
        total=Count("pk"),
        open=Count("pk", filter=Q(case__is_open=True)),
        done=Count("pk", filter=Q(case__state=State.ARCHIVED)),
        overdue=Count("pk", filter=_overdue(now)),
    )
    found = {row["kind"]: Tally(**row) for row in counted}
    return [found.get(kind, Tally(kind, 0, 0, 0, 0)) for kind in IMPROVEMENT_KINDS]


def of_case(case: Case) -> Improvement | None:
    """Return what the register holds of a case that is an entry of it, None of every other."""
    return Improvement.objects.filter(case=case).first() if case.procedure == "improvement" else None


def opened_from(viewer: Viewer, number: str) -> list[Improvement]:
    """Return the entries in reach that a case led to, oldest first."""
    rows = Improvement.objects.filter(seen(viewer), case__parent_number=number)
    return list(rows.select_related("case__unit").order_by("pk"))


def _within(viewer: Viewer, unit: str) -> QuerySet[Improvement]:
    units = reach.unit_ids(viewer, reach.narrowed(viewer, unit))
    rows = Improvement.objects.filter(seen(viewer))
    return rows if units is None else rows.filter(case__unit__in=units)


def _overdue(now: datetime) -> Q:
    return Q(case__is_open=True, case__next_due_at__lte=now)
