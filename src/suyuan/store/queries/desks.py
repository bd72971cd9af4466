"""What the desks around cases owe each other: messages relayed, support to be rated."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from suyuan.domain.errors import BadInput
from suyuan.domain.vocabulary import State
from suyuan.store import rules
from suyuan.store.models import Case, Relay, Support

from . import restricted
from .viewer import Viewer

RELAYS = ("waiting", "answered", "")
"""Those that wait for an answer, those that have one, or all."""


def unrated_on(number: str) -> int:
    """Return how many requests for support of a case were answered and not rated."""
    return unrated(Support.objects.filter(case__parent_number=number)).count()


def unrated(rows: QuerySet[Support]) -> QuerySet[Support]:
    """Return those of some requests that were answered and wait for a rating."""
    return rows.filter(case__state=State.ARCHIVED, rating="")


def seen(viewer: Viewer) -> Exists:
    """Return the condition for what belongs to a case in reach, asked of each row for itself."""
    mine = Case.objects.filter(restricted.unrestricted(viewer), viewer.scope(), pk=OuterRef("case_id"))
    return Exists(mine.order_by())


def relays(viewer: Viewer, show: str = "waiting", to: str = "") -> QuerySet[Relay]:
    """Return the messages about cases in reach: those that wait, oldest first, or others, newest first."""
    known("show", show, RELAYS)
    known("to", to, ("", *(choice.code for choice in rules.rulebook().reasons["relay"])))
    rows = Relay.objects.filter(seen(viewer)).select_related("case__unit", "message", "came_back")
    if to:
        rows = rows.filter(to=to)
    if show == "waiting":
        return rows.filter(answered_at=None).order_by("sent_at", "pk")
    rows = rows.exclude(answered_at=None) if show == "answered" else rows
    return rows.order_by("-sent_at", "-pk")


def relays_of(case: Case) -> list[Relay]:
    """Return the messages relayed about a case, oldest first."""
    return list(case.relayed.select_related("message", "came_back").order_by("seq"))


def to_rate(number: str) -> list[tuple[str, str]]:
    """Return the answered requests of a case that wait for a rating: number, and who answered."""
    rows = unrated(Support.objects.filter(case__parent_number=number)).order_by("pk")
    return list(rows.values_list("case__number", "case__unit__name"))


def known(field: str, value: str, among: Iterable[str]) -> None:
    """Raise BadInput for a value that no row can have."""
    if value not in among:
        raise BadInput("unknown_value", field=field, value=value[:40])
