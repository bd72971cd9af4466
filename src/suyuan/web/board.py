"""The control board: every measure of a unit and period, each one click from its orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.analytics.measures import BOARD, find, five_rates
from suyuan.analytics.period import ALL
from suyuan.analytics.register import parent
from suyuan.store import lake, rules

from . import ahead, causes, charts, consistency, drill, figures, shown
from .figures import Asked
from .templatetags.ui import lang

KEYS = frozenset({"unit", "period", "measure"})
FIVE = tuple(measure.id for measure in five_rates.MEASURES)
TOP = 15
"""So many categories are drawn; the table holds them all."""


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Show the measures and charts of one unit and period."""
    query = request.GET.dict()
    ask = figures.asked(request.viewer, query, timezone.now(), KEYS)  # type: ignore[attr-defined]
    drawn = query.get("measure") or "timely_rate"
    measure, _ = find(drawn)
    found = figures.rows(ask.at, ask.period.label, ask.place.path)
    rows = [shown.shown(row, ask.query) for row in found]
    listed = any(ask.period in each for each in ask.periods.values()) or ask.period is ALL
    return render(
        request,
        "web/board.html",
        {
            "ask": ask,
            "empty": figures.latest_day(ask.at, ask.place.path) is None,
            "listed": listed,
            "kinds": {kind: str(words) for kind, words in _kinds().items()},
            "five": [row for row in rows if row.id in FIVE],
            **_rest([row for row in rows if row.id not in FIVE and row.id not in causes.SHARES]),
            "measure": drawn,
            "measures": [(each.id, getattr(each.title, lang())) for each in BOARD if not each.family],
            "unconfirmed": shown.unconfirmed(measure),
            "title": shown.title(drawn),
            **_trend(ask, drawn),
            **_units(ask, drawn),
            **_complaints(ask),
            **causes.section(ask, found),
        },
    )


def _kinds() -> dict[str, str]:
    return {"year": gettext("年"), "month": gettext("月"), "week": gettext("周")}


def _rest(rows: list[shown.Shown]) -> dict[str, object]:
    """Return the other measures, each step's on its own, and those about which nothing can be said."""
    told = [row for row in rows if row.said]
    return {
        "rest": [row for row in told if "." not in row.id],
        "steps": [row for row in told if "." in row.id],
        "silent": [row for row in rows if not row.said],
    }


def _names(drawn: str) -> tuple[str, str]:
    return shown.title(drawn), gettext("95% 区间")


def _percent(drawn: str) -> bool:
    measure, _ = find(drawn)
    return measure.scale == 1 and measure.interval == "wilson"


def _trend(ask: Asked, drawn: str) -> dict[str, object]:
    """Return the measure over the periods before this one, drawn and as a table."""
    if ask.period.kind == "all":
        return {"trend": None}
    measure, _ = find(drawn)
    points = figures.trend(ask.at, drawn, ask.period.label, ask.place.path)
    dots, table = [], []
    for point in points:
        found = point.figure
        to = {"unit": ask.place.code, "period": point.period.label}
        dots.append(charts.Dot(point.period.label, found.value, found.low, found.high, _board_url(to, drawn)))
        table.append(shown.line(measure, point.period.label, found, _board_url(to, drawn)))
    return {"trend": charts.run(dots, _names(drawn), _percent(drawn)), "trend_rows": table}


def _board_url(to: Mapping[str, str], drawn: str) -> str:
    return reverse("board") + "?" + urlencode({**to, "measure": drawn})


def _units(ask: Asked, drawn: str) -> dict[str, object]:
    """Return the measure for the units right below, in the order of the register: this is no ranking."""
    measure, _ = find(drawn)
    dots, table = [], []
    for unit in figures.by_unit(ask.at, drawn, ask.period.label):
        below = parent(unit.path) == ask.place.path and ask.viewer.sees(unit.path)
        if not below or not unit.rows:
            continue
        row = unit.rows[0]
        if not row.n and not row.of:
            continue
        url = _board_url({"unit": unit.code, "period": ask.period.label}, drawn)
        dots.append(charts.Dot(unit.name, row.value, row.low, row.high, url))
        table.append(shown.line(measure, unit.name, row, url))
    drawing = charts.against(dots, _names(drawn), _percent(drawn)) if dots else None
    return {"units": drawing, "unit_rows": table}


def _complaints(ask: Asked) -> dict[str, object]:
    """Return complaints by category and hour, and every type by year."""
    told = figures.complaints(ask.at, ask.period.label, ask.place.path)
    ranked = sorted(told.categories.items(), key=lambda item: (-item[1], item[0]))
    by_category = [
        charts.Dot(_named("category", code), n, None, None, _cell_url(ask, type="complaint", category=code))
        for (code,), n in ranked
    ]
    hourly = ((hour, told.hours.get((str(hour),), 0)) for hour in range(24))
    by_hour = [
        charts.Dot(f"{hour:02}", n, None, None, _cell_url(ask, type="complaint", hour=hour))
        for hour, n in hourly
    ]
    name = gettext("投诉件数")
    return {
        "categories": charts.bars(by_category[:TOP], name, lying=True) if by_category else None,
        "category_rows": by_category,
        "hours": charts.bars(by_hour, name) if told.hours else None,
        "hour_rows": by_hour,
        "children": told.children,
        **_years(ask),
    }


def _years(ask: Asked) -> dict[str, object]:
    """Return the matrix of business types, and of complaint classes, by year (features.md B2)."""
    types, classes = figures.years(ask.at, ask.place.path)
    years = sorted({year for _, year in types})
    drawn = [
        (_named("category", code), [classes.get((code, year), 0) for year in years])
        for code in sorted({code for code, _ in classes})
    ]
    return {
        "years": years,
        "matrix": _matrix(ask, types, years, "type") + _matrix(ask, classes, years, "l2"),
        "by_year": charts.stacked(years, drawn) if drawn else None,
    }


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the matrix; ``sub`` rows are classes of the complaints above them."""

    name: str
    sub: bool
    cells: list[dict[str, object]]
    total: int


def _matrix(ask: Asked, found: Mapping[tuple[str, ...], int], years: list[str], by: str) -> list[Line]:
    shelf = "business_type" if by == "type" else "category"
    lines = []
    for code in sorted({code for code, _ in found}):
        values = {"type": code} if by == "type" else {"type": "complaint", "l2": code}
        cells: list[dict[str, object]] = [
            {"n": found.get((code, year), 0), "url": _cell_url(ask, **values | {"period": year})}
            for year in years
        ]
        total = sum(found.get((code, year), 0) for year in years)
        lines.append(Line(_named(shelf, code), by != "type", cells, total))
    return lines


def _named(shelf: str, code: str) -> str:
    return rules.label(shelf, code, lang()) if code else gettext("（未填）")


def _cell_url(ask: Asked, **values: object) -> str:
    return reverse("drill") + "?" + urlencode({**ask.query, **values})


@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    """Bring the lake up to date and come back."""
    lake.refresh()
    ahead.drop()
    to = {name: request.POST[name] for name in ("unit", "period") if request.POST.get(name)}
    return redirect(reverse("board") + (f"?{urlencode(to)}" if to else ""))


urls = [
    path("board/", board, name="board"),
    path("board/refresh/", refresh, name="board_refresh"),
    path("board/orders/", drill.orders, name="drill"),
    path("board/orders/export/", drill.export_orders, name="drill_export"),
    path("board/consistency/", consistency.page, name="consistency"),
]
