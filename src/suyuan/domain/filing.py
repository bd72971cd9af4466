"""Filings 报备: what is told to whoever calls, where it counts and how long, what follows a false one."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from . import fields
from .errors import BadInput
from .fields import Field, Type
from .vocabulary import Role

KIND = Field("filing_kind", Type.CHOICE, reasons="filing_kind")
SCRIPT = Field("script", Type.LONGTEXT, personal=True)
"""What is said to whoever calls."""
FROM, UNTIL = Field("counts_from", Type.MOMENT), Field("counts_until", Type.MOMENT)
LINE, AREA = Field("line", Type.TEXT, required=False), Field("area", Type.TEXT, required=False)
"""Where it counts, if that is less than the whole unit: a feeder, or a transformer area."""
FORM = (fields.SITUATION, KIND, fields.UNIT, LINE, AREA, FROM, UNTIL, SCRIPT, fields.EVIDENCE)
MONTHS = Field("suspended_months", Type.INTEGER)
"""For how many months a unit may file nothing after a false filing."""
ANSWER_FORM = (fields.SITUATION, SCRIPT, fields.EVIDENCE)
"""What a final answer begins with: why there is nothing more to do, what is said, what proves it."""

MAY = frozenset({Role.STATION, Role.LEAD, Role.OFFICE, Role.MARKETING, Role.OPERATIONS})
"""The roles that file, over the unit that does."""
COUNTY = (Role.MARKETING, Role.OPERATIONS, Role.LEADER)
"""Who looks at it first: the department or the county company."""
SERVICE = (Role.OFFICE,)
"""Who lets it count: the service office."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when a filing counts."""

    first: datetime
    until: datetime

    def check(self, now: datetime, longest: int) -> None:
        """Raise BadInput where it ends before it begins or before now, or is longer than its kind may be."""
        if self.until <= max(self.first, now):
            raise BadInput("bad_form", fields={"counts_until": "filing_over"})
        last = self.first + timedelta(days=longest)
        if self.until > last:
            allowed = {"counts_until": [self.first.isoformat(), last.isoformat()]}
            raise BadInput("bad_form", fields={"counts_until": "out_of_order"}, allowed=allowed)


def suspended_until(now: datetime, months: int, allowed: Sequence[int]) -> datetime:
    """Return when a unit may file again after so many months; raise BadInput for a span outside the rule."""
    least, most = allowed
    if not least <= months <= most:
        raise BadInput("bad_form", fields={MONTHS.name: "out_of_range"}, allowed={MONTHS.name: [least, most]})
    years, month = divmod(now.month - 1 + months, 12)
    year = now.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return now.replace(year=year, month=month + 1, day=min(now.day, last))


def counts_at(line: str, area: str, *, of_line: str, of_area: str, within: bool) -> bool:
    """Return whether a filing of a feeder, an area or a whole unit counts at a place.

    ``within`` tells whether the place lies within the unit: a filing that names a feeder or an area counts
    there alone, whoever serves it.
    """
    if line or area:
        return (not line or line == of_line) and (not area or area == of_area)
    return within
