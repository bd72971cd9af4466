"""Imports that were queued in the browser, one at a time; the lake follows at once."""

from collections.abc import Callable
from datetime import datetime

from suyuan.actions import imports, schedules
from suyuan.domain.schedule import Kind

from .carry import carry_out


def next_one(now: datetime, holder: str, going: Callable[[], bool] = lambda: True) -> int:
    """Carry out the oldest queued import and return 1, or 0 when there is none."""
    done = carry_out("import", lambda row, at: imports.carry_out(row=row, now=at, going=going), now, holder)
    if done:
        schedules.soon(kind=Kind.LAKE, now=now)
    return done
