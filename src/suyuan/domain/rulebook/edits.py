"""Who may propose an entry, who may approve it, and from which state: no entry lands on one person's word."""

from dataclasses import dataclass
from enum import StrEnum

from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import Role


class DraftState(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    """Approved once; a later entry with the same mark holds instead."""


PROPOSERS = frozenset(
    {Role.LEAD, Role.OFFICE, Role.MARKETING, Role.OPERATIONS, Role.AUDIT, Role.PARTY, Role.LEADER, Role.ADMIN}
)
APPROVERS = frozenset({Role.OFFICE, Role.AUDIT, Role.LEADER})
"""Held over a whole company, which the rulebook binds. An administrator keeps the machine, not the rules."""
WORDING = frozenset({"phrase"})
"""Kinds that agents may propose and shift leads approve: words, which bind nobody."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules need to know of a proposal."""

    kind: str
    state: DraftState
    author: str


def may_propose(kind: str, actor: Actor) -> bool:
    """Tell whether somebody may propose an entry of a kind."""
    allowed = PROPOSERS | {Role.AGENT} if kind in WORDING else PROPOSERS
    return bool({role for role, _ in actor.grants} & allowed)


def may_decide(kind: str, actor: Actor) -> bool:
    """Tell whether somebody's role lets them approve or reject an entry of a kind."""
    return any(role in deciders(kind) and path.count("/") == 2 for role, path in actor.grants)


def deciders(kind: str) -> frozenset[Role]:
    """Return the roles that approve or reject an entry of a kind, held over a whole company."""
    return APPROVERS | {Role.LEAD} if kind in WORDING else APPROVERS


def refusal(found: Proposal, verb: str, actor: Actor) -> str | None:
    """Return why somebody may not do ``verb`` on a proposal, or None if they may."""
    if verb in ("submit", "withdraw", "revise"):
        open_states = {DraftState.DRAFT, DraftState.SUBMITTED}
        if verb != "withdraw":
            open_states = {DraftState.DRAFT, DraftState.REJECTED}
        if found.author != actor.username:
            return "not_your_proposal"
        return None if found.state in open_states else "proposal_decided"
    if not may_decide(found.kind, actor):
        return "not_your_role"
    if found.state is not DraftState.SUBMITTED:
        return "proposal_not_submitted"
    return "own_proposal" if found.author == actor.username else None
