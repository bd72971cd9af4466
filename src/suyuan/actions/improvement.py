"""Improvements: a weakness is put on the register, planned, carried out, and its effect looked at."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.improvement import FORM, MAY
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import State
from suyuan.store import rules
from suyuan.store.models import Case, Improvement
from suyuan.store.queries import org

from . import _clocks, _order, archive
from ._change import Change
from ._forms import clean
from ._open_child import Opened, begin, open_child

DUE = "improvement.due"
"""The clock that runs to the day a plan names."""


def register_improvement(change: Change) -> State | None:
    """Put what a case brought to light on the register."""
    number = open_child(change, "improvement")
    Improvement.objects.create(case=Case.objects.get(number=number), kind=change.text("improvement_kind"))
    change.detail["opened"] = number
    return None


@transaction.atomic
def put_on_register(*, actor: Actor, form: Mapping[str, object], now: datetime) -> str:
    """Put something on the register that no case brought to light; return its number."""
    rules.look(now)
    given = clean(FORM, form, now)
    unit = org.unit(str(given["unit"]))
    if not actor.over_case(unit.path) & MAY:
        raise Refused("not_your_role", verb="register_improvement", unit=unit.code)
    case = begin(Opened("improvement", "improvement", FORM, given, actor, now), unit)
    Improvement.objects.create(case=case, kind=str(given["improvement_kind"]))
    return case.number


def plan(change: Change) -> State | None:
    """Say what is to be done, by whom and by when; a plan made anew keeps the day of the first."""
    case, due = change.case, _order.due_on(change)
    change.detail["was"] = {"unit": case.unit.code}
    if case.dispatched_at is not None:
        change.detail["unmarked"] = ("dispatched_at",)
    case.unit = org.unit(change.text("unit"))
    Improvement.objects.filter(case=case).update(due_on=due)
    _order.run_to(case, due, change.rules, change.now, DUE)
    return None


def check(change: Change) -> State | None:
    """Close what helped; send what did not back to be carried out again, counted as a round."""
    case = change.case
    if not change.form["effective"]:
        if not change.form.get("due_on"):
            raise BadInput("bad_form", fields={"due_on": "required"})
        _begin_again(change)
        return State.HANDLING
    if not change.text("evidence"):
        raise BadInput("bad_form", fields={"evidence": "required"})
    assert case.answered_at is not None
    ripe = case.answered_at + timedelta(days=rules.figure("improvement.effect", "days"))
    if change.now < ripe:
        raise Refused("effect_not_due", since=ripe.isoformat())
    return None


def _begin_again(change: Change) -> None:
    case, due = change.case, _order.due_on(change)
    change.detail["unmarked"] = ("archived_at",)
    change.detail["clocks"] = _clocks.stop_all(case, change.rules, change.now)
    archive.begin_again(change)
    case.registered_at, case.dispatched_at = None, change.now
    Improvement.objects.filter(case=case).update(due_on=due)
    _order.run_to(case, due, change.rules, change.now, DUE)
