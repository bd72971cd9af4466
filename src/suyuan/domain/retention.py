"""How long what is kept is kept: for each key a period of the rulebook, from a moment of the row's own.

A period that nobody confirmed is counted and shown; nothing is ever destroyed by it.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from .evidence import GENERAL, MAJOR
from .privacy import RETENTIONS

PREFIX = "retention."
UNITS = ("years", "months", "days")


class From(StrEnum):
    """The moment from which a period is counted."""

    CLOSED = "closed"
    """The case is closed."""
    LEFT = "left"
    """The person left."""
    ENDED = "ended"
    """The row itself came to its end: no longer valid, withdrawn, expired, sent, finished."""
    NEVER = "never"
    """Nothing of it is destroyed: it leads to nobody, or the chains stand on it."""


COUNTED: Mapping[str, From] = {
    "case": From.NEVER,
    "contact": From.CLOSED,
    "evidence": From.CLOSED,
    "audit": From.NEVER,
    "person": From.LEFT,
    "customer": From.ENDED,
    "register": From.NEVER,
    "rulebook": From.NEVER,
    "outbox": From.ENDED,
    "session": From.ENDED,
    "work": From.ENDED,
    "supply": From.ENDED,
}
"""What each key is counted from; a test holds it to the keys that tables declare."""

BY_LEVEL = {"evidence": (GENERAL, MAJOR)}
"""The keys with more than one figure: how long evidence is kept depends on the level of its case."""


def figures_of(key: str) -> tuple[str, ...]:
    """Return the figures that say how long a key is kept."""
    return BY_LEVEL.get(key, (PREFIX + key,))


KEY_OF = {figure: key for key in RETENTIONS for figure in figures_of(key)}
"""Figure → the key it is for."""


@dataclass(frozen=True, slots=True)
class Period:
    """A number of years, months or days; of none of them it never ends."""

    amount: int = 0
    unit: str = ""

    def __str__(self) -> str:
        if not self.unit:
            return "permanent"
        return f"{self.amount} {self.unit if self.amount > 1 else self.unit[:-1]}"

    def over_before(self, today: date) -> date | None:
        """Return the day before which something must have ended for its period to be over; None for never.

        The last day of a period is kept; a day that a month does not have counts as its last.
        """
        if not self.unit:
            return None
        if self.unit == "days":
            return today - timedelta(days=self.amount)
        months = today.year * 12 + today.month - 1 - self.amount * (12 if self.unit == "years" else 1)
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def period(terms: Mapping[str, Any]) -> Period:
    """Return the period that the terms of a figure say; raise ValueError where they say none."""
    if dict(terms) == {"permanent": True}:
        return Period()
    if len(terms) == 1:
        ((unit, amount),) = terms.items()
        if unit in UNITS and type(amount) is int and 0 < amount <= _MOST[unit]:
            return Period(amount, unit)
    raise ValueError(f"must be {{ permanent = true }} or one of {', '.join(UNITS)} with a whole number")


_MOST = {"years": 100, "months": 1_200, "days": 36_500}


def problem(figure: str, terms: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return what is wrong with a figure of retention, as key and words; None where nothing is."""
    key = KEY_OF.get(figure)
    if key is None:
        return "id", f"is for no key of retention; there are {', '.join(sorted(KEY_OF))}"
    try:
        found = period(terms)
    except ValueError as error:
        return "terms", str(error)
    if key in BY_LEVEL and found.unit != "years":
        return "terms", "must be a number of years"
    if COUNTED[key] is From.NEVER and found.unit:
        return "terms", "must be { permanent = true }: nothing destroys what this key keeps"
    return None
