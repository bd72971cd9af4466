"""One-vote veto 一票否决: what keeps a unit, or one of its people, from rewards for a while."""

from dataclasses import dataclass
from datetime import date

from . import fields
from .fields import Field, Type

UNTIL = Field("veto_until", Type.DATE)
REASON = fields.reason("veto")
FORM = (fields.UNIT, fields.LIABLE_PERSON, REASON, UNTIL, fields.EVIDENCE, fields.NOTE)


@dataclass(frozen=True, slots=True)
class Span:
    """The days a veto stands, both included; what was lifted never stood."""

    first: date
    last: date
    lifted: bool = False

    def keeps_from(self, first: date, last: date) -> bool:
        """Tell whether it stands on any of some days: of a period it touches nobody is rewarded."""
        return not self.lifted and self.first <= last and first <= self.last


def latest(first: date, months: int) -> date:
    """Return the last day a veto that begins on a day may name."""
    month = first.month - 1 + months
    year, month = first.year + month // 12, month % 12 + 1
    day = first.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:  # the month is shorter
            day -= 1
