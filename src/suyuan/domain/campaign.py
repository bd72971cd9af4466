"""A campaign 集中解决, 专项整治: one goal of one unit, and the complaints of each day beside the baseline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from .errors import BadInput
from .fields import CATEGORY, UNIT, Field, Type
from .vocabulary import Role

GROUPS = ("class1", "class2")
GOAL = Field("goal", Type.TEXT)
BASELINE_FROM = Field("baseline_from", Type.DATE)
STARTS, ENDS = Field("starts_on", Type.DATE), Field("ends_on", Type.DATE)
GROUP = Field("assess_group", Type.CHOICE, required=False, choices=GROUPS)
FORM = (GOAL, UNIT, GROUP, CATEGORY.optional, BASELINE_FROM, STARTS, ENDS)
ADD_FORM = (Field("improvement", Type.CASE),)
CLOSE_FORM = (Field("goal_reached", Type.BOOL), Field("conclusion", Type.LONGTEXT))
MAY = frozenset({Role.OFFICE, Role.LEAD, Role.MARKETING, Role.OPERATIONS, Role.LEADER})
"""The roles that open and close one over its unit, and add to it."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a campaign; its baseline are those from ``baseline_from`` to the day before the start."""

    baseline_from: date
    starts_on: date
    ends_on: date

    @property
    def baseline_days(self) -> int:
        """Return how many days the baseline has."""
        return (self.starts_on - self.baseline_from).days

    def check(self, today: date) -> None:
        """Raise BadInput for days out of order, or a start to come: its baseline is not over."""
        wrong = {
            "baseline_from": (self.baseline_from >= self.starts_on, "baseline_not_before"),
            "starts_on": (self.starts_on > today, "start_to_come"),
            "ends_on": (self.ends_on < self.starts_on, "end_before_start"),
        }
        if fields := {name: code for name, (bad, code) in wrong.items() if bad}:
            raise BadInput("bad_form", fields=fields)


@dataclass(frozen=True, slots=True)
class Day:
    """The complaints of a day and since the start, and how many the baseline would have brought by then."""

    day: date
    n: int
    total: int
    expected: float


def track(counts: Mapping[date, int], span: Span, baseline: int, today: date) -> list[Day]:
    """Return the days so far; of today its complaints until now, and the whole of its expected share."""
    found, total = [], 0
    for number in range((min(span.ends_on, today) - span.starts_on).days + 1):
        day = span.starts_on + timedelta(days=number)
        total += counts.get(day, 0)
        found.append(Day(day, counts.get(day, 0), total, baseline * (number + 1) / span.baseline_days))
    return found
