"""The places where something outlives its period: what has, and how a batch of it is removed.

A key of retention that ends has its places here; ``PLACES`` is all there are. A case that is open, held, or
part of one that is open outlives nothing, nor does its evidence.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from suyuan.domain import evidence as level
from suyuan.domain.evidence import GENERAL, MAJOR
from suyuan.domain.procedure import Actor
from suyuan.store.models import (
    AnsweredCall,
    ApiKey,
    Attachment,
    Attention,
    BulkRun,
    Case,
    Contact,
    ContactWay,
    Event,
    FirstMove,
    LegalHold,
    Message,
    MissedCall,
    Note,
    Receipt,
    ReceiptCall,
    SignIn,
    SignInTally,
    SpecialFlag,
)

from ..evidence import destroy
from . import _leftovers as leftovers
from . import _members as members
from . import _supplied as supplied
from ._marks import Mark, mark
from .shredders import EVERY
from .subject import Subject

Rows = Callable[[datetime], "QuerySet[Any]"]
Remove = Callable[[Sequence[Any], Actor, datetime], list[Mark]]
"""Removes things by their ids, and returns what the event names; the cases among them say so themselves."""

OF_A_CASE = ("event_log", "search", "contacts", "notes", "messages", "cases")
"""The shredders that reach what a customer said of one case; its evidence has periods of its own."""


@dataclass(frozen=True, slots=True)
class Place:
    """Rows of one table that a period ends for."""

    figure: str
    name: str
    rows: Rows
    """What ended before a moment and is not held."""
    remove: Remove
    held: Rows | None = None
    """What ended before a moment and stays all the same."""
    kind: str = ""
    """What its rows are in the list of what was shredded; nothing where the next run finds them again."""
    case: str = ""
    """The column that leads to the case a row is part of, where it is part of one."""
    batch: int = 1_000

    def count(self, before: datetime) -> int:
        """Return how much has outlived its period."""
        return self.rows(before).count()

    def some(self, before: datetime, after: Any) -> list[Any]:
        """Return the ids of the next batch, those after the last of the batch before."""
        rows = self.rows(before) if after is None else self.rows(before).filter(pk__gt=after)
        return list(rows.order_by("pk").values_list("pk", flat=True)[: self.batch])


# ---- cases and their evidence ----


def _closed(before: datetime) -> "QuerySet[Case]":
    """Return the cases closed before a moment; one without a closing moment closed with its last event."""
    last = Subquery(Event.objects.filter(pk=OuterRef("changed_event")).values("at"))
    rows = Case.objects.filter(is_open=False).alias(closed_at=Coalesce("archived_at", last))
    return rows.filter(closed_at__lt=before)


def _is_held(case: str) -> Q:
    holds = LegalHold.objects.filter(case=OuterRef(case), released_at=None)
    pieces = Attachment.objects.filter(case=OuterRef(case), shredded_at=None).exclude(held_at=None)
    return Q(Exists(holds)) | Q(Exists(pieces))


def _under_an_open_one(case: str) -> Q:
    return Q(Exists(Case.objects.filter(number=OuterRef(f"{case}parent_number"), is_open=True)))


def _speaking(before: datetime) -> "QuerySet[Case]":
    """Return the closed cases of which something a customer said is left."""
    contacts = Contact.objects.filter(case=OuterRef("pk")).exclude(sealed=b"", masked="")
    notes = Note.objects.filter(case=OuterRef("pk")).exclude(sealed=b"")
    left = (
        Q(Exists(contacts))
        | Q(Exists(notes))
        | ~Q(account_index="", phone_index="", register_ref="", brief="")
    )
    return _closed(before).filter(left).exclude(_under_an_open_one(""))


def remove_cases(these: Sequence[int], actor: Actor, now: datetime) -> None:
    """Remove what customers said of cases, wherever it lies."""
    meant = Subject("case", "", "", tuple(these))
    for shredder in EVERY:
        if shredder.name in OF_A_CASE:
            shredder.remove(meant, actor, now)


def _end_cases(these: Sequence[int], actor: Actor, now: datetime) -> list[Mark]:
    remove_cases(these, actor, now)
    return mark(Case.objects.filter(pk__in=these), "retention_shred", actor, now)


def _pieces(figure: str) -> Rows:
    """Return the evidence of the levels that a figure is for, its cases closed before a moment."""
    levels = [each for each, name in level.TERM_OF.items() if name == figure]

    def rows(before: datetime) -> "QuerySet[Attachment]":
        cases = _closed(before).filter(level__in=levels).exclude(_under_an_open_one(""))
        return Attachment.objects.filter(case__in=cases, shredded_at=None)

    return rows


def remove_pieces(these: Sequence[int], actor: Actor, now: datetime) -> list[Mark]:
    """Destroy the keys of pieces of evidence that still have one, and return their cases."""
    rows = list(
        Attachment.objects.filter(pk__in=these, shredded_at=None).select_related("case__unit").order_by("pk")
    )
    for row in rows:
        destroy(case=row.case, piece=row, why={"asked_as": "retention"}, actor=actor, now=now)
        Attachment.objects.filter(pk=row.pk).update(name=row.sha256[:12])
    return [("case", number) for number in sorted({row.case.number for row in rows})]


def _without_held(rows: Rows, case: str) -> Rows:
    return lambda before: rows(before).exclude(_is_held(case))


def _held_of(rows: Rows, case: str) -> Rows:
    return lambda before: rows(before).filter(_is_held(case))


def _of_cases(figure: str, name: str, rows: Rows, case: str, remove: Remove) -> Place:
    kind = "case" if case == "pk" else "evidence"
    free, held = _without_held(rows, case), _held_of(rows, case)
    return Place(figure, name, free, remove, held, kind, case, batch=200)


# ---- what comes to its own end ----


def _deleting(table: Any) -> Remove:
    """Return what deletes rows of a table."""

    def remove(these: Sequence[Any], _actor: Actor, _now: datetime) -> list[Mark]:
        table.objects.filter(pk__in=these).delete()
        return []

    return remove


def _messages(before: datetime) -> "QuerySet[Message]":
    at = Coalesce("delivered_at", "sent_at", "queued_at")
    return Message.objects.filter(next_at=None).alias(done_at=at).filter(done_at__lt=before)


def _calls(before: datetime) -> "QuerySet[MissedCall]":
    return MissedCall.objects.alias(done_at=Coalesce("closed_at", "at")).filter(done_at__lt=before)


def _moves(before: datetime) -> "QuerySet[FirstMove]":
    return FirstMove.objects.filter(list__made_at__lt=before)


def _flags(before: datetime) -> "QuerySet[SpecialFlag]":
    ended = Q(cleared_at__lt=before) | Q(withdrawn_at__lt=before) | Q(expires_on__lt=before.date())
    return SpecialFlag.objects.filter(ended)


def _sign_ins(before: datetime) -> "QuerySet[SignIn]":
    return SignIn.objects.alias(over_at=Coalesce("ended_at", "seen_at")).filter(over_at__lt=before)


def _keys(before: datetime) -> "QuerySet[ApiKey]":
    return ApiKey.objects.alias(over_at=Coalesce("revoked_at", "expires_at")).filter(over_at__lt=before)


def _tallies(before: datetime) -> "QuerySet[SignInTally]":
    rows = SignInTally.objects.alias(over_at=Coalesce("locked_until", F("first_at")))
    return rows.filter(over_at__lt=before)


CONTACT, PERSON, CUSTOMER = "retention.contact", "retention.person", "retention.customer"
OUTBOX, SESSION, WORK = "retention.outbox", "retention.session", "retention.work"
SUPPLY = "retention.supply"

PLACES: tuple[Place | leftovers.Files, ...] = (
    _of_cases(CONTACT, "cases", _speaking, "pk", _end_cases),
    Place(CONTACT, "missed_calls", _calls, _deleting(MissedCall), kind="missed_call"),
    Place(CONTACT, "first_moves", _moves, _deleting(FirstMove), kind="first_move"),
    _of_cases(GENERAL, "evidence_general", _pieces(GENERAL), "case_id", remove_pieces),
    _of_cases(MAJOR, "evidence_major", _pieces(MAJOR), "case_id", remove_pieces),
    Place(PERSON, "people", members.left_before, members.remove, members.held_before, "person", batch=100),
    Place(
        CUSTOMER,
        "contact_ways",
        lambda before: ContactWay.objects.filter(valid_until__lt=before.date()),
        _deleting(ContactWay),
        kind="contact_way",
    ),
    Place(CUSTOMER, "special_flags", _flags, _deleting(SpecialFlag), kind="special_flag"),
    Place(OUTBOX, "messages", _messages, _deleting(Message)),
    Place(
        OUTBOX,
        "receipts",
        lambda before: Receipt.objects.filter(message=None, received_at__lt=before),
        _deleting(Receipt),
    ),
    Place(
        OUTBOX,
        "receipt_calls",
        lambda before: ReceiptCall.objects.filter(at__lt=before),
        _deleting(ReceiptCall),
    ),
    leftovers.Files(OUTBOX, "outbox_files", leftovers.carried),
    Place(SESSION, "sign_ins", _sign_ins, _deleting(SignIn)),
    Place(
        SESSION, "browsers", lambda before: Session.objects.filter(expire_date__lt=before), _deleting(Session)
    ),
    Place(SESSION, "api_keys", _keys, _deleting(ApiKey)),
    Place(SESSION, "failed_sign_ins", _tallies, _deleting(SignInTally)),
    Place(
        SESSION, "seen_cases", lambda before: Attention.objects.filter(at__lt=before), _deleting(Attention)
    ),
    leftovers.Files(WORK, "handed_in_files", leftovers.handed_in),
    Place(
        WORK,
        "answered_calls",
        lambda before: AnsweredCall.objects.filter(at__lt=before),
        _deleting(AnsweredCall),
    ),
    Place(WORK, "imports", leftovers.imports_done, leftovers.remove_imports),
    Place(
        WORK,
        "bulk_runs",
        lambda before: BulkRun.objects.filter(next_at=None, finished_at__lt=before),
        _deleting(BulkRun),
    ),
    Place(WORK, "publications", leftovers.published, leftovers.remove_publications),
    supplied.parts(SUPPLY),
)
"""In this order; the evidence of a case goes by its own period, before or after what the customer said."""
