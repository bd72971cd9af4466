"""What each stored field is to a person: who may see it at all, and which rule says how long it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Class(StrEnum):
    """How far a field may travel."""

    PUBLIC = "public"
    """May stand on an exposure board."""
    INTERNAL = "internal"
    """For everybody in whose reach the row lies: masked text, codes, moments, user names."""
    PERSONAL = "personal"
    """Leads to a person: masked by role, every look at it is an event."""
    SEALED = "sealed"
    """Encrypted at rest; opened by a verb with a purpose."""


RETENTIONS = (
    "case",
    "contact",
    "evidence",
    "audit",
    "person",
    "customer",
    "register",
    "rulebook",
    "outbox",
    "session",
    "work",
    "supply",
)
"""What a row is kept by: each a period of the rulebook, ``retention.`` and the key; supply lies in files."""


@dataclass(frozen=True, slots=True)
class Privacy:
    """The declaration of one table: its fields by class, names separated by spaces, and its retention.

    ``kept`` names the fields whose period is not the table's.
    """

    retention: str
    public: str = ""
    internal: str = ""
    personal: str = ""
    sealed: str = ""
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def classes(self) -> dict[str, Class]:
        """Return the class of every field declared."""
        return {name: kind for kind in Class for name in getattr(self, kind.value).split()}

    def retention_of(self, name: str) -> str:
        """Return the key of the period a field is kept for."""
        return self.kept.get(name, self.retention)
