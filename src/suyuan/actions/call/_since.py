"""Callers who were spoken to after they hung up: nobody calls them back."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from suyuan.domain.missed_call import ANSWERED_SINCE, OPEN, RETURNED
from suyuan.store import chain
from suyuan.store.models import AnsweredCall, Case, MissedCall

from .rows import Prepared

STREAM = "register:calls"
"""The chain of what files brought, who called back and who looked at a number."""


def spoken_to(case: Case, now: datetime) -> None:
    """Close the calls of whom a contact was just taken in from; whoever asks to stay unknown closes none."""
    if case.phone_index and not case.secrecy and not case.restricted:
        _close({case.phone_index: now}, case.owner, now)


@transaction.atomic
def close_spoken(*, callers: Collection[str], actor: str, now: datetime) -> int:
    """Close the calls of callers who were answered, called back or written down later; return how many.

    Which file said so, this one or one that came before it, makes no difference.
    """
    contacts = Case.objects.filter(phone_index__in=callers, restricted=False, secrecy="").order_by()
    returned = MissedCall.objects.filter(number_index__in=callers, state=RETURNED).order_by()
    answered = AnsweredCall.objects.filter(number_index__in=callers).order_by()
    last: dict[str, datetime] = {}
    for rows in (
        contacts.values_list("phone_index").annotate(last=Max("accepted_at")),
        returned.values_list("number_index").annotate(last=Max("closed_at")),
        answered.values_list("number_index", "at"),
    ):
        for index, at in rows:
            last[index] = max(last.get(index, at), at)
    return _close(last, actor, now)


def note_answered(calls: Collection[Prepared]) -> int:
    """Keep when each of some callers was last answered; return of how many that is news.

    Called where nobody else writes into the register of calls meanwhile.
    """
    newest: dict[str, Prepared] = {}
    for call in calls:
        if call.index and call.at >= newest.get(call.index, call).at:
            newest[call.index] = call
    known = {row.number_index: row for row in AnsweredCall.objects.filter(number_index__in=newest)}
    fresh = [AnsweredCall(number_index=index) for index in newest if index not in known]
    later = [row for index, row in known.items() if row.at < newest[index].at]
    for row in (*fresh, *later):
        row.at, row.unit = newest[row.number_index].at, newest[row.number_index].unit
    AnsweredCall.objects.bulk_create(fresh, batch_size=500)
    AnsweredCall.objects.bulk_update(later, ["at", "unit"], batch_size=200)
    return len(fresh) + len(later)


def _close(last: Mapping[str, datetime], actor: str, now: datetime) -> int:
    rows = MissedCall.objects.select_for_update(of=("self",)).filter(state=OPEN, number_index__in=last)
    closed = [row for row in rows.order_by("pk") if row.at < last[row.number_index]]
    for row in closed:
        row.state, row.closed_at = ANSWERED_SINCE, last[row.number_index]
    if closed:
        MissedCall.objects.bulk_update(closed, ["state", "closed_at"], batch_size=200)
        detail: dict[str, object] = {"calls": [row.pk for row in closed]}
        chain.append(stream=STREAM, at=now, actor=actor, verb="calls_answered_since", detail=detail)
    return len(closed)
