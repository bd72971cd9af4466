"""Pre-complaint case 预投诉: a discontent looked into before it becomes a complaint."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from . import fields
from .fields import Field, Type
from .vocabulary import Role

GRADES = ("high", "medium", "low")
"""How likely it is to become a complaint, the likeliest first."""
OUTCOMES = ("calmed", "complained", "unreached")
CASE, SIGNAL = "case", "signal"
"""What it can be promoted from: a case of a customer's, or a signal."""

RISK = Field("risk_grade", Type.CHOICE, choices=GRADES)
FOLLOW_ON = Field("follow_on", Type.DATE, required=False)
"""The day on which somebody turns to the customer again."""
OUTCOME = Field("precomplaint_outcome", Type.CHOICE, choices=OUTCOMES)
COMPLAINT = Field("complaint", Type.CASE, required=False)
"""The number of the complaint it became."""
FORM = (fields.SITUATION, fields.UNIT, FOLLOW_ON, fields.NOTE.optional)
"""What it begins with: what it is about in one sentence, the unit, when to turn to the customer again."""
MAY = frozenset({Role.AGENT, Role.LEAD, Role.OFFICE, Role.MARKETING, Role.OPERATIONS, Role.STATION})
"""The roles that open one, over the unit it is about."""
FROM = ("opinion", "enquiry", "repair", "application", "report")
"""The procedures of the cases one can be promoted from: what is a complaint already needs none."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a pre-complaint case is promoted from.

    ``kind`` is ``case`` or ``signal``, ``ref`` the number or the key of it; ``signs`` counts what points to a
    complaint, by name; ``parent`` is the number of the case behind it, empty where there is none.
    """

    kind: str
    ref: str
    unit: str
    category: str = ""
    signs: Mapping[str, int] = field(default_factory=dict)
    parent: str = ""

    @property
    def key(self) -> str:
        """Return what tells it from others: of one key at most one is open."""
        return f"{self.kind}:{self.ref}"


def points(signs: Mapping[str, int], weights: Mapping[str, int]) -> int:
    """Return the points that signs come to; a sign without a weight counts nothing."""
    return sum(weights.get(name, 0) * count for name, count in signs.items())


def grade(signs: Mapping[str, int], weights: Mapping[str, int]) -> str:
    """Return the grade of signs: by ``medium`` and ``high`` of the weights, the least points of each."""
    found = points(signs, weights)
    return "high" if found >= weights["high"] else "medium" if found >= weights["medium"] else "low"


def business_type(risk: str) -> str:
    """Return the business type of a grade: limits go by it."""
    return f"precomplaint.{risk}"
