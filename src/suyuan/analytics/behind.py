"""Which cases stand behind something on the board: a part of a measure, or a cell of a breakdown?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from suyuan.analytics import breakdown, drill
from suyuan.analytics.breakdown import Cell
from suyuan.analytics.drill import Question
from suyuan.analytics.period import Period
from suyuan.analytics.source import Tables

NAMES = frozenset({"measure", "part", *breakdown.COLUMNS})
"""What says of which figure: a measure with its part, or values of columns."""


@dataclass(frozen=True, slots=True)
class Behind:
    """A figure of a unit and period, at a moment; ``values`` says which, by ``NAMES``."""

    period: Period
    unit_path: str
    as_of: datetime
    values: Mapping[str, str]

    def question(self) -> Question | None:
        """Return the part of a measure, None where it is a cell of a breakdown."""
        if "measure" not in self.values:
            return None
        return Question(
            measure_id=self.values["measure"],
            part=self.values.get("part") or "of",
            period=self.period,
            as_of=self.as_of,
            unit_path=self.unit_path,
        )

    def cell(self) -> Cell:
        """Return the cell of a breakdown."""
        known = {name: value for name, value in self.values.items() if name in breakdown.COLUMNS}
        return Cell(self.period, self.unit_path, known)


def ids(tables: Tables, behind: Behind, *, limit: int, offset: int = 0) -> list[int]:
    """Return ids of the cases, in the order of their ids."""
    if question := behind.question():
        return drill.drill(tables, question, limit=limit, offset=offset)
    return breakdown.drill(tables, behind.cell(), limit=limit, offset=offset)


def total(tables: Tables, behind: Behind) -> int:
    """Return how many cases there are."""
    if question := behind.question():
        return drill.count(tables, question)
    return sum(breakdown.counts(tables, behind.cell(), ("type",)).values())


def counted(tables: Tables, behind: Behind) -> int | None:
    """Return how many clocks or promises the figure counts, None where it counts cases."""
    question = behind.question()
    return drill.counted(tables, question) if question else None
