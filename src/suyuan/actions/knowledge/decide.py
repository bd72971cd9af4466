"""Approve or reject what somebody else proposed; an approved entry is in force in every process at once."""

from datetime import datetime

from django.db import transaction

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.domain.rulebook import edits, entries
from suyuan.store import rules
from suyuan.store.models import RuleDraft

from . import _shelf, _told
from .drafts import LONGEST


@transaction.atomic
def approve(*, draft: int, actor: Actor, now: datetime) -> RuleDraft:
    """Make a proposal part of the rulebook, after the whole book with it has been checked."""
    _shelf.lock()
    found = _shelf.locked(draft)
    _shelf.ask(found, "approve", actor)
    today = rules.local_day(now)
    starts = entries.waits_for(found.kind, found.entry, today)
    if starts is not None:
        raise Refused("not_yet_in_force", on=starts.isoformat())
    _shelf.check_unit(found.kind, found.entry)
    book = _shelf.book_with(found)
    gone = RuleDraft.objects.filter(
        state=edits.DraftState.APPROVED, mark__in=_shelf.replaced(found.kind, found.mark)
    )
    marks = sorted(gone.values_list("mark", flat=True))
    gone.update(state=edits.DraftState.SUPERSEDED)
    event = _shelf.write(
        found,
        "approve",
        actor,
        now,
        author=found.author,
        entry=dict(found.entry),
        source=found.source_file,
        replaces=marks,
        edition=book.edition,
    )
    found.landed, found.state = event, edits.DraftState.APPROVED
    found.decided_by, found.decided_at = actor.username, now
    found.save()
    _told.tell_author(found, "rule_approve", event, now)
    return found


@transaction.atomic
def reject(*, draft: int, reason: str, actor: Actor, now: datetime) -> RuleDraft:
    """Send a proposal back with the reason; its author may revise it."""
    _shelf.lock()
    found = _shelf.locked(draft)
    _shelf.ask(found, "reject", actor)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST:
        raise BadInput("bad_form", fields={"reason": "too_long" if reason else "required"})
    found.state, found.reason = edits.DraftState.REJECTED, reason
    found.decided_by, found.decided_at = actor.username, now
    found.save()
    event = _shelf.write(found, "reject", actor, now)
    _told.tell_author(found, "rule_reject", event, now)
    return found
