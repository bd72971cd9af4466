"""Which cases stand behind a figure?"""

from dataclasses import dataclass
from datetime import datetime

from suyuan.analytics import scan
from suyuan.analytics.measures import find
from suyuan.analytics.period import Period
from suyuan.analytics.scan import ROOT
from suyuan.analytics.source import AS_OF, Table, Tables
from suyuan.domain.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A part of a measure (``n``, ``of``, ``missed``, ``excluded.CODE`` …) of a unit and period."""

    measure_id: str
    part: str
    period: Period
    as_of: datetime
    unit_path: str = ROOT


def drill(tables: Tables, question: Question, *, limit: int = 100, offset: int = 0) -> list[int]:
    """Return ids of the cases behind a part, in the order of their ids."""
    page = _cases(tables, question).order_by("case_id").limit(limit, offset=offset)
    return [int(case_id) for case_id in tables.fetch(page, question.as_of).column("case_id").to_pylist()]


def count(tables: Tables, question: Question) -> int:
    """Return how many cases stand behind a part: fewer than clocks or promises where it has several."""
    found = _cases(tables, question)
    return _counted(tables, question, found)


def counted(tables: Tables, question: Question) -> int | None:
    """Return how many clocks or promises a part counts, as the figure does; None where it counts cases."""
    if find(question.measure_id)[0].table == "cases":
        return None
    return _counted(tables, question, _rows(tables, question))


def _counted(tables: Tables, question: Question, rows: Table) -> int:
    found = tables.fetch(rows.aggregate(total=rows.count()), question.as_of)
    return int(found.column("total")[0].as_py())


def _cases(tables: Tables, question: Question) -> Table:
    return _rows(tables, question).select("case_id").distinct()


def _rows(tables: Tables, question: Question) -> Table:
    measure, _ = find(question.measure_id)
    if question.part not in measure.parts:
        known = ", ".join(measure.parts)
        raise BadInput("part_unknown", measure=measure.id, value=question.part, known=known)
    rows = looked_at(tables, question)
    return rows.filter(measure.condition(question.part, rows))


def looked_at(tables: Tables, question: Question) -> Table:
    """Return the rows that a measure's parts are conditions on, whatever part was asked for."""
    measure, member = find(question.measure_id)
    source = getattr(tables, measure.table)
    rows = scan.in_any(source, (question.period,), question.unit_path)
    rows = scan.prepare(rows, source) if measure.table == "cases" else rows.mutate(as_of=AS_OF)
    return rows.filter(rows[measure.family] == member) if member else rows
