"""Discipline: when a case becomes restricted, whom it accuses, who may work on it beside the audit desk."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from django.db import transaction

from suyuan.domain import masking
from suyuan.domain.discipline import belongs
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.notice import IN_APP
from suyuan.domain.procedure import knows
from suyuan.domain.procedures import frozen
from suyuan.domain.vocabulary import State
from suyuan.store import chain, rows, rules
from suyuan.store.models import Attention, Case, Event, Message
from suyuan.store.queries import cases, discipline, org, viewer

from ._change import Change
from .privacy import remask


def follow(change: Change) -> None:
    """Restrict the case from now on where its type, its category or an accused unit asks for it.

    Nothing but ``lift_restriction`` takes that back: a correction of the category does not show it again.
    """
    case = change.case
    if change.form.get("accused_unit"):
        _name(change)
    if rules.rulebook().restricts(case.business_type, case.category):
        if not knows(frozen.pinned(case.procedure, case.version), "lift_restriction"):
            raise Refused("kind_for_complaints_and_reports", procedure=case.procedure)
        if not case.restricted:
            _restrict(change, "kind")


def accuse(change: Change) -> State | None:
    """Name the unit the case speaks against; it leaves that unit, and is restricted from now on."""
    _name(change)
    return None


def restrict(change: Change) -> State | None:
    """Restrict a case by hand."""
    _restrict(change, "audit")
    return None


def lift_restriction(change: Change) -> State | None:
    """Open a case again to those whose work it is; whom it accused is kept in the event alone."""
    case = change.case
    change.detail["was"] = {
        "accused_unit": case.accused.code if case.accused else "",
        "entrusted": case.entrusted,
    }
    case.restricted, case.accused, case.entrusted = False, None, ""
    return None


def entrust(change: Change) -> State | None:
    """Let one named person work on a restricted case; refused for the accused unit's people."""
    case, name = change.case, change.text("entrusted")
    who = viewer.named(name)
    if who is None:
        raise BadInput("bad_form", fields={"entrusted": "unknown_person"})
    if case.accused and belongs(case.accused.path, who.actor.places):
        raise Refused("of_accused_unit", username=name)
    if not who.actor.over_case(case.unit.path):
        raise Refused("entrusted_out_of_reach", username=name, unit=case.unit.code)
    change.detail["was"] = {"entrusted": case.entrusted}
    case.entrusted = name
    return None


STREAM = "register:discipline"
"""Where it is kept, for the assessment, that the audit desk's clock ran out: once per case and unit."""


class Overdue(Protocol):
    """A clock that has run out, as the sweep knows it."""

    @property
    def limit(self) -> str: ...

    @property
    def due_at(self) -> datetime: ...

    @property
    def number(self) -> str: ...

    @property
    def unit(self) -> str: ...


@transaction.atomic
def exceed(clocks: Iterable[Overdue], now: datetime) -> None:
    """Write down on which cases the audit desk's clock has just run out, and at which unit."""
    known = set(discipline.limits())
    for clock in clocks:
        if clock.limit in known:
            chain.append(
                stream=STREAM,
                at=now,
                actor="system",
                verb="time_exceeded",
                objects=[("case", clock.number), ("unit", clock.unit)],
                detail={"limit": clock.limit, "due": clock.due_at.isoformat()},
            )


def _name(change: Change) -> None:
    case, accused = change.case, org.unit(change.text("accused_unit"))
    if accused.parent_id is None:
        raise Refused("accused_too_wide", unit=accused.code)
    change.detail["accused_before"] = case.accused.code if case.accused else ""
    change.objects.append(("unit", accused.code))
    case.accused = accused
    _leave(change, accused.path)
    if not case.restricted:
        _restrict(change, "accused_unit")


def _leave(change: Change, accused: str) -> None:
    """Take the case away from the accused unit and its people."""
    case, left = change.case, {}
    if belongs(accused, (case.unit.path,)):
        outside = case.desk is not None and not belongs(accused, (case.desk.path,))
        left["unit"] = case.unit.code
        case.unit = case.desk if outside and case.desk is not None else org.root_of(case.unit)
    for role in ("handler", "entrusted"):
        who = viewer.named(getattr(case, role)) if getattr(case, role) else None
        if who is not None and belongs(accused, who.actor.places):
            left[role] = who.actor.username
            setattr(case, role, "")
    if left:
        change.detail["left"] = left


def _restrict(change: Change, why: str) -> None:
    """Restrict the case and the orders opened from it; say who saw it before, and withdraw what was told."""
    case = change.case
    case.restricted = True
    remask.of_case(case)
    case.brief = masking.mask_whole(case.brief)
    change.detail["restricted"] = {"why": why, "seen_by": _seen_by(case)}
    told = Message.objects.filter(case_number=case.number)
    told.exclude(channel=IN_APP).filter(state="queued").update(state="withdrawn", next_at=None)
    told.update(restricted=True)
    for child in Case.objects.filter(parent_number=case.number, restricted=False).order_by("number"):
        _restrict_child(change, child.number)


def _seen_by(case: Case) -> list[str]:
    """Return who opened the case or did something on it so far."""
    opened = Attention.objects.filter(case=case).values_list("person__username", flat=True)
    acted = Event.objects.filter(stream=f"case:{case.number}").values_list("actor", flat=True)
    return sorted({*opened, *acted})


def _restrict_child(change: Change, number: str) -> None:
    child = cases.locked(number)
    child.restricted, child.accused = True, change.case.accused
    child.brief = masking.mask_whole(child.brief)
    child.changed_event = chain.append(
        stream=f"case:{number}",
        at=change.now,
        actor=change.actor.username,
        verb="restrict",
        objects=[("case", number), ("unit", child.unit.code), ("case", change.case.number)],
        detail={"restricted": {"why": "parent", "seen_by": _seen_by(child)}},
    )
    rows.update(child, ("restricted", "accused_id", "brief", "changed_event"))
    Message.objects.filter(case_number=number).update(restricted=True)
