"""Rights of a person over their data: handed out, removed by two, or held; the chains stay whole."""

import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction

from suyuan.domain import shredding
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.fields import Field, Type
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import Role
from suyuan.domain.watermark import Watermark
from suyuan.store import rules
from suyuan.store.models import (
    Account,
    AnsweredCall,
    Attachment,
    Case,
    Event,
    LegalHold,
    MissedCall,
    Shredding,
)
from suyuan.store.models.audit import LOOKS
from suyuan.store.queries import cases

from .._forms import clean
from ..exports import code_of_export
from . import _ledger as ledger
from ._marks import STREAM, Mark, mark, write
from .shredders import EVERY, files_of, listed
from .subject import Subject, subject

PURPOSE = Field("purpose", Type.CHOICE, reasons="reveal")
BESIDE = (*LOOKS, "shred_ask", "rung")
"""Events of a case that change nothing of what an export showed."""


def found(person: str) -> dict[str, int]:
    """Return how much of a person lies where."""
    meant = subject(person)
    return {shredder.name: shredder.found(meant) for shredder in EVERY}


@transaction.atomic
def export(
    *, person: str, path: Path, actor: Actor, now: datetime, form: Mapping[str, object]
) -> dict[str, int]:
    """Write everything known of a person as a bundle, and return how much of what it holds."""
    meant = subject(person)
    purpose = str(clean((PURPOSE,), form, now)["purpose"])
    if not _roles(actor, meant) & shredding.MAY_ASK:
        raise Refused("not_your_role", verb="person_export")
    told = {shredder.name: shredder.told(meant) for shredder in EVERY}
    code = code_of_export()
    words = rules.label("reason.reveal", purpose)
    line = Watermark(actor.username, now.astimezone(cases.LOCAL), words, code).line
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.comment = line.encode()
        bundle.writestr("taken-out.txt", f"{line}\n")
        for name, rows in told.items():
            bundle.writestr(f"{name}.json", json.dumps(rows, ensure_ascii=False, indent=1))
    counts = {name: len(rows) for name, rows in told.items()}
    request = _request(meant) or Shredding(kind=meant.kind, subject=meant.index)
    request.exported_at, request.last_event, request.asked_by, request.asked_at = now, _last(meant), "", None
    request.save()
    write(actor, now, "person_export", {"purpose": purpose, "code": code, **counts})
    return counts


@transaction.atomic
def shred(*, person: str, actor: Actor, now: datetime) -> Shredding:
    """Ask for a person's data to be removed; asked a second time, by another person, remove them."""
    meant = subject(person)
    for number in sorted(_numbers(meant)):
        cases.locked(number)
    request = _request(meant)
    if reason := shredding.refusal(_standing(meant, actor, request)):
        raise Refused(reason, cases=len(meant.cases))
    assert request is not None
    if not request.asked_by:
        request.asked_by, request.asked_at, request.reached = actor.username, now, found(person)
        request.save()
        write(actor, now, "shred_ask", {"cases": len(meant.cases)})
        return request
    for kind, keys in listed(meant).items():
        ledger.note(kind, keys, now)
    files = [("file", name) for name in files_of(meant)]
    request.reached = {shredder.name: shredder.remove(meant, actor, now) for shredder in EVERY}
    request.subject, request.carried_out_by, request.done_at = "", actor.username, now
    request.save()
    named = [*mark(Case.objects.filter(pk__in=meant.cases), "shred", actor, now), *files]
    write(actor, now, "shred", {"asked_by": request.asked_by, "reached": request.reached}, named)
    return request


def removed(done: Shredding) -> list[Mark]:
    """Return what a shredding that was carried out removed, by kind and a name that leads to nobody."""
    assert done.done_at is not None
    event = Event.objects.filter(stream=STREAM, verb="shred", at=done.done_at).latest("seq")
    return [(kind, name) for kind, name in event.objects_json]


def _request(meant: Subject) -> Shredding | None:
    return Shredding.objects.filter(kind=meant.kind, subject=meant.index, done_at=None).first()


@transaction.atomic
def hold(*, number: str, reason: str, actor: Actor, now: datetime) -> None:
    """Keep everything of a case until it is let go, whatever the periods say."""
    case = _held_by(number, actor)
    if not reason.strip():
        raise BadInput("bad_form", fields={"reason": "required"})
    LegalHold.objects.create(case=case, reason=reason.strip()[:200], set_by=actor.username, set_at=now)
    write(actor, now, "hold_set", {}, [("case", number)])


@transaction.atomic
def release(*, number: str, actor: Actor, now: datetime) -> int:
    """Let a case go and return how many holds that ended."""
    case = _held_by(number, actor)
    ended = LegalHold.objects.filter(case=case, released_at=None).update(
        released_by=actor.username, released_at=now
    )
    write(actor, now, "hold_release", {"holds": ended}, [("case", number)])
    return ended


def _held_by(number: str, actor: Actor) -> Case:
    case = cases.locked(number)
    if not actor.roles_over(case.unit.path) & shredding.MAY_CARRY_OUT:
        raise Refused("not_your_role", verb="hold_set")
    return case


def _standing(meant: Subject, actor: Actor, request: Shredding | None) -> shredding.Standing:
    rows = Case.objects.filter(pk__in=meant.cases)
    return shredding.Standing(
        by=actor.username,
        roles=_roles(actor, meant),
        asked_by=request.asked_by if request else "",
        open_cases=rows.filter(is_open=True).count(),
        holds=LegalHold.objects.filter(case__in=rows, released_at=None).count()
        + Attachment.objects.filter(case__in=rows, shredded_at=None).exclude(held_at=None).count(),
        exported=request is not None,
        changed_since=request is not None and _last(meant) != request.last_event,
    )


def _roles(actor: Actor, meant: Subject) -> frozenset[Role]:
    """Return the roles held over every unit that has a case, an account or a call of the person."""
    paths = set(Case.objects.filter(pk__in=meant.cases).values_list("unit__path", flat=True))
    paths |= set(Account.objects.filter(customer__in=meant.customers).values_list("unit__path", flat=True))
    if meant.kind == "phone":
        calls = MissedCall.objects.filter(number_index=meant.index)
        paths |= set(calls.values_list("unit__path", flat=True))
        answered = AnsweredCall.objects.filter(number_index=meant.index)
        paths |= set(answered.values_list("unit__path", flat=True))
    return frozenset.intersection(*(actor.roles_over(path) for path in paths))


def _last(meant: Subject) -> int:
    """Return the newest event of the person's cases that is more than a look."""
    streams = [f"case:{number}" for number in _numbers(meant)]
    refs = Account.objects.filter(customer__in=meant.customers).values_list("ref", flat=True)
    streams += [f"register:customer:{ref}" for ref in refs]
    rows = Event.objects.filter(stream__in=streams).exclude(verb__in=BESIDE).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def _numbers(meant: Subject) -> list[str]:
    return list(Case.objects.filter(pk__in=meant.cases).values_list("number", flat=True))
