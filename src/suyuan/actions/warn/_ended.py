"""Whether what a signal warned of had happened by its end: between two looks nobody saw it break."""

from datetime import datetime, time, timedelta

from suyuan.store import rules
from suyuan.store.models import Clock, Commitment, KeptSignal


def came_true(row: KeptSignal) -> datetime | None:
    """Return when a limit or a promise that a signal warned of was broken, None where it was kept."""
    found = {"clock_near": _clock, "promise_near": _promise}.get(row.why)
    return found(row) if found and row.about_id else None


def _clock(row: KeptSignal) -> datetime | None:
    clocks = Clock.objects.filter(case=row.about_id, limit=str(row.facts["limit"])).exclude(state="void")
    last = clocks.order_by("-episode").first()
    if last is None or (last.stopped_at is not None and last.stopped_at <= last.due_at):
        return None
    return last.due_at if last.due_at <= row.looked_at else None


def _promise(row: KeptSignal) -> datetime | None:
    promises = Commitment.objects.filter(case=row.about_id, promised_on=str(row.facts["day"]))
    last = promises.order_by("-seq").first()
    if last is None:
        return None
    over = datetime.combine(last.promised_on, time(), rules.rulebook().calendar.zone) + timedelta(days=1)
    return over if (last.closed_at or row.looked_at) > over else None
