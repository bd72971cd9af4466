"""Fair-blame statement 考核还原: penalties as they were charged, beside what node shares make of them.

What is charged to the front desk for a complaint is distributed by the shares of its signed liability. What
no signed liability speaks of stays where it was charged. Both sides are the same sum, to the cent.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from .liability import distributed

Party = tuple[str, str]
"""The code of a unit, and the user name of one person of it; empty for the unit itself."""


@dataclass(frozen=True, slots=True)
class Part:
    """One share of a signed liability: of which node and party, in percent, on what evidence."""

    node: str
    party: Party
    percent: Decimal
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Charge:
    """One signed penalty, or one taken back with a minus: to whom, how much, and the shares of its case."""

    entry: int
    party: Party
    amount: Decimal
    parts: tuple[Part, ...] = ()

    @property
    def shared(self) -> list[tuple[Part | None, Decimal]]:
        """Return what each part of it comes to; the whole stays with the party where there are none."""
        if not self.parts:
            return [(None, self.amount)]
        sign = -1 if self.amount < 0 else 1
        amounts = distributed(abs(self.amount), [part.percent for part in self.parts])
        return [(part, sign * amount) for part, amount in zip(self.parts, amounts, strict=True)]


@dataclass(slots=True)
class Line:
    """What one party was charged, and what its shares come to."""

    party: Party
    charged: Decimal = field(default=Decimal(0))
    shared: Decimal = field(default=Decimal(0))

    @property
    def difference(self) -> Decimal:
        """Return what was charged too much; below zero, too little."""
        return self.charged - self.shared


@dataclass(frozen=True, slots=True)
class Statement:
    """The two sides, party by party, those charged too much first."""

    lines: tuple[Line, ...]
    charges: tuple[Charge, ...]

    @property
    def charged(self) -> Decimal:
        """Return the sum of what was charged."""
        return sum((line.charged for line in self.lines), Decimal(0))

    @property
    def shared(self) -> Decimal:
        """Return the sum of the shares: the same."""
        return sum((line.shared for line in self.lines), Decimal(0))


def statement(charges: Iterable[Charge]) -> Statement:
    """Return the statement over some penalties."""
    every, lines = tuple(charges), dict[Party, Line]()

    def line(party: Party) -> Line:
        return lines.setdefault(party, Line(party))

    for one in every:
        line(one.party).charged += one.amount
        for part, amount in one.shared:
            line(part.party if part else one.party).shared += amount
    shown = sorted(lines.values(), key=lambda found: (-found.difference, found.party))
    return Statement(tuple(shown), every)
