"""Retention: what has outlived its period by the rulebook in force today, counted, or removed batch by batch.

Each batch is a transaction with one event. What is gone is not found again, so a run that was cut off goes
on where it stopped. A period that nobody confirmed removes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import transaction

from suyuan.domain import retention as rule
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.shredding import MAY_CARRY_OUT
from suyuan.store import bulk, rules
from suyuan.store.models import Case
from suyuan.store.queries import cases

from . import _ledger as ledger
from ._leftovers import Files
from ._marks import write
from ._outlived import PLACES, Place

Kept = Place | Files


@dataclass(frozen=True, slots=True)
class Due:
    """What of one place has outlived its period."""

    place: str
    figure: str
    period: str
    certainty: str
    confirmed: bool
    before: datetime | None
    """What ended before this moment; None where the period never ends or the figure is not in force."""
    found: int = 0
    held: int = 0


def check(actor: Actor) -> None:
    """Raise Refused unless the actor is the machine, or may carry out shreddings of the whole company."""
    whole = {role for role, path in actor.grants if path.count("/") == 2}
    if actor is not SYSTEM and not whole & MAY_CARRY_OUT:
        raise Refused("not_your_role", verb="retention_shred")


def outlived(*, now: datetime) -> list[Due]:
    """Return what has outlived its period by now, place by place; nothing is changed."""
    return [_due(place, now, count=True) for place in PLACES]


def _due(place: Kept, now: datetime, *, count: bool) -> Due:
    book, zone = rules.rulebook(), cases.LOCAL
    today = now.astimezone(zone).date()
    figure = book.figure(place.figure, today)
    if figure is None:
        return Due(place.name, place.figure, "", "", confirmed=False, before=None)
    period = rule.period(figure.terms)
    day = period.over_before(today)
    before = None if day is None else datetime.combine(day, time.min, zone)
    certainty = figure.certainty
    counts = _counted(place, before) if count and before is not None else (0, 0)
    return Due(place.name, place.figure, str(period), certainty.value, certainty.assessable, before, *counts)


def _counted(place: Kept, before: datetime) -> tuple[int, int]:
    held = place.held(before).count() if isinstance(place, Place) and place.held else 0
    return place.count(before), held


def shred_outlived(
    *, actor: Actor, now: datetime, after_batch: Callable[[], object] = lambda: None
) -> dict[str, int]:
    """Remove everything that has outlived a confirmed period, batch by batch; return how much went where."""
    reached: dict[str, int] = {}
    for place in PLACES:
        count, last = shred_batch(name=place.name, actor=actor, now=now)
        while last is not None:
            reached[place.name] = reached.get(place.name, 0) + count
            after_batch()
            count, last = shred_batch(name=place.name, actor=actor, now=now, after=last)
    return {name: count for name, count in reached.items() if count}


@transaction.atomic
def shred_batch(*, name: str, actor: Actor, now: datetime, after: Any = None) -> tuple[int, Any]:
    """Remove the batch after ``after`` of one place; return how much and the last of it, None at the end."""
    place = next((each for each in PLACES if each.name == name), None)
    if place is None:
        raise BadInput("unknown_value", field="place", value=name)
    due = _due(place, now, count=False)
    if due.before is None or not due.confirmed:
        return 0, None
    bulk.one_at_a_time(f"retention:{name}")
    batch = place.some(due.before, after)
    these = _still(place, due.before, batch)
    if these:
        if isinstance(place, Place) and place.kind:
            ledger.note(place.kind, these, now)
        named = place.remove(these, actor, now)
        facts = {"figure": due.figure, "period": due.period, "certainty": due.certainty}
        write(actor, now, "retention_shred", {"place": name, "count": len(these), **facts}, named)
    return len(these), batch[-1] if batch else None


def _still(place: Kept, before: datetime, these: list[Any]) -> list[Any]:
    """Return what of a batch has still outlived its period once its cases are locked: one may be opened."""
    if not isinstance(place, Place) or not place.case or not these:
        return these
    of_them = place.rows(before).filter(pk__in=these)
    numbers = list(of_them.values_list(place.case, flat=True))
    list(Case.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk").values("pk"))
    return list(of_them.order_by("pk").values_list("pk", flat=True))
