"""Remind: a document whose review day has come tells whoever answers for it, once for each review day."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from suyuan.domain.procedure import Actor
from suyuan.domain.rulebook.edits import DraftState
from suyuan.domain.rulebook.office import Document
from suyuan.domain.vocabulary import Role
from suyuan.store import bulk, chain, rules
from suyuan.store.models import Message, Person, RuleDraft, Unit

from .._tell import Notice, tell

TEMPLATE = "review"


@transaction.atomic
def remind(*, actor: Actor, now: datetime) -> int:
    """Queue what is due today or was missed, and return how many documents somebody is told of."""
    bulk.one_at_a_time("rule_review")
    told = 0
    for document in _due(now):
        notices = _missing(_notices(document))
        if not notices:
            continue
        tell(notices, now)
        told += 1
        chain.append(
            stream=f"rulereview:{_ref(document)}",
            at=now,
            actor=actor.username,
            verb="rule_remind",
            objects=[("document", document.number)],
            detail={"review_on": str(document.review_on), "recipients": [one.recipient for one in notices]},
        )
    return told


def _due(now: datetime) -> list[Document]:
    """Return the newest edition of each document that is to be reviewed by today, and still in force."""
    today = rules.local_day(now)
    newest = [editions[-1] for editions in rules.rulebook().documents.values()]
    return [
        one
        for one in newest
        if one.review_on
        and one.review_on <= today
        and (one.in_force_until is None or one.in_force_until >= today)
    ]


def _notices(document: Document) -> list[Notice]:
    """Return what to tell: the office of each company, and whoever wrote the edition, while still here."""
    facts = {"document": document.number, "version": document.version, "day": str(document.review_on)}
    key = f"review:{_ref(document)}:{document.review_on}"
    found = [
        Notice(f"{key}:{unit.pk}", TEMPLATE, f"{Role.OFFICE}@{unit.code}", unit.pk, "", facts)
        for unit in Unit.objects.filter(parent=None).order_by("pk")
    ]
    mark = f"document:{document.number}:{document.in_force_from or ''}"
    authors = RuleDraft.objects.filter(mark=mark, state=DraftState.APPROVED).values("author")
    people = Person.objects.filter(username__in=authors, is_active=True).exclude(unit=None)
    return found + [
        Notice(f"{key}:p{one.pk}", TEMPLATE, f"person:{one.username}", one.unit_id or 0, "", facts)
        for one in people
    ]


def _missing(notices: Iterable[Notice]) -> list[Notice]:
    """Leave out what was queued before."""
    every = {one.key: one for one in notices}
    known = set(Message.objects.filter(key__in=every).values_list("key", flat=True))
    return [one for key, one in every.items() if key not in known]


def _ref(document: Document) -> str:
    return hashlib.sha256(document.number.encode()).hexdigest()[:24]
