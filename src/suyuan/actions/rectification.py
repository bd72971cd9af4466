"""Rectification: what was true is put right by a unit, and somebody looks whether it helped."""

from datetime import timedelta

from suyuan.domain.errors import Refused
from suyuan.domain.vocabulary import State
from suyuan.store import rules
from suyuan.store.models import Case, Rectification

from . import _clocks, _order, archive, handle
from ._change import Change
from ._open_child import open_child


def order(change: Change) -> State | None:
    """Open a rectification order on a complaint in which something was true."""
    due = _order.due_on(change)
    number = open_child(change, "rectification")
    Rectification.objects.create(case=Case.objects.get(number=number), due_on=due)
    change.detail["opened"] = number
    return None


def carry_out(change: Change) -> State | None:
    """Say that the measures were taken, with what proves it."""
    return handle.work(change)


def verify_effect(change: Change) -> State | None:
    """Close an order that helped; send one that did not back to be carried out again, counted as a round."""
    case = change.case
    if not change.form["effective"]:
        signed = case.reviewed_at
        change.detail["unmarked"] = ("archived_at",)
        change.detail["clocks"] = _clocks.stop_all(case, change.rules, change.now)
        archive.begin_again(change)
        case.reviewed_at, case.taken_at = signed, change.now
        return State.RECTIFYING
    assert case.answered_at is not None
    ripe = case.answered_at + timedelta(days=rules.figure("rectification.effect", "days"))
    if change.now < ripe:
        raise Refused("effect_not_due", since=ripe.isoformat())
    return None
