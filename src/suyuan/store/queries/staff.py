"""Staff sessions: the one that runs, and those to review."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from suyuan.domain.errors import Refused
from suyuan.domain.staff import Span
from suyuan.domain.vocabulary import Role
from suyuan.store.models import Event, StaffSession

from .viewer import Viewer, under


def stream(session: StaffSession) -> str:
    """Return the chain on which every request of a staff session is written."""
    return f"register:staff:{session.pk}"


def running(session_id: object, person_id: int, now: datetime) -> StaffSession | None:
    """Return a person's staff session if it is still open, None if it ended or was never theirs."""
    if not isinstance(session_id, int):
        return None
    found = StaffSession.objects.filter(pk=session_id, person_id=person_id).first()
    return found if found is not None and span(found).is_open(now) else None


def span(session: StaffSession) -> Span:
    """Return a staff session as the rules see it."""
    return Span(session.opened_at, session.until, session.closed_at)


def reviewed(viewer: Viewer) -> QuerySet[StaffSession]:
    """Return the staff sessions an auditor reviews: of people in reach, and of those in no unit."""
    paths = [path for role, path in viewer.actor.grants if role is Role.AUDIT]
    if not paths:
        raise Refused("not_your_role", verb="staff_review")
    rows = StaffSession.objects.select_related("person__unit")
    return rows.filter(under(paths, "person__unit__") | Q(person__unit=None)).order_by("-opened_at", "-pk")


@dataclass(frozen=True, slots=True)
class Request:
    """One request made in a staff session."""

    at: datetime
    method: str
    page: str
    number: str


def requests(session: StaffSession) -> list[Request]:
    """Return what was asked for in a staff session, oldest first."""
    rows = Event.objects.filter(stream=stream(session), verb="staff_request").order_by("seq")
    return [
        Request(row.at, row.detail["method"], row.detail["page"], row.detail.get("number", ""))
        for row in rows
    ]


def counts(sessions: list[StaffSession]) -> dict[int, int]:
    """Return how many requests each of these sessions holds."""
    by_stream = {stream(each): each.pk for each in sessions}
    streams = Event.objects.filter(stream__in=list(by_stream), verb="staff_request").values_list("stream")
    found = dict.fromkeys(by_stream.values(), 0)
    for (name,) in streams:
        found[by_stream[name]] += 1
    return found


def get(viewer: Viewer, session_id: int) -> StaffSession:
    """Return one staff session to review; raise Refused where there is none in reach."""
    found = reviewed(viewer).filter(pk=session_id).first()
    if found is None:
        raise Refused("not_found", session=session_id)
    return found
