"""Do the units below one unit apply one rule alike? (A1)"""

import functools
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from suyuan.analytics import board, display, streak
from suyuan.analytics import consistency as method
from suyuan.analytics.consistency import Difference, Share
from suyuan.analytics.period import Period
from suyuan.analytics.register import code_of, parent
from suyuan.store.queries.cases import LOCAL

from . import charts, figures, shown
from .ahead import ahead
from .figures import Asked, Stand
from .templatetags.ui import lang

KEYS = frozenset({"unit", "period"})


@dataclass(frozen=True, slots=True)
class Line:
    """One share in which units were compared, in words."""

    title: str
    definition: str
    all: str
    units: int
    lowest: str
    highest: str
    p: str
    apart: tuple[tuple[str, str, str], ...]
    """Name, figure and the orders of each unit that stands apart."""


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show how far the units right below differ, and how long each has been without a complaint."""
    ask = figures.asked(request.viewer, request.GET.dict(), timezone.now(), KEYS)  # type: ignore[attr-defined]
    shares, names, found = _compared(ask.at, ask.period, ask.place.path, ask.viewer.paths)
    differ = [each for each in found if each.apart]
    listed = any(ask.period in each for each in ask.periods.values()) or ask.period.kind == "all"
    return render(
        request,
        "web/consistency.html",
        {
            "ask": ask,
            "listed": listed,
            "differ": [_line(ask, each, names) for each in differ],
            "alike": [_line(ask, each, names) for each in found if not each.apart],
            "streaks": _streaks(ask, names),
            "chart": _chart(differ[0], shares, names) if differ else None,
        },
    )


Compared = tuple[dict[str, list[Share]], dict[str, str], list[Difference]]


@ahead
@functools.lru_cache(maxsize=32)
def _compared(at: Stand, wanted: Period, above: str, paths: tuple[str, ...]) -> Compared:
    """Return the shares of the units in reach right below one, their names by code, and how they differ."""
    ids = [measure.id for measure in method.COMPARED]
    rows = board.by_unit(at.tables(), wanted, ids, as_of=at.as_of)
    level = [unit for unit in rows if parent(unit.path) == above and unit.path.startswith(paths)]
    shares: dict[str, list[Share]] = {}
    for unit in level:
        for row in unit.rows:
            shares.setdefault(row.id, []).append(Share(unit.code, int(row.n), int(row.of or 0)))
    return shares, {unit.code: unit.name for unit in level}, method.compare(shares)


@ahead
@functools.lru_cache(maxsize=32)
def _zero(at: Stand, until: date) -> tuple[streak.Streak, ...]:
    return tuple(streak.zero_complaints(at.tables(), until))


def _line(ask: Asked, found: Difference, names: dict[str, str]) -> Line:
    measure, _ = shown.find(found.measure_id)

    def told(share: Share) -> str:
        return f"{names[share.unit]} {display.share(share.n, share.of)}"

    apart = tuple(
        (
            names[share.unit],
            display.share(share.n, share.of),
            shown.drill_url(found.measure_id, "of", {"unit": share.unit, "period": ask.period.label}),
        )
        for share in found.apart
    )
    return Line(
        title=shown.title(found.measure_id),
        definition=shown.definition(measure),
        all=display.share(found.n, found.of),
        units=found.units,
        lowest=told(found.lowest),
        highest=told(found.highest),
        p=_p(found.p),
        apart=apart,
    )


def _p(p: float) -> str:
    return "< 0.001" if p < 0.001 else display.rounded(p, 3)


def _chart(found: Difference, shares: dict[str, list[Share]], names: dict[str, str]) -> charts.Option:
    """Return the share that differs most, drawn unit by unit with intervals."""
    dots = []
    for share in shares[found.measure_id]:
        if share.of < method.LEAST:
            continue
        low, high = charts.wilson(share.n, share.of)
        dots.append(charts.Dot(names[share.unit], share.n / share.of, low, high))
    return charts.against(dots, (shown.title(found.measure_id), "95%"), percent=True)


def _streaks(ask: Asked, names: dict[str, str]) -> list[tuple[str, streak.Streak, list[tuple[str, int]]]]:
    """Return the days without a complaint of the units right below, with what speaks against them (C31)."""
    until = min(
        ask.period.last or ask.at.as_of.astimezone(LOCAL).date(), ask.at.as_of.astimezone(LOCAL).date()
    )
    place = 0 if lang() == "zh" else 1
    found = []
    for each in _zero(ask.at, until):
        if parent(each.path) == ask.place.path and code_of(each.path) in names:
            signs = [(streak.NOTES[sign][place], n) for sign, n in each.signs.items()]
            found.append((names[code_of(each.path)], each, signs))
    return found
