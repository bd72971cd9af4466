"""Hands: work that takes its time goes on beside the rounds, so that the clocks do not wait for it."""

import logging
import threading
import time
from collections.abc import Callable

from django.db import connections

from .faults import DATABASE_AWAY

log = logging.getLogger("suyuan.work")


class Hands:
    """Pieces of work under way: one a name at most, each in a thread of its own."""

    def __init__(self) -> None:
        self._out: dict[str, threading.Thread] = {}
        self._done: list[int] = []
        self.lost: list[str] = []
        """Under which names the pieces held rows that were cut off with the database."""

    @property
    def full(self) -> bool:
        """Return whether anything is under way."""
        return any(thread.is_alive() for thread in self._out.values())

    def busy(self, name: str) -> bool:
        """Return whether the piece of this name is under way."""
        return name in self._out and self._out[name].is_alive()

    def begin(self, name: str, work: Callable[[], int], holder: str = "") -> None:
        """Begin with a piece of work, which says in the end how much it did; ``holder`` has its leases."""
        thread = threading.Thread(target=self._run, args=(name, work, holder), name=name, daemon=True)
        self._out[name] = thread
        thread.start()

    def wait(self, most: float) -> int:
        """Wait so many seconds at most; return how much was done since the last look."""
        return self._join(time.monotonic() + most)

    def finish(self) -> int:
        """Wait until everything under way has come to its end; return how much was done."""
        return self._join(None)

    def _join(self, until: float | None) -> int:
        for thread in self._out.values():
            thread.join(None if until is None else max(until - time.monotonic(), 0))
        done = 0
        while self._done:
            done += self._done.pop()
        return done

    def _run(self, name: str, work: Callable[[], int], holder: str) -> None:
        try:
            self._done.append(work())
        except DATABASE_AWAY as error:
            log.warning("%s: the database is away (%s)", name, type(error).__name__)
            if holder:
                self.lost.append(holder)
        finally:
            connections.close_all()
