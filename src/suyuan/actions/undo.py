"""Undo: whoever did the last step of a case takes it back while the rules allow, by the step's inverse."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from suyuan.domain import procedure as table
from suyuan.domain import undo as rule
from suyuan.domain.errors import Refused
from suyuan.domain.fields import Field, Type
from suyuan.domain.procedure import Actor
from suyuan.domain.procedures import frozen
from suyuan.store import chain, rules
from suyuan.store.models import Case, Event
from suyuan.store.queries import cases

from ._forms import clean
from .perform import Asked, Done, carry_out, perform

UNDO = "undo"
"""What programs and commands call taking the last step back, where they name a verb."""
EVENT = Field("event", Type.INTEGER, required=False)
"""The step that is meant: without it whichever is the last."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that can be taken back now: what it was, by which verb and form, and until when."""

    event: int
    undone: str
    verb: str
    form: rule.Form
    until: datetime


def offer(case: Case, actor: Actor, now: datetime) -> Offer | None:
    """Return how the last step of a case is taken back by whoever did it; None where it is not."""
    try:
        return _offer(case, actor, now)
    except Refused:
        return None


def until(number: str, actor: Actor, now: datetime) -> datetime | None:
    """Return until when somebody may take the last step of a case back, None where they may not."""
    case = Case.objects.select_related("unit").filter(number=number).first()
    found = offer(case, actor, now) if case is not None else None
    return found.until if found is not None else None


def perform_or_undo(
    *, number: str, verb: str, actor: Actor, now: datetime, form: Mapping[str, object]
) -> Done:
    """Do a verb as ``perform`` does; ``undo`` takes back the last step, as the page of a case does."""
    if verb != UNDO:
        return perform(number=number, verb=verb, actor=actor, now=now, form=form)
    meant = clean((EVENT,), form, now).get("event")
    if meant is None:
        return take_back_last(number=number, actor=actor, now=now)
    return take_back(number=number, event=int(str(meant)), actor=actor, now=now)


@transaction.atomic
def take_back(*, number: str, event: int, actor: Actor, now: datetime) -> Done:
    """Take back the step an event wrote down; raise Refused with the reason where that is not open."""
    case = cases.locked(number)
    cases.reached(actor, case)
    found = _offer(case, actor, now)
    if found.event != event:
        raise Refused("undo_overtaken", number=number)
    asked = Asked(number, found.verb, actor, now, found.form, undoes=event)
    return replace(carry_out(asked), undone=found.undone)


@transaction.atomic
def take_back_last(*, number: str, actor: Actor, now: datetime, verb: str = "") -> Done:
    """Take back the last step of a case; raise Refused where ``verb`` is named and it is another."""
    case = cases.locked(number)
    cases.reached(actor, case)
    found = _offer(case, actor, now)
    if verb and found.undone != verb:
        raise Refused("undo_overtaken", number=number)
    return take_back(number=number, event=found.event, actor=actor, now=now)


def _offer(case: Case, actor: Actor, now: datetime) -> Offer:
    """Return the offer; raise Refused with the reason where there is none."""
    last = Event.objects.filter(stream=f"case:{case.number}").exclude(verb__in=chain.BY_THE_MACHINE)
    done = last.order_by("-seq").first()
    inverse = rule.INVERSE.get(done.verb) if done is not None else None
    if done is None or inverse is None or "undoes" in done.detail:
        raise Refused("undo_none", number=case.number)
    if done.actor != actor.username:
        raise Refused("undo_not_yours", number=case.number)
    minutes = rules.figure("undo.step", "minutes")
    if rule.expired(done.at, minutes, now):
        raise Refused("undo_too_late", minutes=minutes)
    form = inverse.form(done.detail)
    procedure = frozen.pinned(case.procedure, case.version)
    if inverse.verb == table.RECALL and (case.paused or not table.knows(procedure, table.RECALL)):
        raise Refused("undo_none", number=case.number)
    facts = replace(cases.facts(case), undoing=True)
    step, _ = table.advance(procedure, facts, inverse.verb, actor)
    asked = rules.asked(case.procedure, step, now).form
    if form is not None and any(each.name == "note" for each in asked):
        form = {"note": rules.label("undo", "note"), **form}
    if form is None or any(each.required and not form.get(each.name) for each in asked):
        raise Refused("undo_none", number=case.number)
    return Offer(done.pk, done.verb, inverse.verb, form, done.at + timedelta(minutes=minutes))
