"""What is a measure? One record: what is counted, among which, what is left out and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from suyuan.analytics.source import Table, Value

Term = Callable[[Table], Value]
"""Takes the prepared table, returns a boolean (rows counted) or an integer column (amounts added up)."""

UNCONFIRMED = frozenset({"memory", "I"})
"""Certainties that may warn but never rank, punish or report (decision 0010, certainty gate)."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Figure:
    """What a measure came to in one unit and period; ``of`` is None for a plain count."""

    value: float | None
    n: float
    of: float | None
    low: float | None = None
    high: float | None = None
    excluded: Mapping[str, float] = field(default_factory=dict)
    deducted: float = 0.0


Parts = Mapping[str, int]
"""Sums of a measure's terms over the rows of one unit and period."""
Given = Callable[[str], float | None]
"""Looks up what the lake does not hold (customers, calls …) for that unit and period; None if unknown."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Measure:
    """A named figure; ``terms`` are summed in the one scan, ``figure`` turns the sums into the value."""

    id: str
    title: Text
    definition: Text
    terms: Mapping[str, Term]
    figure: Callable[["Measure", Parts, Given], Figure]
    table: Literal["cases", "clocks", "commitments"] = "cases"
    interval: Literal["wilson", "poisson"] | None = "wilson"
    scale: float = 1.0
    inputs: tuple[str, ...] = ()
    """Names of what must be given beside the lake; missing ones make the value null."""
    optional: tuple[str, ...] = ()
    """Names of deductions that are taken when given and listed as not given otherwise."""
    basis: str
    certainty: str
    threshold: str = ""
    """Certainty of a limit or threshold inside the formula, "" where there is none."""
    family: str = ""
    """Column whose values make members ``ID.VALUE`` of this measure, "" for a single one."""
    practice: bool = False
    """True for a figure that only compares how units work, not shown on the board."""

    @property
    def period_column(self) -> str:
        """Return the civil column that assigns a row to its period."""
        return "accepted_date"

    @property
    def exclusions(self) -> tuple[str, ...]:
        """Return the codes under which rows are left out."""
        return tuple(part.removeprefix("excluded.") for part in self.terms if part.startswith("excluded."))

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the parts behind which cases can be listed."""
        return (*self.terms, "missed") if {"n", "of"} <= set(self.terms) else tuple(self.terms)

    def condition(self, part: str, table: Table) -> Value:
        """Return the condition under which a row stands behind a part; ``missed`` is ``of`` without ``n``."""
        if part == "missed":
            return self.condition("of", table) & ~self.condition("n", table).fill_null(False)
        value = self.terms[part](table)
        return value if value.type().is_boolean() else value > 0


def excluded(parts: Parts) -> dict[str, float]:
    """Return the exclusions that left anything out."""
    return {
        part.removeprefix("excluded."): total
        for part, total in parts.items()
        if part.startswith("excluded.") and total
    }
