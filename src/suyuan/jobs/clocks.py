"""Clocks: one batch of rungs a round; one clock that cannot be swept is found and set aside."""

import logging
from collections.abc import Sequence
from datetime import datetime

from suyuan.actions import sweep

from .faults import DATABASE_AWAY, fault

log = logging.getLogger("suyuan.work")


def fire(now: datetime) -> int:
    """Fire one batch of what is due and return how many rungs fired."""
    return _fire(None, now)


def _fire(only: Sequence[int] | None, now: datetime) -> int:
    """Fire some clocks; where that fails, halve until what stands alone is what cannot be fired."""
    try:
        return sweep.sweep(now=now, limit=sweep.BATCH, only=only)
    except DATABASE_AWAY:
        raise
    except Exception as error:
        every = sweep.due(now=now, limit=sweep.BATCH) if only is None else only
        if len(every) == 1:
            sweep.set_aside(clock_id=every[0], fault=fault(error), now=now)
            log.exception("clock %d is set aside", every[0])
            return 0
    done = 0
    for half in (every[: len(every) // 2], every[len(every) // 2 :]):
        done += _fire(half, now) if half else 0
    return done
