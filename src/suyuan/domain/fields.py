"""Every field a form can ask for. One name, one meaning, wherever it is used."""

from dataclasses import dataclass, replace
from enum import StrEnum

from .vocabulary import (
    CAUSES,
    CHANNELS,
    CREW_RATINGS,
    FINDINGS,
    IMPROVEMENT_KINDS,
    MEANS_OF_CHECKING,
    PHASES,
    RETURNS_TO,
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
    DECIMAL = "decimal"
    ITEM = "item"
    """One of the items of the case, by number."""
    CLAUSE = "clause"
    """A document or a limit of the rulebook."""


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

CHANNEL = Field("channel", Type.CHOICE, required=False, choices=CHANNELS)
"""By what a customer urged."""
BUSINESS_TYPE = Field("business_type", Type.BUSINESS_TYPE)
CATEGORY = Field("category", Type.CATEGORY)
LEVEL = Field("level", Type.CHOICE, choices=("general", "important", "major", "special"))
SITE = Field("site", Type.CHOICE, choices=SITES)
SECRECY = Field("secrecy", Type.CHOICE, required=False, choices=SECRECIES)
UNIT = Field("unit", Type.UNIT)
ACCUSED_UNIT = Field("accused_unit", Type.UNIT)
"""The unit a report or complaint speaks against."""
ENTRUSTED = Field("entrusted", Type.TEXT)
"""The user name of whom the audit desk lets work on a restricted case."""
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
RATING = Field("rating", Type.CHOICE, choices=SATISFACTIONS)
"""What the customer marked on the satisfaction card."""
CARD_CODE = Field("card_code", Type.TEXT)
REPORTER_CODE = Field("reporter_code", Type.TEXT)
"""With what a reporter who is kept secret asks."""
FURTHER = Field("further", Type.LONGTEXT, required=False, personal=True)
"""What such a reporter adds."""
STABLE = Field("supply_stable", Type.BOOL, required=False)
SUGGESTION = Field("suggestion", Type.LONGTEXT, required=False, personal=True)
PROBLEMS = Field("problems", Type.LONGTEXT, personal=True)
DUE_ON = Field("due_on", Type.DATE)
DELEGATE = Field("delegate", Type.TEXT)
"""The user name of whoever is to sign in one's stead."""
OWNER = Field("owner", Type.TEXT)
"""The user name of whoever is the customer's one face from now on."""
EFFECTIVE = Field("effective", Type.BOOL)
MEANS = Field("means", Type.CHOICE, choices=MEANS_OF_CHECKING)
INTO = Field("into", Type.CASE)
BACK_TO = Field("back_to", Type.CHOICE, choices=RETURNS_TO)
STATEMENT = Field("statement", Type.LONGTEXT, personal=True)
ITEM = Field("item", Type.ITEM)
CLAUSE = Field("clause", Type.CLAUSE, required=False)
"""What was breached; needed where the finding is that something was."""
IMPROVEMENT_KIND = Field("improvement_kind", Type.CHOICE, choices=IMPROVEMENT_KINDS)
RELAY_TO = Field("relay_to", Type.CHOICE, reasons="relay")
"""Whom the workstation passes something on to."""
MESSAGE = Field("message", Type.LONGTEXT, personal=True)
RELAY = Field("relay", Type.ITEM)
"""Which of the messages the workstation passed on, by number."""
CAME_BACK = Field("came_back", Type.LONGTEXT, personal=True)
PROMISE = Field("promise", Type.LONGTEXT, personal=True)
"""What the customer is promised."""
PROMISED_ON = Field("promised_on", Type.DATE)
COMMITMENT = Field("commitment", Type.ITEM)
"""Which of the promises on the case, by number."""
REQUEST = Field("request", Type.LONGTEXT, personal=True)
"""What another department is asked to help with."""
SUPPORT = Field("support", Type.CASE)
"""The number of a request for support."""
SUPPORT_RATING = Field("support_rating", Type.CHOICE, choices=CREW_RATINGS)
LIABILITY_NODE = Field("liability_node", Type.CHOICE, reasons="liability_node")
"""A step of a process: a node of the rulebook."""
SHARE = Field("share", Type.DECIMAL)
"""What part of a hundred is a node's."""
LIABLE_PERSON = Field("liable_person", Type.TEXT, required=False)
"""The user name of whoever a share is of, where it is of one person."""
SHARE_LINE = Field("share_line", Type.ITEM)
"""Which of the shares of a liability, by number."""
SKILL_GAP = Field("skill_gap", Type.CHOICE, required=False, reasons="skill_gap")
"""What somebody has to be trained in, where the cause is what staff did."""
UPHELD = Field("upheld", Type.BOOL)
"""Whether an objection is right."""
PENALTY = Field("penalty", Type.CHOICE, reasons="penalty")
"""What the scale of penalties lays on one person."""
PENALTY_POINTS = Field("penalty_points", Type.DECIMAL, required=False)
"""What of it goes to the ledger, in points; nothing where it is left out."""
PAID_NOTICE = Field("paid_service_told", Type.BOOL, required=False)

SITUATION = Field("situation", Type.LONGTEXT, personal=True)
INVESTIGATION = Field("investigation", Type.LONGTEXT, personal=True)
RECTIFICATION = Field("rectification", Type.LONGTEXT, personal=True)
SUGGESTIONS = Field("suggestions", Type.LONGTEXT, personal=True)
REPORT = (SITUATION, INVESTIGATION, PROBLEMS, RECTIFICATION, SUGGESTIONS)
"""The five parts of the penetration report."""

DIRECT_CAUSE = Field("direct_cause", Type.LONGTEXT, personal=True)
MANAGEMENT_CAUSE = Field("management_cause", Type.LONGTEXT, personal=True)
RECURS = Field("recurs", Type.BOOL)
"""Whether the same was verified before."""
TYPICAL = Field("typical", Type.BOOL)
"""Whether it says something of the whole specialty."""
SPECIALTY_MEASURES = Field("specialty_measures", Type.LONGTEXT, personal=True)
SPECIALTY_ANALYSIS = (DIRECT_CAUSE, MANAGEMENT_CAUSE, RECURS, TYPICAL, SPECIALTY_MEASURES)
"""What the responsible specialty says of a complaint that was true."""

SITE_FOUND = Field("site_found", Type.LONGTEXT, personal=True)
READ_FROM = Field("read_from", Type.DECIMAL)
READ_TO = Field("read_to", Type.DECIMAL)
MULTIPLIER = Field("multiplier", Type.DECIMAL, required=False)
CURVE = Field("curve", Type.DECIMAL, required=False)
"""The energy the load curve gives for the same days."""
TARIFF = Field("tariff", Type.TEXT)
CHARGED = Field("charged", Type.DECIMAL)
PRICE = Field("price", Type.DECIMAL)
USED_YEARS = Field("used_years", Type.DECIMAL)
LIFE_YEARS = Field("life_years", Type.DECIMAL)
DAMAGED_ON = Field("damaged_on", Type.DATE)
CLAIMED_ON = Field("claimed_on", Type.DATE)
REPAIR_COST = Field("repair_cost", Type.DECIMAL, required=False)
"""What mending costs, where it can be mended."""
METER_ERROR = Field("meter_error", Type.DECIMAL)
METER_ALLOWED = Field("meter_allowed", Type.DECIMAL)
PHASE = Field("phase", Type.CHOICE, choices=PHASES)
VOLTAGE_LOW = Field("voltage_low", Type.DECIMAL)
VOLTAGE_HIGH = Field("voltage_high", Type.DECIMAL)
STARTED_ON = Field("started_on", Type.DATE)
ENDED_ON = Field("ended_on", Type.DATE)
DAYS_ALLOWED = Field("days_allowed", Type.INTEGER)
