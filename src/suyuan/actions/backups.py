"""Backups: who took one, when, and what it weighed, so that a missing one shows."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from suyuan.domain.procedure import Actor
from suyuan.store import chain

STREAM = "register:backup"


@transaction.atomic
def record(*, verb: str, detail: Mapping[str, object], actor: Actor, now: datetime) -> int:
    """Write down that a backup was taken or restored; return the event's id."""
    return chain.append(
        stream=STREAM, at=now, actor=actor.username, verb=verb, objects=[], detail=dict(detail)
    )
