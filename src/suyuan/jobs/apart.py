"""A piece of work in a process of its own: pages and clocks do not take turns with what computes for minutes.

The process ends by itself when it is done. It is told to leave when the worker leaves, is ended when it does
not or when it takes hours, and leaves when whoever began it dies.
"""

import logging
import multiprocessing
import pickle
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from suyuan.config.child import start
from suyuan.store import rules

log = logging.getLogger("suyuan.work")
LOOK = 0.2
"""Seconds between two looks whether the worker leaves."""


def run(target: str, going: Callable[[], bool]) -> int:
    """Run ``module:function`` in a process of its own and return how much it did; 0 where it was cut off.

    The function is given a pipe to say that through, and the terms of ``work.apart``.
    """
    terms = rules.rulebook().figures["work.apart"][-1].terms
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=start, args=(theirs, target, pickle.dumps(terms)), daemon=True)
    child.start()
    theirs.close()
    try:
        done = _heard(child, ours, going, time.monotonic() + terms["most_hours"] * 3600)
    finally:
        _end(child, terms["grace_seconds"])
        ours.close()
    if done is None:
        log.warning("%s ended by itself (%s)", target, child.exitcode)
        _rest(going, terms["again_seconds"])
    return done or 0


def _heard(child: BaseProcess, pipe: Connection, going: Callable[[], bool], until: float) -> int | None:
    """Return what a process says in the end: None where it died before, 0 where the worker leaves."""
    while going():
        if pipe.poll(LOOK):
            try:
                return int(pipe.recv())
            except EOFError:
                return None
        if time.monotonic() > until:
            child.kill()
    return 0


def _end(child: BaseProcess, grace: float) -> None:
    """Let a process that is done end, tell one that is not to leave, end one that does not."""
    child.join(LOOK)
    child.terminate()
    child.join(grace)
    child.kill()
    child.join()


def _rest(going: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while going() and time.monotonic() < until:
        time.sleep(LOOK)
