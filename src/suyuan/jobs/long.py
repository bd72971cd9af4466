"""The process of long schedules: one after another until none is due, nice to whoever shares the machine."""

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

from django.db import connections

from suyuan.actions import work as rows
from suyuan.store import presence

from . import schedules
from .hands import Hands
from .loop import Task, Worker
from .wall import Wall


def work(pipe: Connection, terms: Mapping[str, Any]) -> None:
    """Carry out long schedules and say how many; the process's main function."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a whole terminal: the worker says when to leave
    if hasattr(os, "nice"):
        os.nice(terms["nice"])
    threading.Thread(target=_follow, args=(terms["grace_seconds"],), daemon=True).start()
    with presence.sign_on() as me, _given_back(me):
        todo = [Task("long schedules", lambda now: schedules.batch(now, me, schedules.LONG, most=1))]
        worker, done = Worker(threading.Event(), me, todo, Wall(), Hands()), 0
        while (some := worker.round()) or worker.away:
            done += some
    pipe.send(done)


@contextlib.contextmanager
def _given_back(me: str) -> Iterator[None]:
    """Give back what was begun where this process is told to leave: nothing of it was kept."""
    try:
        yield
    except SystemExit:
        connections.close_all()
        rows.release(holder=me, now=datetime.now(UTC))
        raise


def _leave(*_: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(0)


def _follow(grace: float) -> None:
    """Leave when whoever began this process dies, at once where it cannot be told."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(grace)
        os._exit(1)
