"""Pre-complaint cases: promoted once from a case or a signal, graded, worked on, closed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.precomplaint import FORM, MAY, Origin, business_type, grade
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import Role, State
from suyuan.store import bulk, chain, rows, rules
from suyuan.store.models import Case, PreComplaint
from suyuan.store.queries import cases, org, precomplaints

from . import handle
from ._change import Change
from ._forms import clean
from ._open_child import Opened, begin

OPENING = "register:precomplaint"
"""What those who open one wait for: of one key at most one is open."""
JOINED = "join_precomplaint"


@dataclass(frozen=True, slots=True)
class Opening:
    """The number of the case that deals with something, and whether it was open already."""

    number: str
    joined: bool


@transaction.atomic
def promote(*, actor: Actor, origin: Origin, form: dict[str, object], now: datetime) -> Opening:
    """Open a pre-complaint case of an origin, or join the one that is open of it."""
    rules.look(now)
    given = clean(FORM, {"unit": origin.unit, **form}, now)
    unit = org.unit(str(given["unit"]))
    parent = cases.locked(origin.parent) if origin.parent else None
    over = unit if parent is None else parent.unit
    if not actor.over_case(over.path) & MAY:
        raise Refused("not_your_role", roles=sorted(MAY))
    if parent is not None and parent.restricted:
        raise Refused("restricted_case", case=parent.number)
    day = given.get("follow_on")
    follow_on = day if isinstance(day, date) else None
    _refuse_past(follow_on, now)
    bulk.one_at_a_time(OPENING)
    if (standing := precomplaints.open_of(origin)) is not None:
        return _join(standing, origin, actor, now)
    risk = grade(origin.signs, rules.rulebook().figures[precomplaints.WEIGHTS][-1].terms)
    opened = Opened("precomplaint", business_type(risk), FORM, given, actor, now)
    case = begin(opened, unit, (Role.STATION,), parent)
    if origin.category and not case.category:
        case.category = origin.category
        rows.update(case, ("category",))
    PreComplaint.objects.create(
        case=case,
        kind=origin.kind,
        ref=origin.ref,
        key=origin.key,
        signs=dict(origin.signs),
        risk=risk,
        follow_on=follow_on,
    )
    return Opening(case.number, joined=False)


def _refuse_past(day: date | None, now: datetime) -> None:
    if day is not None and day < rules.local_day(now):
        raise BadInput("bad_form", fields={"follow_on": "out_of_order"})


def _join(standing: PreComplaint, origin: Origin, actor: Actor, now: datetime) -> Opening:
    """Write down on the case that is open that the same came up again, and with which signs."""
    case = cases.locked(standing.case.number)
    case.changed_event = chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=actor.username,
        verb=JOINED,
        objects=[("case", case.number), ("unit", case.unit.code)],
        detail={"signs": dict(origin.signs)},
    )
    rows.update(case, ("changed_event",))
    return Opening(case.number, joined=True)


def take_measure(change: Change) -> State | None:
    """Write down what was done for the customer."""
    return handle.work(change)


def grade_risk(change: Change) -> State | None:
    """Say how likely a complaint is; the limits go by it."""
    risk = change.text("risk_grade")
    change.keep_before("business_type")
    change.case.business_type = business_type(risk)
    PreComplaint.objects.filter(case=change.case).update(risk=risk)
    return None


def put_off(change: Change) -> State | None:
    """Set the day on which somebody turns to the customer again."""
    day = change.form["follow_on"]
    assert isinstance(day, date)
    _refuse_past(day, change.now)
    PreComplaint.objects.filter(case=change.case).update(follow_on=day)
    return None


def conclude(change: Change) -> State | None:
    """Close it with what came of it: calmed, complained, or not reached in as many attempts as it takes.

    Calmed needs that somebody spoke with the customer; complained needs the complaint, registered as any.
    """
    outcome, complaint = change.text("precomplaint_outcome"), change.text("complaint")
    if (outcome == "complained") != bool(complaint):
        raise BadInput("bad_form", fields={"complaint": "required" if not complaint else "not_asked"})
    if outcome == "calmed" and change.case.contacted_at is None:
        raise Refused("not_contacted")
    if outcome == "unreached":
        tried, least = precomplaints.attempts(change.case), rules.figure("precomplaint.attempts", "times")
        if tried < least:
            raise Refused("attempts_missing", tried=tried, least=least)
    if complaint:
        _link(change, complaint)
    PreComplaint.objects.filter(case=change.case).update(outcome=outcome, complaint=complaint)
    return handle.work(change)


def _link(change: Change, number: str) -> None:
    found = Case.objects.filter(number=number, procedure="complaint").select_related("unit").first()
    if found is None or not change.actor.over_case(found.unit.path) or found.restricted:
        raise BadInput("bad_form", fields={"complaint": "unknown_case"})
    if found.accepted_at < change.case.accepted_at:
        raise BadInput("bad_form", fields={"complaint": "out_of_order"})
    change.objects.append(("case", number))
