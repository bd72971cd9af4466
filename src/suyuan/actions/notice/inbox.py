"""Inbox: a person says that messages in the app have been read, one by one or all up to now."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from suyuan.store import chain
from suyuan.store.models import Person, Reading, ReadMark
from suyuan.store.queries import notices
from suyuan.store.queries.viewer import Viewer


@transaction.atomic
def read(*, viewer: Viewer, ids: Sequence[int], now: datetime) -> int:
    """Mark messages of one's own as read and return how many were not before."""
    fresh = notices.unread_ids(viewer, ids, now)
    Reading.objects.bulk_create(
        [Reading(person=viewer.person, message_id=pk, at=now) for pk in fresh], ignore_conflicts=True
    )
    if fresh:
        _write(viewer.person, {"messages": fresh}, now)
    return len(fresh)


@transaction.atomic
def read_all(*, viewer: Viewer, now: datetime) -> int:
    """Mark everything there is for somebody as read; return the id up to which it is."""
    upto = notices.newest()
    ReadMark.objects.update_or_create(person=viewer.person, defaults={"upto": upto, "at": now})
    Reading.objects.filter(person=viewer.person, message_id__lte=upto).delete()
    _write(viewer.person, {"upto": upto}, now)
    return upto


def _write(person: Person, detail: dict[str, object], now: datetime) -> None:
    Person.objects.select_for_update().get(pk=person.pk)  # one writer of a person's chain at a time
    chain.append(
        stream=f"inbox:{person.username}",
        at=now,
        actor=person.username,
        verb="inbox_read",
        objects=[("person", person.username)],
        detail=detail,
    )
