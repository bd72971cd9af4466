"""Anchor: once a day, one digest over every stream's head, chained to the day before."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from suyuan.domain import audit
from suyuan.store import bulk, chain
from suyuan.store.models import Anchor, Event
from suyuan.store.queries.cases import LOCAL


@transaction.atomic
def anchor(*, now: datetime) -> Anchor:
    """Anchor today's heads; a day is anchored once. Keep the digest somewhere this machine cannot reach."""
    bulk.no_event_in_flight()
    on = now.astimezone(LOCAL).date()
    known = Anchor.objects.filter(on=on).first()
    if known is not None:
        return known
    last = chain.last_anchor()
    heads = list(chain.heads())
    return Anchor.objects.create(
        on=on,
        streams=len(heads),
        last_event=Event.objects.aggregate(top=Max("pk"))["top"] or 0,
        digest=audit.anchor(heads, last.digest if last else audit.GENESIS),
    )
