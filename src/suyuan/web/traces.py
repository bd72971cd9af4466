"""Complaints traced on the event log of this home, in words, within the viewer's reach.

The log is the one that was taken over (actions/trace); without it nothing can be traced.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext

from suyuan.actions import population, traced
from suyuan.actions.traced import REMEMBERED, Answer, Known
from suyuan.analytics import period as periods
from suyuan.analytics.period import Period
from suyuan.analytics.trace import told
from suyuan.analytics.trace.eventlog import EventLog, Names
from suyuan.store import event_log
from suyuan.store.queries import cases, org, personal
from suyuan.store.queries.cases import LOCAL
from suyuan.store.queries.viewer import Viewer

from .templatetags.ui import lang

MOST = 200
"""So many complaints of the log at most, the latest, are looked at where no month is asked for."""
MONTHS = 24
"""So many months can be chosen, those before the latest complaint."""


@dataclass(frozen=True, slots=True)
class Traced:
    """A complaint with what it came from, and the log in the names a page shows."""

    number: str
    at: datetime
    category: str
    answer: Answer
    log: EventLog
    sentence: str

    @property
    def source(self) -> str:
        """Return the unit of the source by name."""
        if not self.answer.traced.chains:
            return ""
        unit = self.answer.traced.chains[0].nodes[0].unit
        return self.log.objects[unit] if unit >= 0 else gettext("未记单位")

    @property
    def spared(self) -> list[str]:
        """Return the units by name that alone should not answer."""
        return [self.log.objects[self.answer.log.objects.find(code)] for code in self.answer.spared]

    @property
    def felt(self) -> list[str]:
        """Return the first chain in short, from what the customer felt back to the source."""
        nodes = reversed(self.answer.traced.chains[0].nodes)
        return [
            f"{self.log.types[int(self.log.type[one.thing])]} {told.deviates(self.log, one, lang())}"
            for one in nodes
        ]


class _Shown(Names):
    """Objects of a log by the names a page shows: units by theirs, what leads to a person by a sign."""

    def __init__(self, answer: Answer, units: dict[str, tuple[str, str]], own: dict[str, str]) -> None:
        self._log, self._units, self._kinds, self._own = answer.log, units, answer.units, own

    def __getitem__(self, at):  # type: ignore[no-untyped-def]
        """Return what an object is called on a page."""
        name = self._log.objects[at]
        if int(self._log.type[at]) in self._kinds and name in self._units:
            return self._units[name][0]
        return self._own.get(name) or called(name)

    def __len__(self) -> int:
        return len(self._log.objects)


def learn_ahead() -> None:
    """Learn what is asked for next and look the whole log over, where something is new."""
    traced.learn_ahead()
    if traced.is_learned():
        population.surveyed()


class Came(StrEnum):
    """Where a complaint came from, as the one it lies with sees it."""

    ELSEWHERE = "elsewhere"
    OWN = "own"
    """From that unit itself, or a team of it."""
    NOBODY = "nobody"
    """Surely from a step, of which no unit is recorded."""
    THIN = "thin"
    """The evidence is less than half sure, or too thin for any chain."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A complaint in reach with what the log says of it, not told yet."""

    case: Any
    answer: Answer
    came: Came


def placed(viewer: Viewer, month: Period | None = None) -> list[Placed]:
    """Return the complaints in reach of a month, or the latest of all, with where each came from."""
    here = traced.known()
    if here is None:
        return []
    numbers = here.newest[:MOST] if month is None else _of_month(here, month)
    reached = cases.reached_of(viewer, numbers)
    if not reached:
        return []
    answers, units = traced.answers(number for number in numbers if number in reached), org.names()
    return [
        Placed(reached[number], answer, _came(answer, reached[number].unit.path, units))
        for number, answer in answers.items()
    ]


def _came(answer: Answer, path: str, units: dict[str, tuple[str, str]]) -> Came:
    """Return where a complaint came from: a unit or a team of it is the same."""
    if answer.chain is None:
        return Came.THIN
    if not answer.source:
        return Came.NOBODY
    return Came.OWN if units.get(answer.source, ("", ""))[1].startswith(path) else Came.ELSEWHERE


def first(viewer: Viewer) -> tuple[Traced | None, int]:
    """Return the latest complaint in reach that came from another unit, and how many more there are."""
    found = [one for one in placed(viewer) if one.came is Came.ELSEWHERE]
    return (tell(found[:1])[0], len(found) - 1) if found else (None, 0)


def tell(found: Sequence[Placed]) -> list[Traced]:
    """Return complaints in words."""
    units = org.names()
    return [_told(one.case, one.answer, units, {}) for one in found]


def months() -> list[Period]:
    """Return the months that the log knows complaints of, the latest first."""
    here = traced.known()
    if here is None or not here.newest:
        return []
    last, earliest = (_day(here, number) for number in (here.newest[0], here.newest[-1]))
    every = periods.run_up(periods.parse(f"{last:%Y-%m}"), MONTHS)
    return [one for one in reversed(every) if one.last is not None and one.last >= earliest]


def _of_month(here: Known, month: Period) -> tuple[str, ...]:
    """Return the complaints of a month, the latest first, no more than are remembered."""
    assert month.first is not None
    assert month.last is not None
    first, last = -month.first.toordinal(), -month.last.toordinal()
    begin = bisect_left(here.newest, last, key=lambda number: -_day(here, number).toordinal())
    end = bisect_right(here.newest, first, key=lambda number: -_day(here, number).toordinal())
    return here.newest[begin:end][:REMEMBERED]


def _day(here: Known, number: str) -> date:
    log = here.log
    return moment(int(log.at[log.first(log.objects.find(number))])).astimezone(LOCAL).date()


def of(viewer: Viewer, number: str) -> Traced | None:
    """Return a complaint in reach with what it came from in words; None where the log does not know it."""
    case = cases.get(viewer, number)
    answer = traced.traced_of(number)
    return answer and _told(case, answer, org.names(), _own(viewer, case))


def _told(case, answer: Answer, units: dict[str, tuple[str, str]], own: dict[str, str]) -> Traced:  # type: ignore[no-untyped-def]
    log = replace(answer.log, objects=_Shown(answer, units, own))
    sentence = told.sentence(log, answer.traced, lang())
    first = answer.log.first(answer.traced.complaint)
    return Traced(case.number, moment(int(log.at[first])), case.category, answer, log, sentence)


def _own(viewer: Viewer, case) -> dict[str, str]:  # type: ignore[no-untyped-def]
    """Return the case's own account as it may be shown, masked, by what stands for it in the log."""
    account = case.account_index and personal.shown(viewer, case).get("account")
    return {event_log.meeting(case.account_index): account} if account else {}


def called(thing: str) -> str:
    """Return the number of an object, or a short sign where a reference stands for it."""
    return gettext("代号 %(sign)s") % {"sign": thing[1:7]} if event_log.is_reference(thing) else thing


def moment(micros: int) -> datetime:
    """Return a moment of the log."""
    return told.EPOCH + timedelta(microseconds=micros)
