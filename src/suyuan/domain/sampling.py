"""Which closed cases does the audit desk look at? Partly by chance, partly where something looks odd.

The draw is a matter of the seed and the numbers of the cases alone. Each case has a place between 0 and 1:
the first 52 bits of SHA-256 over "seed, part, number". The random part are those with the lowest places. The
risk part is drawn from the others with chances in proportion to their weights (Efraimidis and Spirakis 2006):
those with the lowest -ln(place)/weight. Where too few look odd, the next random places fill it up.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256

from .errors import BadInput, Refused
from .fields import NOTE, Field, Type, reason
from .rulebook import Rulebook
from .vocabulary import FOUND_TRUE, Role

SHARE, WEIGHTS = "audit.sample", "audit.weights"
_BITS = 52


VERDICT = Field("audit_verdict", Type.CHOICE, choices=("passed", "objected"))
REMEDY = Field("remedy", Type.CHOICE, choices=("reopen", "rectify", "supervise"), required=False)
CHECK_FORM = (VERDICT, reason("audit").optional, REMEDY)
OUTCOME = Field("objection_outcome", Type.CHOICE, choices=("settled", "again"))
SETTLE_FORM = (OUTCOME, NOTE)
"""What is asked of whoever looks at a case of a sample, and at what was done about an objection."""
OPEN, ANSWERED = "open", "answered"
"""What a case says of an objection: nothing was done about it yet, or the audit desk has to look again."""


def refuse_others(roles: Collection[Role]) -> None:
    """Raise Refused for whoever is not of the audit desk, which alone draws samples."""
    if Role.AUDIT not in roles:
        raise Refused("not_your_role", roles=[Role.AUDIT.value])


def remedy_refusal(remedy: str, finding: str) -> str | None:
    """Return why a remedy cannot be asked for on a case with a finding, None if it can."""
    return "nothing_verified" if remedy == "rectify" and finding not in FOUND_TRUE else None


def check_form(finding: str) -> tuple[Field, ...]:
    """Return the form of a check with the remedies that a case with a finding leaves."""
    left = tuple(one for one in REMEDY.choices if remedy_refusal(one, finding) is None)
    return (*CHECK_FORM[:2], replace(REMEDY, choices=left))


class Part(StrEnum):
    """Why a case is in a sample."""

    RANDOM = "random"
    """By chance: what is found here says something of all."""
    RISK = "risk"
    """For its signs: what is found here says nothing of the others."""
    FILL = "fill"
    """By chance, in the place of a sign that too few cases had."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The figures: how much is drawn by chance, what each sign weighs, and when two of them hold."""

    random_percent: int
    most: int
    short_minutes: int
    near_percent: int
    weights: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A closed case and the signs that speak for a look at it."""

    number: str
    signs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A case of a sample."""

    number: str
    part: Part
    signs: tuple[str, ...]


def rule(book: Rulebook, on: date) -> Rule:
    """Return the figures in force on a day."""
    share, weights = book.figure(SHARE, on), book.figure(WEIGHTS, on)
    if share is None or weights is None:
        raise BadInput("no_rule_in_force", id=SHARE, on=on.isoformat())
    terms = share.terms
    return Rule(
        terms["random_percent"],
        terms["at_most"],
        terms["short_minutes"],
        terms["near_percent"],
        weights.terms,
    )


def draw(candidates: Iterable[Candidate], n: int, seed: str, figures: Rule) -> list[Drawn]:
    """Return a sample of ``n`` cases, or all; the order they come in changes nothing."""
    if not 1 <= n <= figures.most:
        raise BadInput("out_of_range", field="n", value=n, least=1, most=figures.most)
    every = {one.number: one for one in candidates}
    chance = sorted(every, key=lambda number: (_place(seed, "random", number), number))
    first = chance[: math.ceil(n * figures.random_percent / 100)]
    rest = [every[number] for number in chance[len(first) :]]
    odd = sorted(
        (-math.log(_place(seed, "risk", one.number)) / weight, one.number)
        for one in rest
        if (weight := _weight(one, figures))
    )
    risky = [number for _, number in odd[: n - len(first)]]
    taken = {*first, *risky}
    fill = [number for number in chance if number not in taken][: n - len(taken)]
    parts = ((Part.RANDOM, first), (Part.RISK, risky), (Part.FILL, fill))
    return [
        Drawn(number, part, tuple(sorted(every[number].signs))) for part, drawn in parts for number in drawn
    ]


def _place(seed: str, part: str, number: str) -> float:
    """Return where a case lies between 0 and 1, neither included."""
    digest = sha256(f"{seed}\n{part}\n{number}".encode()).digest()
    return ((int.from_bytes(digest[:8]) >> (64 - _BITS)) + 0.5) / float(1 << _BITS)


def _weight(one: Candidate, figures: Rule) -> int:
    return sum(figures.weights[sign] for sign in one.signs)
