"""Frames out of the lake, brought up to date first: themes past their threshold, and measures by week."""

from datetime import date, datetime, time, timedelta

import numpy as np

from suyuan.analytics import board, period, themes
from suyuan.analytics.detect.emerging_theme import Brought
from suyuan.analytics.detect.measure_drift import Weekly
from suyuan.analytics.source import Tables
from suyuan.gateways.engine import open_duckdb
from suyuan.store import lake, rules
from suyuan.store.queries import org
from suyuan.store.queries import themes as rulebook

MOST = 200
"""So many of the orders behind a theme are named at most, the newest."""
MEASURES = "detect.measure_drift"


def load_themes(as_of: datetime) -> tuple[Brought, ...]:
    """Return the themes past their threshold on the last day that was over at a moment."""
    lake.refresh()
    span, rule = rulebook.span(as_of), rulebook.threshold()
    with open_duckdb(lake.folder()) as engine:
        tables = engine.tables()
        return tuple(_brought(tables, span, one) for one in themes.find(tables, span, rule))


def _brought(tables: Tables, span: themes.Span, one: themes.Theme) -> Brought:
    book, name = rules.rulebook(), one.name
    unit = org.names().get(name.unit, (name.unit, ""))[0]
    return Brought(
        key=name.key,
        kind=name.kind,
        is_category=name.kind in book.categories,
        place=" ".join(filter(None, (unit, name.place))),
        unit=name.unit,
        since=datetime.combine(span.first, time(), book.calendar.zone),
        n=one.n,
        days=one.days,
        expected=one.expected,
        low=one.low,
        q=one.q,
        cases=tuple(themes.numbers(tables, span, name, MOST)),
    )


def load_weekly(as_of: datetime) -> list[Weekly]:
    """Return the measures that are looked at by week, of all and of every unit.

    Weeks so young that much of them is not due yet are left out (``lag_weeks``).
    """
    lake.refresh()
    figure, zone = rules.rulebook().figures[MEASURES][-1].terms, rules.rulebook().calendar.zone
    count = figure["weeks"] + figure["weeks_before"]
    last = period.of_day(rules.local_day(as_of) - timedelta(weeks=1 + figure["lag_weeks"]), "week")
    names = org.names()
    with open_duckdb(lake.folder()) as engine:
        found = board.runs(engine.tables(), figure["measures"], last, as_of=as_of, count=count)
    return [
        Weekly(
            measure,
            path.strip("/").rsplit("/", 1)[-1],
            names.get(path.strip("/").rsplit("/", 1)[-1], ("", ""))[0],
            tuple(datetime.combine(one.period.first or date.min, time(), zone) for one in points),
            np.array([one.figure.n for one in points], np.float64),
            np.array([one.figure.of or 0.0 for one in points], np.float64),
        )
        for (measure, path), points in found.items()
    ]
