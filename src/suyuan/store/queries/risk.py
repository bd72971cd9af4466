"""The binding limits of cases, for models of risk: by when, and when they were met."""

from collections.abc import Iterator
from datetime import datetime

from suyuan.store.models import Clock


def limits() -> Iterator[tuple[str, datetime, datetime | None]]:
    """Yield number, due and when it was met, of the first binding limit of each case.

    Of a paused or moved one it is the due as it stands now.
    """
    rows = Clock.objects.filter(binding=True, episode=1).exclude(state="void").order_by("case_id", "due_at")
    known: int | None = None
    for case, number, due, stopped in rows.values_list("case_id", "case__number", "due_at", "stopped_at"):
        if case != known:
            known = case
            yield number, due, stopped
