"""Shred: two people destroy the key of a piece whose term is over. The row, the digest and the chain stay."""

from datetime import datetime

from django.db import transaction

from suyuan.domain import evidence as rule
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import Actor
from suyuan.store.models import Attachment, Case
from suyuan.store.queries import cases
from suyuan.store.queries.evidence import local_day, term_of

from ._piece import locked, write_down

ASKED = ["shred_asked_at", "shred_asked_by"]


def _term(case: Case, now: datetime, *, said_yes: bool) -> rule.Term:
    term, today = term_of(case), now.astimezone(cases.LOCAL).date()
    reason = rule.unshreddable(term, local_day(case.archived_at), today, said_yes)
    if reason is not None or term is None:
        raise Refused(reason or "no_level", number=case.number)
    return term


@transaction.atomic
def ask_shred(*, number: str, sha256: str, said_yes: bool, actor: Actor, now: datetime) -> None:
    """Ask for a piece to be destroyed; ``said_yes`` says that an unconfirmed term applies."""
    case, piece = locked(number, sha256, actor, "shred")
    if piece.shred_asked_by:
        raise Refused("shred_asked", by=piece.shred_asked_by)
    term = _term(case, now, said_yes=said_yes)
    piece.shred_asked_at, piece.shred_asked_by = now, actor.username
    piece.save(update_fields=ASKED)
    detail = {"figure": term.figure, "years": term.years, "certainty": term.certainty, "said_yes": said_yes}
    write_down(case, piece, "evidence_ask_shred", actor, now, **detail)


@transaction.atomic
def keep(*, number: str, sha256: str, actor: Actor, now: datetime) -> None:
    """Keep a piece whose destruction was asked for."""
    case, piece = locked(number, sha256, actor, "keep")
    if not piece.shred_asked_by:
        raise Refused("shred_not_asked")
    piece.shred_asked_at, piece.shred_asked_by = None, ""
    piece.save(update_fields=ASKED)
    write_down(case, piece, "evidence_keep", actor, now)


@transaction.atomic
def shred(*, number: str, sha256: str, actor: Actor, now: datetime) -> None:
    """Destroy a piece's key as the second person; its bytes go with the next sweep."""
    case, piece = locked(number, sha256, actor, "shred")
    if not piece.shred_asked_by:
        raise Refused("shred_not_asked")
    _term(case, now, said_yes=True)
    destroy(case=case, piece=piece, why={"asked_by": piece.shred_asked_by}, actor=actor, now=now)


@transaction.atomic
def destroy(*, case: Case, piece: Attachment, why: dict[str, str], actor: Actor, now: datetime) -> None:
    """Destroy the key and the sealed words of a piece of a locked case, whatever asked for it."""
    piece.sealed_key = piece.sealed = None
    piece.shredded_at, piece.shredded_by = now, actor.username
    piece.save(update_fields=["sealed_key", "sealed", "shredded_at", "shredded_by"])
    write_down(case, piece, "evidence_shred", actor, now, **why)
