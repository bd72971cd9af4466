"""Preferences: what a person has seen of the cases, and how they like their lists."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain
from suyuan.store.models import Attention, Case, Event, Person, Preference
from suyuan.store.queries.attention import COLUMNS, THEMES


def look(*, person: Person, case: Case, now: datetime) -> None:
    """Remember that somebody has a case open as it stands; the row is its own record."""
    seen = {"event": case.changed_event or 0, "at": now}
    Attention.objects.update_or_create(person=person, case=case, defaults=seen)


@transaction.atomic
def seen_all(*, person: Person, now: datetime) -> None:
    """Count every case as seen as it stands."""
    upto = int(Event.objects.aggregate(top=Max("pk"))["top"] or 0)
    _keep(person, "cases_read", {"upto": upto}, now)


@transaction.atomic
def columns(*, person: Person, codes: Sequence[str], now: datetime) -> None:
    """Keep the columns a person wants to see in lists of cases; none are those of the house."""
    for code in codes:
        if code not in COLUMNS:
            raise BadInput("unknown_value", field="columns", value=code)
    _keep(person, "columns_set", {"columns": [code for code in COLUMNS if code in codes]}, now)


@transaction.atomic
def theme(*, person: Person, name: str, now: datetime) -> None:
    """Keep whether a person wants it light, dark, or as the machine has it."""
    if name not in THEMES:
        raise BadInput("unknown_value", field="theme", value=name)
    _keep(person, "theme_set", {"theme": name}, now)


@transaction.atomic
def sms(*, person: Person, wanted: bool, now: datetime) -> None:
    """Keep whether messages come to a person's work phone too; refused where the register has none."""
    if wanted and not person.phone:
        raise Refused("no_work_phone")
    _keep(person, "sms_set", {"sms": wanted}, now)


def _keep(person: Person, verb: str, values: dict[str, object], now: datetime) -> None:
    Person.objects.select_for_update().get(pk=person.pk)  # one writer of a person's chain at a time
    Preference.objects.update_or_create(person=person, defaults=values)
    chain.append(
        stream=f"register:person:{person.username}",
        at=now,
        actor=person.username,
        verb=verb,
        objects=[("person", person.username)],
        detail=values,
    )
