"""What models of risk said of a person: of their cases, and of their accounts by reference."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import transaction

from suyuan.domain.procedure import Actor
from suyuan.store import event_log
from suyuan.store.models import Case

from ..risk import scoring
from . import _traced as traced
from .subject import Subject


def subjects(subject: Subject) -> set[str]:
    """Return by what names scores may speak of a person."""
    cases = Case.objects.filter(pk__in=subject.cases).values_list("number", flat=True)
    indexes = {index for index in traced.indexes(subject) if index}
    return {*cases, *indexes, *map(event_log.meeting, indexes)}


def told(subject: Subject) -> list[dict[str, object]]:
    """Return each score that is kept of them."""
    return list(_told(subjects(subject)))


def _told(these: Collection[str]) -> Iterator[dict[str, object]]:
    for name, one in scoring.of_subjects(these):
        yield {"model": name, "subject": one.subject, "chance": one.chance, "band": one.band}


def remove(subject: Subject, _actor: Actor, _now: datetime) -> int:
    """Remove them at once, and again when the transaction stands: scores may be others by then."""
    these = subjects(subject)
    transaction.on_commit(lambda: scoring.forget(these))
    return scoring.forget(these)
