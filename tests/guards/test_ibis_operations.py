"""Which Ibis operations the methods may use: those known to mean the same on DuckDB and on Spark.

An operation joins the list together with a case in ``tests/spark`` that shows both engines agree on it.
"""

import ast
from dataclasses import replace
from datetime import date
from functools import cache

import ibis.expr.operations as ops
import pyarrow as pa
from codebase import modules, short, tree

from suyuan.analytics import board, breakdown, drill, register, shirking, streak, themes, weak_links
from suyuan.analytics.hotspots import own as counting
from suyuan.analytics.measures import MEASURES
from suyuan.analytics.period import ALL, parse
from tests.lake_rows import AS_OF, case, clock, opened

ALLOWED = {
    # tables
    *("Aggregate", "CountStar", "Distinct", "Field", "Filter", "InSubquery", "JoinChain", "JoinLink"),
    *("JoinReference", "Limit", "Project", "Sort", "SortKey", "UnboundTable"),
    # truth
    *("And", "Between", "Equals", "Greater", "GreaterEqual", "InValues", "IsNull", "Less", "LessEqual"),
    *("Not", "NotEquals", "NotNull", "Or", "StartsWith"),
    # values
    *(
        "Cast",
        "Coalesce",
        "Count",
        "Greatest",
        "IfElse",
        "Literal",
        "Min",
        "Multiply",
        "ScalarParameter",
        "SearchedCase",
        "Sum",
    ),
}
SHARED = (
    "source",
    "scan",
    "measures",
    "register",
    "board",
    "drill",
    "streak",
    "breakdown",
    "shirking",
    "themes",
    "hotspots",
    "weak_links",
)
"""Modules that build expressions; whoever adds one adds it to ``everything_asked``."""


@cache
def everything_asked() -> list[ops.Node]:
    """Return every expression that the methods run, by asking each of them once."""
    asked: list[ops.Node] = []
    with opened([case(1)], [clock(1)]) as tables:

        def recorded(expression, as_of=None):
            asked.append(expression.op())
            return tables.fetch(expression, as_of)

        def unanswered(expression, as_of=None):
            asked.append(expression.op())
            return pa.table({name: [] for name in expression.columns})

        watched, written = replace(tables, fetch=recorded), replace(tables, fetch=unanswered)
        for period in (parse("2025"), parse("2025-10"), ALL):
            board.by_unit(watched, period, [measure.id for measure in MEASURES], as_of=AS_OF)
            board.board(watched, period, "/01/", as_of=AS_OF)
        for measure in MEASURES:
            for part in measure.parts:
                question = drill.Question(measure_id=measure.id, part=part, period=period, as_of=AS_OF)
                drill.drill(written, question)
        limit = "step_timely_rate.complaint.contact"
        drill.count(watched, drill.Question(measure_id=limit, part="n", period=ALL, as_of=AS_OF))
        streak.zero_complaints(watched, date(2025, 10, 20))
        cell = breakdown.Cell(values={"type": "complaint", "hour": "3"})
        breakdown.counts(watched, cell, ("type", "month"))
        breakdown.drill(watched, cell, limit=3)
        register.read(watched)
        wanted = weak_links.Wanted(("timely_rate",), ("verified_rate",))
        weak_links.find(watched, parse("2025-10"), wanted, as_of=AS_OF)
        span = themes.Span.until(date(2025, 10, 20), 30, 180)
        watched.fetch(themes.counted(watched, span))
        themes.numbers(watched, span, themes.Named("repair", "line", "/01/0101/", "L1"), 9)
        counting.counted(watched, date(2025, 10, 1), date(2025, 10, 20))
        at = counting.Where("/01/", "L1", "A1", "complaint", "outage.repair")
        counting.numbers(watched, counting.behind(watched, at, date(2025, 10, 1), date(2025, 10, 20)), 9)
        shirking.pairs(watched, ALL, ("/01/", "/02/"), 0)
        shirking.orders(watched, parse("2025"), ("/01/", "/02/"))
        shirking.orders_of(watched, ALL, ("/01/",), ("01", "0101"), slice(0, 9))
    return asked


def test_only_operations_that_both_engines_share_are_used():
    used = {type(node).__name__ for asked in everything_asked() for node in asked.find(ops.Node)}

    assert used - ALLOWED == set()
    assert ALLOWED - used == set(), "an operation that nothing uses any more"


def test_no_method_casts_a_moment_to_a_date_or_to_another_zone():
    casts = [
        cast
        for asked in everything_asked()
        for cast in asked.find(ops.Cast)
        if cast.arg.dtype.is_timestamp() or cast.to.is_timestamp() or cast.to.is_date()
    ]

    assert casts == []


def test_every_module_that_builds_expressions_is_asked():
    building = {
        short(path).removeprefix("src/suyuan/analytics/").split("/")[0].removesuffix(".py")
        for path in modules("analytics")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import) and any(name.name == "ibis" for name in node.names)
    }

    assert building <= set(SHARED)
