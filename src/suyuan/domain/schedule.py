"""When is something that is done again and again done next, and for which moment?

The clock of a machine stands still while it is off, is set back, runs ahead and is put right. Missed ticks
are made up for by one run, a tick that was carried out is not carried out again, and what a clock far ahead
left behind does not hold anything up once it is right.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

Ticks = Callable[[datetime], datetime]
"""Returns the first tick after a moment."""


class Kind(StrEnum):
    """What a schedule can do: a closed table, so that no code is named by what is stored."""

    ANCHOR = "anchor"
    DETECT = "detect"
    FIRSTMOVES = "firstmoves"
    LAKE = "lake"
    NAMING = "naming"
    PUBLICATION = "publication"
    PROMISES = "promises"
    REPEATS = "repeats"
    RETENTION = "retention"
    REVIEW = "review"
    RISK = "risk"


DOCUMENTS = ("board", "returns", "commitments")
"""What can be published: a closed table as well."""

WEEKLY = frozenset({"commitments"})
"""The documents that are of a week: whoever asks for one names it."""

PERIODS = ("week", "month", "year")
"""What a scheduled document can be about: the last whole one of these."""


def next_tick(now: datetime, tick: datetime | None, ticks: Ticks) -> datetime:
    """Return the tick after ``now`` and after the one just carried out: those in between are not made up."""
    return ticks(max(now, tick) if tick else now)


def ran_ahead(ran_at: datetime | None, now: datetime, apart: timedelta) -> bool:
    """Return whether the last run lies so far in the future that the clock must have been wrong then."""
    return ran_at is not None and ran_at > now + apart
