"""A call file handed in: what it would bring, then the calls themselves, then the rows that were not taken.

What the file holds is personal, so the upload is removed as soon as it has been taken in.
"""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from suyuan.actions.call import call_file
from suyuan.gateways import callfile
from suyuan.store import tray

from . import customers, errors, handing_in, list_columns, uploads

MADE = "calls-quarantine.xlsx"


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show where a file is handed in."""
    return render(request, "web/call_files.html", {})


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Keep a file and show what it would bring."""
    return handing_in.keep(
        request,
        page="web/call_files.html",
        then="call_file_checked",
        limit=customers.most(),
        read=callfile.read,
        columns="call_file_columns",
    )


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, token: str) -> HttpResponse:
    """Ask which column is which."""
    asked = list_columns.Asked(callfile.KINDS, "call_files", "call_file_checked")
    return list_columns.page(request, token, asked)


@require_http_methods(["GET", "POST"])
def checked(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a file would bring; posted, take it in and remove the file."""
    kept = uploads.find(token, request.user.get_username())
    done = request.method == "POST"
    with uploads.accepted(kept) as clear, tray.written(kept.path.with_name(MADE)) as aside:
        taken = call_file.import_calls(
            tables=callfile.read(clear, list_columns.chosen(kept, "columns")),
            actor=request.viewer.actor,  # type: ignore[attr-defined]
            now=timezone.now(),
            quarantine=aside,
            say=errors.words_for,
            dry_run=not done,
        )
    if done:
        kept.path.unlink()
    told = call_file.told(taken)
    shown = {
        "name": kept.name,
        "token": token,
        "done": done,
        "told": told,
        "faults": [(row, column, value, errors.words_for(rule)) for row, column, value, rule in taken.faults],
        "taking": bool(taken.counts["new"] + taken.counts["noted"]),
    }
    return render(request, "web/call_file_checked.html", shown)


@require_GET
def quarantine(request: HttpRequest, token: str) -> FileResponse:
    """Return the rows that were not taken, with their reasons, to be put right and handed in again."""
    return handing_in.set_aside(request, token, MADE)


@require_GET
def template(request: HttpRequest) -> FileResponse:  # noqa: ARG001 a view takes the request
    """Return an empty list with every column it may have."""
    return handing_in.workbook("calls.xlsx", callfile.write_template)


urls = [
    path("missed-calls/import/", page, name="call_files"),
    path("missed-calls/import/upload/", upload, name="call_file_upload"),
    path("missed-calls/import/template/", template, name="call_file_template"),
    path("missed-calls/import/<str:token>/", checked, name="call_file_checked"),
    path("missed-calls/import/<str:token>/columns/", columns, name="call_file_columns"),
    path("missed-calls/import/<str:token>/quarantine/", quarantine, name="call_file_quarantine"),
]
