"""Records of staff protection: whom they are for, who sees to a colleague, what somebody may see of them."""

from django.db.models import F, Q, QuerySet

from suyuan.domain.protection import CARERS, PROCEDURE
from suyuan.store.models import Case, Grant, Person, Protection, Unit

from .desks import known, seen
from .viewer import Viewer

SHOWN = ("open", "done", "")


def person(username: str) -> Person | None:
    """Return somebody of the register who is at work, with the unit."""
    return Person.objects.select_related("unit").filter(username=username, is_active=True).first()


def carers(unit: Unit) -> set[str]:
    """Return who sees to the people of a unit, by user name."""
    above = [unit.path[: at + 1] for at, char in enumerate(unit.path) if char == "/" and at]
    held = Grant.objects.filter(role__in=CARERS, unit__path__in=above, person__is_active=True)
    return set(held.order_by().values_list("person__username", flat=True))


def of(case: Case) -> Protection:
    """Return what a record holds beside its case."""
    return Protection.objects.get(case=case)


def listed(viewer: Viewer, show: str = "open") -> QuerySet[Protection]:
    """Return the records somebody may see: one's own, and those of the people one sees to."""
    known("show", show, SHOWN)
    rows = Protection.objects.filter(seen(viewer), case__procedure=PROCEDURE).select_related("case__unit")
    if show == "open":
        return rows.filter(case__is_open=True).order_by(F("due_on").asc(nulls_last=True), "pk")
    rows = rows.filter(~Q(case__is_open=True)) if show == "done" else rows
    return rows.order_by("-case__accepted_at", "-pk")
