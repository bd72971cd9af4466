"""A customer file handed in: what it would change, then the change, then the rows that were not taken.

What the file holds is personal, so the upload is removed as soon as it has been taken in.
"""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from suyuan.actions.customer import import_customers
from suyuan.gateways import customerfile
from suyuan.store import rules, tray

from . import errors, handing_in, list_columns, uploads

MADE = "customers-quarantine.xlsx"


def most() -> int:
    """Return how many bytes a file handed in by browser may have."""
    return rules.figure("customer.import", "most_megabytes") * 1024**2


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show where a file is handed in."""
    return render(request, "web/customers.html", {})


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Keep a file and show what it would change."""
    return handing_in.keep(
        request,
        page="web/customers.html",
        then="customers_checked",
        limit=most(),
        read=customerfile.read,
        columns="customers_columns",
    )


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, token: str) -> HttpResponse:
    """Ask which column is which."""
    asked = list_columns.Asked(customerfile.KINDS, "customers", "customers_checked")
    return list_columns.page(request, token, asked)


@require_http_methods(["GET", "POST"])
def checked(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a file would change; posted, change it and remove the file."""
    kept = uploads.find(token, request.user.get_username())
    done = request.method == "POST"
    with uploads.accepted(kept) as clear, tray.written(kept.path.with_name(MADE)) as aside:
        taken = import_customers(
            tables=customerfile.read(clear, list_columns.chosen(kept, "columns")),
            actor=request.viewer.actor,  # type: ignore[attr-defined]
            now=timezone.now(),
            quarantine=aside,
            say=errors.words_for,
            dry_run=not done,
        )
    if done:
        kept.path.unlink()
    shown = {
        "name": kept.name,
        "token": token,
        "done": done,
        "told": taken.plain(),
        "faults": [(row, column, value, errors.words_for(rule)) for row, column, value, rule in taken.faults],
        "changes": bool(taken.counts["new"] + taken.counts["changed"]),
    }
    return render(request, "web/customers_checked.html", shown)


@require_GET
def quarantine(request: HttpRequest, token: str) -> FileResponse:
    """Return the rows that were not taken, with their reasons, to be put right and handed in again."""
    return handing_in.set_aside(request, token, MADE)


@require_GET
def template(request: HttpRequest) -> FileResponse:  # noqa: ARG001 a view takes the request
    """Return an empty list with every column it may have."""
    return handing_in.workbook("customers.xlsx", customerfile.write_template)


urls = [
    path("customers/import/", page, name="customers"),
    path("customers/import/upload/", upload, name="customers_upload"),
    path("customers/import/template/", template, name="customers_template"),
    path("customers/import/<str:token>/", checked, name="customers_checked"),
    path("customers/import/<str:token>/columns/", columns, name="customers_columns"),
    path("customers/import/<str:token>/quarantine/", quarantine, name="customers_quarantine"),
]
