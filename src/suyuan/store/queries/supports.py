"""Requests for support: what was asked of whom, what came of it, how it was rated."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from suyuan.domain.vocabulary import CREW_RATINGS, State
from suyuan.store.models import Case, Note, Support

from . import cases, reach, texts
from .desks import known, seen, unrated
from .viewer import Viewer

SHOWN = ("open", "rate", "done", "")
"""Those still open, those to be rated, those that are over, or all."""
TEXTS = ("request", "reply", "note")
"""What was asked, what came back, and why it was declined."""
ANSWER = "support.answer"
"""The limit within which a request is answered."""


@dataclass(frozen=True, slots=True)
class Helped:
    """A request for support as the case it was asked for shows it."""

    support: Support
    request: str
    said: str
    """What came back: the answer, or why it was declined; masked."""
    reachable: bool
    """Whether whoever looks may open the request itself."""


def supports_of(viewer: Viewer, number: str) -> list[Helped]:
    """Return the requests for support with a case, oldest first: what came back is for all who see it."""
    rows = list(
        Support.objects.filter(case__parent_number=number)
        .select_related("case__unit", "case__accused")
        .order_by("pk")
    )
    draws = texts.drawn_each(one.case for one in rows)
    told: dict[int, dict[str, str]] = {one.case_id: {} for one in rows}
    notes = Note.objects.filter(case__in=told, field__in=TEXTS).order_by("pk")
    for case_id, field, masked in notes.values_list("case", "field", "masked"):
        told[case_id][field] = draws[case_id](masked)
    return [_helped(viewer, one, told[one.case_id]) for one in rows]


def _helped(viewer: Viewer, one: Support, told: Mapping[str, str]) -> Helped:
    said = told.get("note" if one.case.state == State.VOID else "reply", "")
    return Helped(one, told.get("request", ""), said, cases.may_see(viewer.actor, one.case))


def supports(viewer: Viewer, show: str = "open", unit: str = "") -> QuerySet[Support]:
    """Return the requests in reach, of a unit and those below it: open, to be rated, done, or all."""
    known("show", show, SHOWN)
    within = reach.unit_ids(viewer, reach.narrowed(viewer, unit))
    rows = Support.objects.filter(seen(viewer)).select_related("case__unit", "unit")
    if within is not None:
        rows = rows.filter(case__unit__in=within)
    if show == "open":
        return rows.filter(case__is_open=True).order_by(F("case__next_due_at").asc(nulls_last=True), "pk")
    if show == "rate":
        rows = unrated(rows)
    elif show == "done":
        rows = rows.exclude(case__is_open=True)
    return rows.order_by("-case__accepted_at", "-pk")


@dataclass(frozen=True, slots=True)
class Record:
    """What a unit was asked for: how often, how often it answered, in time, and how that was rated."""

    unit: str
    asked: int
    answered: int
    declined: int
    in_time: int
    timed: int
    """Of those answered, how many had the clock."""
    ratings: dict[str, int]


def records(viewer: Viewer, unit: str = "") -> list[Record]:
    """Return, unit by unit, what was asked of it and what came of it; the most asked first."""
    if not Support.objects.exists():  # of an empty table SQLite has no figures, and begins with all cases
        return []
    rows = supports(viewer, "", unit).order_by()
    counted = rows.values("case__unit", "case__unit__name").annotate(
        asked=Count("pk"),
        answered=Count("pk", filter=Q(case__state=State.ARCHIVED)),
        declined=Count("pk", filter=Q(case__state=State.VOID)),
        **{f"rated_{each}": Count("pk", filter=Q(rating=each)) for each in CREW_RATINGS},
    )
    timed = rows.filter(case__clocks__limit=ANSWER, case__clocks__state="stopped").values("case__unit")
    answered = Q(case__state=State.ARCHIVED)
    in_time = answered & Q(case__clocks__stopped_at__lte=F("case__clocks__due_at"))
    clocked = {
        row["case__unit"]: (row["n"], row["of"])
        for row in timed.annotate(of=Count("pk", filter=answered), n=Count("pk", filter=in_time))
    }
    found = [
        Record(
            row["case__unit__name"],
            row["asked"],
            row["answered"],
            row["declined"],
            *clocked.get(row["case__unit"], (0, 0)),
            ratings={each: row[f"rated_{each}"] for each in CREW_RATINGS},
        )
        for row in counted
    ]
    return sorted(found, key=lambda one: (-one.asked, one.unit))


def support_of(case: Case) -> Support:
    """Return what a request for support holds beside its case."""
    return Support.objects.select_related("unit").get(case=case)


def asked(case: Case) -> str:
    """Return what a request for support asks for, masked."""
    note = case.notes.filter(field="request").order_by("pk").first()
    return texts.drawn(case)(note.masked) if note is not None else ""
