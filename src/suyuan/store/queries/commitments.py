"""The register of what was promised: what is open, what is over, how many of each unit were kept."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from suyuan.domain.commitment import BROKEN, KEPT, MOVED, OPEN, Record
from suyuan.store.models import Case, Commitment

from . import reach
from .desks import known, seen
from .viewer import Viewer

SHOWN = ("open", "week", "broken", "kept", "moved", "")
"""Open ones; due in the coming seven days; those that were broken, kept, moved; or all."""


def of_case(case: Case) -> list[Commitment]:
    """Return the promises on a case, oldest first."""
    return list(case.promised.select_related("what", "why").order_by("seq"))


def is_broken(one: Commitment, today: date) -> bool:
    """Return whether a promise was broken, said or not."""
    return one.state == BROKEN or (one.state == OPEN and one.promised_on < today)


def _broken(today: date) -> Q:
    return Q(state=BROKEN) | Q(state=OPEN, promised_on__lt=today)


def listed(viewer: Viewer, show: str, unit: str, today: date) -> QuerySet[Commitment]:
    """Return the promises in reach: open ones by their day, others the newest first."""
    known("show", show, SHOWN)
    rows = Commitment.objects.filter(seen(viewer)).select_related("case__unit", "what", "why")
    units = reach.unit_ids(viewer, reach.narrowed(viewer, unit))
    if units is not None:
        rows = rows.filter(case__unit__in=units)
    week = Q(state=OPEN, promised_on__range=(today, today + timedelta(days=7)))
    narrowed = {"open": Q(state=OPEN), "week": week, "broken": _broken(today)}
    if show in narrowed:
        rows = rows.filter(narrowed[show])
    elif show:
        rows = rows.filter(state=show)
    return rows.order_by("promised_on" if show in ("open", "week") else "-promised_on", "-pk")


@dataclass(frozen=True, slots=True)
class OfUnit:
    """The record of one unit."""

    code: str
    name: str
    record: Record


def records(rows: QuerySet[Commitment], today: date) -> list[OfUnit]:
    """Return the record of each unit that some promises are of, by its code."""
    counted: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    each = rows.order_by().values_list("case__unit__code", "case__unit__name", "state", "promised_on")
    for code, name, state, day in each.iterator():
        late = state == OPEN and day < today
        one = counted[code, name]
        one[0] += state == OPEN and not late
        one[1] += state == MOVED
        one[2] += state == KEPT
        one[3] += state in (KEPT, BROKEN) or late
    return [OfUnit(code, name, Record(*numbers)) for (code, name), numbers in sorted(counted.items())]


def under(path: str) -> QuerySet[Commitment]:
    """Return the promises of a unit and those below it; what is restricted stays out of documents."""
    cases = Case.objects.filter(pk=OuterRef("case_id"), restricted=False, unit__path__startswith=path)
    return Commitment.objects.filter(Exists(cases.order_by())).select_related("case__unit", "what")


def due(rows: QuerySet[Commitment], first: date, last: date) -> Iterable[Commitment]:
    """Return those still open whose day lies in a span, by their day."""
    return rows.filter(state=OPEN, promised_on__range=(first, last)).order_by("promised_on", "pk")


def broken(rows: QuerySet[Commitment], today: date) -> Iterable[Commitment]:
    """Return those that were broken and not put right, by their day."""
    return rows.filter(state=OPEN, promised_on__lt=today).order_by("promised_on", "pk")
