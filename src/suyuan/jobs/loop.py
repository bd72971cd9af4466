"""The worker: one small loop over rows that say what must happen. As many processes as wanted.

Each task does a bounded batch and says how much it did; a task that fails is logged and tried again next
round, so one poison row does not stop the clocks.
"""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import close_old_connections

from suyuan.actions import anchor, clock, org
from suyuan.actions.privacy import ring
from suyuan.domain.procedure import SYSTEM
from suyuan.store import lake

from . import clocks, deliver, imports

log = logging.getLogger("suyuan.work")
IDLE = 2.0
"""Seconds between rounds that found nothing to do."""


@dataclass(slots=True)
class Task:
    """Something to do each round, no more often than every ``every`` seconds."""

    name: str
    run: Callable[[datetime], int]
    every: float = 0.0
    last: float = float("-inf")


def _anchor(now: datetime) -> int:
    anchor.anchor(now=now)
    return 0


def _lake(_now: datetime) -> int:
    lake.refresh()
    return 0


def name() -> str:
    """Return a name no other worker has, to hold leases under."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def tasks(holder: str = "") -> list[Task]:
    """Return what a worker does, in the order of one round; rows are leased to ``holder``."""
    me = holder or name()
    return [
        Task("sweep", clocks.fire),
        Task("deliver", lambda now: deliver.batches(now, me)),
        Task("receipts", deliver.read_receipts, every=5),
        Task("people", lambda now: org.begin_and_end(now=now) + org.expire(now=now), every=60),
        Task("calendar", lambda now: clock.retarget_guessed(actor=SYSTEM, now=now, most=500), every=60),
        Task("imports", lambda now: imports.next_one(now, me)),
        Task("lake", _lake, every=60),
        Task("anchor", _anchor, every=3600),
        Task("keys", lambda now: ring.reseal(actor=SYSTEM, now=now)),
    ]


def work(stop: threading.Event, rounds: int | None = None) -> int:
    """Run until ``stop`` is set or for some rounds, finish the batch in hand, return what was done."""
    todo, done = tasks(), 0
    while not stop.is_set() and (rounds is None or rounds > 0):
        busy = sum(_once(task) for task in todo)
        done += busy
        rounds = None if rounds is None else rounds - 1
        if not busy:
            stop.wait(IDLE if rounds is None else 0)
    return done


def _once(task: Task) -> int:
    if time.monotonic() - task.last < task.every:
        return 0
    task.last = time.monotonic()
    close_old_connections()
    try:
        return task.run(datetime.now(UTC))
    except Exception:
        log.exception("task %s failed", task.name)
        return 0
