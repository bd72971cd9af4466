"""Hand-overs between units, of the cases in reach that came in within a period, and support kept or late."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet

from suyuan.analytics import shirking
from suyuan.analytics.period import Period
from suyuan.analytics.shirking import Pair, Passed
from suyuan.store import rules
from suyuan.store.models import Case, Event, Support

from . import restricted
from .cases import LOCAL
from .desks import seen
from .supports import ANSWER
from .viewer import Viewer

CHUNK = 500
"""So many cases' events are read at once."""


@dataclass(frozen=True, slots=True)
class Joint:
    """How a department kept the limit of support another asked of it."""

    asked_by: str
    helper: str
    kept: int
    late: int
    running: int


def pairs(viewer: Viewer, period: Period, now: datetime) -> list[Pair]:
    """Return the pairs of units between which the cases of a period changed hands."""
    numbers = list(_cases(viewer, period).order_by("pk").values_list("number", flat=True))
    calendar = rules.rulebook().calendar
    return shirking.pairs(shirking.hand_overs(_passed(numbers), now, calendar))


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


def _cases(viewer: Viewer, period: Period) -> QuerySet[Case]:
    """Return the cases that were handled here: of an imported order no hand-over is known."""
    mine = Case.objects.filter(restricted.unrestricted(viewer), viewer.scope(), _within(period))
    return mine.filter(Q(dispatched_at__isnull=False) | Q(returns__gt=0), origin="live", is_child=False)


def _within(period: Period, of: str = "") -> Q:
    asked = Q()
    if period.first is not None:
        asked &= Q(**{f"{of}accepted_at__gte": datetime.combine(period.first, time(), LOCAL)})
    if period.last is not None:
        after = period.last + timedelta(days=1)
        asked &= Q(**{f"{of}accepted_at__lt": datetime.combine(after, time(), LOCAL)})
    return asked


def _passed(numbers: Sequence[str]) -> Iterator[Passed]:
    """Return the events by which cases change hands, each case's in order; what was taken back left out."""
    for start in range(0, len(numbers), CHUNK):
        streams = [f"case:{number}" for number in numbers[start : start + CHUNK]]
        rows = Event.objects.filter(stream__in=streams).order_by("stream", "seq")
        read = list(rows.values_list("pk", "stream", "verb", "at", "objects_json", "detail"))
        undone = {row[5]["undoes"] for row in read if "undoes" in row[5]}
        for pk, stream, verb, at, objects, detail in read:
            if verb in shirking.VERBS and pk not in undone and "undoes" not in detail:
                to = next(key for kind, key in objects if kind == "unit")
                was = detail.get("was", {})
                yield Passed(stream.removeprefix("case:"), verb, at, str(was.get("unit", "")), to)
