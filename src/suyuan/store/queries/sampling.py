"""What the audit desk can draw from, and the samples it drew."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from suyuan.analytics.period import Period
from suyuan.domain.errors import Refused
from suyuan.domain.sampling import ANSWERED, Candidate, Rule
from suyuan.domain.vocabulary import State
from suyuan.store.models import AuditSample, Case, Clock, Event, SampledCase

from . import cases, reach, restricted
from .reconcile import days
from .viewer import Viewer

COLUMNS = (
    "pk",
    "number",
    "called_back_at",
    "unreached",
    "episode",
    "taken_at",
    "answered_at",
    "urges",
    "returns",
)
CHUNK = 500


def closed(period: Period, viewer: Viewer | None = None, unit: str = "") -> QuerySet[Case]:
    """Return the cases archived in a period; whoever asks without being somebody meets no restricted one."""
    rows = Case.objects.filter(days("archived_at", period), state=State.ARCHIVED, is_child=False)
    if viewer is None:
        return rows.filter(restricted=False)
    units = reach.unit_ids(viewer, reach.narrowed(viewer, unit))
    rows = rows.filter(restricted.unrestricted(viewer))
    return rows if units is None else rows.filter(unit__in=units)


def candidates(rows: QuerySet[Case], figures: Rule) -> list[Candidate]:
    """Return cases with the signs that speak for a look at them."""
    found = list(rows.order_by().values(*COLUMNS))
    near = _near(rows, figures)
    changed = _changed([row["number"] for row in found])
    return [Candidate(row["number"], frozenset(_signs(row, figures, near, changed))) for row in found]


def _signs(row: dict, figures: Rule, near: set[int], changed: set[str]) -> Iterator[str]:  # type: ignore[type-arg]
    if row["called_back_at"] is None or row["unreached"]:
        yield "unreached"
    if row["episode"] > 1:
        yield "second_handling"
    taken, answered = row["taken_at"], row["answered_at"]
    if taken and answered and answered - taken < timedelta(minutes=figures.short_minutes):
        yield "short_handling"
    if row["number"] in changed:
        yield "finding_changed"
    if row["urges"]:
        yield "urged"
    if row["returns"]:
        yield "returned"
    if row["pk"] in near:
        yield "near_limit"


def _near(rows: QuerySet[Case], figures: Rule) -> set[int]:
    """Return the cases whose binding limit was nearly used up, or more than that."""
    clocks = Clock.objects.filter(case__in=rows.values("pk"), binding=True, stopped_at__isnull=False)
    share = figures.near_percent / 100
    return {
        case
        for case, started, due, stopped in clocks.values_list("case", "started_at", "due_at", "stopped_at")
        if stopped - started >= (due - started) * share
    }


def _changed(numbers: list[str]) -> set[str]:
    """Return the cases whose finding was given otherwise later."""
    given: dict[str, set[str]] = defaultdict(set)
    for start in range(0, len(numbers), CHUNK):
        streams = [f"case:{number}" for number in numbers[start : start + CHUNK]]
        events = Event.objects.filter(stream__in=streams, detail__form__finding__isnull=False)
        for stream, finding in events.values_list("stream", "detail__form__finding"):
            given[stream.removeprefix("case:")].add(finding)
    return {number for number, findings in given.items() if len(findings) > 1}


def samples(viewer: Viewer) -> QuerySet[AuditSample]:
    """Return the samples of units in reach, the newest first, with how many cases were looked at."""
    return (
        AuditSample.objects.filter(viewer.scope())
        .select_related("unit")
        .annotate(
            checked=Count("cases", filter=~Q(cases__verdict="")),
            objected=Count("cases", filter=Q(cases__verdict="objected")),
            unsettled=Count("cases", filter=Q(cases__verdict="objected", cases__settled_at=None)),
        )
        .order_by("-pk")
    )


def sample(viewer: Viewer, pk: int) -> AuditSample:
    """Return a sample in reach; one that is not is not found."""
    if (found := samples(viewer).filter(pk=pk).first()) is None:
        raise Refused("not_found", sample=pk)
    return found


def sampled(viewer: Viewer, of: AuditSample) -> list[SampledCase]:
    """Return the cases of a sample that somebody may see, in the order they were drawn."""
    rows = (
        SampledCase.objects.filter(sample=of)
        .select_related("case", "case__unit", "case__accused")
        .order_by("place")
    )
    return [one for one in rows if cases.may_see(viewer.actor, one.case)]


def one(viewer: Viewer, pk: int) -> SampledCase:
    """Return a case of a sample; one that is not in reach is not found."""
    found = SampledCase.objects.filter(pk=pk).select_related("case", "case__unit", "case__accused").first()
    if found is None or not cases.may_see(viewer.actor, found.case):
        raise Refused("not_found", sampled=pk)  # not the number: it would tell of the case
    return found


def objections(case: Case) -> QuerySet[SampledCase]:
    """Return the objections to a case that did not end yet, oldest first."""
    return SampledCase.objects.filter(case=case, verdict="objected", settled_at=None).order_by("checked_at")


def busy(numbers: Iterable[str]) -> dict[str, list[datetime]]:
    """Return of each case when its rectification orders that are still under way were opened."""
    found: dict[str, list[datetime]] = defaultdict(list)
    orders = Case.objects.filter(parent_number__in=list(numbers), procedure="rectification", is_open=True)
    for number, opened in orders.values_list("parent_number", "accepted_at"):
        found[number].append(opened)
    return found


def standing(one: SampledCase, case: Case, orders: Mapping[str, list[datetime]]) -> str:
    """Return how far an objection is: waiting, under way, to be settled or settled; or empty."""
    if one.verdict != "objected" or one.checked_at is None:
        return ""
    if one.settled_at is not None:
        return "settled"
    if case.objection != ANSWERED:
        return "waiting"
    since = any(opened >= one.checked_at for opened in orders.get(case.number, ()))
    return "under_way" if case.is_open or since else "to_settle"


def found(rows: Iterable[SampledCase], part: str) -> tuple[int, int]:
    """Return how many of a part were objected to, of how many that were looked at."""
    checked = [one for one in rows if one.part == part and one.verdict]
    return sum(one.verdict == "objected" for one in checked), len(checked)
