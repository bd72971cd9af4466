"""The orders behind a figure: any part of a measure, any cell of a breakdown."""

import functools
from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.actions.publish import columns
from suyuan.analytics import behind, breakdown
from suyuan.analytics.behind import Behind
from suyuan.analytics.measures import find
from suyuan.analytics.period import Period
from suyuan.store import fingerprint, rules
from suyuan.store.queries import listing

from . import case_cells, causes, export, figures, register, shown
from .figures import Asked, Stand
from .templatetags.ui import lang, local

SIZE = 50
KEYS = frozenset({"unit", "period", "page", *behind.NAMES})


@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """List the orders behind a figure, page by page."""
    query = request.GET.dict()
    now = timezone.now()
    ask = figures.asked(request.viewer, query, now, KEYS)  # type: ignore[attr-defined]
    page = register.page_of(query)
    figure = ask.at, ask.period, ask.place.path, tuple(sorted(_values(query).items()))
    ids, (total, counted) = _ids(*figure, page), _sums(*figure)
    here = {name: value for name, value in query.items() if name != "page"}
    found = listing.listing(ask.viewer, listing.Filters(ids=tuple(ids[:SIZE])), now=now, size=SIZE)
    ticks = fingerprint.of_all(found.rows)
    return render(
        request,
        "web/drill.html",
        {
            "ask": ask,
            "what": _what(query),
            "rows": [
                (case, found.lights[case.pk], case_cells.tick(case.number, ticks[case.number]))
                for case in found.rows
            ],
            "hidden": len(ids[:SIZE]) - len(found.rows),
            "total": total,
            **_counted(query, counted),
            "now": now,
            "page": page,
            "has_next": len(ids) > SIZE,
            "here": urlencode(here),
            "back": urlencode(ask.query | ({"measure": query["measure"]} if "measure" in query else {})),
        },
    )


@require_GET
def export_orders(request: HttpRequest) -> FileResponse | HttpResponseRedirect:
    """Return the orders behind a figure as a workbook; many are the worker's, with a page to wait at."""
    query = request.GET.dict()
    now = timezone.now()
    ask = figures.asked(request.viewer, query, now, KEYS)  # type: ignore[attr-defined]
    figure, tables = _behind(ask, query), ask.at.tables()
    rows = behind.total(tables, figure)
    if rows > rules.figure("export.list", "at_once_rows"):
        wanted = {"period": ask.period.label, "unit_path": ask.place.path, **figure.values}
        return export.wait(request, listing.Filters(), columns.FILE, rows, page="drill_export", figure=wanted)
    numbers = behind.ids(tables, figure, limit=rows)
    found = (list(listing.found(ask.viewer, listing.Filters(ids=tuple(numbers)), now)),)
    table = export.Table(columns.heads(columns.FILE, lang()), columns.lines(columns.FILE, found, now, lang()))
    stamp = local(now).replace(":", "").replace(" ", "-")
    return export.answer(request, table, f"{gettext('指标工单')}-{stamp}.xlsx")


def _behind(ask: Asked, query: Mapping[str, str]) -> Behind:
    return Behind(ask.period, ask.place.path, ask.at.as_of, _values(query))


def _values(query: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if name in behind.NAMES}


Values = tuple[tuple[str, str], ...]


@functools.lru_cache(maxsize=64)
def _sums(at: Stand, period: Period, path: str, values: Values) -> tuple[int, int | None]:
    """Return how many cases a figure counts, and clocks or promises: the same on each of its pages."""
    figure, tables = Behind(period, path, at.as_of, dict(values)), at.tables()
    return behind.total(tables, figure), behind.counted(tables, figure)


@functools.lru_cache(maxsize=64)
def _ids(at: Stand, period: Period, path: str, values: Values, page: int) -> tuple[int, ...]:
    """Return the ids of a page of the cases a figure counts, and one more where there are more."""
    figure = Behind(period, path, at.as_of, dict(values))
    return tuple(behind.ids(at.tables(), figure, limit=SIZE + 1, offset=(page - 1) * SIZE))


def _counted(query: Mapping[str, str], n: int | None) -> dict[str, int | None]:
    """Return how many clocks or promises there are, under the name of what they are."""
    return {find(query["measure"])[0].table: n} if n is not None else {}


def _what(query: Mapping[str, str]) -> list[str]:
    """Return in words which orders these are."""
    if "measure" in query:
        return [shown.title(query["measure"]), part_words(query.get("part") or "of")]
    shelves = {"type": "business_type", "l1": "category", "l2": "category", "cause": "responsibility"}
    words = []
    for name, value in query.items():
        if name == "hour":
            words.append(gettext("%(hour)s 时受理") % {"hour": value})
        elif name in breakdown.COLUMNS:
            none = causes.named("") if name == "cause" else gettext("（未填）")
            known = rules.label(shelves.get(name, name), value, lang()) if value else none
            words.append(known)
    return words


def part_words(part: str) -> str:
    """Return what a part of a measure is called."""
    names = {"n": gettext("分子"), "of": gettext("分母"), "missed": gettext("分母中未达到的")}
    if part.startswith("excluded."):
        return gettext("未计入：%(why)s") % {"why": shown.exclusion(part.removeprefix("excluded."))}
    return names.get(part) or rules.label("part", part, lang())
