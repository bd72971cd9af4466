"""Whether what a rung told was taken: by a carrier, by a person, or read in the app."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from suyuan.domain.notice import IN_APP
from suyuan.store.models import Message, Reading, ReadMark

RUNG = "rung"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One message a rung queued: to which role, by which channel, what became of it, who read it."""

    role: str
    channel: str
    state: str
    at: datetime | None
    """When it reached, was read or left, whichever is the last that is known."""
    read_by: tuple[str, ...] = ()


def of_rungs(numbers: Collection[str]) -> dict[tuple[int, str], list[Receipt]]:
    """Return the receipts of what the rungs of some cases told, by clock and rung.

    The key of such a message names the clock, the rung and the role, with the channel before it and the
    person behind it where it left.
    """
    about = Message.objects.filter(case_number__in=numbers, template=RUNG)
    rows = list(about.select_related("unit").order_by("pk"))
    read = _read([row for row in rows if row.channel == IN_APP])
    found: dict[tuple[int, str], list[Receipt]] = {}
    for row in rows:
        _, _, key = row.key.partition(f"{RUNG}:")
        clock, rung, role = key.split(":")[:3]
        readers = read.get(row.pk, {})
        state = "read" if readers else row.state
        at = max(readers.values(), default=row.delivered_at or row.sent_at)
        found.setdefault((int(clock), rung), []).append(
            Receipt(role, row.channel, state, at, tuple(sorted(readers)))
        )
    return found


def _read(rows: list[Message]) -> dict[int, dict[str, datetime]]:
    """Return who read each message, one by one or all at once, and when."""
    found: dict[int, dict[str, datetime]] = {row.pk: {} for row in rows}
    if not rows:
        return found
    alone = Reading.objects.filter(message__in=list(found))
    for message, who, at in alone.values_list("message", "person__username", "at"):
        found[message][who] = at
    for who, upto, at, role, path in _marks(rows):
        for row in rows:
            told = row.pk <= upto and row.recipient.startswith(f"{role}@") and row.unit is not None
            if told and row.unit.path.startswith(path):  # type: ignore[union-attr]
                found[row.pk].setdefault(who, at)
    return found


def _marks(rows: list[Message]) -> list[tuple[str, int, datetime, str, str]]:
    """Return up to which message those who may have been told have read everything, by role and unit path."""
    roles = {row.recipient.partition("@")[0] for row in rows}
    above = {path for row in rows if row.unit is not None for path in _above(row.unit.path)}
    held = {"person__grants__role__in": roles, "person__grants__unit__path__in": above}
    marks = ReadMark.objects.filter(upto__gte=rows[0].pk, **held)
    return list(
        marks.values_list(
            "person__username", "upto", "at", "person__grants__role", "person__grants__unit__path"
        )
    )


def _above(path: str) -> list[str]:
    codes = path.strip("/").split("/")
    return [f"/{'/'.join(codes[: depth + 1])}/" for depth in range(len(codes))]
