"""What somebody has seen of the cases, who else has one open, and how they like their lists."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from suyuan.store import rules
from suyuan.store.models import Attention, Case, Person, Preference

from .viewer import Viewer

COLUMNS = (
    "business_type",
    "text",
    "state",
    "category",
    "unit",
    "handler",
    "due",
    "accepted_at",
    "finding",
    "satisfaction",
)
"""The columns a list of cases can show beside its light and number."""

THEMES = ("", "light", "dark")


def preference(viewer: Viewer) -> Preference:
    """Return how somebody likes the console; what stands for whoever never said."""
    found = viewer.once("preference", Preference.objects.filter(person=viewer.person).first)
    return found or Preference(person=viewer.person)


def unread(viewer: Viewer, rows: Sequence[Case], upto: int) -> set[int]:
    """Return the open cases that changed since somebody last looked, or that they never opened."""
    seen = dict(Attention.objects.filter(person=viewer.person, case__in=rows).values_list("case_id", "event"))
    return {
        case.pk
        for case in rows
        if case.is_open and (case.changed_event or 0) > max(seen.get(case.pk, 0), upto)
    }


def others(viewer: Viewer, case: Case, now: datetime) -> list[str]:
    """Return the names of those who opened the case in the last minutes."""
    since = now - timedelta(minutes=rules.figure("console.open", "minutes"))
    rows = Attention.objects.filter(case=case, at__gte=since).exclude(person=viewer.person)
    return list(rows.order_by("-at").values_list("person__name", flat=True)[:5])


def handlers(rows: Iterable[Case]) -> dict[str, str]:
    """Return the names of those who took the cases on, by user name."""
    wanted = {case.handler for case in rows if case.handler}
    found = Person.objects.filter(username__in=wanted).values_list("username", "name")
    return dict(found) if wanted else {}
