"""Node liability 责任认定: whose step a verified complaint came from, in shares that make up the whole.

A share is of a node of the process 流程节点 and the unit that did it; a person is named by somebody, never
proposed. What is proposed rests on signs: each is one piece of evidence that something went wrong at a node.
What an amount comes to by shares is cut so that the parts are the amount again, to the last cent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fnmatch import fnmatchcase

WHOLE = Decimal(100)
CENTS = 100
TRAINED = "staff"
"""The cause of which a lack of skill is asked."""


class Sign(StrEnum):
    """What shows that something went wrong at a node."""

    TRACED = "traced"
    """The event log leads from the complaint back to it, or a person who judged the trace does."""
    BREACH = "breach"
    """A limit ran out there."""
    RETURNED = "returned"
    """The order came back from there, or had to be sent on."""
    FINDING = "finding"
    """An item of the complaint is true, and its category is of that node."""


@dataclass(frozen=True, slots=True)
class Node:
    """A step of a process 流程节点, the department that answers for it, and what clocks and logs call it."""

    code: str
    department: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign at a node of a unit: of what kind, and the event or piece that shows it."""

    sign: Sign
    node: str
    unit: str
    mark: str
    """Which limit, item, activity or verb, and the digest or id of the event that shows it."""


@dataclass(frozen=True, slots=True)
class Share:
    """What part of the whole is a node's, of which unit, perhaps of which person, on what evidence."""

    node: str
    unit: str
    percent: Decimal
    person: str = ""
    evidence: tuple[str, ...] = ()


def node_of(nodes: Iterable[Node], name: str) -> str:
    """Return the node that a limit, a category or an activity belongs to; empty where none is said.

    A category stands for those below it. Of several names that fit the longest says most.
    """
    fitting = [(len(known), node.code) for node in nodes for known in node.names if _fits(known, name)]
    return max(fitting, key=lambda found: found[0])[1] if fitting else ""


def _fits(known: str, name: str) -> bool:
    return fnmatchcase(name, known) or name.startswith(f"{known}.")


def propose(
    found: Sequence[Evidence], weights: Mapping[str, int], spared: Iterable[str] = ()
) -> tuple[Share, ...]:
    """Return the shares that evidence proposes, the greatest first: nothing where there is none.

    Of a unit that the log spares, what the customer complained of counts for nothing as long as anything
    else does: whoever did the last step is not the cause.
    """
    away = frozenset(spared)
    kept = [one for one in found if not (one.sign is Sign.FINDING and one.unit in away)] or list(found)
    marks: dict[tuple[str, str], list[str]] = {}
    heavy: dict[tuple[str, str], int] = {}
    for one in kept:
        place = one.node, one.unit
        marks.setdefault(place, []).append(one.mark)
        heavy[place] = heavy.get(place, 0) + weights[one.sign]
    parts = apportioned(list(heavy.values()), int(WHOLE))
    shares = [
        Share(node, unit, Decimal(part), evidence=tuple(dict.fromkeys(marks[node, unit])))
        for (node, unit), part in zip(heavy, parts, strict=True)
        if part
    ]
    return tuple(sorted(shares, key=lambda one: (-one.percent, one.node, one.unit)))


def apportioned(weights: Sequence[int], total: int) -> list[int]:
    """Return whole parts of a total by weight that add up to it; the largest remainders round up first."""
    every = sum(weights)
    if not every:
        return [0 for _ in weights]
    parts = [total * weight // every for weight in weights]
    behind = sorted(range(len(weights)), key=lambda at: (-(total * weights[at] % every), at))
    for at in behind[: total - sum(parts)]:
        parts[at] += 1
    return parts


def is_whole(percents: Iterable[Decimal]) -> bool:
    """Tell whether shares make up exactly the whole."""
    return sum(percents, Decimal(0)) == WHOLE


def share_problem(percent: Decimal) -> str:
    """Return the code of what is wrong with a share somebody typed, empty where nothing is."""
    fits = 0 < percent <= WHOLE and percent == round(percent, 2)
    return "" if fits else "not_a_share"


def distributed(amount: Decimal, percents: Sequence[Decimal]) -> list[Decimal]:
    """Return what an amount comes to by shares, to the cent: the parts are the amount again."""
    weights = [int(percent * CENTS) for percent in percents]
    return [Decimal(part) / CENTS for part in apportioned(weights, int(amount * CENTS))]
