"""Support kept or late, of the cases in reach that came in within a period, and which orders are in reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, F, Q

from suyuan.analytics.period import Period
from suyuan.store.models import Case, Support

from . import restricted
from .cases import LOCAL
from .desks import seen
from .supports import ANSWER
from .viewer import Viewer


@dataclass(frozen=True, slots=True)
class Joint:
    """How a department kept the limit of support another asked of it."""

    asked_by: str
    helper: str
    kept: int
    late: int
    running: int


def joint(viewer: Viewer, period: Period) -> list[Joint]:
    """Return, by who asked and who helped, how many requests for support of a period were kept or late."""
    rows = Support.objects.filter(seen(viewer), _within(period, "case__")).order_by()
    timed = rows.filter(case__clocks__limit=ANSWER).exclude(case__clocks__state="void")
    stopped, due = F("case__clocks__stopped_at"), F("case__clocks__due_at")
    counted = timed.values("unit__code", "case__unit__code").annotate(
        kept=Count("pk", filter=Q(case__clocks__state="stopped") & Q(case__clocks__stopped_at__lte=due)),
        late=Count("pk", filter=Q(case__clocks__state="stopped") & Q(case__clocks__due_at__lt=stopped)),
        running=Count("pk", filter=~Q(case__clocks__state="stopped")),
    )
    found = [
        Joint(row["unit__code"], row["case__unit__code"], row["kept"], row["late"], row["running"])
        for row in counted
    ]
    return sorted(found, key=lambda one: (-one.late, -one.running, one.asked_by, one.helper))


def in_reach(viewer: Viewer, numbers: Sequence[str]) -> list[str]:
    """Return those of some orders that the viewer sees now, in their order."""
    mine = Case.objects.filter(restricted.unrestricted(viewer), viewer.scope(), number__in=numbers).order_by()
    known = set(mine.values_list("number", flat=True))
    return [number for number in numbers if number in known]


def _within(period: Period, of: str = "") -> Q:
    asked = Q()
    if period.first is not None:
        asked &= Q(**{f"{of}accepted_at__gte": datetime.combine(period.first, time(), LOCAL)})
    if period.last is not None:
        after = period.last + timedelta(days=1)
        asked &= Q(**{f"{of}accepted_at__lt": datetime.combine(after, time(), LOCAL)})
    return asked
