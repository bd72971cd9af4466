"""The one calendar: what a working day is."""

from datetime import datetime

from suyuan.domain.worktime import Calendar
from suyuan.store import rules


def load(as_of: datetime) -> Calendar:  # noqa: ARG001 a published calendar is known ahead
    """Return the calendar of the rulebook."""
    return rules.rulebook().calendar
