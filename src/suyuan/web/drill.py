"""The orders behind a figure: any part of a measure, any cell of a breakdown."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.actions.publish import columns
from suyuan.analytics import breakdown
from suyuan.analytics import drill as method
from suyuan.store import fingerprint, rules
from suyuan.store.queries import listing

from . import case_cells, export, figures, register, shown
from .figures import Asked
from .templatetags.ui import lang, local

SIZE = 50
MOST = 100_000
"""A workbook of the orders behind a figure stops here and says so."""
KEYS = frozenset({"unit", "period", "page", "measure", "part", *breakdown.COLUMNS})


@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """List the orders behind a figure, page by page."""
    query = request.GET.dict()
    now = timezone.now()
    ask = figures.asked(request.viewer, query, now, KEYS)  # type: ignore[attr-defined]
    page = register.page_of(query)
    ids = _ids(ask, query, SIZE + 1, (page - 1) * SIZE)
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
            "total": _total(ask, query),
            "clocks": _clocks(ask, query),
            "now": now,
            "page": page,
            "has_next": len(ids) > SIZE,
            "here": urlencode(here),
            "back": urlencode(ask.query | ({"measure": query["measure"]} if "measure" in query else {})),
        },
    )


@require_GET
def export_orders(request: HttpRequest) -> FileResponse:
    """Return the orders behind a figure as a workbook."""
    query = request.GET.dict()
    now = timezone.now()
    ask = figures.asked(request.viewer, query, now, KEYS)  # type: ignore[attr-defined]

    def batches() -> Iterator[columns.Batch]:
        for start in range(0, MOST + 1, columns.BATCH):
            ids = _ids(ask, query, columns.BATCH, start)
            yield list(listing.found(ask.viewer, listing.Filters(ids=tuple(ids)), now))
            if len(ids) < columns.BATCH:
                return

    rows = columns.lines(columns.FILE, batches(), now, lang())
    table = export.Table(columns.heads(columns.FILE, lang()), rows, MOST)
    stamp = local(now).replace(":", "").replace(" ", "-")
    return export.answer(request, table, f"{gettext('指标工单')}-{stamp}.xlsx")


def _question(ask: Asked, query: Mapping[str, str]) -> method.Question:
    return method.Question(
        measure_id=query["measure"],
        part=query.get("part") or "of",
        period=ask.period,
        as_of=ask.at.as_of,
        unit_path=ask.place.path,
    )


def _cell(ask: Asked, query: Mapping[str, str]) -> breakdown.Cell:
    values = {name: value for name, value in query.items() if name in breakdown.COLUMNS}
    return breakdown.Cell(ask.period, ask.place.path, values)


def _ids(ask: Asked, query: Mapping[str, str], limit: int, offset: int) -> list[int]:
    tables = ask.at.tables()
    if "measure" in query:
        return method.drill(tables, _question(ask, query), limit=limit, offset=offset)
    return breakdown.drill(tables, _cell(ask, query), limit=limit, offset=offset)


def _total(ask: Asked, query: Mapping[str, str]) -> int:
    tables = ask.at.tables()
    if "measure" in query:
        return method.count(tables, _question(ask, query))
    return sum(breakdown.counts(tables, _cell(ask, query), ("type",)).values())


def _clocks(ask: Asked, query: Mapping[str, str]) -> int | None:
    """Return how many clocks the figure counts, None where it counts orders."""
    return method.clocks(ask.at.tables(), _question(ask, query)) if "measure" in query else None


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
