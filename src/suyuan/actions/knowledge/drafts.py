"""Propose an entry, put it before a second person, take it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from suyuan.domain.characters import storable
from suyuan.domain.errors import BadInput, Refused, RulebookError
from suyuan.domain.procedure import Actor
from suyuan.domain.rulebook import edits, entries
from suyuan.store.models import RuleDraft

from . import _shelf, _told, files

LONGEST = 400
LARGEST = 60_000
"""Characters of one entry: a document's text stands in it."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What somebody proposes: the kind, the entry as a file would say it, and why."""

    kind: str
    entry: Mapping[str, Any]
    why: str = ""
    source_file: str = ""
    source_name: str = ""


@transaction.atomic
def propose(*, proposed: Proposed, actor: Actor, now: datetime) -> RuleDraft:
    """Keep a draft; raise BadInput naming what of it does not fit the rulebook."""
    _shelf.lock()
    if proposed.kind not in entries.KINDS:
        raise BadInput("unknown_value", field="kind", value=proposed.kind)
    if not edits.may_propose(proposed.kind, actor):
        raise Refused("not_your_role", verb="rule_propose")
    draft = RuleDraft(author=actor.username, made_at=now, state=edits.DraftState.DRAFT)
    _fill(draft, proposed, actor)
    draft.save()
    _shelf.write(draft, "propose", actor, now, entry=dict(draft.entry))
    return draft


@transaction.atomic
def revise(*, draft: int, proposed: Proposed, actor: Actor, now: datetime) -> RuleDraft:
    """Replace what one's own draft, or a rejected one, says."""
    _shelf.lock()
    found = _shelf.locked(draft)
    _shelf.ask(found, "revise", actor)
    if proposed.kind != found.kind:
        raise BadInput("unknown_value", field="kind", value=proposed.kind)
    _fill(found, proposed, actor)
    found.state, found.reason, found.decided_by, found.decided_at = edits.DraftState.DRAFT, "", "", None
    found.save()
    _shelf.write(found, "revise", actor, now, entry=dict(found.entry))
    return found


@transaction.atomic
def submit(*, draft: int, actor: Actor, now: datetime) -> RuleDraft:
    """Put a draft before somebody who may approve it."""
    _shelf.lock()
    found = _shelf.locked(draft)
    _shelf.ask(found, "submit", actor)
    _shelf.book_with(found)
    found.state, found.submitted_at = edits.DraftState.SUBMITTED, now
    found.save()
    _told.tell_deciders(found, _shelf.write(found, "submit", actor, now), now)
    return found


@transaction.atomic
def withdraw(*, draft: int, actor: Actor, now: datetime) -> RuleDraft:
    """Take one's own proposal back before it is decided."""
    _shelf.lock()
    found = _shelf.locked(draft)
    _shelf.ask(found, "withdraw", actor)
    found.state, found.decided_at = edits.DraftState.WITHDRAWN, now
    found.save()
    _shelf.write(found, "withdraw", actor, now)
    return found


def _fill(draft: RuleDraft, proposed: Proposed, actor: Actor) -> None:
    entry = {name: value for name, value in proposed.entry.items() if value not in ("", None)}
    if proposed.kind in entries.SURE:
        entry["by"] = actor.username
    if not storable(str(entry)) or not storable(proposed.why):
        raise BadInput("bad_form", fields={"why": "bad_characters"})
    if len(proposed.why) > LONGEST or len(str(entry)) > LARGEST:
        raise BadInput("bad_form", fields={"why": "too_long"})
    try:
        draft.mark = entries.mark(proposed.kind, entry)
    except RulebookError as wrong:
        raise _shelf.does_not_fit(wrong) from None
    if len(draft.mark) > 200:
        raise BadInput("bad_form", fields={"id": "too_long"})
    _shelf.check_unit(proposed.kind, entry)
    files.check_there(entry, proposed.source_file)
    draft.kind, draft.entry, draft.why = proposed.kind, entry, proposed.why
    draft.source_file, draft.source_name = proposed.source_file, proposed.source_name[:200]
    _shelf.book_with(draft)
