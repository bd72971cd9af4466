"""Repeat: whoever handles an event that many contacts speak of is told of it, once."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from suyuan.analytics.repeats import Event
from suyuan.domain.procedure import SYSTEM
from suyuan.store import bulk, chain, rules
from suyuan.store.models import Case, RepeatEvent, RepeatMember, Urge
from suyuan.store.queries import repeats

from ._tell import Notice, tell

STREAM, TOLD = "register:repeats", "repeat_event"


@transaction.atomic
def alarm(*, now: datetime) -> int:
    """Keep the events that many spoke of as they stand now, and tell of each that is new; return how many."""
    rules.look(now)
    bulk.one_at_a_time("repeats")
    events = repeats.of_late(now)
    numbers = [one.number for event in events for one in event.contacts]
    cases = {one.number: one for one in Case.objects.filter(number__in=numbers).select_related("unit")}
    members = RepeatMember.objects.filter(case__number__in=numbers)
    known = {one.case.number: one.event for one in members.select_related("case", "event__first__unit")}
    urged = dict(
        Urge.objects.filter(case__number__in=numbers)
        .order_by()
        .values_list("case__number")
        .annotate(Max("at"))
    )
    last = [max(max(one.at, urged.get(one.number, one.at)) for one in event.contacts) for event in events]
    return sum(_keep(event, at, cases, known, now) for event, at in zip(events, last, strict=True))


def _keep(
    event: Event, last: datetime, cases: Mapping[str, Case], known: Mapping[str, RepeatEvent], now: datetime
) -> int:
    """Keep one event as of its last contact or urge; return 1 where somebody is told of it."""
    found = next((known[one.number] for one in event.contacts if one.number in known), None)
    if found is None:
        first = cases[event.contacts[0].number]
        found = RepeatEvent.objects.create(first=first, contacts=event.times, last_at=last, told_at=now)
        _add(found, event, cases, known)
        _write(found, "repeat_alarm", now)
        _tell(found, now)
        return 1
    if (found.contacts, found.last_at) != (event.times, last):
        found.contacts, found.last_at = event.times, last
        found.save(update_fields=["contacts", "last_at"])
        _add(found, event, cases, known)
        _write(found, "repeat_grown", now)
    return 0


def _add(
    found: RepeatEvent, event: Event, cases: Mapping[str, Case], known: Mapping[str, RepeatEvent]
) -> None:
    why = {link.number: link.held for link in reversed(event.links)}
    RepeatMember.objects.bulk_create(
        RepeatMember(
            event=found,
            case=cases[one.number],
            ways=list(why[one.number].ways) if one.number in why else [],
            similarity=why[one.number].similarity if one.number in why else 0.0,
        )
        for one in event.contacts
        if one.number not in known
    )


def _write(found: RepeatEvent, verb: str, now: datetime) -> None:
    numbers = found.members.order_by("pk").values_list("case__number", flat=True)
    chain.append(
        stream=STREAM,
        at=now,
        actor=SYSTEM.username,
        verb=verb,
        objects=[("unit", found.first.unit.code), *(("case", number) for number in numbers)],
        detail={"event": found.pk, "contacts": found.contacts},
    )


def _tell(found: RepeatEvent, now: datetime) -> None:
    case = found.first
    notices = [
        Notice(
            key=f"repeat:{found.pk}:{role}",
            template=TOLD,
            recipient=f"{role}@{case.unit.code}",
            unit_id=case.unit_id,
            case_number=case.number,
            facts={"contacts": str(found.contacts)},
        )
        for role in rules.rulebook().figures["repeat.told"][-1].terms["roles"]
    ]
    tell(notices, now)
