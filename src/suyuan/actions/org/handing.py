"""First passwords for many at once: on one sheet, shown once and kept nowhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from suyuan.domain import signin as rule
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.domain.watermark import Watermark
from suyuan.store import rules
from suyuan.store.models import Person
from suyuan.store.queries import second

from .. import exports
from ._record import person_locked, record
from .passwords import first_password


@dataclass(frozen=True, slots=True)
class Slip:
    """What one person is handed: the first password, and whether it waits for a second person."""

    person: Person
    password: str
    waits: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The slips of one go, the people who got none and why, and the mark with the code of the event."""

    slips: tuple[Slip, ...]
    refused: tuple[tuple[str, str], ...]
    mark: Watermark


@transaction.atomic
def first_passwords(*, usernames: Iterable[str], actor: Actor, now: datetime) -> Sheet:
    """Make a first password for each of these people who has none; return them, this once.

    Whoever has one already is left alone: a sheet asked for twice shuts nobody out.
    """
    wanted = list(dict.fromkeys(usernames))
    if len(wanted) > (most := most_at_once()):
        raise BadInput("too_many_at_once", most=most)
    slips: list[Slip] = []
    refused: list[tuple[str, str]] = []
    for username in wanted:
        try:
            with transaction.atomic():
                _check_none(username)
                slips.append(_slip(username, first_password(username=username, actor=actor, now=now)))
        except (Refused, BadInput) as no:
            refused.append((username, no.code))
    return _sheet(slips, refused, actor, now)


@transaction.atomic
def password_again(*, username: str, actor: Actor, now: datetime) -> Sheet:
    """Make one person a first password, whether or not there is one already, on a sheet of its own."""
    password = first_password(username=username, actor=actor, now=now)
    return _sheet([_slip(username, password)], [], actor, now)


def _sheet(slips: list[Slip], refused: list[tuple[str, str]], actor: Actor, now: datetime) -> Sheet:
    code = exports.code_of_export()
    detail = {"code": code, "people": len(slips), "refused": len(refused)}
    record(actor, now, "first_password_sheet", detail, [("export", code)])
    local = now.astimezone(rules.rulebook().calendar.zone)
    mark = Watermark(actor.username, local, rules.label("verb", "first_password_sheet"), code)
    return Sheet(tuple(slips), tuple(refused), mark)


def most_at_once() -> int:
    """Return how many people one sheet holds."""
    return int(rules.figure("signin.first_passwords", "at_most"))


def _check_none(username: str) -> None:
    """Refuse whoever has a password, with the row locked: two sheets at once give each person one."""
    if person_locked(username).has_usable_password():
        raise Refused("has_password", person=username)


def _slip(username: str, password: str) -> Slip:
    person = Person.objects.select_related("unit").get(username=username)
    waits = rule.waits(person.password_by, person.password_confirmed_by, second.weighty(person))
    return Slip(person, password, waits)
