"""The worker: one small loop over rows that say what must happen. As many processes as wanted.

Each task does a bounded batch and says how much it did; a task that fails is logged and tried again next
round, so one poison row does not stop the clocks. What may take minutes, an import, a bulk run, a
document, a schedule, goes on in a thread beside, and what computes for minutes in a process of its own
(``long``). While the database is away the loop waits for it.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import close_old_connections, connections

from suyuan.actions import clock, evidence, filing, once, org, publish, schedules
from suyuan.actions import work as rows
from suyuan.actions.imports import handed_in
from suyuan.actions.privacy import names, remask, ring
from suyuan.domain.procedure import SYSTEM
from suyuan.store import presence

from . import apart, bulk, clocks, deliver, imports, publications
from . import schedules as scheduled
from .faults import DATABASE_AWAY
from .hands import Hands
from .wall import Wall

log = logging.getLogger("suyuan.work")
LONG = "suyuan.jobs.long:work"
"""What does long schedules in a process of its own."""
IDLE = 2.0
"""Seconds between rounds that found nothing to do."""
AWAY_MOST = 30.0
"""Seconds between two looks for a database that is away, at the most."""


@dataclass(slots=True)
class Task:
    """Something to do each round, no more often than every ``every`` seconds."""

    name: str
    run: Callable[[datetime], int]
    every: float = 0.0
    last: float = float("-inf")


@dataclass(slots=True)
class Long:
    """Something that may take minutes: begun each round unless it is still at it, under leases of its own."""

    name: str
    run: Callable[[datetime, str], int]


Apart = Callable[[datetime, str, Callable[[], bool]], int]
"""Does what is due while it may go on, under leases of a holder; returns how much that was."""


def _never() -> bool:
    return False


def _people(now: datetime) -> int:
    """Let people begin and end, and roles and what was asked for be over; return how many."""
    return org.begin_and_end(now=now) + org.expire(now=now) + org.lapse(now=now)


def _long_here(now: datetime, holder: str, _going: Callable[[], bool]) -> int:
    return scheduled.batch(now, holder, scheduled.LONG)


def _long_apart(now: datetime, _holder: str, going: Callable[[], bool]) -> int:
    return apart.run(LONG, going) if scheduled.waits(now, scheduled.LONG) else 0


def tasks(
    holder: str = "",
    stopped: Callable[[], bool] = _never,
    carriers: Hands | None = None,
    long_ones: Apart = _long_here,
) -> list[Task | Long]:
    """Return what a worker does, in the order of one round; rows are leased to ``holder``.

    ``long_ones`` carries out long schedules where that is not done in this process.
    """
    me = holder or presence.name()
    carriers = carriers or Hands()

    def going() -> bool:
        return not stopped()

    return [
        Task("schedules kept", lambda now: schedules.keep(now=now), every=60),
        Task("sweep", clocks.fire),
        Task("taken back", lambda now: rows.take_back(now=now)),
        Task("deliver", lambda now: deliver.beside(now, me, carriers)),
        Task("receipts", deliver.read_receipts, every=5),
        Task("people", _people, every=60),
        Task("filings", lambda now: filing.lapse(now=now), every=60),
        Task("calendar", lambda now: clock.retarget_guessed(actor=SYSTEM, now=now, most=500), every=60),
        Long("imports", lambda now, holder: imports.next_one(now, holder, going)),
        Long("bulk", lambda now, holder: bulk.next_one(now, holder, going)),
        Long("publications", lambda now, holder: publications.next_one(now, holder, going)),
        Long("schedules", lambda now, holder: scheduled.batch(now, holder, scheduled.SHORT)),
        Long("long schedules", lambda now, holder: long_ones(now, holder, going)),
        Task("clear files", lambda now: evidence.adopt(now=now), every=600),
        Task("strays", lambda now: evidence.sweep_strays(now=now), every=3600),
        Task("answers", lambda now: once.forget(now=now), every=600),
        Task("lists", lambda now: publish.sweep(now=now), every=600),
        Task("handed in", lambda now: handed_in.sweep(now=now), every=600),
        Task("keys", lambda now: ring.reseal(actor=SYSTEM, now=now)),
        Task("names", lambda now: names.index(actor=SYSTEM, now=now)),
        Task("texts", lambda now: remask.remask(actor=SYSTEM, now=now).texts),
    ]


@dataclass(slots=True)
class Worker:
    """One loop: its tasks, its clock, and how long the database has been away."""

    stop: threading.Event
    holder: str
    todo: list[Task | Long]
    wall: Wall
    carriers: Hands
    beside: Hands | None = None
    """Where what may take minutes goes on; without, each piece is done in its turn."""
    away: int = 0
    begun: int = 0
    """Pieces begun beside, each of which holds rows under a name of its own."""

    def round(self) -> int:
        """Go once through the tasks and return how much was done."""
        done = 0
        try:
            if self.away:
                self._back()
            for task in self.todo:
                now = self.wall.now()
                if self.stop.is_set() or now is None:
                    break
                done += self._long(task, now) if isinstance(task, Long) else _once(task, now)
        except DATABASE_AWAY as error:
            self._gone(error)
        return done

    def _long(self, task: Long, now: datetime) -> int:
        """Begin with a piece of work, or do it at once where nothing goes on beside; return what was done."""
        beside = self.beside
        if beside is None:
            return _once(Task(task.name, lambda at: task.run(at, self.holder)), now)
        while beside.lost:
            rows.release(holder=beside.lost[-1], now=now)
            beside.lost.pop()
        if not beside.busy(task.name):
            self.begun += 1
            holder = f"{self.holder}/{self.begun}"
            beside.begin(task.name, lambda: task.run(now, holder), holder)
        return beside.wait(0)

    def _gone(self, error: Exception) -> None:
        """Wait for the database, each time longer."""
        if not self.away:
            log.warning("the database is away (%s): waiting for it", type(error).__name__)
        connections.close_all()
        self.away += 1
        self.stop.wait(min(2.0 ** (self.away - 2), AWAY_MOST))

    def _back(self) -> None:
        """Give back what was under way when the database went."""
        self.carriers.finish()
        now = self.wall.now()
        if now is not None:
            rows.release(holder=self.holder, now=now)
            log.warning("the database is back")
            self.away = 0


def work(stop: threading.Event, rounds: int | None = None, wall: Wall | None = None) -> int:
    """Run until ``stop`` is set or for some rounds, finish the batch in hand, return what was done.

    Told how many rounds, a worker does everything in its turn, nothing beside.
    """
    with presence.sign_on() as me:
        return _work(me, stop, rounds, wall or Wall())


def _work(me: str, stop: threading.Event, rounds: int | None, wall: Wall) -> int:
    carriers = Hands()
    beside = Hands() if rounds is None else None
    todo = tasks(me, stop.is_set, carriers, _long_here if beside is None else _long_apart)
    worker, done = Worker(stop, me, todo, wall, carriers, beside), 0
    while not stop.is_set() and (rounds is None or rounds > 0):
        busy = worker.round()
        done += busy
        rounds = None if rounds is None else rounds - 1
        if not busy and not carriers.full:
            stop.wait(IDLE if rounds is None else 0)
    return done + carriers.finish() + (beside.finish() if beside else 0)


def _once(task: Task, now: datetime) -> int:
    if time.monotonic() - task.last < task.every:
        return 0
    task.last = time.monotonic()
    close_old_connections()
    try:
        return task.run(now)
    except DATABASE_AWAY:
        task.last = float("-inf")
        raise
    except Exception:
        log.exception("task %s failed", task.name)
        return 0
