"""Withdraw, hold, release: evidence is never deleted; under a hold it is neither withdrawn nor shredded."""

from datetime import datetime

from django.db import transaction

from suyuan.domain.procedure import Actor

from ._piece import chosen, locked, write_down


@transaction.atomic
def withdraw(*, number: str, sha256: str, reason: str, actor: Actor, now: datetime) -> None:
    """Withdraw a piece: it stays listed with the reason, and only those who answer for the case see it."""
    case, piece = locked(number, sha256, actor, "withdraw")
    piece.withdrawn_reason = chosen("evidence_withdraw", reason, now)
    piece.withdrawn_at, piece.withdrawn_by = now, actor.username
    piece.save(update_fields=["withdrawn_reason", "withdrawn_at", "withdrawn_by"])
    write_down(case, piece, "evidence_withdraw", actor, now, reason=reason)


@transaction.atomic
def hold(*, number: str, sha256: str, reason: str, actor: Actor, now: datetime) -> None:
    """Hold a piece for as long as somebody may ask for it, whatever its term says."""
    case, piece = locked(number, sha256, actor, "hold")
    piece.held_reason = chosen("evidence_hold", reason, now)
    piece.held_at, piece.held_by = now, actor.username
    piece.shred_asked_at, piece.shred_asked_by = None, ""
    piece.save(update_fields=["held_reason", "held_at", "held_by", "shred_asked_at", "shred_asked_by"])
    write_down(case, piece, "evidence_hold", actor, now, reason=reason)


@transaction.atomic
def release(*, number: str, sha256: str, actor: Actor, now: datetime) -> None:
    """Release a piece from its hold."""
    case, piece = locked(number, sha256, actor, "release")
    piece.held_at, piece.held_by, piece.held_reason = None, "", ""
    piece.save(update_fields=["held_at", "held_by", "held_reason"])
    write_down(case, piece, "evidence_release", actor, now)
