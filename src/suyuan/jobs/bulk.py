"""Bulk runs that were cut off: the rest of their cases, one run at a time."""

from collections.abc import Callable
from datetime import datetime

from suyuan.actions import bulk

from .carry import carry_out


def next_one(now: datetime, holder: str, going: Callable[[], bool] = lambda: True) -> int:
    """Go on with the oldest run that waits and return 1, or 0 when there is none."""
    return carry_out("bulk", lambda row, at: bulk.carry_out(row=row, now=at, going=going), now, holder)
