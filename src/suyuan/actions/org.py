"""Organisation: load the register of units and people, confirm provisional units, grant roles."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.vocabulary import SPECIALTIES, Role
from suyuan.store import chain
from suyuan.store.models import Case, Grant, Person, Unit
from suyuan.store.queries import org

STREAM = "register:org"
DESKS = ("office", "department", "workstation")
"""Kinds of unit that work for the company they sit in: their people's roles reach all of it."""

Row = Mapping[str, str]


@transaction.atomic
def load(
    *, units: Iterable[Row], people: Iterable[Row], actor: Actor, now: datetime, password: str = ""
) -> tuple[int, int]:
    """Load units and then people, all or nothing; return how many of each. No people write nothing."""
    count = load_units(rows=units, actor=actor, now=now)
    staff = list(people)
    return count, load_people(rows=staff, actor=actor, now=now, password=password) if staff else 0


@transaction.atomic
def load_units(*, rows: Iterable[Row], actor: Actor, now: datetime) -> int:
    """Load units (code, name, parent, specialty, kind, customers), parents in any order; return how many.

    A unit that moves takes those below it along. The root made up for files that came before any register
    goes under the register's own root, and the roles held over it are held over that one.
    """
    given = _by_code(rows)
    known = {unit.code: unit for unit in Unit.objects.select_for_update()}
    codes = {unit.pk: code for code, unit in known.items()}
    above = {code: codes[unit.parent_id] if unit.parent_id else "" for code, unit in known.items()}
    above |= {code: _cell(row, "parent") for code, row in given.items()}
    adopted = _adopt(above, known, given)
    paths = _paths(above)
    _check(actor, [paths[code] for code in given] + [known[c].path for c in given if c in known], "org_load")
    moved = sorted(code for code, unit in known.items() if unit.path != paths[code])
    for code in sorted({*given, *moved}, key=lambda code: paths[code].count("/")):
        parent = known[above[code]] if above[code] else None
        known[code] = _place(code, (parent, paths[code]), given.get(code), known.get(code))
    if adopted:
        _hand_over(known[adopted], known[above[adopted]])
    event = _write(actor, now, "org_load", {"units": len(given)} | ({"moved": moved} if moved else {}))
    if moved:
        Case.objects.filter(unit__code__in=moved).update(changed_event=event)
    return len(given)


def _by_code(rows: Iterable[Row]) -> dict[str, Row]:
    given: dict[str, Row] = {}
    for row in rows:
        code = _cell(row, "code")
        if code in given:
            raise BadInput("duplicate_in_file", unit=code)
        given[code] = row
    if not given:
        raise BadInput("empty", problem="no_units")
    return given


def _cell(row: Row, name: str) -> str:
    return (row.get(name) or "").strip()


def _adopt(above: dict[str, str], known: Mapping[str, Unit], given: Mapping[str, Row]) -> str:
    """Put the made-up root under the one root of a register; return its code, or nothing where none is."""
    roots = [code for code in given if not above[code]]
    made_up = known.get(org.MADE_UP_ROOT)
    if len(roots) != 1 or made_up is None or made_up.code in given or not made_up.provisional:
        return ""
    if made_up.parent_id is not None:
        return ""
    above[made_up.code] = roots[0]
    return made_up.code


def _hand_over(old: Unit, new: Unit) -> None:
    for grant in Grant.objects.filter(unit=old):
        Grant.objects.get_or_create(person=grant.person, role=grant.role, unit=new)
        grant.delete()


def _paths(above: Mapping[str, str]) -> dict[str, str]:
    """Return every unit's path; raise BadInput naming those whose parents are missing or go in a circle."""
    paths: dict[str, str] = {}
    waiting = dict(above)
    while waiting:
        ready = [code for code, parent in waiting.items() if not parent or parent in paths]
        if not ready:
            missing = sorted({parent for parent in waiting.values() if parent not in above})
            raise BadInput(
                "unknown_unit",
                units=sorted(waiting)[:10],
                parents=missing[:10],
                problem="parent_missing_or_circular",
            )
        for code in ready:
            parent = waiting.pop(code)
            paths[code] = f"{paths[parent] if parent else '/'}{code}/"
    return paths


def _check(actor: Actor, paths: Iterable[str], verb: str) -> None:
    """Refuse who is neither administrator nor office over these units; over a whole company is over all."""
    if actor is SYSTEM:
        return
    held = [path for role, path in actor.grants if role in org.MAY_CHANGE]
    whole = any(path.count("/") == 2 for path in held)
    if not held or not (whole or all(path.startswith(tuple(held)) for path in paths)):
        raise Refused("not_your_role", verb=verb)


def _place(code: str, at: tuple[Unit | None, str], row: Row | None, unit: Unit | None) -> Unit:
    """Save a unit as the register has it; one that only moved along keeps everything but its path."""
    unit = unit or Unit(code=code)
    unit.parent, unit.path = at
    if row is not None:
        if not code or "/" in code:
            raise BadInput("unknown_value", field="code", value=code)
        specialty, customers = _cell(row, "specialty"), _cell(row, "customers")
        if specialty and specialty not in SPECIALTIES:
            raise BadInput("unknown_value", field="specialty", value=specialty, unit=code)
        if customers and not customers.isdecimal():
            raise BadInput("unknown_value", field="customers", value=customers, unit=code)
        unit.name, unit.kind, unit.specialty = _cell(row, "name"), _cell(row, "kind"), specialty
        unit.customers = int(customers) if customers else None
        unit.provisional = False
    unit.save()
    return unit


@transaction.atomic
def load_people(*, rows: Iterable[Row], actor: Actor, now: datetime, password: str = "") -> int:
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
            if role not in {known.value for known in Role}:
                raise BadInput("unknown_value", field="roles", value=role, person=row["username"])
            Grant.objects.get_or_create(person=person, role=role, unit=_reach(row, unit))
        count += 1
    _write(actor, now, "grant", {"people": count})
    return count


def _reach(row: Row, unit: Unit) -> Unit:
    code = _cell(row, "over")
    if code:
        found = Unit.objects.filter(code=code).first()
        if found is None:
            raise BadInput("unknown_unit", unit=code, person=row["username"])
        return found
    return unit.parent if unit.kind in DESKS and unit.parent is not None else unit


@transaction.atomic
def confirm(*, codes: Iterable[str], actor: Actor, now: datetime) -> int:
    """Confirm provisional units as they stand; return how many."""
    wanted = set(codes)
    found = Unit.objects.select_for_update().filter(code__in=wanted)
    by_code = {unit.code: unit for unit in found}
    _check(actor, [unit.path for unit in by_code.values()], "org_confirm")
    if unknown := sorted(wanted - set(by_code)):
        raise BadInput("unknown_unit", units=unknown[:10])
    fresh = sorted(code for code, unit in by_code.items() if unit.provisional)
    if fresh:
        Unit.objects.filter(code__in=fresh).update(provisional=False)
        _write(actor, now, "org_confirm", {"units": fresh})
    return len(fresh)


def _write(actor: Actor, now: datetime, verb: str, detail: dict[str, object]) -> int:
    return chain.append(stream=STREAM, at=now, actor=actor.username, verb=verb, objects=[], detail=detail)
