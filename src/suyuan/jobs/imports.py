"""Imports that were queued in the browser, one at a time; the lake follows at once."""

from datetime import datetime

from suyuan.actions import imports
from suyuan.store import lake


def next_one(now: datetime, holder: str) -> int:
    """Carry out the oldest queued import and return 1, or 0 when there is none."""
    done = imports.next_queued(now=now, holder=holder)
    if done:
        lake.refresh()
    return done
