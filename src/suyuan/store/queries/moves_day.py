"""Whether the lists of a day were made, and why there is nobody on them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from suyuan.domain.errors import BadInput
from suyuan.domain.schedule import Kind
from suyuan.store import rules
from suyuan.store.models import Event, FirstMoveList, Schedule

from . import firstmoves
from .firstmoves import Who

STREAM = "register:first-moves"
"""The chain of what lists were made, who took what on, and what came of it."""
MAKING = "make_first_moves"

REST, NOT_YET, NOT_MADE, NOBODY = "rest_day", "not_yet", "not_made", "nobody"
WHY = (REST, NOT_YET, NOT_MADE, NOBODY)
"""A day of rest; before the hour of the schedule; no list was made; one was, and nobody is on it."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a day has nobody to call; ``at`` is when its lists are made where that is still to come."""

    code: str
    at: datetime | None = None


def made(day: date) -> bool:
    """Return whether the lists of a day were made, though nobody may have been on them."""
    if FirstMoveList.objects.filter(day=day).exists():
        return True
    start = datetime.combine(day, time(), rules.rulebook().calendar.zone)
    events = Event.objects.filter(stream=STREAM, verb=MAKING, at__gte=start, at__lt=start + timedelta(days=1))
    return events.filter(detail__day=day.isoformat()).exists()


def why_empty(viewer: Who, day: date, now: datetime, unit: str = "") -> Why | None:
    """Return why nobody in reach is to be called on a day, None where somebody is; no day is yet to come."""
    if firstmoves.listed(viewer, day, unit=unit).exists():
        return None
    if not rules.rulebook().calendar.provisional_workday(day):
        return Why(REST)
    if made(day):
        return Why(NOBODY)
    if day == rules.local_day(now) and (at := _ahead(day, now)):
        return Why(NOT_YET, at)
    return Why(NOT_MADE)


def not_ahead(day: date, now: datetime) -> date:
    """Return the day; raise BadInput for one that is yet to come."""
    if day > rules.local_day(now):
        raise BadInput("in_the_future", day=day.isoformat())
    return day


def _ahead(day: date, now: datetime) -> datetime | None:
    """Return when the schedule makes the lists of a day, None where it does not or has."""
    row = Schedule.objects.filter(kind=Kind.FIRSTMOVES, paused=False, tick_at__gt=now).order_by("tick_at")
    at = row.values_list("tick_at", flat=True).first()
    return at if at is not None and rules.local_day(at) == day else None
