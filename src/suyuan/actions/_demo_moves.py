"""How simulated people call whom the morning's list names: most are, and most of them reached."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q

from suyuan.domain import first_move
from suyuan.store import rules
from suyuan.store.models import Clock, FirstMove
from suyuan.store.queries import people, viewer
from suyuan.store.queries.viewer import Viewer

from . import firstmoves
from ._demo_days import DAY, Days
from .firstmoves import _own, _people, _signals, make
from .firstmoves._people import Said

CHANCE = 95
"""The dice that lists are called with."""
CALLED, REACHED = 0.85, 0.8
"""Chance that somebody on a list is called, and that whoever is called answers."""
SO_FAR = 0.5
"""Chance that somebody on the last list is called by now."""
HISTORY, LAST = 20, 3
"""Working days the demo had lists on so long ago that they can be told from, and just now."""
MADE, AT_WORK = time(7, 40), time(10, 30)


Callers = dict[str, Viewer | None]
"""By path of a unit who calls there."""


@dataclass(slots=True)
class Called:
    """What became of a morning's lists."""

    listed: int = 0
    called: int = 0
    reached: list[str] = field(default_factory=list)
    """What those who were spoken to are: their case and their account, as signals name them."""


def call(*, seed: int, now: datetime) -> Called:
    """Make the lists of a day and let people call; a day of rest has none."""
    firstmoves.make_lists(day=rules.local_day(now), now=now)
    return _called(seed, rules.local_day(now), now)


def before(*, seed: int, now: datetime, first: datetime) -> None:
    """Make and call the lists of the demo's days before its first morning, as its cases were then.

    Twenty working days lie far enough back for their effect to be told; the others are the last ones.
    """
    rules.look(now)
    days = Days(rules.rulebook().calendar, now)
    lasts = rules.figure("firstmoves.holdout", "days")
    old = Days(days.calendar, now - (lasts + 1) * DAY)
    working = [old.workday(-back) for back in range(HISTORY - 1, -1, -1)]
    working += [days.workday(-back) for back in range(LAST - 1, -1, -1)]
    callers: Callers = {}
    for day in (one for one in working if one < rules.local_day(first)):
        said = _then(days.moment(day, MADE))
        _worked(seed, said, days.moment(day, MADE), days.moment(day, AT_WORK), callers=callers)
    rules.look(now)


def last_working(now: datetime) -> date:
    """Return the last working day up to a moment: its list is still being worked."""
    return Days(rules.rulebook().calendar, now).workday(0)


def morning(*, seed: int, now: datetime, later: datetime, last: bool) -> None:
    """Make the lists of a morning of what detectors kept, and let people call; none on a day of rest."""
    day = rules.local_day(now)
    if rules.rulebook().calendar.provisional_workday(day):
        orders = [one.reason for one in _then(now)]
        said = [*(Said(one, case=one.case) for one in orders), *_signals.said(orders, now)]
        said += _people.agreed(day, rules.figure("firstmoves.holdout", "days"))
        _worked(seed, said, now, later, SO_FAR if last else CALLED)


@transaction.atomic
def _worked(
    seed: int,
    said: list[Said],
    now: datetime,
    later: datetime,
    called: float = CALLED,
    callers: Callers | None = None,
) -> None:
    day = rules.local_day(now)
    make.store_lists(said=said, day=day, now=now)
    _called(seed, day, later, called, callers)


def _called(
    seed: int, day: date, now: datetime, called: float = CALLED, callers: Callers | None = None
) -> Called:
    """Let people call whom the lists of a day name, and write down what came of it."""
    done, callers = Called(), {} if callers is None else callers
    rows = FirstMove.objects.filter(list__day=day, state=first_move.OPEN, held_out=False)
    for move in rows.select_related("list__unit", "case").order_by("pk"):
        done.listed += 1
        chance = np.random.default_rng([seed, CHANCE, move.pk]).random(2).tolist()
        who = _caller(move, callers)
        if who is None or chance[0] > called:
            continue
        outcome = first_move.SOLVED if chance[1] < REACHED else first_move.NOT_REACHED
        form = {"move_outcome": outcome, "contacted": first_move.OWN_RECORD}
        firstmoves.record_outcome(viewer=who, move=move.pk, form=form, now=now)
        done.called += 1
        if outcome == first_move.SOLVED and move.case is not None:
            done.reached += [f"case:{move.case.number}", f"account:{move.case.account_index}"]
    return done


def _caller(move: FirstMove, known: Callers) -> Viewer | None:
    path = move.list.unit.path
    if path not in known:
        here = people.over(path, first_move.MAY)
        known[path] = viewer.of(here[0]) if here else None
    return known[path]


def _then(at: datetime) -> list[Said]:
    """Return what the cases of the house said at a moment that is over, by what is kept of their clocks."""
    figures = _own.figures()
    since, until = at - timedelta(days=figures.overdue_days), at + timedelta(hours=figures.near_hours)
    ran = Q(stopped_at=None) | Q(stopped_at__gt=at)
    told = Q(
        case__satisfaction="dissatisfied",
        case__called_back_at__lte=at,
        case__called_back_at__gte=at - timedelta(days=figures.dissatisfied_days),
    )
    clocks = Clock.objects.filter(binding=True, started_at__lte=at, case__accepted_at__lte=at)
    clocks = clocks.filter(case__restricted=False, case__is_child=False)
    near = clocks.filter((ran & Q(due_at__gte=since, due_at__lte=until)) | told)
    rows = {one.case_id: _row(one, at) for one in near.select_related("case__unit").order_by("pk")}
    return [Said(one, case=one.case) for one in _own.of_rows(rows.values(), at)]


def _row(clock: Clock, at: datetime) -> Mapping[str, Any]:
    """Return a case as it lay in the lake at a moment."""
    case = clock.case

    def by_then(moment: datetime | None) -> datetime | None:
        return moment if moment is not None and moment <= at else None

    return {
        "number": case.number,
        "unit": case.unit.code,
        "event_key": "",
        "is_open": by_then(case.archived_at) is None,
        "accepted_at": case.accepted_at,
        "answered_at": by_then(case.answered_at),
        "called_back_at": by_then(case.called_back_at),
        "satisfaction": case.satisfaction if by_then(case.called_back_at) else "",
        "urge_count": 0,
        "contact_count": 1,
        "binding_limit": clock.limit,
        "binding_due": clock.due_at,
        "binding_stopped": by_then(clock.stopped_at),
        "binding_provisional": clock.provisional,
        "business_type": case.business_type,
        "category": case.category,
    }
