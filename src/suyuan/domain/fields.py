"""Every field a form can ask for. One name, one meaning, wherever it is used."""

from dataclasses import dataclass, replace
from enum import StrEnum

from .vocabulary import (
    CAUSES,
    CREW_RATINGS,
    FINDINGS,
    MEANS_OF_CHECKING,
    SATISFACTIONS,
    SECRECIES,
    SITES,
    SPECIALTIES,
)


class Type(StrEnum):
    """How a field is entered and checked."""

    TEXT = "text"
    LONGTEXT = "longtext"
    PASSWORD = "password"  # noqa: S105 the name of a type
    """Text that is never shown while it is typed, and never again."""
    CHOICE = "choice"
    CHOICES = "choices"
    """Any number of the choices, separated by spaces."""
    BOOL = "bool"
    MOMENT = "datetime"
    DATE = "date"
    INTEGER = "integer"
    UNIT = "unit"
    CATEGORY = "category"
    BUSINESS_TYPE = "business_type"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in.

    ``choices`` are the codes allowed; ``reasons`` names a rulebook list instead. ``personal`` text is
    sealed and enters the event as a keyed reference.
    """

    name: str
    type: Type
    required: bool = True
    choices: tuple[str, ...] = ()
    reasons: str = ""
    personal: bool = False

    @property
    def optional(self) -> "Field":
        """Return the same field, not required."""
        return replace(self, required=False)


def reason(kind: str) -> Field:
    """Return the field that asks for a reason of the rulebook list ``kind``."""
    return Field("reason", Type.CHOICE, reasons=kind)


NOTE = Field("note", Type.LONGTEXT, personal=True)
EVIDENCE = Field("evidence", Type.TEXT)
"""What proves it: an attachment's digest, a document number, a recording's id."""

BUSINESS_TYPE = Field("business_type", Type.BUSINESS_TYPE)
CATEGORY = Field("category", Type.CATEGORY)
LEVEL = Field("level", Type.CHOICE, choices=("general", "important", "major", "special"))
SITE = Field("site", Type.CHOICE, choices=SITES)
SECRECY = Field("secrecy", Type.CHOICE, required=False, choices=SECRECIES)
UNIT = Field("unit", Type.UNIT)
SPECIALTY = Field("specialty", Type.CHOICE, choices=SPECIALTIES)
AT = Field("at", Type.MOMENT, required=False)
"""When it happened, where that is not now."""

REACHED = Field("reached", Type.BOOL)
CONTACT_NOTE = Field("contact_note", Type.LONGTEXT, personal=True)
CAUSE = Field("cause", Type.LONGTEXT, personal=True)
MEASURES = Field("measures", Type.LONGTEXT, personal=True)
REPLY = Field("reply", Type.LONGTEXT, personal=True)
FINDING = Field("finding", Type.CHOICE, choices=FINDINGS)
SATISFACTION = Field("satisfaction", Type.CHOICE, required=False, choices=SATISFACTIONS)
UNREACHED = Field("unreached_reason", Type.CHOICE, required=False, reasons="unreached")
"""Why nobody was reached; asked for where nobody was."""
DISSATISFIED = Field("dissatisfied_reason", Type.CHOICE, required=False, reasons="dissatisfied")
MORE_NEEDED = Field("more_needed", Type.BOOL, required=False)
"""Whether something is left to do; both asked for where the customer is dissatisfied."""
CREW = Field("crew_rating", Type.CHOICE, required=False, choices=CREW_RATINGS)
RESPONSIBILITY = Field("responsibility", Type.CHOICE, choices=CAUSES)
POST = Field("post", Type.TEXT, required=False)
ANALYSIS = Field("analysis", Type.LONGTEXT, personal=True)
STABLE = Field("supply_stable", Type.BOOL, required=False)
SUGGESTION = Field("suggestion", Type.LONGTEXT, required=False, personal=True)
PROBLEMS = Field("problems", Type.LONGTEXT, personal=True)
DUE_ON = Field("due_on", Type.DATE)
DELEGATE = Field("delegate", Type.TEXT)
"""The user name of whoever is to sign in one's stead."""
EFFECTIVE = Field("effective", Type.BOOL)
MEANS = Field("means", Type.CHOICE, choices=MEANS_OF_CHECKING)
INTO = Field("into", Type.CASE)
PAID_NOTICE = Field("paid_service_told", Type.BOOL, required=False)
