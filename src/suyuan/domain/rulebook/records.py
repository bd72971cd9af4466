"""What one record of the rulebook says. Every record carries its basis and how sure we are of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

OPENED_BY_A_VERB = (
    *("rectification", "support", "improvement", "liability", "supervision"),
    *("appeal", "claim_review", "protection", "filing", "final_answer"),
    *("veto", "accountability", "evaluation", "warning", "precomplaint", "disconnection"),
)
"""Procedures whose cases are opened from another case, never by a contact or an order of a file."""
PROCEDURES = (
    *("complaint", "report", "opinion", "enquiry", "repair", "application", "imported"),
    *OPENED_BY_A_VERB,
)
GROUPS = ("", "class1", "class2", "production", "excluded")
KINDS = ("internal", "public", "regulator", "practice")
LADDER = "clock.ladder"
"""The figure that gives a limit its rungs where it names none."""
FACTS = ("business_type", "site", "channel", "category", "level")
"""What a limit may depend on."""


class Certainty(StrEnum):
    """How sure we are of a figure."""

    Q = "Q"
    Q2 = "Q2"
    S = "S"
    MEMORY = "memory"
    I = "I"  # noqa: E741 the mark's own name
    CONFIRMED = "confirmed"

    @property
    def assessable(self) -> bool:
        """True where the figure may enter a ranking, a penalty or a regulator's report."""
        return self not in (Certainty.MEMORY, Certainty.I)


def assessable(certainty: str) -> bool:
    """Tell whether a figure of that certainty may enter an assessment; an unknown mark raises."""
    return Certainty(certainty).assessable


def holds(when: Mapping[str, tuple[str, ...]], facts: Mapping[str, str]) -> bool:
    """Tell whether every condition holds for those facts; a category stands for its children too."""
    return all(
        any(value == one or (key == "category" and value.startswith(f"{one}.")) for one in allowed)
        for key, allowed in when.items()
        for value in (facts.get(key, ""),)
    )


@dataclass(frozen=True, slots=True)
class Title:
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """What every record carries; ``in_force_from`` None means no start is known and none is needed."""

    basis: str
    certainty: Certainty
    note: str = ""
    confirmed_by: str = ""
    in_force_from: date | None = None
    in_force_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Sourced):
    """A time limit: from one moment of a case to another, within a budget."""

    id: str
    family: str
    title: Title
    procedures: tuple[str, ...]
    """Empty: kept for reference, starts no clock until a user's file names procedures."""
    starts: str
    stops: str
    when: Mapping[str, tuple[str, ...]] = field(hash=False)
    kind: str
    binding: bool
    amount: int
    unit: str
    count: str
    warn: tuple[float, ...]
    """Fractions of the budget at which to warn."""
    after: tuple[int, ...]
    """Hours past due at which to warn again."""
    in_force_from: date

    @property
    def key(self) -> str:
        return self.id

    @property
    def assessable(self) -> bool:
        return self.certainty.assessable

    def matches(self, facts: Mapping[str, str]) -> bool:
        """Tell whether the limit is for a case with those facts."""
        return holds(self.when, facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Sourced):
    """A node of the complaint tree; the code's dots give level and parent."""

    code: str
    title: Title
    group: str
    specialty: str
    synonyms: tuple[str, ...]
    restricts: bool = False
    """Whether a case of it, or of one below it, is for the audit desk alone."""

    @property
    def key(self) -> str:
        return self.code

    @property
    def level(self) -> int:
        return self.code.count(".") + 1

    @property
    def parent(self) -> str:
        return self.code.rpartition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessType(Sourced):
    """What kind of order it is, and which procedure carries it."""

    code: str
    title: Title
    procedure: str
    synonyms: tuple[str, ...]
    restricts: bool = False
    """Whether a case of it is for the audit desk alone."""

    @property
    def key(self) -> str:
        return self.code

    @property
    def is_opened_by_a_verb(self) -> bool:
        """Tell whether no contact and no order of a file can be of this type."""
        return self.procedure in OPENED_BY_A_VERB


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Sourced):
    """One value of a closed list."""

    list: str
    code: str
    title: Title
    synonyms: tuple[str, ...]
    group: str
    limit: str
    """Family of the limit this value brings with it, e.g. a channel's regulator limit."""

    @property
    def key(self) -> str:
        return f"{self.list}:{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Sourced):
    """Figures that are no clock: a notice period, a voltage band, a definition, a retention term."""

    id: str
    title: Title
    terms: Mapping[str, Any] = field(hash=False)

    @property
    def key(self) -> str:
        return self.id


Record = Limit | Category | BusinessType | Choice | Figure


def plain(record: Sourced) -> dict[str, Any]:
    """Return a record as the TOML table it is read from, with dates as text; nothing is left out."""
    return {f.name: _plain(getattr(record, f.name)) for f in fields(record)}


def _plain(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case StrEnum():
            return value.value
        case tuple():
            return [_plain(one) for one in value]
        case Mapping():
            return {key: _plain(one) for key, one in value.items()}
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return value
