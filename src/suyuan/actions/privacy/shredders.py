"""The shredders: each knows one place where something of a person lies; it finds, hands out and removes it.

A table, folder or index that comes to hold something personal gets one here; ``EVERY`` is all there are.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from suyuan.config.home import home
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import Actor
from suyuan.store import rules, seal, search, tray
from suyuan.store.models import AnsweredCall, Attachment, Case, Contact, FirstMove, Message, MissedCall, Note

from ..customer import _shredding as register
from ..evidence import destroy
from ..imports.spool import Spool
from . import _scored as scored
from . import _supplied as supplied
from . import _traced as traced
from ._scan import holds
from .subject import Subject


@dataclass(frozen=True, slots=True)
class Shredder:
    """One place: how much of a person lies there, what it says, and how it is removed."""

    name: str
    found: Callable[[Subject], int]
    told: Callable[[Subject], list[dict[str, object]]]
    remove: Callable[[Subject, Actor, datetime], int]
    """Removes it and returns how much; what a case's chain must say of it is written as the actor, now."""


def _contacts(subject: Subject):  # type: ignore[no-untyped-def]
    return Contact.objects.filter(subject.ours).exclude(sealed=b"")


def _told_contacts(subject: Subject) -> list[dict[str, object]]:
    rows = _contacts(subject).select_related("case").order_by("at")
    return [{"case": row.case.number, "at": row.at.isoformat(), **seal.unseal(row.sealed)} for row in rows]


def _indexed(subject: Subject):  # type: ignore[no-untyped-def]
    return Contact.objects.filter(subject.ours).exclude(masked="").order_by("pk")


def _told_indexed(subject: Subject) -> list[dict[str, object]]:
    """Return which cases words lead to; what the words are is told by the contacts."""
    numbers = _indexed(subject).order_by("case__number").values_list("case__number", flat=True).distinct()
    return [{"case": number} for number in numbers]


def _remove_indexed(subject: Subject, _actor: Actor, _now: datetime) -> int:
    """Take the cases out of the search index: it must be told the text it was given, before that is gone."""
    firsts: dict[int, str] = {}
    for row in _indexed(subject):
        firsts.setdefault(row.case_id, row.masked)
    for case, masked in firsts.items():
        search.replace(case, masked, "")
    return len(firsts)


def _notes(subject: Subject):  # type: ignore[no-untyped-def]
    return Note.objects.filter(subject.ours).exclude(sealed=b"")


def _told_notes(subject: Subject) -> list[dict[str, object]]:
    rows = _notes(subject).select_related("case").order_by("pk")
    return [{"case": row.case.number, "field": row.field, **seal.unseal(row.sealed)} for row in rows]


def _cases(subject: Subject):  # type: ignore[no-untyped-def]
    return Case.objects.filter(pk__in=subject.cases)


def _pieces(subject: Subject):  # type: ignore[no-untyped-def]
    return Attachment.objects.filter(subject.ours, shredded_at=None).order_by("pk")


def _told_pieces(subject: Subject) -> list[dict[str, object]]:
    return [
        {"case": row.case.number, "sha256": row.sha256} | (seal.unseal(row.sealed) if row.sealed else {})
        for row in _pieces(subject).select_related("case")
    ]


def _remove_pieces(subject: Subject, actor: Actor, now: datetime) -> int:
    """Destroy the keys of the evidence; the row, the digest and the chain stay."""
    rows = list(_pieces(subject).filter(held_at=None).select_related("case__unit"))
    for row in rows:
        destroy(case=row.case, piece=row, why={"asked_as": "person"}, actor=actor, now=now)
        Attachment.objects.filter(pk=row.pk).update(name=row.sha256[:12])
    return len(rows)


def _ways(subject: Subject):  # type: ignore[no-untyped-def]
    return register.ways(subject.customers, subject.kind, subject.index)


def _unlink(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _messages(subject: Subject):  # type: ignore[no-untyped-def]
    numbers = _cases(subject).values("number")
    return Message.objects.filter(case_number__in=numbers).exclude(address=None)


def _phones(subject: Subject) -> set[str]:
    """Return the indices of the numbers that are known of a person."""
    phones = set(_cases(subject).exclude(phone_index="").values_list("phone_index", flat=True))
    phones |= set(_ways(subject).filter(kind="phone").values_list("value_index", flat=True))
    phones |= {subject.index} if subject.kind == "phone" else set()
    return phones


def _missed(subject: Subject):  # type: ignore[no-untyped-def]
    return MissedCall.objects.filter(number_index__in=_phones(subject))


def _answered(subject: Subject):  # type: ignore[no-untyped-def]
    return AnsweredCall.objects.filter(number_index__in=_phones(subject))


def _first_moves(subject: Subject):  # type: ignore[no-untyped-def]
    theirs = Q(customer__in=subject.customers) | Q(case__in=subject.cases)
    return FirstMove.objects.filter(theirs | Q(phone_index__in=_phones(subject)))


def _told_moves(subject: Subject) -> list[dict[str, object]]:
    """Return on which lists a person stood or was held out of, why, and what came of it."""
    rows = _first_moves(subject).select_related("list").order_by("pk")
    names = ("held_out", "state", "outcome", "reasons")
    return [{"day": row.list.day.isoformat()} | {name: getattr(row, name) for name in names} for row in rows]


def _told_missed(subject: Subject) -> list[dict[str, object]]:
    rows = _missed(subject).order_by("at")
    return [{"at": row.at.isoformat(), "state": row.state, **seal.unseal(row.sealed)} for row in rows]


def left_over(subject: Subject) -> list[Path]:
    """Return the files handed in and set apart that hold the number as it was typed, or may hold it."""
    if not subject.given:
        return []
    most = rules.figure("shred.scan", "most_megabytes") * 1024**2
    folders = [home() / name for name in (tray.SET_APART, tray.HANDED_IN, tray.TAKEN_OUT)]
    files = [path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.is_file()]
    return sorted(path for path in files if _mentions(path, subject.given, most))


def _mentions(path: Path, number: str, most: int) -> bool:
    if path.suffix == ".jsonl":  # sealed line by line: the rows of an import that is under way
        return any(number in json.dumps(row, ensure_ascii=False) for row in Spool(path).rows())
    try:
        with tray.reading(path) as file:
            return holds(file, number, most)
    except Refused:  # sealed, and damaged
        return True


def listed(subject: Subject) -> dict[str, list[object]]:
    """Return what of a person the list of what was shredded names, by kind."""
    return {
        "case": list(subject.cases),
        "evidence": list(_pieces(subject).values_list("pk", flat=True)),
        "customer": list(subject.customers),
        "contact_way": list(_ways(subject).values_list("pk", flat=True)),
        "missed_call": list(_missed(subject).values_list("pk", flat=True)),
        "answered_call": list(_answered(subject).values_list("pk", flat=True)),
        "first_move": list(_first_moves(subject).values_list("pk", flat=True)),
        "file": [digest(path) for path in left_over(subject)],
    }


def files_of(subject: Subject) -> list[str]:
    """Return the digests that name the files a shredding removes: its evidence, and what was handed in."""
    evidence = _pieces(subject).filter(held_at=None).values_list("sha256", flat=True)
    return sorted({*evidence, *map(digest, left_over(subject))})


def digest(file: Path) -> str:
    """Return the digest that names a file in the list of what was shredded."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _remove_left_over(subject: Subject, _actor: Actor, _now: datetime) -> int:
    paths = left_over(subject)
    transaction.on_commit(lambda: _unlink(paths))
    return len(paths)


EVERY: tuple[Shredder, ...] = (
    Shredder("event_log", lambda s: len(traced.things(s)), traced.told, traced.remove),
    Shredder("search", lambda s: len(_told_indexed(s)), _told_indexed, _remove_indexed),
    Shredder(
        "contacts",
        lambda s: _contacts(s).count(),
        _told_contacts,
        lambda s, _actor, _now: _contacts(s).update(sealed=b"", masked=""),
    ),
    Shredder(
        "notes",
        lambda s: _notes(s).count(),
        _told_notes,
        lambda s, _actor, _now: _notes(s).update(sealed=b"", masked="", ref=""),
    ),
    Shredder(
        "missed_calls",
        lambda s: _missed(s).count(),
        _told_missed,
        lambda s, _actor, _now: _missed(s).delete()[0],
    ),
    Shredder(
        "answered_calls",
        lambda s: _answered(s).count(),
        lambda s: [{"at": row.at.isoformat()} for row in _answered(s)],
        lambda s, _actor, _now: _answered(s).delete()[0],
    ),
    Shredder(
        "first_moves",
        lambda s: _first_moves(s).count(),
        _told_moves,
        lambda s, _actor, _now: _first_moves(s).delete()[0],
    ),
    Shredder(
        "contact_ways",
        lambda s: _ways(s).count(),
        lambda s: [dict(seal.unseal(way.sealed)) for way in _ways(s)],
        lambda s, _actor, _now: _ways(s).delete()[0],
    ),
    Shredder("supply_tables", lambda s: len(supplied.told(s)), supplied.told, supplied.remove),
    Shredder("risk_scores", lambda s: len(scored.told(s)), scored.told, scored.remove),
    Shredder(
        "register",
        lambda s: register.found(s.customers),
        lambda s: register.told(s.customers),
        lambda s, _actor, _now: register.remove(s.customers),
    ),
    Shredder("attachments", lambda s: _pieces(s).count(), _told_pieces, _remove_pieces),
    Shredder(
        "messages",
        lambda s: _messages(s).count(),
        lambda s: [{"key": row.key, "template": row.template} for row in _messages(s)],
        lambda s, _actor, _now: _messages(s).update(address=None, address_index=""),
    ),
    Shredder(
        "files",
        lambda s: len(left_over(s)),
        lambda s: [{"file": path.name} for path in left_over(s)],
        _remove_left_over,
    ),
    Shredder(
        "cases",
        lambda s: _cases(s).count(),
        lambda s: [{"case": row.number, "accepted": row.accepted_at.isoformat()} for row in _cases(s)],
        lambda s, _actor, _now: _cases(s).update(
            account_index="", phone_index="", name_index="", register_ref="", brief=""
        ),
    ),
)
"""In this order: the event log and the search index first, which are asked by what is removed after them; the
cases last."""
