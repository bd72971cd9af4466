"""What every verb of the register does: ask whether the actor keeps it there, and write its event."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from suyuan.domain import staffing
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.store import chain
from suyuan.store.models import Person, Unit

STREAM = "register:org"
Row = Mapping[str, str]


def check(actor: Actor, verb: str, *paths: str) -> None:
    """Refuse who does not keep the register of all these units."""
    if not staffing.keeps_register(actor, *paths):
        raise Refused("not_your_role", verb=verb)


def record(
    actor: Actor,
    now: datetime,
    verb: str,
    detail: dict[str, object],
    objects: Iterable[tuple[str, str]] = (),
) -> int:
    """Write the event of a verb of the register and return its id."""
    return chain.append(
        stream=STREAM, at=now, actor=actor.username, verb=verb, objects=objects, detail=detail
    )


def cell(row: Row, name: str) -> str:
    """Return a cell of a register file without the space around it."""
    return (row.get(name) or "").strip()


def unit_locked(code: str) -> Unit:
    """Return a unit that is still open with its row locked; raise BadInput where there is none."""
    found = Unit.objects.select_for_update(of=("self",)).filter(code=code).first()
    if found is None:
        raise BadInput("unknown_unit", unit=code)
    if found.closed_at is not None:
        raise Refused("unit_closed", unit=code)
    return found


def person_locked(username: str) -> Person:
    """Return a person with the row locked; raise BadInput where there is none."""
    found = Person.objects.select_for_update(of=("self",)).filter(username=username).first()
    if found is None:
        raise BadInput("unknown_person", username=username)
    return found


def path_of(person: Person) -> str:
    """Return the path of the unit a person works at; of nobody's unit, one that only a company reaches."""
    return person.unit.path if person.unit is not None else "/"
