"""Exports: orders in the full layout, so that importing the file again gives the same orders.

The file holds personal data; who took how many out is written down.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import transaction

from suyuan.domain.errors import BadInput
from suyuan.domain.order import MILESTONES, OrderRecord
from suyuan.domain.procedure import Actor
from suyuan.gateways.layout import export_orders
from suyuan.store import chain, seal
from suyuan.store.models import Case, Clock, Contact
from suyuan.store.queries import listing, viewer

CHUNK = 1_000


@transaction.atomic
def orders(*, path: Path, username: str, actor: Actor, now: datetime) -> int:
    """Write the orders in reach of ``username`` (all of them without one) to ``path``; return how many."""
    rows = Case.objects.select_related("unit").order_by("accepted_at", "pk")
    if username:
        who = viewer.named(username)
        if who is None:
            raise BadInput("unknown_person", username=username)
        rows = rows.filter(who.scope(), listing.unrestricted(who))
    count = rows.count()
    export_orders(path, _records(rows))
    chain.append(
        stream="register:export",
        at=now,
        actor=actor.username,
        verb="export",
        objects=[],
        detail={"orders": count, "reach": username},
    )
    return count


def _records(rows) -> Iterator[OrderRecord]:  # type: ignore[no-untyped-def]
    batch: list[Case] = []
    for case in rows.iterator(chunk_size=CHUNK):
        batch.append(case)
        if len(batch) == CHUNK:
            yield from _batch(batch)
            batch = []
    yield from _batch(batch)


def _batch(batch: list[Case]) -> Iterator[OrderRecord]:
    ids = [case.pk for case in batch]
    sealed = {
        row.case_id: seal.unseal(row.sealed)
        for row in Contact.objects.filter(case_id__in=ids).order_by("-pk")
    }
    targets = dict(Clock.objects.filter(case_id__in=ids, kind="imported").values_list("case_id", "due_at"))
    for case in batch:
        yield record(case, sealed.get(case.pk, {}), targets.get(case.pk))


def record(case: Case, opened: dict[str, str], target: datetime | None) -> OrderRecord:
    """Return the order record a case stands for."""
    return OrderRecord(
        number=case.number,
        business_type=case.business_type,
        accepted_at=case.accepted_at,
        text=opened.get("text", ""),
        type_code=case.type_code,
        category=case.category,
        level=case.level,
        channel=case.channel,
        site=case.site,
        secrecy=case.secrecy,
        unit_code=case.unit.code,
        unit_name=case.unit.name,
        specialty=case.specialty,
        account=opened.get("account", ""),
        phone=opened.get("phone", ""),
        customer=opened.get("customer", ""),
        address=opened.get("address", ""),
        handling=opened.get("handling", ""),
        finding=case.finding,
        satisfaction=case.satisfaction,
        state_text=opened.get("state_text", ""),
        closed=not case.is_open,
        is_child=case.is_child,
        parent_number=case.parent_number,
        line=case.line,
        area=case.area,
        zone=case.zone,
        target_at=target,
        moments={
            name: value
            for name in MILESTONES
            if name != "accepted_at" and (value := getattr(case, name)) is not None
        },
        extra=json.loads(opened.get("extra", "{}")),
    )
