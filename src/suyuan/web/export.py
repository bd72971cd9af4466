"""Lists handed to a browser: a workbook at once, or a page to wait for what the worker takes out."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.actions import exports, publish
from suyuan.domain.watermark import Watermark
from suyuan.gateways import workbook
from suyuan.gateways.workbook import Table
from suyuan.store import leases, rules, tray
from suyuan.store.queries import publications
from suyuan.store.queries.listing import Filters

from . import errors
from .templatetags.ui import lang

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {".xlsx": TYPE, ".csv": "text/csv; charset=utf-8"}


class Counted:
    """Rows that say afterwards how many went through."""

    def __init__(self, rows: Iterable[Sequence[object]], most: int) -> None:
        self.rows, self.most, self.count = rows, most, 0

    def __iter__(self) -> Iterator[Sequence[object]]:
        for row in self.rows:
            self.count = min(self.count + 1, self.most)
            yield row


def answer(request: HttpRequest, table: Table, name: str) -> FileResponse:
    """Return a workbook of one sheet as a download."""
    return answer_sheets(request, [("Sheet1", table)], name)


def answer_sheets(request: HttpRequest, sheets: Sequence[tuple[str, Table]], name: str) -> FileResponse:
    """Return the workbook as a download, marked; that it was taken out is written down."""
    now, actor = timezone.now(), request.viewer.actor  # type: ignore[attr-defined]
    code, rows = exports.code_of_export(), [Counted(table.rows, table.most) for _, table in sheets]
    local = timezone.localtime(now)
    mark = Watermark(actor.username, local, rules.label("export", "masked", lang()), code)
    file = tempfile.TemporaryFile()  # noqa: SIM115  FileResponse closes it
    written = [
        (title, replace(table, rows=each, cut=gettext("只导出前 %(most)d 行") % {"most": table.most}))
        for (title, table), each in zip(sheets, rows, strict=True)
    ]
    workbook.write(written, file, now, mark.line)
    page = request.resolver_match.url_name if request.resolver_match else ""
    exports.listed(page=page or "", rows=sum(each.count for each in rows), code=code, actor=actor, now=now)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPE)


def wait(
    request: HttpRequest, filters: Filters, names: Sequence[str], rows: int, **more: Any
) -> HttpResponseRedirect:
    """Let the worker take a list out, and lead to the page where it is waited for."""
    opened = request.staff  # type: ignore[attr-defined]
    wanted = publish.WantedList(
        filters=filters,
        columns=tuple(names),
        language="en" if lang() == "en" else "zh-hans",
        staff=opened.pk if opened else None,
        **more,
    )
    row = publish.queue_list(wanted=wanted, rows=rows, viewer=request.viewer, now=timezone.now())  # type: ignore[attr-defined]
    return redirect("export_page", export_id=row.pk)


@require_GET
def page(request: HttpRequest, export_id: int) -> HttpResponse:
    """Show how far a list of one's own is, or where it can be fetched."""
    row = publications.own(request.viewer, export_id)  # type: ignore[attr-defined]
    fault = row.fault or {}
    shown = {
        "row": row,
        "going": row.state in ("queued", "running"),
        "forsaken": leases.forsaken(row, timezone.now()),
        "over": row.state == "done" and publish.is_over(row, timezone.now()),
        "why": errors.words_for(str(fault["code"])) if fault else "",
        "code": row.parameters["code"],
        "megabytes": max(row.size / 1024**2, 0.1),
    }
    return render(request, "web/export.html", shown)


@require_GET
def file(request: HttpRequest, export_id: int) -> FileResponse:
    """Return the file of a list to whoever asked for it; that it was fetched is written down."""
    row = publish.fetch(publication_id=export_id, viewer=request.viewer, now=timezone.now())  # type: ignore[attr-defined]
    kept = publish.path_of(row)
    kind = TYPES[kept.suffix]
    return FileResponse(tray.reading(kept), as_attachment=True, filename=row.name, content_type=kind)


urls = [
    path("exports/<int:export_id>/", page, name="export_page"),
    path("exports/<int:export_id>/file/", file, name="export_file"),
]
