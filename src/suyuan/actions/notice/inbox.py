"""Inbox: a person says that messages in the app have been read, one by one or up to now, or not after all."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from suyuan.store import chain
from suyuan.store.models import Person, Reading, ReadMark
from suyuan.store.queries import notices
from suyuan.store.queries.viewer import Viewer


@transaction.atomic
def read(*, viewer: Viewer, ids: Sequence[int], now: datetime) -> list[int]:
    """Mark messages of one's own as read and return those that were not before."""
    fresh = notices.unread_ids(viewer, ids, now)
    Reading.objects.bulk_create(
        [Reading(person=viewer.person, message_id=pk, at=now) for pk in fresh], ignore_conflicts=True
    )
    if fresh:
        _write(viewer.person, "inbox_read", {"messages": fresh}, now)
    return fresh


@transaction.atomic
def read_about(*, viewer: Viewer, number: str, now: datetime) -> None:
    """Mark what was told about a case as read by whoever opened it; whoever has nothing new asks no more."""
    if not notices.unread(viewer, now):
        return
    if fresh := notices.unread_about(viewer, number, now):
        read(viewer=viewer, ids=fresh, now=now)
        viewer.forget("unread")


@transaction.atomic
def read_all(*, viewer: Viewer, now: datetime) -> int:
    """Mark everything there is for somebody as read; return the id up to which it was before."""
    upto, was = notices.newest(), _mark(viewer.person)
    ReadMark.objects.update_or_create(person=viewer.person, defaults={"upto": upto, "at": now})
    # what was read one by one since the last mark stays until the next, so that this can be taken back
    Reading.objects.filter(person=viewer.person, message_id__lte=was).delete()
    _write(viewer.person, "inbox_read", {"upto": upto, "was": was}, now)
    return was


@transaction.atomic
def unread(*, viewer: Viewer, ids: Sequence[int], now: datetime) -> None:
    """Take back that messages were read one by one."""
    Reading.objects.filter(person=viewer.person, message_id__in=ids).delete()
    _write(viewer.person, "inbox_unread", {"messages": list(ids)}, now)


@transaction.atomic
def unread_all(*, viewer: Viewer, upto: int, now: datetime) -> None:
    """Take back that everything was read: what came after ``upto`` is as it was; never further ahead."""
    upto = min(upto, _mark(viewer.person))
    ReadMark.objects.filter(person=viewer.person).update(upto=upto, at=now)
    _write(viewer.person, "inbox_unread", {"upto": upto}, now)


def _mark(person: Person) -> int:
    Person.objects.select_for_update().get(pk=person.pk)  # one writer of a person's marks at a time
    return ReadMark.objects.filter(person=person).values_list("upto", flat=True).first() or 0


def _write(person: Person, verb: str, detail: dict[str, object], now: datetime) -> None:
    Person.objects.select_for_update().get(pk=person.pk)  # one writer of a person's chain at a time
    chain.append(
        stream=f"inbox:{person.username}",
        at=now,
        actor=person.username,
        verb=verb,
        objects=[("person", person.username)],
        detail=detail,
    )
