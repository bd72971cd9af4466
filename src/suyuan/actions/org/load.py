"""A register of units and people in the layout of the simulated city: all of it or nothing."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from suyuan.domain import staffing
from suyuan.domain.errors import BadInput
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import Role
from suyuan.store.models import Grant, Person, Unit
from suyuan.store.queries import second

from . import asking
from ._record import Row, cell, record
from .grants import check_giving
from .tree import load_units


@transaction.atomic
def load(
    *, units: Iterable[Row], people: Iterable[Row], actor: Actor, now: datetime, password: str = ""
) -> tuple[int, int]:
    """Load units and then people, all or nothing; return how many of each. No people write nothing."""
    count = load_units(rows=units, actor=actor, now=now)
    staff = list(people)
    return count, load_people(rows=staff, actor=actor, now=now, password=password) if staff else 0


@transaction.atomic
def load_people(*, rows: Iterable[Row], actor: Actor, now: datetime, password: str = "") -> int:
    """Load people (username, name, unit, roles separated by spaces, and perhaps over: the unit they reach).

    Without ``over`` people of a desk reach the company the desk sits in, others their own unit. Without a
    password nobody can sign in. One password for all is hashed once: hashing is slow on purpose.
    """
    count, hashed = 0, make_password(password or None)
    for row in rows:
        unit = Unit.objects.filter(code=row["unit"].strip()).first()
        if unit is None:
            raise BadInput("unknown_unit", unit=row["unit"], person=row["username"])
        known = {"name": row["name"].strip(), "unit": unit, "password": hashed}
        person, _ = Person.objects.get_or_create(username=row["username"].strip(), defaults=known)
        for role in row["roles"].split():
            if role not in {each.value for each in Role}:
                raise BadInput("unknown_value", field="roles", value=role, person=row["username"])
            over = _reach(row, unit)
            check_giving(actor, person.username, Role(role), over)
            wanted = asking.Wanted(person, Role(role), over, "register")
            if asking.waits(wanted, second.held(person), actor):
                if not second.waiting_for(person, Role(role), over, None):
                    asking.ask(wanted=wanted, asker=actor, now=now)
                continue
            Grant.objects.get_or_create(
                person=person,
                role=role,
                unit=over,
                holding=None,
                defaults={"reason": "register", "given_by": actor.username, "given_at": now},
            )
        count += 1
    record(actor, now, "grant", {"people": count})
    return count


def _reach(row: Row, unit: Unit) -> Unit:
    code = cell(row, "over")
    if code:
        found = Unit.objects.filter(code=code).first()
        if found is None:
            raise BadInput("unknown_unit", unit=code, person=row["username"])
        return found
    return unit.parent if unit.kind in staffing.DESKS and unit.parent is not None else unit
