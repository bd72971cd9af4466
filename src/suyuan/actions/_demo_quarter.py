"""What the demo shows of a quarter: the steps of its stories, each done at its moment through its verb."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import NamedTuple

from django.db import transaction

from suyuan.domain.vocabulary import Role
from suyuan.simulate.quarter import IT, Step, Story
from suyuan.store import rules
from suyuan.store.queries import cases, org, people, viewer
from suyuan.store.queries.viewer import Viewer

from . import _demo_numbers, commitment, filing, sweep
from ._demo_days import Days
from ._demo_doors import BEGINS, DOORS, MAY_FIND_NONE, PICK, Turn, perform_it

NOON, NIGHT = time(12), time(20, 30)
"""After the work of a day the worker looks at the limits, promises and filings."""
APART = timedelta(minutes=5)
"""So far apart are two steps of a story at the least: some days are moved by a holiday."""
AT, MONTH = "at", "month"
"""What a story calls the unit its case lies with, and the month of the step."""


class Planned(NamedTuple):
    """A step and when it is done."""

    moment: datetime
    story: Story
    step: Step


@dataclass(slots=True)
class Played:
    """How far the stories are: what each came to name, and which ended for want of a case."""

    names: dict[str, dict[str, str]]
    ended: set[str] = field(default_factory=set)
    people: dict[str, Viewer | None] = field(default_factory=dict)
    stations: dict[str, Viewer] = field(default_factory=dict)
    """By path of a unit somebody who does a station's work there."""

    @property
    def taken(self) -> frozenset[str]:
        """Return the cases that stories are about."""
        return frozenset(each[IT] for each in self.names.values() if IT in each)

    def who(self, by: str, number: str, unit: str) -> Viewer | None:
        """Return whom a step names: a user, somebody of the station a case lies with, or nobody."""
        if by not in self.people:
            self.people[by] = viewer.named(by) if by else None
        named = self.people[by]
        if by != Role.STATION:
            return named
        path = cases.unscoped(number).unit.path if number.startswith("SY") else org.unit(unit).path
        if named is not None and Role.STATION in named.actor.over_case(path):
            return named
        if path not in self.stations:
            self.stations[path] = viewer.of(people.over(path, frozenset({Role.STATION}))[0])
        return self.stations[path]


@transaction.atomic
def play(*, stories: Sequence[Story], now: datetime) -> dict[str, dict[str, str]]:
    """Do the steps of all stories in the order of time; return what each story came to name.

    A story that finds no case of its kind in a city ends there. All of it is one transaction: a disk that is
    waited for at each of some hundred steps doubles the time.
    """
    rules.look(now)
    days = Days(rules.rulebook().calendar, now)
    played = Played({story.name: {AT: story.unit} for story in stories})
    for day, planned in groupby(_planned(stories, days), lambda one: days.local(one.moment)):
        _demo_numbers.count_on(days.moment(day, NOON))
        for one in planned:
            if one.story.name not in played.ended:
                _do(one, played, days)
        if (night := days.moment(day, NIGHT)) < now:
            look(night)
    return played.names


def _planned(stories: Sequence[Story], days: Days) -> list[Planned]:
    """Return every step in the order of time: in its story's order, and none after now."""
    found = []
    for story in stories:
        last = datetime.min.replace(tzinfo=days.now.tzinfo)
        for step in story.steps:
            moment = days.moment(days.workday(step.day), time.fromisoformat(step.at))
            last = min(max(moment, last + APART), days.now)
            found.append(Planned(last, story, step))
    return sorted(found, key=lambda one: one.moment)


def _do(planned: Planned, played: Played, days: Days) -> None:
    """Do one step and keep what it named; a story that finds no case to be about ends."""
    moment, story, step = planned
    names = played.names[story.name]
    known = names | {MONTH: f"{days.local(moment):%Y-%m}"}
    form = {name: days.filled(value, known, moment) for name, value in step.form.items()}
    on = names.get(step.on, "")
    who = played.who(str(days.filled(step.by, known, moment)), on, names[AT])
    opened = DOORS.get(step.verb, perform_it)(
        Turn(step.verb, who, on, form, moment, story.caller, played.taken)
    )
    if step.verb in MAY_FIND_NONE and not opened:
        played.ended.add(story.name)
        return
    if step.verb in BEGINS:
        names.setdefault(IT, opened)
    if step.verb == PICK:
        names[AT] = cases.unscoped(opened).unit.code
    if step.opens:
        names[step.opens] = opened


def look(night: datetime) -> None:
    """Do what the worker does by itself."""
    sweep.sweep(now=night)
    commitment.remind(now=night)
    filing.lapse(now=night)
