"""The words that are stored: roles, states, outcomes. Values are never renamed, only retired."""

from enum import StrEnum


class Role(StrEnum):
    """What a person may do, over the units they were granted it for."""

    AGENT = "agent"
    LEAD = "lead"
    OFFICE = "office"
    MARKETING = "marketing"
    OPERATIONS = "operations"
    STATION = "station"
    AUDIT = "audit"
    PARTY = "party"
    LEADER = "leader"
    ADMIN = "admin"


class State(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    REGISTERED = "registered"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    ON_SITE = "on_site"
    RESTORED = "restored"
    REVIEWING = "reviewing"
    CALLBACK = "callback"
    ARCHIVED = "archived"
    VOID = "void"
    MERGED = "merged"
    DRAFTED = "drafted"
    """A rectification order is being written."""
    SIGNING = "signing"
    RECTIFYING = "rectifying"
    CHECKING = "checking"
    """Carried out; whether it helped is still to be seen."""
    REPORTED = "reported"
    """What a supervision order asked for was reported; whoever supervises looks at it."""
    SEALING = "sealing"
    """An appeal collects its three seals."""
    DECIDING = "deciding"
    REFUSED = "refused"
    """A first decision went against it; a final one can be asked for."""
    FINAL = "final"
    IN_FORCE = "in_force"
    """Approved: what was filed or answered for good counts until its end."""
    DISCONNECTED = "disconnected"
    """Supply was cut off for arrears."""
    RECONNECTING = "reconnecting"
    """Paid, and supply is not back yet."""
    OPEN = "open"
    """Open elsewhere: an order that was imported and is worked in another system."""


CLOSED = frozenset({State.ARCHIVED, State.VOID})
"""States in which nobody owes anybody anything; a merged case is carried by the one it went into."""

PHASES = ("single", "three")
RETURNS_TO = ("handling", "dispatched", "registered")
"""The steps a review can send an order back to."""
FINDINGS = ("verified", "partial", "unverified")
EXCLUDED = "excluded"
"""What a case is assessed as once an appeal succeeded: not at all."""
ASSESSED = (*FINDINGS, EXCLUDED)
"""What stands beside the finding, and counts for those who are assessed."""
FOUND_TRUE = FINDINGS[:2]
"""The findings that call for something to be put right."""
SATISFACTIONS = ("satisfied", "dissatisfied", "not_rated")
CREW_RATINGS = ("good", "fair", "poor")
CAUSES = ("facility", "staff", "delivery", "individual")
"""Why it came to it: things, a person's conduct, how service is passed on, a wish of one's own."""
SITES = ("urban", "rural", "remote")
SECRECIES = ("anonymous", "confidential")
SPECIALTIES = ("marketing", "operations", "dispatching", "construction", "service")
IMPROVEMENT_KINDS = ("hardware", "service")
MEANS_OF_CHECKING = ("measure", "check")
"""How it is told whether a rectification helped: by the figures since, or by somebody who went to see."""
CHANNELS = (
    "95598",
    "12398",
    "12345",
    "hall",
    "web",
    "app",
    "visit",
    "card",
    "media",
    "letter",
    "other",
    "citizen",
)
"""By what a customer turned to us, as the rulebook ships it."""
