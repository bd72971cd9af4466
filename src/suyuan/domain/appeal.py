"""Appeal 申诉: what it rests on, the conditions one by one, the seals in their order, and who decides.

Whoever took part in a case or in an earlier decision decides nothing about it. A claim that two people found
malicious is looked at here too: the finding holds for a time, and only while it holds it is a ground.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from .discipline import is_of
from .fields import EVIDENCE, NOTE, Field, Type
from .procedure import Actor, Facts
from .vocabulary import Role


class Ground(StrEnum):
    """Why a case should not count against its unit; the rulebook's list ``appeal`` has the words."""

    CENTRE_ERROR = "centre_error"
    MALICIOUS = "malicious"
    FORCE_MAJEURE = "force_majeure"
    NOT_OURS = "not_ours"


class Level(StrEnum):
    """Who seals an appeal, from the unit upwards."""

    STATION = "station"
    DEPARTMENT = "department"
    COMPANY = "company"


SEALERS = {
    Level.STATION: frozenset({Role.STATION}),
    Level.DEPARTMENT: frozenset({Role.MARKETING, Role.OPERATIONS, Role.OFFICE}),
    Level.COMPANY: frozenset({Role.LEADER}),
}
"""Who puts down the seal of each level."""

SCANS = ("application/pdf", "image/jpeg", "image/png")
"""What a sealed page is scanned to; no recording or text shows a seal."""

GROUND = Field("appeal_ground", Type.CHOICE, reasons="appeal")
HAPPENED = Field("what_happened", Type.LONGTEXT, personal=True)
AIM = Field("aim", Type.LONGTEXT, personal=True)
SEALED_ON = Field("sealed_on", Type.DATE)
CLAIM_SIGN = Field("claim_sign", Type.CHOICE, reasons="claim")
"""What a claim shows that is said to be malicious."""
MALICIOUS = Field("malicious", Type.BOOL)

FILE_FORM = (GROUND, HAPPENED, AIM, EVIDENCE)
SEAL_FORM = (SEALED_ON, EVIDENCE, NOTE.optional)
ASK_FINAL_FORM = (NOTE, EVIDENCE.optional)
CLAIM_FORM = (CLAIM_SIGN, HAPPENED, EVIDENCE)
JUDGE_FORM = (MALICIOUS, NOTE, EVIDENCE.optional)


# ---- the finding on a claim ----


class Claim(StrEnum):
    """How a claim stands that somebody said is malicious."""

    NONE = "none"
    PENDING = "pending"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    LIFTED = "lifted"
    DENIED = "denied"


def claim_stands(
    upheld: bool | None, until: datetime | None, lifted_at: datetime | None, now: datetime
) -> Claim:
    """Return how the finding on a claim stands; from ``until`` on it is over."""
    if upheld is None:
        return Claim.PENDING
    if not upheld:
        return Claim.DENIED
    if lifted_at is not None:
        return Claim.LIFTED
    return Claim.IN_FORCE if until is not None and now < until else Claim.EXPIRED


# ---- the conditions ----


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What the conditions of an appeal look at. What nobody wrote down yet is empty."""

    closed: bool
    filed_at: datetime
    window_ends: datetime | None
    """Until when it may be filed; None where the case is not closed."""
    window_sure: bool
    """Whether somebody confirmed how long that is: only then is being late a reason to refuse."""
    excluded: bool = False
    another: str = ""
    """Another appeal on the same case that was not withdrawn."""
    ground: str = ""
    claim: Claim = Claim.NONE
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: whether it is met, and whether it may refuse or only warns."""

    code: str
    met: bool
    binding: bool = True
    said: str = ""
    """What it was held against: a day, a number, a standing."""


def conditions(basis: Basis) -> tuple[Condition, ...]:
    """Return every condition of an appeal, in the order they are looked at."""
    ends = basis.window_ends
    in_time = ends is not None and basis.filed_at < ends
    found = [
        Condition("closed", basis.closed),
        Condition("in_window", in_time, basis.window_sure, ends.isoformat() if ends else ""),
        Condition("counts", not basis.excluded),
        Condition("first_appeal", not basis.another, said=basis.another),
    ]
    if basis.ground == Ground.MALICIOUS:
        found.append(Condition("claim_in_force", basis.claim is Claim.IN_FORCE, said=basis.claim.value))
    if basis.ground:
        found.append(Condition("evidence_listed", bool(basis.evidence)))
    return tuple(found)


def unmet(found: Collection[Condition]) -> list[str]:
    """Return the conditions that refuse an appeal."""
    return [one.code for one in found if one.binding and not one.met]


# ---- the seals ----


def next_level(sealed: Collection[str]) -> Level | None:
    """Return the level whose seal is awaited, None once all are there."""
    return next((level for level in Level if level not in sealed), None)


def first_day(archived_on: date, seals: Collection[date]) -> date:
    """Return the first day the next seal can bear: no earlier than the archive and the seal before it."""
    return max((archived_on, *seals))


# ---- the guards ----


def seal_awaited(facts: Facts, actor: Actor) -> str | None:
    """Let each level be sealed in its turn, by one of that level who sealed no other."""
    if not facts.seal_level:
        return "no_seal_awaited"
    if not actor.over_case(facts.unit_path) & SEALERS[Level(facts.seal_level)]:
        return "not_your_seal"
    return "sealed_another_level" if actor.username in facts.sealed_by else None


def took_no_part(facts: Facts, actor: Actor) -> str | None:
    """Keep a decision from whoever worked on the case, reviewed, sealed, asked, or decided before."""
    if actor.username in facts.apart:
        return "took_part"
    return "of_appealing_unit" if is_of(facts.unit_path, actor.home) else None


def not_kept_apart(facts: Facts, actor: Actor) -> str | None:
    """Leave a restricted case to the audit desk: nothing is opened from it that others would see."""
    return "restricted" if facts.restricted else None


GUARDS = (seal_awaited, took_no_part, not_kept_apart)
