"""One case: finding it, and what the rules need to know of it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import prefetch_related_objects

from suyuan.domain import protection
from suyuan.domain.discipline import belongs
from suyuan.domain.errors import Refused
from suyuan.domain.order import MILESTONES
from suyuan.domain.procedure import Actor, Facts
from suyuan.domain.vocabulary import Role, State
from suyuan.store import rows, rules
from suyuan.store.models import Case, Counter, Unit

from . import appeals, cards, countersign, desks, inquiry, shares
from .viewer import Viewer

ROOT = 2
"""Slashes in the path of a company: accusing all of it is refused, so nobody is of the accused."""
LOCAL = ZoneInfo("Asia/Shanghai")


def exists(number: str) -> bool:
    """Return whether a case has this number."""
    return Case.objects.filter(number=number).exists()


def locked(number: str) -> Case:
    """Return the case with its row locked until the transaction ends; raise Refused if there is none.

    Its unit is read afterwards: with a join, PostgreSQL finds no row if whoever held the lock moved the case.
    """
    found = rows.one(Case, lock=True, number=number)
    unit = None if found is None else rows.one(Unit, id=found.unit_id)
    if found is None or unit is None:
        raise Refused("not_found", number=number)
    found.unit = unit
    return found


def get(viewer: Viewer, number: str) -> Case:
    """Return a case in reach; one that is not is not found, so that numbers tell nothing."""
    found = Case.objects.select_related("unit", "desk").filter(number=number).first()
    if found is None:
        raise Refused("not_found", number=number)
    return reachable(viewer, found)


def whole(viewer: Viewer, number: str) -> Case:
    """Return a case in reach with its contacts read, for a page whose parts each ask for them."""
    found = get(viewer, number)
    prefetch_related_objects([found], "contacts")
    return found


def seen(viewer: Viewer, numbers: Collection[str]) -> set[str]:
    """Return those of the numbers whose cases lie in reach; one question for all of them."""
    return set(reached_of(viewer, numbers))


def reached_of(viewer: Viewer, numbers: Collection[str]) -> dict[str, Case]:
    """Return the cases in reach of these numbers, by number; one question for all of them."""
    found = Case.objects.select_related("unit", "accused").filter(number__in=numbers)
    return {case.number: case for case in found if may_see(viewer.actor, case)}


def reachable(viewer: Viewer, case: Case) -> Case:
    """Return the case if it lies in reach; raise Refused as if it did not exist otherwise."""
    reached(viewer.actor, case)
    return case


def reached(actor: Actor, case: Case) -> None:
    """Raise Refused, as if the case did not exist, where it lies out of the actor's reach."""
    if not may_see(actor, case):
        raise Refused("not_found", number=case.number)


def unscoped(number: str) -> Case:
    """Return a case whoever asks: for the command line of this machine, which owns the database anyway."""
    found = Case.objects.select_related("unit", "desk").filter(number=number).first()
    if found is None:
        raise Refused("not_found", number=number)
    return found


def may_see(actor: Actor, case: Case) -> bool:
    """Return whether the actor's roles reach the case.

    A restricted one is for audit, leaders and whom it is entrusted to; nobody of the accused unit sees it. A
    record of staff protection is for the person and who sees to them.
    """
    roles = actor.over_case(case.unit.path)
    if case.procedure == protection.PROCEDURE:
        return protection.is_seen_by(actor.username, roles, case.entrusted)
    if case.accused and belongs(case.accused.path, actor.places):
        return False
    if roles and case.entrusted == actor.username:
        return True
    if case.restricted and not roles & {Role.AUDIT, Role.LEADER}:
        return (
            bool(roles) and case.owner == actor.username and case.state in (State.RECEIVED, State.REGISTERED)
        )
    return bool(roles)


PLAIN = (
    *("business_type", "specialty", "state_before", "finding", "satisfaction", "paused", "returns"),
    *("unreached", "episode", "responsibility", "restricted", "entrusted", "secrecy", "card", "relays"),
    "promises",
)
"""The facts that stand on the case as the rules ask for them."""


def facts(case: Case, form: Mapping[str, object] | None = None) -> Facts:
    """Return what the rules need to know."""
    found = inquiry.of(case)
    accused = _accused(case, form or {})
    asked = case.state == State.CALLBACK and case.finding
    orders, unsigned = countersign.orders_on(case.number) if asked else (0, ())
    parts = shares.standing(case)
    return Facts(
        procedure=case.procedure,
        state=State(case.state),
        unit_path=case.unit.path,
        **{name: getattr(case, name) for name in PLAIN},
        handlers=frozenset(case.handlers),
        moments=frozenset(name for name in MILESTONES if getattr(case, name) is not None),
        returns_allowed=rules.figure("return.allowed", "times"),
        attempts_needed=rules.figure("callback.attempts", "times"),
        restricting=case.restricted and rules.rulebook().restricts(case.business_type, case.category),
        accused_path=accused,
        to_path=_path(form.get("unit")) if accused and form else "",
        owner=case.owner,
        objection=case.objection,
        earlier_card=cards.earlier_out(case),
        orders=orders,
        unsigned=unsigned,
        unrated=desks.unrated_on(case.number) if case.supports else 0,
        circulation=countersign.circulation(case) if case.state == State.SIGNING else None,
        sheets=found.sheets,
        missing=found.missing,
        unanalysed=found.unanalysed,
        unjudged=found.unjudged,
        doubts=tuple(case.doubts),
        shares_whole=parts.shares_whole,
        named=parts.named,
        objections=parts.objections,
        **appeals.facts_of(case),  # type: ignore[arg-type]
        form=form or {},
        handed_in=form is not None,
    )


def _accused(case: Case, form: Mapping[str, object]) -> str:
    """Return the path of the unit a case accuses, or of the one the form names as such."""
    named = _path(form.get("accused_unit"))
    if named.count("/") > ROOT:
        return named
    return case.accused.path if case.accused else ""


def _path(code: object) -> str:
    found = rows.one(Unit, code=code) if code else None
    return found.path if found else ""


def next_number(now: datetime) -> str:
    """Return the next number of the local day: SY, the date, six digits."""
    day = now.astimezone(LOCAL).strftime("%Y%m%d")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Counter._meta.db_table} (name, value) VALUES (%s, 1) "
            "ON CONFLICT (name) DO UPDATE SET value = store_counter.value + 1 RETURNING value",
            (f"case:{day}",),
        )
        (value,) = cursor.fetchone()
    return f"SY{day}{value:06d}"
