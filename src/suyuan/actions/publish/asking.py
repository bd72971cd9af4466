"""Asking for a document: by a person for their own units, or by a schedule for the whole company."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from suyuan.analytics import period as periods
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.schedule import DOCUMENTS, WEEKLY
from suyuan.store import chain, rules
from suyuan.store.models import Publication, Schedule, Unit
from suyuan.store.queries import publications

LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document as somebody asks for it; without a unit it is about everything there is."""

    document: str
    period: str
    unit: str = ""
    language: str = "zh-hans"


@transaction.atomic
def queue(*, wanted: Wanted, actor: Actor, now: datetime) -> Publication:
    """Let a worker prepare a document and return its row: the one under way, where there is one."""
    unit = _unit(wanted.unit)
    if not publications.reaches(actor, unit):
        raise Refused("unknown_unit", unit=wanted.unit)
    if wanted.document in WEEKLY and periods.parse(wanted.period).kind != "week":
        raise BadInput("bad_form", fields={"period": "week_needed"})
    return _queue(wanted, unit, actor, now)


def queue_scheduled(*, row: Schedule, now: datetime) -> int:
    """Queue what a schedule asks for, of the last whole period before now; return the publication's id."""
    today = rules.local_day(now)
    last = periods.of_day(today, row.parameters["period"]).previous
    assert last is not None
    wanted = Wanted(row.parameters["document"], last.label, row.parameters.get("unit", ""))
    with transaction.atomic():
        return _queue(wanted, _unit(wanted.unit), SYSTEM, now).pk


def _unit(code: str) -> Unit | None:
    if not code:
        return None
    found = Unit.objects.filter(code=code).first()
    if found is None:
        raise Refused("unknown_unit", unit=code)
    return found


def _queue(wanted: Wanted, unit: Unit | None, actor: Actor, now: datetime) -> Publication:
    if wanted.document not in DOCUMENTS:
        raise BadInput("unknown_value", field="document", value=wanted.document)
    if wanted.language not in LANGUAGES:
        raise BadInput("unknown_value", field="language", value=wanted.language)
    label = periods.parse(wanted.period).label
    same = {"document": wanted.document, "period": label, "unit": unit, "language": wanted.language}
    waiting = Publication.objects.filter(**same, by=actor.username, state__in=("queued", "running")).first()
    if waiting is not None:
        return waiting
    minute = now.replace(second=0, microsecond=0)
    made = Publication.objects.create(**same, by=actor.username, as_of=minute, queued_at=now, next_at=now)
    chain.append(
        stream="register:publication",
        at=now,
        actor=actor.username,
        verb="publication_queue",
        objects=[("publication", str(made.pk)), *([("unit", unit.code)] if unit else [])],
        detail={"document": wanted.document, "period": label, "language": wanted.language},
    )
    return made
