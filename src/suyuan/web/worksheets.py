"""Worksheets in the browser: take cases out as a workbook, bring it back, see what became of each row."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import worksheets
from suyuan.domain.errors import BadInput, Refused, RuleError
from suyuan.domain.procedure import RECALL
from suyuan.domain.procedures import CURRENT
from suyuan.gateways import ooxml
from suyuan.store import rules, tray
from suyuan.store.queries.viewer import Viewer

from . import errors, export, queue, register, uploads
from .register import Button, Cell, Empty, Head, Listed, Row
from .templatetags.ui import lang, local

SUFFIX = (".xlsx",)
RESULT, TOLD = "result.xlsx", "result.json"
OUTCOMES = ("applied", "already", "refused")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show what can be taken out and where to bring it back."""
    return _page(request, request.GET.dict(), None)


def _page(request: HttpRequest, query: dict[str, str], error: RuleError | None) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    queue.filters_from(query)
    shown = {
        "verbs": verbs(viewer),
        "kept": [(name, value) for name, value in query.items() if value and name != "page"],
        "narrowed": bool(query),
        "limit": ooxml.MOST_BYTES // 1024**2,
        "problem": errors.words_for(error.code) + errors.aside(error.facts) if error else "",
    }
    return render(request, "web/worksheet.html", shown, status=errors.status(error) if error else 200)


def verbs(viewer: Viewer) -> list[tuple[str, str]]:
    """Return the verbs some role of the viewer may do, with their words, in the order of the procedures."""
    known = dict.fromkeys(
        step.verb
        for procedure in CURRENT.values()
        for step in procedure.steps
        if viewer.roles & set(step.roles) and step.verb != RECALL
    )
    return [(verb, rules.label("verb", verb, lang())) for verb in known]


@require_GET
def take_out(request: HttpRequest) -> HttpResponse:
    """Return the worksheet of a list."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    query = request.GET.dict()
    verb, now = query.pop("verb", ""), timezone.now()
    file = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115  FileResponse closes it
    try:
        worksheets.export(
            path=Path(file.name), viewer=viewer, filters=queue.filters_from(query), verb=verb, now=now
        )
    except BadInput as error:
        file.close()
        if error.code != "too_many_cases":
            raise
        return _page(request, query, error)
    stamp = local(now).replace(":", "").replace(" ", "-")
    name = f"{gettext('工单办理表')}-{stamp}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=export.TYPE)


@csrf_exempt  # the size is checked before the body is read; _upload checks the token
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Bring a worksheet back."""
    try:
        uploads.check_size(request, ooxml.MOST_BYTES)
        response: HttpResponse = _upload(request)
    except BadInput as error:
        return _page(request, {}, error)
    return response


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    kept = uploads.keep(request.FILES.get("file"), request.user.get_username(), SUFFIX, ooxml.MOST_BYTES)
    return _apply(request, kept)


@require_POST
def go_on(request: HttpRequest, token: str) -> HttpResponse:
    """Go on with a worksheet that was cut off: rows done before are known and not done again."""
    return _apply(request, uploads.find(token, request.user.get_username()))


def _apply(request: HttpRequest, file: uploads.Upload) -> HttpResponse:
    """Do the rows of a worksheet, keep what became of them, and let the uploaded file go: it holds texts."""
    folder = file.path.parent
    with uploads.accepted(file) as clear, tray.written(folder / RESULT) as answer:
        done = worksheets.apply(
            path=clear,
            result=answer,
            viewer=request.viewer,  # type: ignore[attr-defined]
            now=timezone.now(),
        )
    rows = [asdict(row) | {"cells": row.cells, "allowed": row.allowed} for row in done.rows if row.outcome]
    tray.write(folder / TOLD, [json.dumps(rows, ensure_ascii=False, default=str).encode()])
    file.path.unlink()
    return redirect("worksheet_result", token=file.token)


@require_GET
def result(request: HttpRequest, token: str) -> HttpResponse:
    """Show what became of each row of a worksheet."""
    file = uploads.find(token, request.user.get_username())
    told = file.path.parent / TOLD
    if not told.exists():
        return register.listed(request, _cut_off(token))
    with tray.reading(told) as written:
        rows = json.load(written)
    counts = {name: sum(row["outcome"] == name for row in rows) for name in OUTCOMES}
    intro = gettext("已办理 %(applied)d 行，此前已办理 %(already)d 行，退回 %(refused)d 行。") % counts
    if counts["refused"]:
        intro += gettext("退回的行在结果文件里标红并写明原因，改好后把它上传即可。")
    return register.listed(
        request,
        Listed(
            gettext("办理结果"),
            (Head(gettext("行"), number=True), Head(gettext("工单"), wide=True))
            + tuple(Head(title) for title in (gettext("动作"), gettext("结果"), gettext("原因"))),
            [_row(row) for row in rows],
            Empty(gettext("没有填写的行"), gettext("文件里没有选了动作的行，所以什么也没有办理。")),
            intro=intro,
            buttons=(
                Button(
                    gettext("下载结果文件"), reverse("worksheet_file", args=[token]), "download", primary=True
                ),
                Button(gettext("再办一份"), reverse("worksheet"), "file-spreadsheet"),
            ),
        ),
    )


def _cut_off(token: str) -> Listed:
    """Return the page of a worksheet whose rows were not all done."""
    on = Button(gettext("继续办理"), reverse("worksheet_go_on", args=[token]), post=True, primary=True)
    empty = Empty(gettext("上次没有办完"), gettext("继续时，已办理的行会被认出，不会再办一次。"), button=on)
    return Listed(gettext("办理结果"), (), (), empty)


def _row(row: Mapping[str, Any]) -> Row:
    why = errors.words_for(row["code"]) if row["code"] else rules.label("state", row["state"], lang())
    allowed = row.get("allowed", {})
    cells = "\n".join(
        f"{cell}：{errors.words_for(reason)}{errors.span(allowed.get(cell))}"
        for cell, reason in row["cells"].items()
    )
    last = [row["facts"]["last_step"]] if "last_step" in row["facts"] else []
    since = row["facts"].get("since") or ([row["facts"]] if row["code"] == "form_used" else last)
    return Row(
        (
            Cell(row["row"]),
            Cell(row["number"], reverse("case", args=[row["number"]]) if row["number"] else ""),
            Cell(rules.label("verb", row["verb"], lang())),
            Cell(rules.label("worksheet", row["outcome"], lang())),
            Cell("", lines="\n".join(filter(None, [why, cells, *(_happened(each) for each in since)]))),
        )
    )


def _happened(facts: Mapping[str, str]) -> str:
    at = local(datetime.fromisoformat(facts["at"]))
    return f"{at} {facts['by']} {rules.label('verb', facts['verb'], lang())}"


@require_GET
def file(request: HttpRequest, token: str) -> FileResponse:
    """Return the worksheet with what became of each row."""
    kept = uploads.find(token, request.user.get_username())
    answer = kept.path.parent / RESULT
    if not answer.exists():
        raise Refused("no_such_file", file=token)
    name = f"{Path(kept.name).stem}-{gettext('办理结果')}.xlsx"
    return FileResponse(tray.reading(answer), as_attachment=True, filename=name, content_type=export.TYPE)


urls = [
    path("worksheet/", page, name="worksheet"),
    path("worksheet/export/", take_out, name="worksheet_export"),
    path("worksheet/upload/", upload, name="worksheet_upload"),
    path("worksheet/<str:token>/", result, name="worksheet_result"),
    path("worksheet/<str:token>/go-on/", go_on, name="worksheet_go_on"),
    path("worksheet/<str:token>/file/", file, name="worksheet_file"),
]
