"""The improvement register: what an entry begins with, and who may put one there."""

from .fields import IMPROVEMENT_KIND, PROBLEMS, UNIT
from .vocabulary import Role

FORM = (IMPROVEMENT_KIND, PROBLEMS, UNIT)
MAY = frozenset(
    {Role.OFFICE, Role.LEAD, Role.MARKETING, Role.OPERATIONS, Role.AUDIT, Role.LEADER, Role.STATION}
)
"""The roles that may, over the unit that is to mend it."""
