"""Units renamed, moved, merged and closed: no open case, person or role is left at a unit that is gone."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from suyuan.domain import staffing
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.vocabulary import Role
from suyuan.store import chain
from suyuan.store.models import Case, Grant, Holding, Unit

from .._forms import clean
from ._record import check, record, unit_locked
from .grants import hand_over
from .posts import put
from .tree import load_units

FORMER = 20
"""So many former names of a unit are kept."""


@transaction.atomic
def add_unit(*, code: str, parent: str, form: Mapping[str, object], actor: Actor, now: datetime) -> None:
    """Add a unit below another, or the first one of all."""
    if Unit.objects.filter(code=code).exists():
        raise BadInput("bad_form", fields={"code": "number_taken"})
    if parent:
        unit_locked(parent)
    values = clean(staffing.UNIT_FORM, form, now)
    load_units(rows=[_row(code, parent, values)], actor=actor, now=now)


def _row(code: str, parent: str, values: Mapping[str, object]) -> dict[str, str]:
    customers = values.get("customers")
    return {
        "code": code,
        "parent": parent,
        "name": str(values["unit_name"]),
        "kind": str(values.get("unit_kind", "")),
        "specialty": str(values.get("specialty", "")),
        "customers": "" if customers is None else str(customers),
    }


@transaction.atomic
def change_unit(*, code: str, form: Mapping[str, object], actor: Actor, now: datetime) -> bool:
    """Change a unit's name, kind, specialty or customers; return whether anything changed.

    The name it had is kept: last month's order file still says it.
    """
    unit = unit_locked(code)
    check(actor, "unit_change", unit.path)
    values = clean(staffing.UNIT_FORM, form, now, {"specialty": unit.specialty})
    if isinstance(values.get("customers"), int) and int(str(values["customers"])) < 0:
        raise BadInput("bad_form", fields={"customers": "not_a_number"})
    given = {
        "name": values["unit_name"],
        "kind": values.get("unit_kind", ""),
        "specialty": values.get("specialty", ""),
        "customers": values.get("customers"),
    }
    changed = {name: value for name, value in given.items() if getattr(unit, name) != value}
    if not changed:
        return False
    detail: dict[str, object] = {"changed": changed}
    if "name" in changed:
        detail["was"] = unit.name
        unit.former_names = [*(n for n in unit.former_names if n != changed["name"]), unit.name][-FORMER:]
    for name, value in changed.items():
        setattr(unit, name, value)
    unit.save()
    _touch(unit, record(actor, now, "unit_change", detail, [("unit", code)]))
    return True


def _touch(unit: Unit, event: int) -> None:
    """Let the lake take the unit's cases again: it holds the names of units."""
    Case.objects.filter(unit=unit).update(changed_event=event)


@transaction.atomic
def move_unit(*, code: str, parent: str, actor: Actor, now: datetime) -> None:
    """Put a unit, with everything below it, under another one."""
    unit = unit_locked(code)
    unit_locked(parent)
    row = {
        "code": code,
        "parent": parent,
        "name": unit.name,
        "kind": unit.kind,
        "specialty": unit.specialty,
        "customers": "" if unit.customers is None else str(unit.customers),
    }
    load_units(rows=[row], actor=actor, now=now)


@transaction.atomic
def close_unit(*, code: str, actor: Actor, now: datetime) -> None:
    """Close a unit at which nothing is left: no open case, nobody at work, no unit below."""
    unit = unit_locked(code)
    check(actor, "unit_close", unit.path)
    left = {
        "cases": Case.objects.filter(unit=unit, is_open=True).count(),
        "people": unit.staff.filter(ended_at=None).count(),
        "units": unit.children.filter(closed_at=None).count(),
        "grants": Grant.objects.filter(unit=unit).count(),
    }
    if any(left.values()):
        raise Refused("unit_not_empty", unit=code, **{name: n for name, n in left.items() if n})
    unit.closed_at = now
    unit.save(update_fields=["closed_at"])
    record(actor, now, "unit_close", {}, [("unit", code)])


@transaction.atomic
def merge_units(*, code: str, into: str, actor: Actor, now: datetime) -> int:
    """Let a unit go into another: open cases, people, posts, roles and units below; return the cases.

    What is closed stays where it was done, and the old unit lies closed under the new one, whose people so
    reach it.
    """
    if code == into:
        raise BadInput("bad_form", fields={"into_unit": "same_unit"})
    first, second = sorted((code, into))  # one order, or two who merge crosswise wait for each other
    locked = {one: unit_locked(one) for one in (first, second)}
    unit, target = locked[code], locked[into]
    check(actor, "unit_merge", unit.path, target.path)
    if target.path.startswith(unit.path):
        raise BadInput("bad_form", fields={"into_unit": "below_itself"})
    held = Grant.objects.filter(unit__in=(unit, target)).values_list("role", flat=True).distinct()
    for role in held:
        if (reason := staffing.refusal_to_give(actor, "", Role(role), target.path)) is not None:
            raise Refused(reason, role=role, unit=into)
    for child in unit.children.filter(closed_at=None):
        move_unit(code=child.code, parent=into, actor=actor, now=now)
    cases = _move_cases(unit, target, actor, now)
    staff = _move_people(unit, target, actor, now)
    hand_over(unit, target, actor, now)
    move_unit(code=code, parent=into, actor=actor, now=now)
    unit.refresh_from_db()
    unit.closed_at, unit.merged_into = now, target
    unit.save(update_fields=["closed_at", "merged_into"])
    detail = {"into": into, "cases": cases, "people": staff}
    record(actor, now, "unit_merge", detail, [("unit", code), ("unit", into)])
    return cases


def _move_cases(unit: Unit, target: Unit, actor: Actor, now: datetime) -> int:
    """Move the open cases, each in its own chain: a case's history says which units had it."""
    rows = Case.objects.select_for_update(of=("self",)).filter(unit=unit, is_open=True).order_by("pk")
    for case in rows:
        case.unit = target
        case.changed_event = chain.append(
            stream=f"case:{case.number}",
            at=now,
            actor=actor.username,
            verb="unit_merge",
            objects=[("case", case.number), ("unit", target.code)],
            detail={"was": {"unit": unit.code}, "unit": target.code},
        )
        case.save(update_fields=["unit", "changed_event"])
    Case.objects.filter(desk=unit, is_open=True).update(desk=target)
    return len(rows)


def _move_people(unit: Unit, target: Unit, actor: Actor, now: datetime) -> int:
    """Move everybody with the post held: the same roles, over the unit that took theirs in."""
    staff = list(unit.staff.select_for_update(of=("self",)).order_by("pk"))
    for person in staff:
        held = Holding.objects.select_related("post").filter(person=person, until=None).first()
        person.unit = target
        person.save(update_fields=["unit"])
        put(person, held.post if held else None, SYSTEM, now, asker=actor)
    return len(staff)
