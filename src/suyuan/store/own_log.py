"""What the database knows of the course of its cases, in columns: what the log of this home is made of.

Read in chunks by plain SQL: a home may have a million events. No text is read, and nothing that is sealed.
"""

import json
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Max
from numpy.typing import NDArray

from suyuan.domain.order import MILESTONES

from .lake.reading import chunks, moment, timestamps
from .models import Case, Commitment, Event, SupplyPoint, Unit

MOMENTS = MILESTONES
NEVER = np.iinfo(np.int64).min
"""Stands for a moment that was not reached."""
SHREDDED = ("shred", "shred_again", "retention_shred")
"""The events of a case after which nothing may say again whose it was."""
_PLAIN = (
    *("id", "number", "procedure", "origin", "unit_id", "desk_id", "parent_number"),
    *("account_index", "phone_index", "area", "line", "restricted", "secrecy"),
    *("business_type", "channel", "level", "category", "finding", "satisfaction"),
)
ONCE = 500
"""So many numbers are asked for at once."""
_UNIT = _PLAIN.index("unit_id")
Moments = NDArray[np.int64]


class Cases(NamedTuple):
    """Cases by column, in the order they were accepted."""

    rows: dict[str, list[Any]]
    moments: dict[str, Moments]
    """Milestones in microseconds of UTC, ``NEVER`` where one was not reached."""

    def __len__(self) -> int:
        return len(self.rows["id"])


class Events(NamedTuple):
    """So many events of cases, in the order they were written."""

    id: tuple[int, ...]
    number: list[str]
    at: Moments
    actor: tuple[str, ...]
    verb: tuple[str, ...]
    objects: tuple[str, ...]
    """The objects of each, as JSON."""


def micros(values: Any) -> Moments:
    """Return moments as they lie in the database as microseconds of UTC."""
    found = timestamps(values).cast("int64").fill_null(int(NEVER))
    return np.asarray(found.to_numpy(zero_copy_only=False), np.int64)


def cases(units: Collection[int] | None, only: Collection[str] | None = None) -> Cases:
    """Return cases, those of some units or of some numbers (None: all); who was shredded is left out."""
    named = [f"c.{name}" for name in _PLAIN] + [moment(f"c.{name}") for name in MOMENTS]
    plain: dict[str, list[Any]] = {name: [] for name in _PLAIN}
    reached: dict[str, list[Moments]] = {name: [np.zeros(0, np.int64)] for name in MOMENTS}
    gone = _shredded(only)
    for found in _asked(
        f"SELECT {', '.join(named)} FROM store_case c", "c.number", only, "c.accepted_at, c.id"
    ):
        rows = [row for row in found if row[1] not in gone and (units is None or row[_UNIT] in units)]
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(named)
        for name, column in zip(_PLAIN, columns, strict=False):
            plain[name] += column
        for name, column in zip(MOMENTS, columns[len(_PLAIN) :], strict=True):
            reached[name].append(micros(column))
    return Cases(plain, {name: np.concatenate(parts) for name, parts in reached.items()})


def _asked(
    select: str, column: str, only: Collection[str] | None, order: str, before: tuple[Any, ...] = ()
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a question, for some values of a column asked so many at a time, or for all."""
    joint = " AND " if " WHERE " in select else " WHERE "
    if only is None:
        yield from chunks(f"{select} ORDER BY {order}", before)
        return
    every = sorted(only)
    for start in range(0, len(every), ONCE):
        part = every[start : start + ONCE]
        marks = ", ".join(["%s"] * len(part))
        yield from chunks(f"{select}{joint}{column} IN ({marks}) ORDER BY {order}", (*before, *part))


def _shredded(only: Collection[str] | None) -> set[str]:
    """Return the numbers of cases of whom nothing may be said again."""
    marks = ", ".join(["%s"] * len(SHREDDED))
    sql = f"SELECT DISTINCT e.stream FROM store_event e WHERE e.verb IN ({marks})"
    streams = None if only is None else [f"case:{number}" for number in only]
    return {row[0][5:] for rows in _asked(sql, "e.stream", streams, "1", SHREDDED) for row in rows}


def events(left_out: Collection[str], only: Collection[str] | None = None) -> Iterator[Events]:
    """Yield the events of all cases or some, those of some verbs left out."""
    sql = (
        f"SELECT e.id, e.stream, {moment('e.at')}, e.actor, e.verb, CAST(e.objects AS TEXT) "
        "FROM store_event e WHERE e.stream LIKE %s "
        f"AND e.verb NOT IN ({', '.join(['%s'] * len(left_out))})"
    )
    streams = None if only is None else [f"case:{number}" for number in only]
    for found in _asked(sql, "e.stream", streams, "e.id", ("case:%", *left_out)):
        number, stream, at, actor, verb, objects = zip(*found, strict=True)
        yield Events(number, [one[5:] for one in stream], micros(at), actor, verb, objects)


def categories(verbs: Collection[str]) -> list[tuple[str, int, str]]:
    """Return by which verbs when which case got which category, the oldest first."""
    sql = (
        f"SELECT e.stream, {moment('e.at')}, CAST(e.detail AS TEXT) FROM store_event e "
        f"WHERE e.verb IN ({', '.join(['%s'] * len(verbs))}) ORDER BY e.id"
    )
    found = []
    for rows in chunks(sql, tuple(verbs)):
        at = micros([row[1] for row in rows]).tolist()
        for (stream, _, detail), when in zip(rows, at, strict=True):
            if category := json.loads(detail).get("form", {}).get("category"):
                found.append((stream[5:], when, str(category)))
    return found


class Promise(NamedTuple):
    """One promise to a customer; ``over_at`` is when its day had passed, ``closed_at`` may be ``NEVER``."""

    number: str
    seq: int
    state: str
    made_by: str
    closed_by: str
    made_at: int
    promised_on: str
    closed_at: int


def promises(only: Collection[str] | None = None) -> Iterator[Promise]:
    """Yield what was promised on cases."""
    sql = (
        "SELECT c.number, p.seq, p.state, p.made_by, p.closed_by, "
        f"{moment('p.made_at')}, CAST(p.promised_on AS TEXT), {moment('p.closed_at')} "
        "FROM store_commitment p JOIN store_case c ON c.id = p.case_id"
    )
    for rows in _asked(sql, "c.number", only, "c.number, p.seq"):
        made, closed = (micros([row[at] for row in rows]).tolist() for at in (5, 7))
        for row, at, ended in zip(rows, made, closed, strict=True):
            yield Promise(*row[:5], at, row[6], ended)


def units() -> dict[int, str]:
    """Return the code of each unit by its key."""
    return dict(Unit.objects.values_list("pk", "code"))


def codes_of(name: str) -> dict[str, str]:
    """Return the codes the register of customers has for the names of areas or lines, where it is one."""
    rows = SupplyPoint.objects.exclude(**{f"{name}_code": ""}).order_by()
    found: dict[str, set[str]] = {}
    for called, code in rows.values_list(name, f"{name}_code").distinct():
        found.setdefault(called, set()).add(code)
    return {called: codes.pop() for called, codes in found.items() if len(codes) == 1}


class Standing(NamedTuple):
    """How far the events of this home have come."""

    event: int
    """The newest event that a case shows, 0 for none."""
    digest: str
    at: datetime | None
    shredded: int
    """The newest event of the privacy register: after a shredding nothing that was read before it stands."""


def standing(privacy: str) -> Standing:
    """Return how far the events have come; ``privacy`` is the stream of the privacy register."""
    event = int(Case.objects.aggregate(top=Max("changed_event"))["top"] or 0)
    digest, at = of_event(event)
    shredded = Event.objects.filter(stream=privacy).order_by("-seq").values_list("pk", flat=True).first()
    return Standing(event, digest, at, shredded or 0)


def complaints_since(event: int) -> list[str]:
    """Return the complaints that changed after an event."""
    rows = Case.objects.filter(changed_event__gt=event, procedure="complaint")
    return list(rows.values_list("number", flat=True))


def of_event(event: int) -> tuple[str, datetime | None]:
    """Return the digest and the moment of an event, nothing where there is none of that number."""
    return Event.objects.filter(pk=event).values_list("digest", "at").first() or ("", None)


def changed(after: int, since: date) -> tuple[list[str], list[str]]:
    """Return the numbers of cases that changed after an event, or on which a promise is over since a day;
    those of them that are secret and no complaints stand in the second list.
    """
    columns = ("number", "procedure", "restricted", "secrecy")
    moved = Case.objects.filter(changed_event__gt=after).values_list(*columns)
    promised = Commitment.objects.filter(promised_on__gte=since)
    found = {
        number: procedure != "complaint" and bool(restricted or secrecy)
        for number, procedure, restricted, secrecy in (
            *moved,
            *promised.values_list(*(f"case__{name}" for name in columns)),
        )
    }
    return list(found), [number for number, secret in found.items() if secret]
