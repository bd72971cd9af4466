"""How does one clock of a case stand, at any moment past or present?

A clock is terms (a budget, or a due moment a file gave) and an append-only ledger of entries. Everything
shown of it is a pure function of ledger, calendar and moment. A retarget keeps the old due with its reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from . import worktime
from .errors import BadInput
from .worktime import Calendar, Due

CALENDAR_PUBLISHED = "calendar_published"


class Kind(StrEnum):
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    RETARGET = "retarget"
    VOID = "void"


class State(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    VOID = "void"


class Light(StrEnum):
    """How a clock is shown: still running, run out, waiting, or over."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    PAUSED = "paused"
    DONE = "done"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a clock was given: a limit's budget, or ``fixed`` where the file named the due moment itself."""

    limit: str
    amount: float = 0
    unit: str = ""
    count: str = "elapsed"
    warn: tuple[float, ...] = ()
    after: tuple[int, ...] = ()
    fixed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """Time that does not count. ``end`` None: the pause is still open."""

    start: datetime
    end: datetime | None
    reason: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger. Start and retarget carry terms; pause carries reason and evidence."""

    kind: Kind
    at: datetime
    terms: Terms | None = None
    reason: str = ""
    evidence: str = ""
    covered_to: date | None = None
    """The last day the calendar covered when the terms were set; None: all that is known now."""
    started_at: datetime | None = None
    """With a retarget: the new start. None keeps the old one."""


@dataclass(frozen=True, slots=True)
class Target:
    """A due moment that no longer holds, with the reason it was changed."""

    limit: str
    due_at: datetime
    provisional: bool
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock as it stood at ``at``."""

    at: datetime
    state: State
    terms: Terms
    started_at: datetime
    due_at: datetime
    provisional: bool
    suspensions: tuple[Suspension, ...]
    stopped_at: datetime | None
    in_time: bool | None
    """None until the clock is stopped, and for a void one."""
    history: tuple[Target, ...]

    @property
    def spans(self) -> tuple[worktime.Span, ...]:
        """The suspensions as working time takes them, an open one running until ``at``."""
        return tuple((one.start, one.end or self.at) for one in self.suspensions)


@dataclass(frozen=True, slots=True)
class Rung:
    """A moment at which somebody is told about a clock."""

    code: str
    at: datetime


@dataclass(slots=True)
class _Ledger:
    """The ledger read up to some entry."""

    calendar: Calendar
    terms: Terms
    started_at: datetime
    covered_to: date | None
    suspensions: list[Suspension]
    stopped_at: datetime | None = None
    is_void: bool = False
    history: tuple[Target, ...] = ()

    @property
    def open(self) -> Suspension | None:
        return self.suspensions[-1] if self.suspensions and self.suspensions[-1].end is None else None

    @property
    def state(self) -> State:
        if self.is_void:
            return State.VOID
        if self.stopped_at:
            return State.STOPPED
        return State.PAUSED if self.open else State.RUNNING

    def due(self, at: datetime) -> Due:
        """Return the due as it stands at ``at``, an open pause running until then."""
        if self.terms.fixed:
            return Due(self.terms.fixed.astimezone(UTC), False)
        calendar = _published(self.calendar, self.covered_to) if self.covered_to else self.calendar
        spans = [(one.start, one.end or at) for one in self.suspensions]
        return worktime.due(
            self.started_at, self.terms.amount, self.terms.unit, self.terms.count, calendar, spans
        )


def replay(entries: Iterable[Entry], calendar: Calendar, at: datetime) -> ClockView:
    """Return the clock as it stood at ``at``; raise BadInput if the ledger does not make sense."""
    ledger: _Ledger | None = None
    last: datetime | None = None
    for entry in entries:
        if entry.at.tzinfo is None:
            raise BadInput("naive_moment", moment=entry.at.isoformat())
        if last and entry.at < last:
            raise BadInput("ledger_out_of_order", kind=entry.kind.value, at=entry.at.isoformat())
        last = entry.at
        if entry.at > at:
            break
        ledger = _applied(ledger, entry, calendar)
    if ledger is None:
        raise BadInput("clock_not_started", at=at.isoformat())
    return _view(ledger, at)


def published(entries: Sequence[Entry], calendar: Calendar, at: datetime) -> Entry | None:
    """Return the retarget owed to a provisional clock now that more is published; None if nothing changes."""
    view = replay(entries, calendar, at)
    if not view.provisional or view.state is State.VOID:
        return None
    entry = Entry(Kind.RETARGET, at, view.terms, CALENDAR_PUBLISHED, covered_to=calendar.last)
    after = replay([*entries, entry], calendar, at)
    return entry if (after.due_at, after.provisional) != (view.due_at, view.provisional) else None


def light(
    due_at: datetime, now: datetime, warn_at: datetime, stopped_at: datetime | None, *, paused: bool = False
) -> Light:
    """Return the light of a clock. Stopped at the due moment is in time; running at it, the time is out."""
    if stopped_at is not None:
        return Light.DONE if stopped_at <= due_at else Light.LATE
    if paused:
        return Light.PAUSED
    if now >= due_at:
        return Light.RED
    return Light.AMBER if now >= warn_at else Light.GREEN


def rungs(
    start: datetime, due: datetime, warn: Sequence[float], after: Sequence[timedelta] = ()
) -> tuple[Rung, ...]:
    """Return the moments to tell somebody, the fractions taken of the time between start and due."""
    span = due - start
    return _rungs([(fraction, start + span * fraction) for fraction in warn], due, after)


def ladder(view: ClockView, calendar: Calendar) -> tuple[Rung, ...]:
    """Return the rungs of a clock, the fractions taken of its budget: rest days and pauses are skipped."""
    terms, after = view.terms, [timedelta(hours=hours) for hours in view.terms.after]
    if terms.fixed:
        return rungs(view.started_at, view.due_at, terms.warn, after)
    parts = (
        worktime.due(view.started_at, terms.amount * part, terms.unit, "elapsed", calendar, view.spans)
        for part in terms.warn
    )
    return _rungs(zip(terms.warn, (part.at for part in parts), strict=True), view.due_at, after)


def _rungs(
    warn: Iterable[tuple[float, datetime]], due: datetime, after: Iterable[timedelta]
) -> tuple[Rung, ...]:
    before = [Rung(f"warn_{round(fraction * 100)}", at) for fraction, at in warn]
    over = [Rung(f"over_{round(wait / timedelta(hours=1))}h", due + wait) for wait in after]
    return (*before, Rung("due", due), *over)


@lru_cache(maxsize=64)
def _published(calendar: Calendar, covered_to: date) -> Calendar:
    return calendar.until(covered_to)


def _applied(ledger: _Ledger | None, entry: Entry, calendar: Calendar) -> _Ledger:
    """Return the ledger with one more entry; raise BadInput if the entry cannot come here."""
    if ledger is None or entry.kind is Kind.START:
        if ledger is not None or entry.kind is not Kind.START or entry.terms is None:
            raise _out_of_place(entry)
        return _Ledger(calendar, entry.terms, entry.at, entry.covered_to, [])
    if ledger.is_void or (ledger.stopped_at and entry.kind is not Kind.RETARGET):
        raise _out_of_place(entry)
    match entry.kind:
        case Kind.PAUSE if not ledger.open and entry.reason:
            ledger.suspensions.append(Suspension(entry.at, None, entry.reason, entry.evidence))
        case Kind.RESUME if ledger.open:
            _close(ledger, entry.at)
        case Kind.STOP:
            _close(ledger, entry.at)
            ledger.stopped_at = entry.at
        case Kind.VOID:
            _close(ledger, entry.at)
            ledger.is_void = True
        case Kind.RETARGET if entry.terms is not None and entry.reason:
            _retarget(ledger, entry)
        case _:
            raise _out_of_place(entry)
    return ledger


def _retarget(ledger: _Ledger, entry: Entry) -> None:
    """Put the ledger under new terms; the old due is kept as it stood then."""
    was = ledger.due(ledger.stopped_at or entry.at)
    old = Target(ledger.terms.limit, was.at, was.provisional, entry.at, entry.reason)
    ledger.history = (*ledger.history, old)
    ledger.terms = entry.terms or ledger.terms
    ledger.covered_to = entry.covered_to
    ledger.started_at = entry.started_at or ledger.started_at


def _close(ledger: _Ledger, at: datetime) -> None:
    if open_pause := ledger.open:
        ledger.suspensions[-1] = replace(open_pause, end=at)


def _view(ledger: _Ledger, at: datetime) -> ClockView:
    due = ledger.due(at)
    return ClockView(
        at=at,
        state=ledger.state,
        terms=ledger.terms,
        started_at=ledger.started_at,
        due_at=due.at,
        provisional=due.provisional,
        suspensions=tuple(ledger.suspensions),
        stopped_at=ledger.stopped_at,
        in_time=ledger.stopped_at <= due.at if ledger.stopped_at else None,
        history=ledger.history,
    )


def _out_of_place(entry: Entry) -> BadInput:
    return BadInput("entry_out_of_place", kind=entry.kind.value, at=entry.at.isoformat())
