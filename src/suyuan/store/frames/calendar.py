"""The one calendar, what a working day is, and the rulebook it stands in."""

from datetime import datetime

from suyuan.domain.rulebook.book import Rulebook
from suyuan.domain.worktime import Calendar
from suyuan.store import rules


def load(as_of: datetime) -> Calendar:  # noqa: ARG001 a published calendar is known ahead
    """Return the calendar of the rulebook."""
    return rules.rulebook().calendar


def rulebook(as_of: datetime) -> Rulebook:  # noqa: ARG001 its records say from when on they hold
    """Return the rulebook: limits and figures of every day."""
    return rules.rulebook()
