"""Orders of other systems: a list of those in the log that is kept, and the page of one."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.actions import traced
from suyuan.domain.errors import BadInput
from suyuan.gateways import kept_log
from suyuan.gateways.kept_log import Order, Wanted
from suyuan.store import event_log
from suyuan.store.queries import cases, listing, org

from . import register, trace_files, traces
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import local

SIZE, STEPS, NAMED = 50, 500, 100
"""Rows of a page; so many steps of an order at most are shown, and so many events that only name it."""
FEW = 3
"""So many objects of a kind stand in a cell; more are folded."""
STATES = ("open", "done")
Units = dict[str, tuple[str, str]]


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """List orders, the one that moved last first."""
    query = register.only(request.GET.dict(), {"type", "unit", "state", "number", "page"})
    at, log = register.page_of(query), event_log.path()
    start, viewer = listing.start_of(at, SIZE), request.viewer  # type: ignore[attr-defined]
    tops = viewer.register_paths
    units = {code: one for code, one in org.names().items() if one[1].startswith(tops)}
    among = None if viewer.over_all else tuple(units)
    wanted = Wanted(*(query.get(name, "") for name in ("type", "unit", "state", "number")), among)
    types = [name for name, _ in kept_log.types(log)] if log.exists() else []
    for name, value, known in (
        ("type", wanted.type, types),
        ("unit", wanted.unit, units),
        ("state", wanted.state, STATES),
    ):
        if value and value not in known:
            raise BadInput("unknown_value", field=name, value=value[:60])
    found = kept_log.orders(log, wanted, start, SIZE + 1) if log.exists() else []
    return register.listed(
        request,
        Listed(
            title=gettext("外部工单"),
            intro=gettext("营销、生产系统的工单，随事件日志装入，逐日更新；溯源在它们上面找源头。"),
            heads=_heads(),
            rows=[_row(one, units) for one in found[:SIZE]],
            filters=_filters(wanted, types, units),
            buttons=[Button(gettext("投诉溯源"), reverse("traces"), "git-branch")],
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有外部工单"),
                gettext("在“投诉溯源”装入营销、生产系统的事件日志或工单表，这里就会列出它们的工单。"),
                "git-branch",
                calm=True,
            ),
        ),
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("编号"), wide=True),
        Head(gettext("单位")),
        Head(gettext("开始")),
        Head(gettext("最近一步")),
        Head(gettext("状态")),
        Head(gettext("承诺时限")),
        Head(gettext("来源")),
    )


def _row(one: Order, units: Units) -> Row:
    return Row(
        (
            Cell(traces.called(one.name), url=reverse("trace_order", args=[one.sign]), small=one.type),
            Cell(unit_name(one.unit, units)),
            Cell(local(traces.moment(one.begun)), short=True),
            Cell(one.step or gettext("只被别的工单提到"), small=local(traces.moment(one.last))),
            Cell(gettext("已办结") if one.done else gettext("未办结"), marks=_overdue(one)),
            Cell(local(traces.moment(one.promised)) if one.promised is not None else "", short=True),
            Cell(trace_files.title(one.source or "")),
        )
    )


def _overdue(one: Order) -> tuple[str, ...]:
    """Return a mark where an order was done after what was promised."""
    late = one.promised is not None and one.last > one.promised
    return (f"!{gettext('超过承诺')}",) if late else ()


def unit_name(code: str | None, units: Units) -> str:
    """Return the name of a unit, its code where the register does not know it, a sign for a reference."""
    if not code:
        return ""
    return units[code][0] if code in units else traces.called(code)


def _filters(wanted: Wanted, types: list[str], units: Units) -> tuple[Filter, ...]:
    places = sorted((code, name) for code, (name, _) in units.items())
    states = list(zip(STATES, (gettext("未办结"), gettext("已办结")), strict=True))
    return (
        Filter("type", gettext("种类"), wanted.type, [(name, name) for name in types]),
        Filter("unit", gettext("单位"), wanted.unit, places),
        Filter("state", gettext("状态"), wanted.state, states),
        Filter("number", gettext("编号"), wanted.number),
    )


@require_GET
def one(request: HttpRequest, order: str) -> HttpResponse:
    """Show one order: its steps in time, what it is about, the complaints that came from it."""
    log = event_log.path()
    found = kept_log.order(log, order) if log.exists() else None
    if found is None:
        raise Http404
    units = org.names()
    steps = kept_log.steps(log, found, STEPS)
    return render(
        request,
        "web/trace_order.html",
        {
            "order": found,
            "name": traces.called(found.name),
            "unit": unit_name(found.unit, units),
            "begun": traces.moment(found.begun),
            "promised": traces.moment(found.promised) if found.promised is not None else None,
            "overdue": bool(_overdue(found)),
            "steps": [_step(each, units) for each in steps],
            "clashes": [
                (trace_files.title(each.one), trace_files.title(each.other), each.type)
                for each in kept_log.clashes(log, found.thing)
            ],
            "more": found.steps - len(steps),
            "named": [_step(each, units) for each in kept_log.steps(log, found, NAMED, own=False)],
            "complaints": _complaints(request, found),
        },
    )


def _step(step: kept_log.Step, units: Units) -> dict[str, object]:
    at: datetime = traces.moment(step.at)
    kinds: dict[str, list[str]] = {}
    for kind, name in step.others:
        kinds.setdefault(kind, []).append(unit_name(name, units))
    return {
        "at": at,
        "activity": step.activity,
        "event": step.event,
        "source": trace_files.title(step.source),
        "others": [(kind, names, len(names) > FEW) for kind, names in kinds.items()],
        "more": step.more,
    }


def _complaints(request: HttpRequest, found: Order) -> list[tuple[str, bool]]:
    """Return the latest complaints in reach with a chain through an order, and whether it is the source."""
    here = traced.known()
    if here is None:
        return []
    numbers = here.newest[: traces.MOST]
    reached = cases.reached_of(request.viewer, numbers)  # type: ignore[attr-defined]
    answers = traced.answers(number for number in numbers if number in reached)
    through = []
    for number, answer in answers.items():
        chains = [[answer.log.objects[node.thing] for node in chain.nodes] for chain in answer.traced.chains]
        if any(found.name in names for names in chains):
            through.append((number, any(names[0] == found.name for names in chains)))
    return through


urls = [
    path("trace/orders/", listed, name="trace_orders"),
    path("trace/orders/<path:order>/", one, name="trace_order"),
]
