"""People: entered, moved, ended; nobody goes while cases are in his hands."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import cast

from django.db import transaction

from suyuan.domain import staffing
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.telephone import is_phone
from suyuan.store import chain, rules
from suyuan.store.models import Case, Holding, Person, Unit
from suyuan.store.queries import people, second

from .. import signin
from .._forms import clean
from . import asking
from ._record import check, path_of, person_locked, record, unit_locked
from .grants import check_taking, keeping_an_administrator, lay_down
from .posts import leave, put

BLANK = ("employee_number", "specialty", "seat", "phone", "email", "competence", "tags")


@transaction.atomic
def save_person(*, username: str, unit: str, form: Mapping[str, object], actor: Actor, now: datetime) -> bool:
    """Enter somebody at a unit, or change what is known; return whether anything changed.

    Nobody new can sign in before a first password is made. Moving somebody is :func:`move_person`.
    """
    values = clean(staffing.PERSON_FORM, form, now)
    person = Person.objects.select_for_update(of=("self",)).filter(username=username).first()
    if person is None:
        return _enter(username, unit_locked(unit), values, actor, now)
    check(actor, "person_save", path_of(person))
    changed = _differences(person, _given(values))
    if not changed:
        return False
    _keep(person, changed, actor, now)
    record(actor, now, "person_save", {"changed": sorted(changed)}, _of(person))
    return True


@transaction.atomic
def seal_phones(*, now: datetime) -> int:
    """Seal the work phones that stand as they were typed before phones were sealed; return how many."""
    rows = Person.objects.select_for_update(of=("self",)).exclude(phone_clear="").order_by("pk")
    for person in rows:
        person.phone = person.phone_clear
        person.save(update_fields=["phone_sealed", "phone_clear"])
    if rows:
        record(SYSTEM, now, "phones_seal", {"people": len(rows)})
    return len(rows)


def _given(values: Mapping[str, object]) -> dict[str, object]:
    blank: dict[str, object] = dict.fromkeys(BLANK, "")
    given = blank | {"active_from": None, "active_until": None} | dict(values)
    return given | {"tags": " ".join(cast("Iterable[str]", values.get("tags", ())))}


def _differences(person: Person, given: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in given.items() if getattr(person, name) != value}


def _keep(person: Person, changed: Mapping[str, object], actor: Actor, now: datetime) -> None:
    until = person.active_until
    for name, value in changed.items():
        setattr(person, name, value)
    _check_fields(person)
    if _goes_sooner(person, until, _day(now)):
        check_taking(actor, person.grants.select_related("person", "unit"))
    here = people.at_work(person, _day(now))
    if {"active_from", "active_until"} & set(changed) and here is not person.is_active:
        person.is_active, person.ended_at = here, None
        with keeping_an_administrator():
            if not here:
                lay_down(person, actor, now)
            person.save()
        _out_of_doors(person, now)
        return
    person.save()


def _goes_sooner(person: Person, until: date | None, on: date) -> bool:
    """Return whether somebody's dates let him out, now or on a day to come, sooner than they did."""
    last = person.active_until
    sooner = last is not None and (until is None or last < until)
    return sooner or (person.is_active and not people.at_work(person, on))


def _check_fields(person: Person) -> None:
    """Refuse a number somebody else has, a telephone nobody has, and a time that ends before it begins."""
    wrong = {}
    if person.phone and not is_phone(person.phone):
        wrong["phone"] = "not_a_phone"
    number = person.employee_number
    if number and Person.objects.filter(employee_number=number).exclude(pk=person.pk).exists():
        wrong["employee_number"] = "number_taken"
    if person.active_from and person.active_until and person.active_until < person.active_from:
        wrong["active_until"] = "out_of_order"
    if wrong:
        raise BadInput("bad_form", fields=wrong)


def _enter(username: str, unit: Unit, values: Mapping[str, object], actor: Actor, now: datetime) -> bool:
    check(actor, "person_save", unit.path)
    if not username or len(username) > 60 or any(each.isspace() for each in username):
        raise BadInput("bad_form", fields={"username": "bad_identifier"})
    person = Person(username=username, unit=unit, **_given(values))
    _check_fields(person)
    person.is_active = people.at_work(person, _day(now))
    person.set_unusable_password()
    person.save()
    record(actor, now, "person_save", {"new": True, "unit": unit.code}, _of(person))
    return True


@transaction.atomic
def move_person(*, username: str, unit: str, post: str = "", actor: Actor, now: datetime) -> bool:
    """Move somebody to another unit; his post goes along, or the one named takes its place.

    What was given for itself stays: it was given with a reason, and is withdrawn with one.
    """
    person, to = person_locked(username), unit_locked(unit)
    check(actor, "person_move", path_of(person), to.path)
    held = Holding.objects.select_related("post").filter(person=person, until=None).first()
    wanted = people.post(post) if post else held.post if held else None
    moved = person.unit_id != to.pk
    if moved:
        was = person.unit.code if person.unit else ""
        person.unit = to
        person.save(update_fields=["unit"])
        record(actor, now, "person_move", {"was": was, "unit": to.code}, [*_of(person), ("unit", to.code)])
    return put(person, wanted, actor, now) or moved


@transaction.atomic
def end_person(*, username: str, actor: Actor, now: datetime, successor: str = "") -> int:
    """End somebody's work here; return how many open cases went to the successor.

    Without a successor it is refused while open cases are in his hands, and says which.
    """
    person = person_locked(username)
    check(actor, "person_end", path_of(person))
    if username == actor.username:
        raise Refused("own_end")
    if person.ended_at is not None:
        raise Refused("person_ended", person=username)
    check_taking(actor, person.grants.select_related("person", "unit"))
    cases = people.in_hands(person)
    if cases and not successor:
        raise Refused("person_has_cases", cases=[case.number for case in cases][:20], count=len(cases))
    for case in cases:
        _hand_over(case, person, _successor(successor, case), actor, now)
    with keeping_an_administrator():
        put(person, None, actor, now)
        gone = person.grants.count()
        person.grants.all().delete()
        asking.drop(requests=second.waiting_of(person), actor=actor, now=now)
        person.is_active, person.ended_at = False, now
        person.save(update_fields=["is_active", "ended_at"])
    _out_of_doors(person, now)
    record(actor, now, "person_end", {"cases": len(cases), "grants": gone}, _of(person))
    return len(cases)


def _successor(username: str, case: Case) -> Person:
    """Return who takes a case; whoever cannot reach it cannot take it."""
    found = Person.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise BadInput("unknown_person", username=username)
    if not any(case.unit.path.startswith(path) for path in people.paths(found)):
        raise Refused("successor_out_of_reach", person=username, case=case.number)
    return found


def _hand_over(case: Case, person: Person, successor: Person, actor: Actor, now: datetime) -> None:
    """Let a case be the successor's, in its own chain: a case's history says who had it."""
    for name in ("handler", "owner"):
        if getattr(case, name) == person.username:
            setattr(case, name, successor.username)
    if case.handler == successor.username and successor.username not in case.handlers:
        case.handlers = [*case.handlers, successor.username]
    case.changed_event = chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=actor.username,
        verb="hand_over",
        objects=[("case", case.number), ("person", successor.username)],
        detail={"was": {"handler": person.username}, "handler": successor.username},
    )
    case.save(update_fields=["handler", "owner", "handlers", "changed_event"])


@transaction.atomic
def begin_and_end(*, now: datetime) -> int:
    """Let those in whose time here begins, and out whose time is over; return how many.

    Somebody with open cases goes out as well: his name stays on them, and the units page lists them.
    """
    changed = 0
    for person in people.whose_time_changed(_day(now)).select_for_update(of=("self",), skip_locked=True):
        if person.is_active and people.is_last_administrator(person):
            continue
        if person.is_active:
            held = Holding.objects.filter(person=person, until=None).first()
            if held is not None:
                leave(held, SYSTEM, now)
            person.grants.all().delete()
            asking.drop(requests=second.waiting_of(person), actor=SYSTEM, now=now)
            person.ended_at = now
        person.is_active = not person.is_active
        person.save(update_fields=["is_active", "ended_at"])
        _out_of_doors(person, now)
        verb = "person_begin" if person.is_active else "person_end"
        record(SYSTEM, now, verb, {}, _of(person))
        changed += 1
    return changed


def _out_of_doors(person: Person, now: datetime) -> None:
    """End the sessions of somebody who no longer works here."""
    if not person.is_active:
        signin.end_all(person=person, why="deactivated", actor=SYSTEM, now=now)


def _day(now: datetime) -> date:
    return rules.local_day(now)


def _of(person: Person) -> list[tuple[str, str]]:
    return [("person", person.username)]
