"""The orders behind a figure: any part of a measure, any cell of a breakdown."""

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
from suyuan.store import fingerprint, rules
from suyuan.store.queries import listing

from . import case_cells, export, figures, register, shown
from .figures import Asked
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
    figure, tables = _behind(ask, query), ask.at.tables()
    ids = behind.ids(tables, figure, limit=SIZE + 1, offset=(page - 1) * SIZE)
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
            "total": behind.total(tables, figure),
            "clocks": behind.clocks(tables, figure),
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
    values = {name: value for name, value in query.items() if name in behind.NAMES}
    return Behind(ask.period, ask.place.path, ask.at.as_of, values)


def _what(query: Mapping[str, str]) -> list[str]:
    """Return in words which orders these are."""
    if "measure" in query:
        return [shown.title(query["measure"]), part_words(query.get("part") or "of")]
    shelves = {"type": "business_type", "category": "category", "l1": "category", "l2": "category"}
    words = []
    for name, value in query.items():
        if name == "hour":
            words.append(gettext("%(hour)s 时受理") % {"hour": value})
        elif name in breakdown.COLUMNS:
            known = rules.label(shelves.get(name, name), value, lang()) if value else gettext("（未填）")
            words.append(known)
    return words


def part_words(part: str) -> str:
    """Return what a part of a measure is called."""
    names = {"n": gettext("分子"), "of": gettext("分母"), "missed": gettext("分母中未达到的")}
    if part.startswith("excluded."):
        return gettext("未计入：%(why)s") % {"why": shown.exclusion(part.removeprefix("excluded."))}
    return names.get(part) or rules.label("part", part, lang())
