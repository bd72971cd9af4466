"""Final answers: those that count, told at the next contact and on the case; the list of those in reach."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from suyuan.domain.vocabulary import State
from suyuan.store import rules
from suyuan.store.models import Case, Event, FinalAnswer

from . import exact, history, reach
from .desks import known, seen
from .viewer import Viewer

COUNTING = (State.IN_FORCE, State.DECIDING)
"""It counts on while its review is decided."""
ENDING_FIRST = {"in_force": COUNTING, "due": COUNTING, "review": (State.DECIDING,)}
STATES = (*ENDING_FIRST, "waiting", "over", "")
"""Those that count, that end soon, whose review waits, that wait for approval, that are over, or all."""
APPROVING = ("endorse", "approve")
AHEAD = "final_answer.ahead"
"""The figure: how many days before its end an answer is to be looked at again."""


def told_to(viewer: Viewer, account: str, phone: str, now: datetime) -> list[FinalAnswer]:
    """Return the final answers to whoever has an account or a telephone number."""
    return _told(exact.ids(viewer, account=account, phone=phone), now)


def told_on(viewer: Viewer, case: Case, now: datetime) -> list[FinalAnswer]:
    """Return the final answers to the customer of a case: on it, on others of the account or number."""
    return _told([case.pk, *(one.pk for one in history.related(viewer, case))], now)


def _told(parents: Collection[int], now: datetime) -> list[FinalAnswer]:
    if not parents:
        return []
    rows = FinalAnswer.objects.filter(parent__in=parents, valid_until__gt=now)
    read = rows.prefetch_related("case").order_by("-valid_until", "-pk")  # a join would begin with all cases
    return [one for one in read if one.case.state in COUNTING and not one.case.restricted]


def of_case(case: Case) -> FinalAnswer | None:
    """Return what a final answer holds beside its case, None of every other case."""
    if case.procedure != "final_answer":
        return None
    return FinalAnswer.objects.filter(case=case).select_related("parent").first()


def over(now: datetime) -> list[str]:
    """Return the numbers of the final answers whose validity has passed and that still stand in force."""
    rows = FinalAnswer.objects.filter(case__state=State.IN_FORCE, valid_until__lte=now)
    return list(rows.order_by("valid_until", "pk").values_list("case__number", flat=True)[:500])


# ---- the list ----


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which final answers a list shows: how they stand, of a unit and those below it."""

    state: str = "in_force"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """That one of the two levels passed an answer: by which verb, who, when."""

    verb: str
    by: str
    at: datetime


def listed(viewer: Viewer, wanted: Wanted, now: datetime) -> QuerySet[FinalAnswer]:
    """Return the final answers in reach that are asked for: those that end first, or the newest first."""
    known("state", wanted.state, STATES)
    units = reach.unit_ids(viewer, reach.narrowed(viewer, wanted.unit))
    rows = FinalAnswer.objects.filter(seen(viewer))
    rows = rows.select_related("case__unit", "case__accused", "parent__unit", "parent__accused")
    if units is not None:
        rows = rows.filter(case__unit__in=units)
    if wanted.state in ENDING_FIRST:
        rows = rows.filter(case__state__in=ENDING_FIRST[wanted.state])
        rows = rows.filter(valid_until__lte=due_before(now)) if wanted.state == "due" else rows
        return rows.order_by("valid_until", "pk")
    if wanted.state == "waiting":
        waiting = (State.REVIEWING, State.SIGNING)
        return rows.filter(case__state__in=waiting).order_by("pk")
    if wanted.state == "over":
        rows = rows.filter(case__is_open=False)
    return rows.order_by("-pk")  # by the case they would all be read and sorted


def due_before(now: datetime) -> datetime:
    """Return until when an answer has to end to be looked at again now."""
    return now + timedelta(days=rules.figure(AHEAD, "days"))


def due(one: FinalAnswer, now: datetime) -> bool:
    """Tell whether an answer that counts ends so soon that somebody should look at it again."""
    until = one.valid_until
    return one.case.state in COUNTING and until is not None and until <= due_before(now)


def approvals(rows: Collection[FinalAnswer]) -> dict[int, list[Approval]]:
    """Return who approved each of some answers, by the id of its case, in the order of the levels."""
    streams = {f"case:{one.case.number}": one.case_id for one in rows}
    found: dict[int, list[Approval]] = {pk: [] for pk in streams.values()}
    for event in Event.objects.filter(stream__in=streams, verb__in=APPROVING).order_by("pk"):
        found[streams[event.stream]].append(Approval(event.verb, event.actor, event.at))
    return found
