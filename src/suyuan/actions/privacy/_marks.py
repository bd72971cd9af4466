"""What a shredding leaves in the chains: each case it reached says so itself."""

from datetime import datetime

from django.db.models import QuerySet

from suyuan.domain.procedure import Actor
from suyuan.store import chain
from suyuan.store.models import Case

STREAM = "register:privacy"
Mark = tuple[str, str]
"""Something an event names: its kind, and a key that leads nowhere once it is gone."""


def mark(rows: "QuerySet[Case]", verb: str, actor: Actor, now: datetime) -> list[Mark]:
    """Write into each case's chain that it was shredded: the lake then takes the case in anew."""
    named: list[Mark] = []
    for case in rows.order_by("pk"):
        named.append(("case", case.number))
        event = chain.append(
            stream=f"case:{case.number}",
            at=now,
            actor=actor.username,
            verb=verb,
            objects=named[-1:],
            detail={},
        )
        Case.objects.filter(pk=case.pk).update(changed_event=event)
    return named


def write(
    actor: Actor, now: datetime, verb: str, detail: dict[str, object], objects: list[Mark] | None = None
) -> None:
    """Write an event into the chain of personal data."""
    chain.append(stream=STREAM, at=now, actor=actor.username, verb=verb, objects=objects or [], detail=detail)
