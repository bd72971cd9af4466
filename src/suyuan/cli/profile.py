"""What ``suyuan trace LOG --profile`` says beside the rows of the population."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from .shapes import COUNT, FLAG, TEXT, many, thing

if TYPE_CHECKING:
    from suyuan.analytics.trace.change import Slope
    from suyuan.analytics.trace.eventlog import EventLog
    from suyuan.analytics.trace.population import Row
    from suyuan.analytics.trace.survey import Survey

NUMBER = {"type": "number"}
MAYBE = {"type": ["number", "null"]}
_ROW = {
    "node": TEXT,
    "unit": TEXT,
    "exposed": COUNT,
    "complaints": NUMBER,
    "relative_risk": NUMBER,
    "low": NUMBER,
    "high": NUMBER,
    "q": NUMBER,
    "share": NUMBER,
}
_PROFILE = thing(
    node=TEXT,
    unit=TEXT,
    done=COUNT,
    waited=COUNT,
    p50_hours=MAYBE,
    p90_hours=MAYBE,
    rework=COUNT,
    taken_over=COUNT,
)
_SLOPE = {"anyOf": [{"type": "null"}, thing(factor=NUMBER, low=NUMBER, high=NUMBER, p=NUMBER, spread=NUMBER)]}
_FRESH = thing(
    type=TEXT,
    node=TEXT,
    unit=TEXT,
    deviation=TEXT,
    now=COUNT,
    before=COUNT,
    expected=NUMBER,
    p=NUMBER,
    q=NUMBER,
    is_new=FLAG,
    is_more=FLAG,
)
ROWS = many(thing(**_ROW))
POPULATION = thing(rows=ROWS)
PROFILE = thing(
    rows=ROWS,
    profiles=many(_PROFILE),
    bottlenecks=many(thing(node=TEXT, unit=TEXT, lost_hours=NUMBER, share=NUMBER)),
    trend=thing(
        months=many(thing(month=TEXT, done=COUNT, deviations=COUNT, complaints=NUMBER, traced=NUMBER)),
        deviations=_SLOPE,
        complaints=_SLOPE,
    ),
    new=thing(month=TEXT, held_against=COUNT, rows=many(_FRESH)),
    axis=many(thing(part=TEXT, n=COUNT, of=COUNT, low=MAYBE, high=MAYBE)),
)


def rows(log: "EventLog", found: list["Row"]) -> list[dict[str, Any]]:
    """Return the rows of a population as they are told."""
    same = ("exposed", "complaints", "relative_risk", "low", "high", "q", "share")
    return [named(log, row) | {name: getattr(row, name) for name in same} for row in found]


def named(log: "EventLog", one: Any) -> dict[str, Any]:
    """Return the step and unit of a row by name."""
    return {
        "node": log.activities[one.activity],
        "unit": log.objects[one.unit] if one.unit >= 0 else "",
    }


def surveyed(survey: "Survey") -> dict[str, Any]:
    """Return everything a whole log says: rows, profiles, bottlenecks, trend, what is new, the axis."""
    from suyuan.analytics.trace import profile, sources
    from suyuan.analytics.trace.working import month_named

    log, found, told = survey.tracer.log, survey.profiles(), survey.trend()
    fresh, against = survey.fresh()
    months = [asdict(month) | {"month": month_named(month.month)} for month in told.months]
    return {
        "rows": rows(log, survey.rows()),
        "profiles": [_profile(log, one) for one in found],
        "bottlenecks": [
            named(log, one) | {"lost_hours": one.lost, "share": one.lost_share}
            for one in profile.bottlenecks(found)
        ],
        "trend": {
            "months": months,
            "deviations": _slope(told.deviations),
            "complaints": _slope(told.complaints),
        },
        "new": {
            "month": month_named(survey.last_month),
            "held_against": against,
            "rows": [_fresh(log, one) for one in fresh],
        },
        "axis": [
            {"part": one.name, "n": one.n, "of": one.of, "low": one.low, "high": one.high}
            for one in sources.axis(survey.sources)
        ],
    }


def _profile(log: "EventLog", one: Any) -> dict[str, Any]:
    return named(log, one) | {
        "done": one.done,
        "waited": one.followed,
        "p50_hours": one.p50,
        "p90_hours": one.p90,
        "rework": one.again,
        "taken_over": one.taken,
    }


def _slope(one: "Slope | None") -> dict[str, Any] | None:
    return None if one is None else asdict(one)


def _fresh(log: "EventLog", one: Any) -> dict[str, Any]:
    from suyuan.analytics.trace.sources import MODES

    same = {name: getattr(one, name) for name in ("now", "before", "expected", "p", "q", "is_new", "is_more")}
    return named(log, one) | {"type": log.types[one.kind], "deviation": MODES[one.mode].value} | same


def echo(answer: dict[str, Any]) -> None:
    """Print what a whole log says, its rows first, for people to read."""
    for row in answer["rows"]:
        risk = f"{row['relative_risk']:8.2f} [{row['low']:.2f}, {row['high']:.2f}]"
        counts = f"{row['complaints']:8.1f}/{row['exposed']:<8} {row['share']:6.1%}"
        click.echo(f"{risk} {counts} {row['unit']} {row['node']}")
    for one in answer.get("bottlenecks", [])[:20]:
        click.echo(f"{one['lost_hours']:10,.0f} h {one['share']:6.1%} {one['unit']} {one['node']}")
    for one in answer.get("axis", []):
        click.echo(
            f"{one['part']:>10} {one['n']}/{one['of']} [{one['low'] or 0:.3f}, {one['high'] or 0:.3f}]"
        )
