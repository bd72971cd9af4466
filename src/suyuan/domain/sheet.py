"""The sheet of a paper that goes round for signature: its nodes, what stands on it, who is waited for.

A circulation goes through its nodes in order. Each node has places, a quorum and what a rejection leads to;
all of it is rulebook data. A signature counts as long as what was signed still reads the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .errors import BadInput
from .vocabulary import Role

DRAFT = "back_to_draft"
TO_NODE = "back_to_node:"
DECIDED_BY = "decided_by:"
DECISION = "decision"
"""The place that opens where a rejection is decided by a role, once all had their say: signing there
overrules what was rejected, and stands for nobody who was silent."""


BY_THE_SHEET = ("sign", "reject", "pull_back")
"""Verbs that a role may do, but whose turn it is the sheet says: having them makes no case one's own."""


class Act(StrEnum):
    """What somebody did at a place."""

    SIGNED = "signed"
    REJECTED = "rejected"
    DELEGATED = "delegated"


class Outcome(StrEnum):
    """Where a circulation stands."""

    OPEN = "open"
    AGREED = "agreed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who reaches the paper: the user name, and the roles held, each with the unit of its grant."""

    username: str
    roles: frozenset[tuple[Role, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where one signature is wanted: of whoever holds a role, perhaps by a grant over just one unit, or of
    one person."""

    code: str
    role: str = ""
    path: str = ""
    person: str = ""

    def is_for(self, hand: Hand) -> bool:
        """Return whether somebody holds this place."""
        if self.person:
            return self.person == hand.username
        return any(role == self.role and self.path in ("", path) for role, path in hand.roles)


@dataclass(frozen=True, slots=True)
class Node:
    """One stop of a circulation."""

    name: str
    places: tuple[Place, ...]
    quorum: str
    """How many must sign: ``all``, ``any``, or a number."""
    on_reject: str
    in_order: bool = False
    """Whether its places sign one after the other."""

    @property
    def needed(self) -> int:
        """Return how many signatures let the node pass."""
        number = {"all": len(self.places), "any": 1}.get(self.quorum)
        return min(int(self.quorum), len(self.places)) if number is None else number

    @property
    def decider(self) -> Place | None:
        """Return the place that decides after a rejection, where a role does."""
        role = self.on_reject.removeprefix(DECIDED_BY)
        return Place(DECISION, role) if role != self.on_reject else None


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of the sheet: what somebody did at a place; ``ended`` says why it counts no more."""

    node: str
    place: str
    act: Act
    by: str
    on_behalf_of: str = ""
    to: str = ""
    digest: str = ""
    ended: str = ""
    key: int = 0


@dataclass(frozen=True, slots=True)
class Circulation:
    """A paper going round: its nodes, every line of its sheet, and the digest of what it says now."""

    nodes: tuple[Node, ...]
    digest: str
    marks: tuple[Mark, ...] = ()

    def standing(self, node: str = "", act: Act | None = None) -> list[Mark]:
        """Return the lines that count: of a node or all, of an act or all."""
        return [
            mark
            for mark in self.marks
            if not mark.ended
            and node in ("", mark.node)
            and act in (None, mark.act)
            and (mark.act is Act.DELEGATED or mark.digest == self.digest)
        ]

    def decided(self, node: Node) -> dict[str, Mark]:
        """Return what stands at each place of a node that somebody signed or rejected."""
        return {mark.place: mark for mark in self.standing(node.name) if mark.act is not Act.DELEGATED}

    def has_passed(self, node: Node) -> bool:
        """Return whether a node's quorum is reached, or its rejections overruled once all had their say."""
        decided = self.decided(node)
        if DECISION in decided:
            return decided[DECISION].act is Act.SIGNED and not self.silent(node)
        signed = {mark.by for mark in decided.values() if mark.act is Act.SIGNED}
        return len(signed) >= node.needed

    def silent(self, node: Node) -> tuple[Place, ...]:
        """Return the places of a node at which nobody signed or rejected yet."""
        decided = self.decided(node)
        return tuple(place for place in node.places if place.code not in decided)

    def is_broken(self, node: Node) -> bool:
        """Return whether so many rejected that the quorum is out of reach."""
        rejected = sum(mark.act is Act.REJECTED for mark in self.decided(node).values())
        return rejected > len(node.places) - node.needed

    @property
    def current(self) -> Node | None:
        """Return the node the paper lies with, None once all have passed."""
        return next((node for node in self.nodes if not self.has_passed(node)), None)

    @property
    def outcome(self) -> Outcome:
        """Return where it stands: open as long as anybody is waited for."""
        node = self.current
        if node is None:
            return Outcome.AGREED
        decision = self.decided(node).get(DECISION)
        turned_down = decision is not None and decision.act is Act.REJECTED
        if self.is_broken(node) and (node.decider is None or turned_down):
            return Outcome.RETURNED
        return Outcome.OPEN

    @property
    def awaited(self) -> tuple[Place, ...]:
        """Return the places that somebody may sign or reject at now; who decides on one comes last."""
        node = self.current
        if node is None or self.outcome is not Outcome.OPEN:
            return ()
        free = self.silent(node)
        if not free and node.decider:
            return (node.decider,)
        return free[:1] if node.in_order else free

    def delegation(self, node: str, place: str) -> Mark | None:
        """Return to whom a place was delegated, None where it was not."""
        given = [mark for mark in self.standing(node, Act.DELEGATED) if mark.place == place]
        return given[-1] if given else None


def check(nodes: Iterable[Node]) -> None:
    """Raise BadInput for nodes that could not be gone through."""
    earlier: list[str] = []
    for node in nodes:
        earlier.append(node.name)
        if problem := _problem(node, earlier):
            raise BadInput("bad_circulation", node=node.name, problem=problem)
    if not earlier:
        raise BadInput("bad_circulation", node="", problem="no_node")


def _problem(node: Node, earlier: list[str]) -> str:
    if not node.places or len({place.code for place in node.places}) != len(node.places):
        return "places"
    if node.quorum not in ("all", "any") and not (node.quorum.isdecimal() and int(node.quorum) > 0):
        return "quorum"
    target = node.on_reject.removeprefix(TO_NODE)
    if target != node.on_reject:
        return "" if target in earlier else "on_reject"
    role = node.on_reject.removeprefix(DECIDED_BY)
    known = node.on_reject == DRAFT or (role != node.on_reject and role in set(Role))
    return "" if known else "on_reject"
