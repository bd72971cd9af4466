"""Importing in the browser: hand in a file, check how it was understood, start, see what became of it."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import imports, layouts
from suyuan.config.home import home
from suyuan.domain.errors import BadInput, Refused
from suyuan.gateways.layout import Proposal, available, load
from suyuan.gateways.layout.proposal import layout_from
from suyuan.store import leases, rules, tray
from suyuan.store.queries import runs

from . import errors, mapping, units_named, uploads, words
from .templatetags.ui import lang
from .uploads import Upload

NONE: Mapping[str, str] = MappingProxyType({})


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the upload form and the imports so far."""
    return _page(request, None)


def _page(request: HttpRequest, error: BadInput | None) -> HttpResponse:
    shown = {
        "runs": runs.recent(request.viewer),  # type: ignore[attr-defined]
        "limit": uploads.most() // 1024**2,
        "suffixes": ",".join(uploads.SUFFIXES),
        "problem": _words(error) if error else "",
    }
    return render(request, "web/import.html", shown, status=errors.status(error) if error else 200)


def _words(error: BadInput) -> str:
    """Return what is wrong with a file, with the facts that help to find it."""
    return errors.words_for(error.code) + errors.aside(error.facts)


@csrf_exempt  # the size is checked before the body is read; _upload checks the token
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file in."""
    try:
        uploads.check_size(request)
    except BadInput as error:
        return _page(request, error)
    response: HttpResponse = _upload(request)
    return response


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    try:
        kept = uploads.keep(request.FILES.get("file"), request.user.get_username())
    except BadInput as error:
        return _page(request, error)
    return redirect("import_file", token=kept.token)


@require_GET
def proposal(request: HttpRequest, token: str) -> HttpResponse:
    """Show how a file was understood, so that a person can put it right before it is read."""
    file = uploads.find(token, request.user.get_username())
    try:
        found = _proposal(file, request.GET.get("layout", ""))
    except BadInput as error:
        return _page(request, error)
    return _proposed(request, file, found, {})


def _proposal(file: Upload, layout: str) -> Proposal:
    """Return how a file is understood; one that no layout can read goes at once."""
    if layout and file.path.exists():
        with tray.opened(file.path) as clear:
            return imports.preview(clear, layout)
    with uploads.accepted(file) as clear:
        return imports.preview(clear, "auto")


def _proposed(
    request: HttpRequest,
    file: Upload,
    found: Proposal,
    wrong: dict[str, str],
    chosen: Mapping[str, str] = NONE,
) -> HttpResponse:
    rows = mapping.rows(found.preview, timezone.now())
    title = found.layout.title.get(lang(), found.layout.name) if found.layout else ""
    return render(
        request,
        "web/import_file.html",
        {
            "file": file,
            "found": found,
            "title": title,
            "lines": mapping.chosen_lines(found, chosen) if chosen else mapping.lines(found),
            "headers": mapping.headers(found),
            "heads": [mapping.field_title(name) for name in mapping.HEADS],
            "rows": rows,
            "lacking": units_named.lacking(file, found.layout),
            "faulty": sum(1 for row in rows if row.faults),
            "missing": mapping.missing(found),
            "needed": mapping.needed(found),
            "disabled": mapping.disabled(found.layout, {guess.field: guess for guess in found.mapping}),
            "problems": [errors.words_for(code) for code in found.problems],
            "layouts": mapping.layouts(available(home())),
            "wrong": wrong,
        },
        status=422 if wrong else 200,
    )


@require_POST
def save_layout(request: HttpRequest, token: str) -> HttpResponse:
    """Keep the mapping as a layout of the office's own, and show the file read by it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    file = uploads.find(token, request.user.get_username())
    chosen = _chosen(request)
    name = request.POST.get("name", "").strip()
    try:
        layout = layout_from(chosen, name)
        layouts.save(layout=layout, home=home(), actor=viewer.actor, now=timezone.now())
        return redirect(reverse("import_file", args=[token]) + f"?layout={name}")
    except BadInput as error:
        return _proposed(request, file, _proposal(file, ""), _refused(error), chosen)


def _chosen(request: HttpRequest) -> dict[str, str]:
    """Return by field the header chosen for it."""
    return {
        name.removeprefix("field."): value
        for name, value in request.POST.items()
        if name.startswith("field.") and value
    }


def _refused(error: BadInput) -> dict[str, str]:
    """Return why a layout was not kept, by the box to put right."""
    fields = error.facts.get("fields")
    code = str(fields.get("name", "")) if isinstance(fields, dict) else ""
    return {"name": str(words.LAYOUT[code]) if code in words.LAYOUT else _words(error)}


@require_POST
def start(request: HttpRequest, token: str) -> HttpResponse:
    """Put the file in the worker's queue; what was chosen on the page and not looked at is shown first."""
    viewer = request.viewer  # type: ignore[attr-defined]
    file = uploads.find(token, request.user.get_username())
    layout = request.POST.get("layout", "")
    laid = load(layout, home())
    if not file.path.exists():
        raise Refused("no_such_file", file=token)
    if layout != request.POST.get("seen", layout) or "look" in request.POST:
        return redirect(reverse("import_file", args=[token]) + f"?layout={layout}")
    if chosen := _chosen(request):
        found = _proposal(file, layout)
        if not mapping.agrees(found, chosen):
            return _proposed(request, file, found, {"name": str(words.LAYOUT["not_kept"])}, chosen)
    if units_named.lacking(file, laid).all:
        raise Refused("no_unit_known", file=file.name)
    run_id = imports.queue(
        path=file.path, name=file.name, layout=layout, actor=viewer.actor, now=timezone.now()
    )
    return redirect("run", run_id=run_id)


@require_GET
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show how far an import is, or what it did."""
    row = _run(request, run_id)
    code = str(row.problem.get("code", "")) if row.problem else ""
    shown = {
        "row": row,
        "going": row.state in ("queued", "running"),
        "forsaken": leases.forsaken(row, timezone.now()),
        "problem": errors.words_for(code) if code else "",
        "facts": errors.told(row.problem.get("facts") or {}) if row.problem else [],
        "notes": [_note(name, note) for name, note in row.notes.items()],
        "no_unit": row.reasons.get("unknown_unit", 0),
        "reasons": mapping.reasons(row.reasons),
        "has_quarantine": bool(row.quarantine_file) and Path(row.quarantine_file).exists(),
    }
    return render(request, "web/import_run.html", shown)


def _run(request: HttpRequest, run_id: int) -> Any:
    """Return one import; there being none has words of its own."""
    try:
        return runs.get(request.viewer, run_id)  # type: ignore[attr-defined]
    except Refused as error:
        if error.code == "not_found":
            raise Refused("unknown_run", run=run_id) from None
        raise


def _note(code: str, note: Mapping[str, Any]) -> tuple[str, int, list[str]]:
    """Return an oddity in words, how many rows have it, and those kept of them."""
    rows = [str(row[0]) if isinstance(row, list | tuple) else str(row) for row in note["rows"]]
    own = words.NOTES.get(code)
    said = rules.label("import_note", code, lang())
    return str(own or (said if said != code else errors.words_for(code))), int(note["count"]), rows[:10]


@require_GET
def quarantine(request: HttpRequest, run_id: int) -> FileResponse:
    """Return the rows that were not taken, each with its reason, to be corrected and handed in again."""
    row = _run(request, run_id)
    file = Path(row.quarantine_file) if row.quarantine_file else None
    if file is None or not file.exists():
        raise Refused("no_such_file", run=run_id)
    return FileResponse(tray.reading(file), as_attachment=True, filename=file.name)


urls = [
    path("import/", page, name="import"),
    path("import/upload/", upload, name="import_upload"),
    path("import/file/<str:token>/", proposal, name="import_file"),
    path("import/file/<str:token>/layout/", save_layout, name="import_layout"),
    path("import/file/<str:token>/start/", start, name="import_start"),
    path("import/runs/<int:run_id>/", run, name="run"),
    path("import/runs/<int:run_id>/quarantine/", quarantine, name="run_quarantine"),
]
