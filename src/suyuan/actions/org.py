"""Organisation: load the register of units and people, confirm provisional units, grant roles."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from suyuan.domain.errors import BadInput
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import Role
from suyuan.store import chain
from suyuan.store.models import Grant, Person, Unit

STREAM = "register:org"
DESKS = ("office", "department", "workstation")
"""Kinds of unit that work for the company they sit in: their people's roles reach all of it."""


@transaction.atomic
def load_units(*, rows: Iterable[Mapping[str, str]], actor: Actor, now: datetime) -> int:
    """Load units (code, name, parent, specialty, kind, customers), parents in any order; return how many."""
    waiting = {row["code"].strip(): row for row in rows}
    known = {unit.code: unit for unit in Unit.objects.all()}
    placed = 0
    while waiting:
        ready = [row for row in waiting.values() if not row.get("parent") or row["parent"].strip() in known]
        if not ready:
            raise BadInput("unknown_unit", units=sorted(waiting)[:10], problem="parent_missing_or_circular")
        for row in ready:
            known[row["code"].strip()] = _place(row, known)
            del waiting[row["code"].strip()]
            placed += 1
    _write(actor, now, "org_load", {"units": placed})
    return placed


def _place(row: Mapping[str, str], known: Mapping[str, Unit]) -> Unit:
    code = row["code"].strip()
    if not code or "/" in code:
        raise BadInput("unknown_value", field="code", value=code)
    parent = known[row["parent"].strip()] if row.get("parent") else None
    customers = (row.get("customers") or "").strip()
    unit, _ = Unit.objects.update_or_create(
        code=code,
        defaults={
            "name": row["name"].strip(),
            "parent": parent,
            "path": f"{parent.path if parent else '/'}{code}/",
            "specialty": (row.get("specialty") or "").strip(),
            "kind": (row.get("kind") or "").strip(),
            "customers": int(customers) if customers else None,
            "provisional": False,
        },
    )
    return unit


@transaction.atomic
def load_people(*, rows: Iterable[Mapping[str, str]], actor: Actor, now: datetime, password: str = "") -> int:
    """Load people (username, name, unit, roles separated by spaces, and perhaps over: the unit they reach).

    Without ``over`` people of a desk reach the company the desk sits in, others their own unit. Without a
    password nobody can sign in.
    """
    count = 0
    for row in rows:
        unit = Unit.objects.filter(code=row["unit"].strip()).first()
        if unit is None:
            raise BadInput("unknown_unit", unit=row["unit"], person=row["username"])
        person, made = Person.objects.get_or_create(
            username=row["username"].strip(), defaults={"name": row["name"].strip(), "unit": unit}
        )
        if made:
            person.set_password(password) if password else person.set_unusable_password()
            person.save()
        for role in row["roles"].split():
            Grant.objects.get_or_create(person=person, role=Role(role).value, unit=_reach(row, unit))
        count += 1
    _write(actor, now, "grant", {"people": count})
    return count


def _reach(row: Mapping[str, str], unit: Unit) -> Unit:
    code = (row.get("over") or "").strip()
    if code:
        found = Unit.objects.filter(code=code).first()
        if found is None:
            raise BadInput("unknown_unit", unit=code, person=row["username"])
        return found
    return unit.parent if unit.kind in DESKS and unit.parent is not None else unit


@transaction.atomic
def confirm(*, codes: Iterable[str], actor: Actor, now: datetime) -> int:
    """Confirm provisional units as they stand; return how many."""
    wanted = sorted(set(codes))
    done = Unit.objects.filter(code__in=wanted, provisional=True).update(provisional=False)
    _write(actor, now, "org_confirm", {"units": wanted})
    return done


def _write(actor: Actor, now: datetime, verb: str, detail: dict[str, object]) -> None:
    chain.append(stream=STREAM, at=now, actor=actor.username, verb=verb, objects=[], detail=detail)
