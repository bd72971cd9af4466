"""The proof that an answer was given, for audit and leaders to show; it says nothing of who asked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from suyuan.domain.errors import Refused
from suyuan.domain.proof import SHOWS
from suyuan.store import chain, rules
from suyuan.store.queries import cases
from suyuan.store.queries import proof as queries
from suyuan.store.queries.viewer import Viewer

from .papers import purposes
from .templatetags.ui import lang


@require_GET
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Show the proof of a case's answer, with the events of the chain that hold it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case = cases.get(viewer, number)
    if not viewer.actor.over_case(case.unit.path) & SHOWS:
        raise Refused("not_your_role", verb="print")
    found = queries.of(case)
    if found is None:
        return render(request, "web/proof.html", {"case": case, "proof": None})
    _, events = chain.verify([f"case:{case.number}"])
    shown = {
        "case": case,
        "proof": found,
        "given": [(one, rules.label("way_given", one.way, lang())) for one in found.given],
        "reporter": rules.label("reporter_kept", case.secrecy or "open", lang()),
        "events": events,
        "purposes": purposes(),
    }
    return render(request, "web/proof.html", shown)


urls = [path("case/<path:number>/proof/", page, name="proof")]
