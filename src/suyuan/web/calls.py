"""Today's first calls of the viewer's desks, in words: why, what to say, which promise is at stake."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from suyuan.analytics import firstcalls
from suyuan.analytics.firstcalls import Call, Rules
from suyuan.store import rules
from suyuan.store.queries import firstmoves, org
from suyuan.store.queries.viewer import Viewer

from .ahead import ahead
from .figures import Stand
from .templatetags.ui import lang, left, local


@dataclass(frozen=True, slots=True)
class Line:
    """One call as it stands on a page."""

    call: Call
    unit: str
    why: tuple[str, ...]
    say: str
    left: str
    broken: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """The calls of one unit."""

    code: str
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """Every desk in reach, and the broken promises too old to be a first call."""

    desks: tuple[Desk, ...]
    backlog: int
    most: int

    @property
    def count(self) -> int:
        """Return how many calls there are."""
        return sum(len(desk.lines) for desk in self.desks)

    def first(self, count: int) -> list[Line]:
        """Return the weightiest calls over all desks."""
        lines = [line for desk in self.desks for line in desk.lines]
        order = _rules().reasons
        lines.sort(
            key=lambda line: (-len(line.call.reasons), order.index(line.call.reasons[0]), line.call.number)
        )
        return lines[:count]


@functools.cache
def _rules() -> Rules:
    return firstcalls.rules(firstcalls.shipped(), firstcalls.FILE)


def _words(code: str, key: str) -> str:
    return str(firstcalls.said_of(code)[key][lang()])


def today(viewer: Viewer, at: Stand, now: datetime) -> Today:
    """Return the calls of the viewer's desks; who is held out from first moves, or was reached
    by one lately, is not among them.
    """
    every, backlog = _found(at, viewer.paths)
    numbers = {call.number for calls in every.values() for call in calls}
    withheld = firstmoves.withheld(numbers, rules.local_day(now))
    kept = {code: [call for call in calls if call.number not in withheld] for code, calls in every.items()}
    found = {code: calls for code, calls in kept.items() if calls}
    names = {unit.code: unit.name for unit in org.units(viewer)}
    desks = (
        Desk(code, names.get(code, code), tuple(_lines(calls, names.get(code, code), now)))
        for code, calls in found.items()
    )
    return Today(tuple(desks), backlog, _rules().most)


@ahead
@functools.lru_cache(maxsize=256)
def _found(at: Stand, paths: tuple[str, ...]) -> tuple[Mapping[str, list[Call]], int]:
    """Return the calls of these units' desks and the backlog, as they stand this minute."""
    tables, now, figures = at.tables(), at.as_of, _rules()
    rows = tables.fetch(firstcalls.candidates(tables, paths, now, figures)).to_pylist()
    return firstcalls.first_calls(rows, now, figures), firstcalls.old_promises(tables, paths, now, figures)


def _lines(calls: Iterable[Call], unit: str, now: datetime) -> Iterable[Line]:
    for call in calls:
        lead = call.reasons[0]
        say = _words(lead, "say").format(
            accepted=local(call.accepted_at)[:10], due=local(call.due), times=call.times
        )
        broken = call.due is not None and call.due < now
        yield Line(call, unit, tuple(_chain(call)), say, left(call.due, now), broken)


def _chain(call: Call) -> Iterable[str]:
    """Return the reasons in words, with the figures they rest on."""
    yield gettext("%(at)s 受理") % {"at": local(call.accepted_at)}
    if call.times > 1:
        yield gettext("来电 %(times)d 次") % {"times": call.times}
    if call.urges:
        yield gettext("催办 %(times)d 次") % {"times": call.urges}
    for code in call.reasons:
        if code != "repeat":
            yield _words(code, "title")
