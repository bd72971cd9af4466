"""The tree of units: loaded from a register, confirmed where files named them first."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.order import UNASSIGNED
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.vocabulary import SPECIALTIES
from suyuan.store.models import Case, Unit
from suyuan.store.queries import org

from ._record import Row, cell, check, record
from .grants import hand_over


@transaction.atomic
def load_units(*, rows: Iterable[Row], actor: Actor, now: datetime) -> int:
    """Load units (code, name, parent, specialty, kind, customers), parents in any order; return how many.

    A unit that moves takes those below it along. The root made up for files that came before any register
    goes under the register's own root, and the roles held over it are held over that one.
    """
    given = _by_code(rows)
    known = {unit.code: unit for unit in Unit.objects.select_for_update(of=("self",))}
    _refuse_closed(known, given)
    codes = {unit.pk: code for code, unit in known.items()}
    above = {code: codes[unit.parent_id] if unit.parent_id else "" for code, unit in known.items()}
    above |= {code: cell(row, "parent") for code, row in given.items()}
    alone = {unit.code for unit in known.values() if unit.parent_id is None} == {org.MADE_UP_ROOT}
    adopted = _adopt(above, known, given)
    paths = _paths(above)
    paths_now = [known[code].path for code in given if code in known]
    check(actor, "org_load", *paths_now, *(paths[code] for code in given))
    moved = sorted(code for code, unit in known.items() if unit.path != paths[code])
    for code in sorted({*given, *moved}, key=lambda code: paths[code].count("/")):
        parent = known[above[code]] if above[code] else None
        known[code] = _place(code, (parent, paths[code]), given.get(code), known.get(code))
    if adopted:
        hand_over(known[adopted], known[above[adopted]], SYSTEM if alone else actor, now)
    event = record(actor, now, "org_load", {"units": len(given)} | ({"moved": moved} if moved else {}))
    if moved:
        Case.objects.filter(unit__code__in=moved).update(changed_event=event)
    return len(given)


def _by_code(rows: Iterable[Row]) -> dict[str, Row]:
    given: dict[str, Row] = {}
    for row in rows:
        code = cell(row, "code")
        if code in given:
            raise BadInput("duplicate_in_file", unit=code)
        given[code] = row
    if not given:
        raise BadInput("empty", problem="no_units")
    return given


def _refuse_closed(known: Mapping[str, Unit], given: Mapping[str, Row]) -> None:
    named = {*given, *(cell(row, "parent") for row in given.values())}
    closed = sorted(code for code in named if code in known and known[code].closed_at is not None)
    if closed:
        raise Refused("unit_closed", units=closed[:10])


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


def _place(code: str, at: tuple[Unit | None, str], row: Row | None, unit: Unit | None) -> Unit:
    """Save a unit as the register has it; one that only moved along keeps everything but its path."""
    unit = unit or Unit(code=code)
    unit.parent, unit.path = at
    if row is not None:
        if not code or "/" in code:
            raise BadInput("unknown_value", field="code", value=code)
        specialty, customers = cell(row, "specialty"), cell(row, "customers")
        if specialty and specialty not in SPECIALTIES:
            raise BadInput("unknown_value", field="specialty", value=specialty, unit=code)
        if customers and not customers.isdecimal():
            raise BadInput("unknown_value", field="customers", value=customers, unit=code)
        unit.name, unit.kind, unit.specialty = cell(row, "name"), cell(row, "kind"), specialty
        unit.customers = int(customers) if customers else None
        unit.provisional = False
    unit.save()
    return unit


@transaction.atomic
def confirm(*, codes: Iterable[str], actor: Actor, now: datetime) -> int:
    """Confirm provisional units as they stand; return how many."""
    wanted = set(codes)
    found = Unit.objects.select_for_update().filter(code__in=wanted)
    by_code = {unit.code: unit for unit in found}
    check(actor, "org_confirm", *(unit.path for unit in by_code.values()))
    if unknown := sorted(wanted - set(by_code)):
        raise BadInput("unknown_unit", units=unknown[:10])
    if UNASSIGNED in by_code:
        raise Refused("no_unit_to_confirm", unit=UNASSIGNED)
    fresh = sorted(code for code, unit in by_code.items() if unit.provisional)
    if fresh:
        Unit.objects.filter(code__in=fresh).update(provisional=False)
        record(actor, now, "org_confirm", {"units": fresh})
    return len(fresh)
