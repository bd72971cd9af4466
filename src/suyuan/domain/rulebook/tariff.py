"""What a reward or a penalty amounts to: one figure a ground, with its source and its certainty.

A tariff that is only remembered or inferred proposes nothing until somebody confirms it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from .records import Certainty, Figure

PREFIX = "ledger."
"""How the figures of the tariff begin; the ground stands behind it."""


class Kind(StrEnum):
    """Whether somebody gains or loses."""

    REWARD = "reward"
    PENALTY = "penalty"


class Counted(StrEnum):
    """What an amount is counted in; the two are never added up."""

    POINTS = "points"
    YUAN = "yuan"


class Ground(StrEnum):
    """What an entry rests on."""

    DISCIPLINE_OVERDUE = "discipline_overdue"
    """The audit desk's three working days ran out."""
    CLOCK_BREACH = "clock_breach"
    """The binding limit of the case ran out."""
    VERIFIED_FINDING = "verified_finding"
    """What was complained of is true, and the review says so."""
    SATISFIED = "satisfied"
    """The customer was called back and is content."""
    DISSATISFIED = "dissatisfied"
    """The case is closed, and the customer called back is not content."""
    PRAISE = "praise"
    ZERO_COMPLAINTS = "zero_complaints"
    """A unit had no complaint in a whole period."""
    OTHER = "other"
    """Anything else, in words, with kind and amount: no tariff speaks of it."""


OF_CASE = tuple(one for one in Ground if one not in (Ground.ZERO_COMPLAINTS, Ground.OTHER))
"""The grounds that a case shows."""
ECONOMIC = (Ground.CLOCK_BREACH, Ground.DISSATISFIED, Ground.SATISFIED)
"""What the economic assessment 经济责任考核 of a period rests on: limits that ran out, and ratings."""
TARIFFED = tuple(one for one in Ground if one is not Ground.OTHER)


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a ground earns or costs, by which figure, and how sure that is."""

    id: str
    kind: Kind
    amount: Decimal
    counted: Counted
    basis: str
    certainty: Certainty


def tariff(figure: Figure) -> Tariff:
    """Return the tariff that a figure says."""
    terms = figure.terms
    return Tariff(
        figure.id,
        Kind(terms["kind"]),
        Decimal(str(terms["amount"])),
        Counted(terms["counted"]),
        figure.basis,
        figure.certainty,
    )


_TERMS: Mapping[str, tuple[str, ...]] = {"kind": tuple(Kind), "counted": tuple(Counted)}
MOST = 1_000_000


def problem(figure: str, terms: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return what is wrong with a figure of the tariff, as key and words; None where nothing is."""
    if figure.removeprefix(PREFIX) not in TARIFFED:
        return "id", f"is {figure!r}, not one of {', '.join(PREFIX + one for one in TARIFFED)}"
    if unknown := sorted(terms.keys() - {*_TERMS, "amount"}):
        return f"terms.{unknown[0]}", "is not known here"
    for name, allowed in _TERMS.items():
        if terms.get(name) not in allowed:
            return f"terms.{name}", f"is {terms.get(name)!r}, not one of {', '.join(allowed)}"
    amount = terms.get("amount")
    if type(amount) not in (int, float):
        return "terms.amount", "must be a number"
    return ("terms.amount", wrong) if (wrong := amount_wrong(Decimal(str(amount)))) else None


def amount_wrong(amount: Decimal) -> str:
    """Return what is wrong with an amount, empty where nothing is."""
    if not amount.is_finite() or amount <= 0:
        return "must be above 0"
    return f"must be {MOST} at most" if amount > MOST else ""
