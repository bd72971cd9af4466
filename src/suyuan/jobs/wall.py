"""The moment it is, told to the work; nothing is told while the machine's clock has just jumped.

A clock that is set ahead by mistake would fire every warning of the coming year. So it is held against the
steady clock, which nobody can set: where the two part, work waits a while for the clock to come back, and
goes on with the new time if it does not.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from suyuan.store import rules

log = logging.getLogger("suyuan.work")


def _wall() -> datetime:
    return datetime.now(UTC)


class Wall:
    """The machine's clock, watched."""

    def __init__(
        self, wall: Callable[[], datetime] = _wall, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall, self._steady = wall, steady
        self._at, self._since = wall(), steady()
        self._held_until = float("-inf")

    def now(self) -> datetime | None:
        """Return the moment it is, or None while it cannot be trusted."""
        wall, steady = self._wall(), self._steady()
        parted = wall - self._at - timedelta(seconds=steady - self._since)
        self._at, self._since = wall, steady
        if abs(parted) > timedelta(seconds=rules.figure("work.clock", "jump_seconds")):
            self._held_until = steady + rules.figure("work.clock", "hold_seconds")
            log.warning("the machine's clock moved by %s: waiting whether it comes back", parted)
        return None if steady < self._held_until else wall
