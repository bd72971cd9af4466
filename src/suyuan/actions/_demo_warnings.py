"""How simulated people take warnings: most are taken on, what is none is dismissed, the rest worked.

Chance is each warning's own, by its number, so a day lived again goes as it went.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction

from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import Role, State
from suyuan.store import rules
from suyuan.store.models import Case, KeptSignal, WarningCase
from suyuan.store.queries import people, viewer, warnings

from . import _demo_moves, _demo_numbers, evidence
from .detecting.finding import EVERY
from .perform import perform
from .warn.naming import name_units
from .warn.watching import watch

CHANCE = 96
"""The dice that warnings are worked with."""
TAKEN_ON, SELDOM = 0.92, 0.35
"""Chance that a warning is ever taken on, where people keep at it and where they do not."""
DISMISSED, RETURNED = 0.7, 0.1
"""Chance that what is none is seen to be none, and that somebody wants more shown before closing."""
MORNINGS, EARLY = 2, 2
"""So many days before now detectors began to look, and so many hours before the time of day it is now."""
CHECKERS = (Role.OFFICE, Role.MARKETING, Role.OPERATIONS)
MEASURES = "已电话联系客户说明进度，责任班组当日处理。"
PROVEN = "处理完毕，已回访客户无异议；系统记录已更新。"
RECORDING = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n\ntrailer<</Root 1 0 R>>\n%%EOF\n"
"""What stands for the record of a call back."""
EXPLAINED = "核对台账：属正常情况，客户不会投诉。"


@dataclass(frozen=True, slots=True)
class Staff:
    """Who takes warnings on, and which of them are about something."""

    seed: int
    eager: frozenset[str] | None
    """Units whose people keep at warnings; None for all."""
    shows: Callable[[str], bool]
    """Whether an object truly shows something."""


@dataclass(slots=True)
class Worked:
    """What was done with warnings in one go."""

    acknowledged: int = 0
    acts: int = 0
    proposed: int = 0
    closed: int = 0
    returned: int = 0
    dismissed: int = 0
    acted_on: dict[str, list[str]] = field(default_factory=dict)
    """Warnings first acted on, each with the objects of its signals."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """One warning in front of whoever it is for."""

    case: Case
    warning: WarningCase
    objects: list[str]
    chance: list[float]
    now: datetime
    owners: dict[tuple[str, str], Actor | None]
    """Who works on warnings by path of a unit and role, as far as that was asked."""

    @property
    def owner(self) -> Actor | None:
        """Return who works on the warning: whoever took it on, else somebody of its role over its unit."""
        if self.case.handler:
            known = viewer.named(self.case.handler)
            return known.actor if known is not None else None
        asked = self.case.unit.path, self.warning.owner_role
        if asked not in self.owners:
            here = people.over(asked[0], frozenset({Role(asked[1])}))
            self.owners[asked] = viewer.of(here[0]).actor if here else None
        return self.owners[asked]


def mornings(*, staff: Staff, now: datetime) -> list[str]:
    """Let detectors look on the last mornings, people work in between; return the warnings that opened.

    Whom to call first is worked likewise, on the days before as well.
    """
    opened: list[str] = []
    seed, begin = staff.seed, now - timedelta(days=MORNINGS, hours=EARLY)
    _demo_moves.before(seed=seed, now=now, first=begin)
    name_units(now=begin)
    last = _demo_moves.last_working(now - timedelta(hours=EARLY))
    for back in range(MORNINGS, -1, -1):
        morning = now - timedelta(days=back, hours=EARLY)
        _demo_numbers.count_on(morning)
        opened += [one.number for one in watch((EVERY,), now=morning).opened if not one.joined]
        later = morning + timedelta(hours=EARLY)
        _demo_moves.morning(seed=seed, now=morning, later=later, last=rules.local_day(morning) == last)
        if back:
            work(staff=staff, now=later)
    return opened


@transaction.atomic
def work(*, staff: Staff, now: datetime) -> Worked:
    """Let people do what they do today with the warnings that stand; return what was done."""
    done, owners = Worked(), dict[tuple[str, str], Actor | None]()
    standing = WarningCase.objects.filter(
        case__is_open=True, case__restricted=False, case__accepted_at__lt=now
    )
    for warning in standing.select_related("case__unit").order_by("pk"):
        case = warning.case
        about = KeptSignal.objects.filter(warning=warning).order_by("pk")
        objects = list(about.values_list("object", flat=True))
        dice = np.random.default_rng([staff.seed, CHANCE, int("".join(filter(str.isdigit, case.number)))])
        turn = _Turn(case, warning, objects, dice.random(6).tolist(), now, owners)
        if case.state == State.REGISTERED:
            _take_on(turn, staff, done)
        elif case.state == State.HANDLING:
            _act(turn, staff, done)
        elif case.state in (State.REVIEWING, State.DECIDING):
            _check(turn, done)
    return done


def _take_on(turn: _Turn, staff: Staff, done: Worked) -> None:
    """Acknowledge a warning on its day; where people do not keep at it, seldom."""
    keen = staff.eager is None or turn.case.unit.code in staff.eager
    willing = TAKEN_ON if keen else SELDOM
    days = (turn.now - turn.case.accepted_at).total_seconds() / 86_400
    actor = turn.owner
    if actor is None or turn.chance[0] > willing or days < 4 * turn.chance[1] - 3:
        return
    _do(turn, "acknowledge_warning", actor)
    done.acknowledged += 1
    if turn.case.level != "general":
        turn.case.refresh_from_db()
        _act(turn, staff, done)


def _act(turn: _Turn, staff: Staff, done: Worked) -> None:
    """Do the next thing about a warning: say that it is none, else a step, in the end say what shows it."""
    actor = turn.owner
    acts = turn.warning.acts.count()
    if actor is None:
        return
    if not acts and not any(map(staff.shows, turn.objects)) and turn.chance[2] < DISMISSED:
        _do(turn, "propose_dismissal", actor, reason="explained", note=EXPLAINED)
        return
    wanted = 1 + int(turn.chance[3] * 2) + (turn.case.returns > 0)
    steps = len(warnings.steps(warnings.books_of(turn.warning)))
    form: dict[str, object] = {"measures": MEASURES}
    if acts < steps:
        form["playbook_step"] = acts + 1
    _do(turn, "record_act", actor, **form)
    done.acts += 1
    if not acts:
        done.acted_on[turn.case.number] = turn.objects
    if acts + 1 >= wanted:
        file = evidence.Incoming(pieces=[RECORDING], name="回访记录.pdf", made_by="staff")
        piece = evidence.add(number=turn.case.number, file=file, actor=actor, now=turn.now)
        _do(turn, "propose_closing", actor, proof=PROVEN, evidence=piece)
        done.proposed += 1


def _check(turn: _Turn, done: Worked) -> None:
    """Let somebody else look at the proof, or at why it is said to be none."""
    for role in CHECKERS:
        who = viewer.named(role.value)
        if who is not None and who.actor.username != turn.case.handler:
            acts = turn.warning.acts.count()
            if turn.case.state == State.DECIDING:
                _do(turn, "dismiss_warning", who.actor)
                done.dismissed += 1
            elif turn.chance[4] < RETURNED and acts < 3:
                _do(turn, "return_closing", who.actor, note="请补充现场照片。")
                done.returned += 1
            else:
                _do(turn, "pass_closing", who.actor)
                done.closed += 1
            return


def _do(turn: _Turn, verb: str, actor: Actor, **form: object) -> None:
    perform(number=turn.case.number, verb=verb, actor=actor, now=turn.now, form=form)
