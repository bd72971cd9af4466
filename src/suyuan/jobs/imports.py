"""Imports that were queued in the browser, one at a time."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from suyuan.actions import imports
from suyuan.domain.errors import RuleError
from suyuan.domain.procedure import Actor
from suyuan.store import lake
from suyuan.store.models import ImportRun


def next_one(now: datetime) -> int:
    """Carry out the oldest queued import and return 1, or 0 when there is none."""
    with transaction.atomic():
        row = ImportRun.objects.select_for_update().filter(state="queued").order_by("pk").first()
        if row is None:
            return 0
        row.state = "running"
        row.save(update_fields=["state"])
    try:
        imports.run(
            path=Path(row.path), layout=row.layout, actor=Actor(row.by, frozenset()), now=now, row=row
        )
    except RuleError:
        return 1  # the run keeps the reason, and its page shows it
    lake.refresh()
    return 1
