"""Abandoned calls in reach: one line for the calls of a number that wait, those done one by one."""

from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from suyuan.domain.errors import Refused
from suyuan.domain.missed_call import MAY, OPEN, STATES
from suyuan.store import rules
from suyuan.store.models import MissedCall

from .desks import known
from .viewer import Viewer, under


def _within(viewer: Viewer) -> QuerySet[MissedCall]:
    paths = {path for role, path in viewer.actor.reaching if role in MAY}
    return MissedCall.objects.filter(under(paths, "unit__")).select_related("unit")


def waiting(viewer: Viewer) -> QuerySet[MissedCall]:
    """Return the first call of each number that waits, the oldest first; ``calls`` is how many there are."""
    rows = _within(viewer).filter(state=OPEN)
    mine = _within(viewer).filter(state=OPEN, number_index=OuterRef("number_index"))
    before = Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), pk__lt=OuterRef("pk"))
    count = mine.select_related(None).order_by().annotate(n=Func(F("pk"), function="COUNT")).values("n")
    return rows.filter(~Exists(mine.filter(before))).annotate(calls=Subquery(count)).order_by("at", "pk")


def listed(viewer: Viewer, state: str) -> QuerySet[MissedCall]:
    """Return the lines of a state, what waits the oldest first, what is done the newest first."""
    known("state", state, STATES)
    if state == OPEN:
        return waiting(viewer)
    rows = _within(viewer).filter(state=state).annotate(calls=Value(1))
    return rows.order_by("-at", "-pk")


def overdue(viewer: Viewer, now: datetime) -> tuple[int, int]:
    """Return how many callers wait, and how many of them longer than the rulebook says."""
    late = Count("pk", filter=Q(at__lt=now - within()))
    found = waiting(viewer).order_by().aggregate(waiting=Count("pk"), late=Coalesce(late, 0))
    return found["waiting"], found["late"]


def within() -> timedelta:
    """Return the time within which somebody who hung up is called back."""
    return timedelta(minutes=rules.figure("calls.return", "minutes"))


def one(viewer: Viewer, call: int) -> MissedCall:
    """Return a call in reach; one that is not is not found."""
    if (found := _within(viewer).filter(pk=call).first()) is None:
        raise Refused("not_found", call=call)
    return found
