"""Evidence: what kinds there are, who may do what with it, and how long it is kept.

Evidence is never deleted. It is withdrawn with a reason and stays listed; when its term is over, two people
may destroy the key its bytes are sealed with, and the row, the digest and the chain stay.
"""

from dataclasses import dataclass
from datetime import date

from .vocabulary import Role

KINDS = ("recording", "video", "photo", "document", "screenshot", "other")

FAMILIES = {
    "recording": frozenset({"audio"}),
    "video": frozenset({"video"}),
    "photo": frozenset({"image"}),
    "screenshot": frozenset({"image"}),
    "document": frozenset({"document", "image"}),
    "other": frozenset({"audio", "video", "image", "document"}),
}
"""Which families of media types a kind may be of."""

USUAL = {"audio": "recording", "video": "video", "image": "photo", "document": "document"}
"""The kind a file is taken for where nobody says."""

WORKING = frozenset(
    {Role.AGENT, Role.LEAD, Role.OFFICE, Role.MARKETING, Role.OPERATIONS, Role.STATION, Role.AUDIT}
    | {Role.LEADER}
)
ANSWERING = frozenset({Role.OFFICE, Role.AUDIT, Role.LEADER})

WHO = {
    "add": WORKING,
    "look": WORKING,
    "withdraw": WORKING,
    "hold": ANSWERING,
    "release": ANSWERING,
    "export": ANSWERING,
    "shred": ANSWERING,
    "keep": ANSWERING,
}
"""Which roles may do what with the evidence of a case in their reach; the party office and administrators
reach cases, and need no recording of a customer for their work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one piece of evidence stands."""

    added_by: str
    withdrawn: bool = False
    held: bool = False
    shredded: bool = False
    shred_asked_by: str = ""


def family(media_type: str) -> str:
    """Return audio, video, image or document."""
    first = media_type.partition("/")[0]
    return first if first in ("audio", "video", "image") else "document"


def fits(kind: str, media_type: str) -> bool:
    """Return whether a file of this type can be evidence of this kind."""
    return family(media_type) in FAMILIES[kind]


def refusal(verb: str, roles: frozenset[Role], username: str, piece: Standing | None = None) -> str | None:
    """Return why somebody with ``roles`` over the case may not do ``verb``, or None if they may."""
    if not roles & WHO[verb]:
        return "not_your_role"
    if piece is None:
        return None
    if piece.shredded:
        return "evidence_shredded"
    if verb == "withdraw":
        return _withdrawal(roles, username, piece)
    if verb == "look" and piece.withdrawn and not roles & ANSWERING:
        return "evidence_withdrawn"
    if verb == "hold" and piece.held:
        return "already_held"
    if verb == "release" and not piece.held:
        return "not_held"
    if verb == "shred":
        return _shredding(username, piece)
    return None


def _withdrawal(roles: frozenset[Role], username: str, piece: Standing) -> str | None:
    """Whoever added a piece may withdraw it, and those who answer for the case; never under a hold."""
    if piece.withdrawn:
        return "evidence_withdrawn"
    if piece.held:
        return "evidence_held"
    return None if username == piece.added_by or roles & ANSWERING else "not_your_evidence"


def _shredding(username: str, piece: Standing) -> str | None:
    if piece.held:
        return "evidence_held"
    return "second_person" if username == piece.shred_asked_by else None


# ---- how long ----

GENERAL, MAJOR = "retention.evidence.general", "retention.evidence.major"
TERM_OF = {"general": GENERAL, "important": GENERAL, "major": MAJOR, "special": MAJOR}
"""The figure that says how long the evidence of a case of each level is kept."""


@dataclass(frozen=True, slots=True)
class Term:
    """A retention term: years, where it comes from, and whether anybody has confirmed it."""

    figure: str
    years: int
    basis: str
    certainty: str
    confirmed: bool


def kept_until(closed_on: date, years: int) -> date:
    """Return the last day evidence of a case closed on a day is kept; 29 February counts as the 28th."""
    try:
        return closed_on.replace(year=closed_on.year + years)
    except ValueError:
        return closed_on.replace(year=closed_on.year + years, day=28)


def unshreddable(term: Term | None, closed_on: date | None, today: date, said_yes: bool) -> str | None:
    """Return why the term does not allow destruction yet, or None.

    A term that nobody confirmed only proposes: the person who asks has to say that it applies.
    """
    if closed_on is None:
        return "case_open"
    if term is None:
        return "no_level"
    if today <= kept_until(closed_on, term.years):
        return "still_kept"
    return None if term.confirmed or said_yes else "term_unconfirmed"
