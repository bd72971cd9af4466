"""Technical assessment order 技术评估单: what gives rise to one, who may open it, what is said at its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from . import fields
from .fields import Field, Type
from .vocabulary import Role

FORM = (fields.SITUATION, fields.UNIT, fields.NOTE.optional)
"""What it begins with: the figures in one sentence, the unit, a word of whoever opens it."""
MAY = frozenset({Role.OFFICE, Role.OPERATIONS, Role.MARKETING})
"""The roles that open one, over the unit it is about."""

EQUIPMENT = Field("equipment_state", Type.LONGTEXT, personal=True)
"""In what state the equipment was found."""
OUTAGES = Field("outages_found", Type.INTEGER, required=False)
"""How many outages there were in the days looked at."""
LOAD = Field("load_rate", Type.DECIMAL, required=False)
"""The highest load, as a percentage of what the equipment is made for."""
CONCLUSION = Field("evaluation_conclusion", Type.CHOICE, reasons="evaluation_conclusion")
FINDINGS = (
    EQUIPMENT,
    fields.VOLTAGE_LOW.optional,
    fields.VOLTAGE_HIGH.optional,
    OUTAGES,
    LOAD,
    CONCLUSION,
    fields.SUGGESTIONS.optional,
    fields.EVIDENCE,
)
"""What operations says of the equipment, measured or looked up, with what proves it."""
MEASURE = (fields.IMPROVEMENT_KIND, fields.PROBLEMS, fields.MEASURES, fields.UNIT, fields.DUE_ON)
"""What is to be done about it: an entry of the improvement register, planned at once."""

THEME, NODE = "theme", "node"


@dataclass(frozen=True, slots=True)
class About:
    """What passed its threshold: a theme at a place, or a node of a unit, and the figures that show it.

    ``subject`` is ``theme`` or ``node``; ``kind`` what was brought up, or the step; ``level`` the sort of
    place (``area``, ``line``, ``unit``); ``cases`` the contacts behind it, by number.
    """

    subject: str
    kind: str
    level: str
    place: str
    unit: str
    first: date
    last: date
    figures: Mapping[str, float | int | str]
    cases: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return what tells it from others, whenever it is found."""
        return "|".join((self.subject, self.kind, self.level, self.unit, self.place))
