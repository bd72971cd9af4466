"""Appeals, reviews of claims and their conditions: what the rules, the pages and the papers ask."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from suyuan.domain import worktime
from suyuan.domain.appeal import Basis, Claim, Condition, Ground, claim_stands, conditions, next_level
from suyuan.domain.vocabulary import EXCLUDED, State
from suyuan.store import rules
from suyuan.store.models import Appeal, AppealSeal, Case, ClaimReview, Event

from . import reach
from .desks import known, seen
from .viewer import Viewer

REVIEWING = ("judge_item", "review_pass", "review_amend", "review_return", "visit_site", "analyse_specialty")
"""Verbs by which somebody had a say in what a case came to."""
WINDOW, FINAL_WINDOW, VALID = "appeal.window", "appeal.final_window", "claim_review.valid"
"""The figures of the rulebook: until when an appeal and a final decision may be asked for, how long the
finding on a claim holds."""
SHOWN = ("open", "upheld", "refused", "")
"""Those still open, those that succeeded, those that did not, or all."""


def of(case: Case) -> Appeal:
    """Return what an appeal holds beside its case."""
    return Appeal.objects.select_related("case").get(case=case)


def on(number: str) -> Appeal | None:
    """Return the appeal on a case that was not withdrawn."""
    opened = _opened(number, "appeal")
    return Appeal.objects.select_related("case").filter(case__in=opened).first() if opened else None


def claim_on(number: str) -> ClaimReview | None:
    """Return the newest review of the claim of a case that was not withdrawn."""
    opened = _opened(number, "claim_review")
    rows = ClaimReview.objects.select_related("case").filter(case__in=opened).order_by("-pk")
    return rows.first() if opened else None


def _opened(number: str, procedure: str) -> list[int]:
    """Return the cases of a procedure that were opened from one and not made void: by its own index."""
    below = Case.objects.filter(~Q(parent_number=""), parent_number=number, procedure=procedure)
    return list(below.exclude(state=State.VOID).order_by().values_list("pk", flat=True))


def claim_of(case: Case) -> ClaimReview:
    """Return what a review of a claim holds beside its case."""
    return ClaimReview.objects.select_related("case").get(case=case)


def standing(found: ClaimReview | None, now: datetime) -> Claim:
    """Return how a finding on a claim stands."""
    if found is None:
        return Claim.NONE
    return claim_stands(found.upheld, found.until, found.lifted_at, now)


def ends(start: datetime, figure: str) -> datetime:
    """Return when so many working days of the rulebook are over: at the midnight that ends the last one."""
    days = rules.figure(figure, "working_days")
    return worktime.due(start, days, "working_days", "civil", rules.rulebook().calendar).at


def is_sure(figure: str) -> bool:
    """Return whether somebody confirmed a figure: one that nobody did warns and refuses nothing."""
    return rules.rulebook().figures[figure][-1].certainty.assessable


def checked(parent: Case, now: datetime, appeal: Appeal | None = None) -> tuple[Condition, ...]:
    """Return the conditions of an appeal, or of one that could be filed on a case now.

    An appeal is filed the moment it is submitted: a draft counts as filed now, so that whoever waits with one
    sees the window close, and a decision that comes later makes no appeal late.
    """
    another = on(parent.number)
    closed = parent.state == State.ARCHIVED and parent.archived_at is not None
    return conditions(
        Basis(
            closed=closed,
            filed_at=(appeal.case.dispatched_at if appeal else None) or now,
            window_ends=ends(parent.archived_at, WINDOW) if closed and parent.archived_at else None,
            window_sure=is_sure(WINDOW),
            excluded=parent.finding_assessed == EXCLUDED and (appeal is None or appeal.case.is_open),
            another=another.case.number if another and (appeal is None or another.pk != appeal.pk) else "",
            ground=appeal.ground if appeal else "",
            claim=standing(claim_on(parent.number), now),
            evidence=appeal.evidence if appeal else "",
        )
    )


# ---- what the rules of the procedures ask ----


def facts_of(case: Case) -> dict[str, object]:
    """Return what the tables of an appeal and of a review of a claim ask, nothing of any other case."""
    if case.procedure == "claim_review":
        found = claim_of(case)
        return {"apart": _handlers(case) | _named(case.owner, found.first_by)}
    if case.procedure != "appeal":
        return {}
    appeal = of(case)
    seals = list(AppealSeal.objects.filter(appeal=appeal).values_list("level", "put_by"))
    put_by = _named(*(by for _, by in seals))
    awaited = next_level([level for level, _ in seals]) if case.state == State.SEALING else None
    return {
        "apart": _took_part(case) | put_by | _named(case.owner, appeal.first_by),
        "seal_level": awaited.value if awaited else "",
        "sealed_by": put_by,
    }


def _took_part(case: Case) -> frozenset[str]:
    """Return who handled the case an appeal is about, former handlers too, and who reviewed it."""
    stream = f"case:{case.parent_number}"
    reviewers = Event.objects.filter(stream=stream, verb__in=REVIEWING).values_list("actor", flat=True)
    return _handlers(case) | frozenset(reviewers)


def _handlers(case: Case) -> frozenset[str]:
    found = Case.objects.filter(number=case.parent_number).values_list("handler", "handlers").first()
    return _named(found[0], *found[1]) if found else frozenset()


def _named(*names: str) -> frozenset[str]:
    return frozenset(filter(None, names))


# ---- lists ----


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which appeals a list shows: how they stand, of a unit and those below it, on which ground."""

    show: str = "open"
    unit: str = ""
    ground: str = ""


def listed(viewer: Viewer, wanted: Wanted) -> QuerySet[Appeal]:
    """Return the appeals in reach that are asked for, the newest first."""
    known("show", wanted.show, SHOWN)
    known("ground", wanted.ground, ("", *Ground))
    rows = _within(viewer, wanted.unit).select_related("case__unit")
    if wanted.ground:
        rows = rows.filter(ground=wanted.ground)
    if wanted.show == "open":
        rows = rows.filter(case__is_open=True)
    elif wanted.show == "upheld":
        rows = rows.filter(SUCCEEDED)
    elif wanted.show == "refused":
        rows = rows.filter(case__state=State.ARCHIVED).exclude(SUCCEEDED)
    return rows.order_by("-case__accepted_at", "-pk")


SUCCEEDED = Q(first_upheld=True) | Q(final_upheld=True)


def _within(viewer: Viewer, unit: str) -> QuerySet[Appeal]:
    units = reach.unit_ids(viewer, reach.narrowed(viewer, unit))
    rows = Appeal.objects.filter(seen(viewer))
    return rows if units is None else rows.filter(case__unit__in=units)


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the appeals of a unit."""

    unit: str
    filed: int
    upheld: int
    refused: int
    open: int


def tallies(viewer: Viewer, unit: str = "") -> list[Tally]:
    """Return, unit by unit, what became of its appeals; those withdrawn left out."""
    if not Appeal.objects.exists():  # of an empty table SQLite has no figures, and begins with all cases
        return []
    rows = _within(viewer, unit).exclude(case__state=State.VOID).order_by()
    counted = rows.values("case__unit__name").annotate(
        filed=Count("pk"),
        upheld=Count("pk", filter=SUCCEEDED),
        refused=Count("pk", filter=Q(case__state=State.ARCHIVED) & ~SUCCEEDED),
        open=Count("pk", filter=Q(case__is_open=True)),
    )
    found = [Tally(unit=row.pop("case__unit__name"), **row) for row in counted]
    return sorted(found, key=lambda one: (-one.filed, one.unit))


def claims(viewer: Viewer, show: str, now: datetime) -> QuerySet[ClaimReview]:
    """Return the reviews of claims in reach: pending, in force, over, or all; the newest first."""
    known("show", show, ("pending", "in_force", "over", ""))
    rows = ClaimReview.objects.filter(seen(viewer)).select_related("case__unit")
    holds = Q(upheld=True, until__gt=now, lifted_at=None)
    if show == "pending":
        rows = rows.filter(case__is_open=True)
    elif show == "in_force":
        rows = rows.filter(holds)
    elif show == "over":
        rows = rows.filter(case__state=State.ARCHIVED).exclude(holds)
    return rows.order_by("-case__accepted_at", "-pk")


def seals_of(appeals: Collection[Appeal]) -> dict[int, list[AppealSeal]]:
    """Return the seals of some appeals, in the order they were put down."""
    found: dict[int, list[AppealSeal]] = {one.pk: [] for one in appeals}
    for seal in AppealSeal.objects.filter(appeal__in=found).order_by("pk"):
        found[seal.appeal_id].append(seal)
    return found
