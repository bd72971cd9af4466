"""Members of the staff who left: what the register and the sign-in know of them goes, the user name stays."""

from datetime import datetime

from django.db import transaction

from suyuan.domain import shredding, staffing
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.store.models import Person

from . import _ledger as ledger
from ._marks import write
from ._members import found, held, remove

__all__ = ["found", "get", "shred_member"]


def get(username: str) -> Person:
    """Return a member of the staff; raise BadInput where there is none."""
    person = Person.objects.select_related("unit").filter(username=username).first()
    if person is None:
        raise BadInput("unknown_person", username=username)
    return person


@transaction.atomic
def shred_member(*, username: str, actor: Actor, now: datetime) -> dict[str, int]:
    """Remove what is known of somebody who left, before the period is over; return how much lay where."""
    person = get(username)
    standing = shredding.Leaving(
        keeps_register=staffing.keeps_register(actor, person.unit.path if person.unit else "/"),
        own=actor.username == username,
        at_work=person.is_active or person.ended_at is None,
        held=username in held(),
    )
    if reason := shredding.refusal_to_leave(standing):
        raise Refused(reason, person=username)
    reached = found(person)
    ledger.note("person", [person.pk], now)
    write(actor, now, "shred_member", {"reached": reached}, remove([person.pk], actor, now))
    return reached
