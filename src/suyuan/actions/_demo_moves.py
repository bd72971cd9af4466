"""How simulated people call whom the morning's list names: most are, and most of them reached."""

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from suyuan.domain import first_move
from suyuan.store import rules
from suyuan.store.models import FirstMove
from suyuan.store.queries import people, viewer
from suyuan.store.queries.viewer import Viewer

from . import firstmoves

CHANCE = 95
"""The dice that lists are called with."""
CALLED, REACHED = 0.85, 0.8
"""Chance that somebody on a list is called, and that whoever is called answers."""


@dataclass(slots=True)
class Called:
    """What became of a morning's lists."""

    listed: int = 0
    called: int = 0
    reached: list[str] = field(default_factory=list)
    """What those who were spoken to are: their case and their account, as signals name them."""


def call(*, seed: int, now: datetime) -> Called:
    """Make the lists of a day and let people call; a day of rest has none."""
    day, done = rules.local_day(now), Called()
    firstmoves.make_lists(day=day, now=now)
    rows = FirstMove.objects.filter(list__day=day, state=first_move.OPEN, held_out=False)
    for move in rows.select_related("list__unit", "case").order_by("pk"):
        done.listed += 1
        chance = np.random.default_rng([seed, CHANCE, move.pk]).random(2).tolist()
        who = _caller(move)
        if who is None or chance[0] > CALLED:
            continue
        outcome = first_move.SOLVED if chance[1] < REACHED else first_move.NOT_REACHED
        firstmoves.record_outcome(viewer=who, move=move.pk, form={"move_outcome": outcome}, now=now)
        done.called += 1
        if outcome == first_move.SOLVED and move.case is not None:
            done.reached += [f"case:{move.case.number}", f"account:{move.case.account_index}"]
    return done


def _caller(move: FirstMove) -> Viewer | None:
    here = people.over(move.list.unit.path, first_move.MAY)
    return viewer.of(here[0]) if here else None
