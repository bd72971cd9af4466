"""Units: the tree in reach, and confirming what files named."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import org as actions
from suyuan.analytics import display
from suyuan.domain.order import UNASSIGNED
from suyuan.store import rules
from suyuan.store.queries import org
from suyuan.store.queries.viewer import Viewer

from .templatetags.ui import lang


@dataclass(frozen=True, slots=True)
class Line:
    """One unit as it stands on the page."""

    code: str
    name: str
    provisional: bool
    depth: int
    above: str
    kind: str
    specialty: str
    customers: str
    closed: bool
    open: int
    """Open cases of the unit and of everything below it."""


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the units in reach."""
    return _page(request)


def _page(request: HttpRequest, nothing: str = "") -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    lines = _lines(viewer)
    shown = {
        "lines": lines,
        "waiting": [line for line in lines if line.provisional and line.code != UNASSIGNED],
        "registered": org.has_register(),
        "nothing": nothing,
    }
    return render(request, "web/units.html", shown, status=422 if nothing else 200)


def _lines(viewer: Viewer) -> list[Line]:
    units = org.units(viewer)
    own = org.open_cases(viewer, timezone.now())
    waiting = _with_those_above({unit.path: own[unit.pk] for unit in units if unit.pk in own})
    names = {unit.pk: unit.name for unit in units}
    top = min((unit.path.count("/") for unit in units), default=0)
    return [
        Line(
            code=unit.code,
            name=unit.name,
            provisional=unit.provisional,
            depth=min(unit.path.count("/") - top, 6),
            above=names.get(unit.parent_id, ""),
            kind=rules.label("unit_kind", unit.kind, lang()) if unit.kind else "",
            specialty=rules.label("specialty", unit.specialty, lang()),
            customers="" if unit.customers is None else display.count(unit.customers),
            closed=unit.closed_at is not None,
            open=waiting.get(unit.path, 0),
        )
        for unit in units
    ]


def _with_those_above(own: Mapping[str, int]) -> dict[str, int]:
    """Return counts by path with every unit's added to those it lies under."""
    total: dict[str, int] = {}
    for at, count in own.items():
        codes = at.strip("/").split("/")
        for depth in range(1, len(codes) + 1):
            above = f"/{'/'.join(codes[:depth])}/"
            total[above] = total.get(above, 0) + count
    return total


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm the provisional units that are ticked, or all there are in reach."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    codes = request.POST.getlist("code")
    if "all" in request.POST:
        codes = [unit.code for unit in org.units(viewer) if unit.provisional and unit.code != UNASSIGNED]
    if not codes:
        return _page(request, nothing=gettext("请先勾选要确认的单位。"))
    count = actions.confirm(codes=codes, actor=viewer.actor, now=timezone.now())
    messages.success(request, gettext("已确认 %(n)d 个单位。") % {"n": count})
    return redirect("units")


urls = [
    path("units/", page, name="units"),
    path("units/confirm/", confirm, name="units_confirm"),
]
