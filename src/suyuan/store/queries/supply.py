"""Tables of supply: by whom each was taken in last, and how much of it was set aside."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from suyuan.store.models import Event

STREAM, TAKE = "register:supply", "supply_take"
LOG, LOG_TAKE = "register:trace", "event_log_take"


@dataclass(frozen=True, slots=True)
class Last:
    """The last time that a table of a kind was taken in."""

    at: datetime
    by: str
    file: str
    set_aside: int


def last_taken(kinds: Iterable[str], as_of: datetime | None = None) -> dict[str, Last]:
    """Return by kind when a table of it was taken in last, by a moment where one is told."""
    found = {}
    for kind in kinds:
        rows = Event.objects.filter(stream=f"{STREAM}:{kind}", verb=TAKE).order_by("-seq")
        rows = rows if as_of is None else rows.filter(at__lte=as_of)
        if (one := rows.first()) is not None:
            found[kind] = Last(one.at, one.actor, str(one.detail["file"]), int(one.detail["set_aside"]))
    return found


def log_taken(as_of: datetime) -> datetime | None:
    """Return when a log was taken over last by a moment, None where none was."""
    rows = Event.objects.filter(stream=LOG, verb=LOG_TAKE, at__lte=as_of).order_by("-seq")
    return rows.values_list("at", flat=True).first()
