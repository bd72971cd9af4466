"""Support: one department asks another to help with a case, and says what the help was worth."""

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.staffing import DESKS
from suyuan.domain.vocabulary import Role, State
from suyuan.store import chain, rows
from suyuan.store.models import Case, Support, Unit
from suyuan.store.queries import cases, org

from . import handle
from ._change import Change
from ._open_child import open_child
from ._tell import Notice, tell

RATED = "rated"
"""The verb of the event by which the request itself says how it was rated."""


def ask_support(change: Change) -> State | None:
    """Ask a unit for support with the case."""
    number = open_child(change, "support", tells=(_doing(org.unit(change.text("unit"))),))
    case = Case.objects.get(number=number)
    Support.objects.create(case=case, asked_by=change.actor.username, unit=change.case.unit)
    change.case.supports += 1
    change.detail["opened"] = number
    return None


def _doing(unit: Unit) -> Role:
    """Return the role that works for a unit: a department's own, else the station's."""
    if unit.kind not in DESKS:
        return Role.STATION
    return Role(unit.specialty) if unit.specialty in ("marketing", "operations") else Role.OFFICE


def answer_support(change: Change) -> State | None:
    """Say what was done, and tell whoever asked."""
    handle.work(change)
    _tell_asker(change, "support_answered")
    return None


def decline_support(change: Change) -> State | None:
    """Give the request back with the reason, and tell whoever asked."""
    _tell_asker(change, "support_declined")
    return None


def rate_support(change: Change) -> State | None:
    """Rate one answered request; the request's own history says so too."""
    number = change.text("support")
    found = Support.objects.filter(case__number=number, case__parent_number=change.case.number).first()
    if found is None:
        raise BadInput("bad_form", fields={"support": "unknown_support"})
    case = cases.locked(number)
    if case.state != State.ARCHIVED or found.rating:
        raise BadInput("bad_form", fields={"support": "not_to_rate"})
    if change.actor.username in case.handlers:
        raise Refused("own_work", verb=change.step.verb)
    found.rating, found.rated_by, found.rated_at = (
        change.text("support_rating"),
        change.actor.username,
        change.now,
    )
    found.save()
    case.changed_event = chain.append(
        stream=f"case:{number}",
        at=change.now,
        actor=change.actor.username,
        verb=RATED,
        objects=[("case", number), ("case", change.case.number), ("unit", case.unit.code)],
        detail={"form": {"support_rating": found.rating}},
    )
    rows.update(case, ("changed_event",))
    change.objects.append(("case", number))
    return None


def _tell_asker(change: Change, template: str) -> None:
    """Tell whoever asked, about the case it was asked for: the request itself may lie out of their reach."""
    case = change.case
    parent, asked = cases.unscoped(case.parent_number), Support.objects.get(case=case)
    notice = Notice(
        key=f"{case.number}:{template}",
        template=template,
        recipient=f"person:{asked.asked_by}",
        unit_id=parent.unit_id,
        case_number=parent.number,
        facts={"verb": change.step.verb, "state": parent.state},
        restricted=parent.restricted,
    )
    tell([notice], change.now)
