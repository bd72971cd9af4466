"""Rectification: what was true is put right by a unit, and somebody looks whether it helped."""

from datetime import datetime, timedelta

from suyuan.domain import effect
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.vocabulary import State
from suyuan.store import rules
from suyuan.store.models import Case, Rectification
from suyuan.store.queries import effects

from . import _clocks, _order, archive, handle
from ._change import APART, Change, not_between
from ._open_child import open_child


def order(change: Change) -> State | None:
    """Open a rectification order on a complaint in which something was true."""
    due = _order.due_on(change)
    number = open_child(change, "rectification")
    case = Case.objects.get(number=number)
    Rectification.objects.create(case=case, due_on=due)
    _order.run_to(case, due, change.rules, change.now)
    case.save(update_fields=["next_due_at"])
    change.detail["opened"] = number
    archive.answered(change)
    return None


def carry_out(change: Change) -> State | None:
    """Say that the measures were taken, with what proves it.

    Not before they were agreed on: the days until the effect can be told count from there.
    """
    begun = change.case.taken_at or change.case.dispatched_at
    if begun is not None and change.at < begun - APART:
        raise not_between("at", begun, change.now)
    return handle.work(change)


def verify_effect(change: Change) -> State | None:
    """Close an order that helped; send one that did not back to be carried out again, counted as a round."""
    case = change.case
    if not change.form["effective"]:
        if not change.form.get("due_on"):
            raise BadInput("bad_form", fields={"due_on": "required"})
        _begin_again(change)
        return State.RECTIFYING
    _refuse_early(case, change.now)
    if change.form["means"] == "measure":
        change.detail["measure"] = _measured(case, change.now)
    elif not change.text("evidence"):
        raise BadInput("bad_form", fields={"evidence": "required"})
    return None


def _begin_again(change: Change) -> None:
    """Begin another round with a due date of its own: what was signed holds, the rest goes to the event."""
    case, due, signed = change.case, _order.due_on(change), change.case.reviewed_at
    change.detail["unmarked"] = ("archived_at",)
    change.detail["clocks"] = _clocks.stop_all(case, change.rules, change.now)
    archive.begin_again(change)
    case.registered_at = case.dispatched_at = None
    case.reviewed_at, case.taken_at = signed, change.now
    Rectification.objects.filter(case=case).update(due_on=due)
    _order.run_to(case, due, change.rules, change.now)


def _refuse_early(case: Case, now: datetime) -> None:
    assert case.answered_at is not None
    ripe = case.answered_at + timedelta(days=rules.figure("rectification.effect", "days"))
    if now < ripe:
        raise Refused("effect_not_due", since=ripe.isoformat())


def _measured(case: Case, now: datetime) -> dict[str, list[int]]:
    """Return the figures an order is closed by; raise Refused where they do not say that it helped."""
    figures = effects.recurrence(case, now)
    if not effect.has_helped(figures):
        raise Refused("measure_says_no", **figures.shown)
    return figures.shown
