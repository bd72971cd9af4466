"""What a detector says: what stands out, since when, against what was expected, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Level(StrEnum):
    """How urgent a signal is, as the field grades its orders (紧急程度)."""

    GENERAL = "general"
    IMPORTANT = "important"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """Return 0 for the least urgent; levels are compared by it."""
        return tuple(Level).index(self)


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that stands out about one object; nothing personal is in it."""

    detector: str
    object: str
    """``kind:id`` as in the chain: ``case:…``, ``account:…`` (its key), ``unit:…``, ``line:…``."""
    level: Level
    since: datetime
    """When it began, not when it was seen."""
    observed: float
    expected: float
    """What ``observed`` is held against: a limit, a usual number."""
    why: str
    """The code of the sentence that says it; the sentence is filled from ``facts``."""
    facts: Mapping[str, str | int | float] = field(default_factory=dict)
    cases: tuple[str, ...] = ()
    """The cases or orders behind it, by number."""
    unit: str = ""
    """The code of the unit whose it is, empty where nothing says so."""
    category: str = ""
    """The category of the complaint it would become; its playbook says what to do."""

    @property
    def key(self) -> str:
        """Return what tells it from others, whenever it is found: one detector, one object."""
        return f"{self.detector}|{self.object}"
