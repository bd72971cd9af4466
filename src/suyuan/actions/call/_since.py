"""Callers who were spoken to after they hung up: nobody calls them back."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from suyuan.domain.missed_call import ANSWERED_SINCE, OPEN, RETURNED
from suyuan.store import chain
from suyuan.store.models import Case, MissedCall

STREAM = "register:calls"
"""The chain of what files brought, who called back and who looked at a number."""


def spoken_to(case: Case, now: datetime) -> None:
    """Close the calls of whom a contact was just taken in from; whoever asks to stay unknown closes none."""
    if case.phone_index and not case.secrecy and not case.restricted:
        _close({case.phone_index: now}, case.owner, now)


@transaction.atomic
def close_spoken(*, answered: Mapping[str, datetime], actor: str, now: datetime) -> int:
    """Close the calls of callers who were answered, called back or written down later; return how many.

    ``answered`` are the callers that are looked at, with the last call of each that a file says was answered.
    """
    last = dict(answered)
    contacts = Case.objects.filter(phone_index__in=answered, restricted=False, secrecy="").order_by()
    returned = MissedCall.objects.filter(number_index__in=answered, state=RETURNED).order_by()
    for rows in (
        contacts.values_list("phone_index").annotate(last=Max("accepted_at")),
        returned.values_list("number_index").annotate(last=Max("closed_at")),
    ):
        for index, at in rows:
            last[index] = max(last[index], at)
    return _close(last, actor, now)


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
