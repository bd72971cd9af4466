"""Shredding again what was shredded after a backup was made, once that backup is restored."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from suyuan.domain.errors import BadInput
from suyuan.domain.procedure import Actor
from suyuan.store.models import (
    AnsweredCall,
    Case,
    ContactWay,
    Customer,
    Event,
    FirstMove,
    MissedCall,
    SpecialFlag,
)

from . import _leftovers as leftovers
from . import _members as members
from . import _supplied as supplied
from . import _traced as traced
from ._ledger import Line, append, note, path, read, since
from ._marks import Mark, mark, write
from ._outlived import remove_cases, remove_pieces
from .shredders import digest
from .subject import Subject

BATCH = 500

__all__ = ["began", "path", "read", "shred_again", "shred_line"]


def shred_again(*, lines: Sequence[Line], made_at: datetime, actor: Actor, now: datetime) -> dict[str, int]:
    """Shred again what was shredded after a backup was made; return how much of what was there."""
    reached: dict[str, int] = {}
    for line in list(since(lines, made_at)):
        for start in range(0, len(line["keys"]), BATCH):
            keys = line["keys"][start : start + BATCH]
            count = shred_line(kind=line["kind"], keys=keys, actor=actor, now=now)
            if count:
                reached[line["kind"]] = reached.get(line["kind"], 0) + count
    append({"at": now.isoformat(), "kind": "restored", "keys": [made_at.isoformat()]})
    return reached


SHREDDINGS = ("shred", "shred_member", "shred_again", "retention_shred", "evidence_shred")


def began() -> bool:
    """Return whether the chains say that anything was ever shredded."""
    return Event.objects.filter(verb__in=SHREDDINGS).exists()


@transaction.atomic
def shred_line(*, kind: str, keys: Sequence[Any], actor: Actor, now: datetime) -> int:
    """Shred again the rows of one line that are there, and return how many there were."""
    if kind not in AGAIN:
        raise BadInput("unknown_value", field="kind", value=kind)
    note(kind, keys, now)
    count, named = AGAIN[kind](keys, actor, now)
    if count:
        write(actor, now, "shred_again", {"kind": kind, "count": count}, named)
    return count


Again = Callable[[Sequence[Any], Actor, datetime], tuple[int, list[Mark]]]


def _cases(keys: Sequence[Any], actor: Actor, now: datetime) -> tuple[int, list[Mark]]:
    there = list(Case.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    remove_cases([case.pk for case in there], actor, now)
    return len(there), mark(Case.objects.filter(pk__in=keys), "shred_again", actor, now)


def _pieces(keys: Sequence[Any], actor: Actor, now: datetime) -> tuple[int, list[Mark]]:
    named = remove_pieces(keys, actor, now)
    return len(named), named


def _people(keys: Sequence[Any], actor: Actor, now: datetime) -> tuple[int, list[Mark]]:
    named = members.remove(keys, actor, now)
    return len(named), named


def _rows(table: Any) -> Again:
    def again(keys: Sequence[Any], _actor: Actor, _now: datetime) -> tuple[int, list[Mark]]:
        rows = table.objects.filter(pk__in=keys)
        count = rows.count()
        rows.delete()
        return count, []

    return again


def _files(keys: Sequence[Any], _actor: Actor, _now: datetime) -> tuple[int, list[Mark]]:
    found = [file for file in leftovers.handed_in() if digest(file) in keys]
    transaction.on_commit(lambda: leftovers.unlink(found))
    return len(found), []


def _customers(keys: Sequence[Any], actor: Actor, now: datetime) -> tuple[int, list[Mark]]:
    there = tuple(Customer.objects.filter(pk__in=keys).values_list("pk", flat=True))
    for place in (traced, supplied):
        place.remove(Subject("customer", "", "", (), there), actor, now)
    Customer.objects.filter(pk__in=there).delete()
    return len(there), []


AGAIN: dict[str, Again] = {
    "case": _cases,
    "evidence": _pieces,
    "customer": _customers,
    "contact_way": _rows(ContactWay),
    "special_flag": _rows(SpecialFlag),
    "missed_call": _rows(MissedCall),
    "answered_call": _rows(AnsweredCall),
    "first_move": _rows(FirstMove),
    "person": _people,
    "file": _files,
}
"""What each kind of line does once more."""
