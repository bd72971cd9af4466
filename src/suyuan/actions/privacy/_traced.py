"""What the event log knows of somebody: their cases, and the numbers that meet theirs by a keyed index."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from suyuan.analytics.trace.causality import fits
from suyuan.domain.procedure import Actor
from suyuan.gateways import kept_log
from suyuan.store import event_log
from suyuan.store.models import Account, Case, ContactWay, Meter

from .. import _foreign
from .subject import Subject


def indexes(subject: Subject) -> Iterator[str]:
    """Yield the keyed indexes of every number of a person that the cases and the register know."""
    rows: tuple[tuple[QuerySet, str], ...] = (  # type: ignore[type-arg]
        (Case.objects.filter(pk__in=subject.cases), "account_index"),
        (Case.objects.filter(pk__in=subject.cases), "phone_index"),
        (Account.objects.filter(customer__in=subject.customers), "number_index"),
        (Meter.objects.filter(account__customer__in=subject.customers), "number_index"),
        (ContactWay.objects.filter(customer__in=subject.customers), "value_index"),
    )
    yield subject.index
    for found, column in rows:
        yield from found.values_list(column, flat=True)


def things(subject: Subject) -> dict[str, str]:
    """Return the objects of the log that are a person's, with their types.

    Besides what an index leads to these are the numbers the log itself says belong to them, such as a meter.
    """
    path = event_log.path()
    if not path.exists():
        return {}
    kept_log.upgrade(path, _foreign.kinds())
    cases = set(Case.objects.filter(pk__in=subject.cases).values_list("number", flat=True))
    meant = {event_log.meeting(index) for index in indexes(subject) if index}
    found = kept_log.types_of(path, cases | meant)
    beside = kept_log.joined(path, [thing for thing in found if event_log.is_reference(thing)])
    given = _foreign.kinds_of_number()
    theirs = (*given.phones, *given.meters)
    return found | {
        thing: kind for thing, kind in beside if event_log.is_reference(thing) and fits(kind, theirs)
    }


def told(subject: Subject) -> list[dict[str, object]]:
    """Return what happened to each of them, as the log has it."""
    path = event_log.path()
    return [
        {"type": kind, "object": thing, "events": kept_log.events_of(path, thing)}
        for thing, kind in sorted(things(subject).items())
    ]


def remove(subject: Subject, _actor: Actor, _now: datetime) -> int:
    """Remove them at once, and again when the transaction stands: the log may be another one by then."""
    these = things(subject)
    _forget(these)
    transaction.on_commit(lambda: _forget(these))
    return len(these)


def _forget(these: dict[str, str]) -> None:
    path = event_log.path()
    if these and path.exists():
        kept_log.forget(path, these)
