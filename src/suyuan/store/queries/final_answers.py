"""Final answers that count: told at the next contact of the same account or number, and on the case."""

from collections.abc import Collection
from datetime import datetime

from suyuan.domain.vocabulary import State
from suyuan.store.models import Case, FinalAnswer

from . import exact, history
from .viewer import Viewer

COUNTING = (State.IN_FORCE, State.DECIDING)
"""It counts on while its review is decided."""


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
