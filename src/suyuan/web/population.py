"""All complaints of the event log: the way orders go as a map, each step by what comes from it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.actions import population
from suyuan.analytics import period as periods
from suyuan.analytics.trace import flow
from suyuan.analytics.trace.flow import Flow
from suyuan.domain.errors import BadInput
from suyuan.store.queries import listing
from suyuan.store.queries.cases import LOCAL
from suyuan.store.queries.viewer import Viewer

from . import flow_map, population_cells, population_nodes, population_parts, register
from .flow_map import Map
from .population_cases import cases_of
from .register import Button, Empty, Filter, Listed
from .surveys import Overview, overview
from .templatetags.ui import local
from .traces import moment

SIZE = 20
KEYS = frozenset({"kind", "unit", "period", "all", "step", "page"})
RUN = {"year": 2, "month": 12}
"""So many periods of each kind are offered, back from the end of the log."""


@dataclass(frozen=True)
class Ask:
    """What a page was asked for, and the log as the viewer may see it."""

    query: dict[str, str]
    see: Overview
    kind: int

    def url(self, **changed: str) -> str:
        """Return the address of the same with something else."""
        kept = {name: self.query[name] for name in ("kind", "unit", "period", "all") if name in self.query}
        return reverse("population") + "?" + urlencode(kept | changed)

    def step_url(self, step: int, unit: int | None = None) -> str:
        """Return the address of the complaints traced to a step, of one unit where it is given."""
        log = self.see.here.log
        more = {"unit": log.objects[unit]} if unit is not None else {}
        return self.url(kind=log.types[self.kind], step=log.activities[step], **more)


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the whole log, or the complaints traced to one step of it."""
    query = register.only(request.GET.dict(), KEYS)
    here = population.surveyed()
    if here is None:
        return render(request, "web/population_none.html")
    label = query.get("period") or periods.ALL.label
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    see = overview(viewer, here, periods.parse(label), query.get("unit", ""))
    ask = Ask(query, see, _kind(see, query.get("kind", "")))
    if "step" in query:
        return cases_of(request, ask, _number(here.log.activities, query["step"], "step"))
    return _whole(request, ask)


def _kind(see: Overview, name: str) -> int:
    """Return the kind of order asked for, the one most complaints come from where none is."""
    if name:
        return _number(see.here.log.types, name, "kind")
    return next(iter(see.kinds), 0)


def _number(names, name: str, field: str) -> int:  # type: ignore[no-untyped-def]
    if name not in names:
        raise BadInput("unknown_value", field=field, value=name[:60])
    return list(names).index(name)


def _whole(request: HttpRequest, ask: Ask) -> HttpResponse:
    see, kind = ask.see, ask.kind
    mine = see.steps_of(kind)
    rows = [row for row in see.rows if row.activity in mine]
    at = register.page_of(ask.query)
    start = listing.start_of(at, SIZE)
    shown = rows[start : start + SIZE]
    orders = population_nodes.cells(request, see, shown)
    whole = see.flow(kind)
    return register.listed(
        request,
        Listed(
            title=gettext("流程与投诉"),
            intro=gettext(
                "日志里每一步、每个单位：办了多少，之后的投诉有多少溯源到它，比同一地方、同一时期本来会有的多几倍。"
                "限制查阅的工单不计入；您不能查看的单位合并为“其他单位”。日志截至 %(at)s。"
            )
            % {"at": local(moment(int(see.here.log.at[-1])))},
            heads=population_cells.heads(orders=bool(orders)),
            rows=[population_cells.row(ask, row, orders) for row in shown],
            filters=_filters(ask),
            buttons=[Button(gettext("逐件溯源"), reverse("traces"), "git-branch")],
            page=at,
            has_next=len(rows) > start + SIZE,
            empty=Empty(
                gettext("这段时间没有这样的环节"),
                gettext("换一个期间、单位或工单类型看看。"),
                "git-branch",
                calm=True,
            ),
        ),
        template="web/population.html",
        map=_map(ask, whole) if whole.done else None,
        kind_name=see.here.log.types[kind],
        steps=population_cells.steps(ask, mine),
        whole_url=ask.url(all="1"),
        main_url=ask.url(all=""),
        **population_parts.parts(ask),
    )


def _map(ask: Ask, whole: Flow) -> Map:
    """Return the map: the main flow with every step that stands out, or all of it."""
    by_step = ask.see.by_step
    standing = [
        step for step in whole.done if flow_map.sign(by_step.get(step)) == "▲" or not whole.done[step]
    ]
    shown = flow.main_part(whole, standing)
    if ask.query.get("all"):
        shown = flow.main_part(whole, tuple(whole.done), flow.MOST, 1.0)
    names = ask.see.here.log.activities
    return flow_map.drawn(shown, whole, by_step, names, ask.step_url)


def _filters(ask: Ask) -> tuple[Filter, ...]:
    see, log = ask.see, ask.see.here.log
    kinds = [(log.types[one], f"{log.types[one]} · {n:.0f}") for one, n in see.kinds.items()]
    units = sorted({(code, see.names.get(code, (code, ""))[0]) for code in see.seen.values()})
    return (
        Filter("kind", gettext("工单类型（投诉件数）"), log.types[ask.kind], kinds),
        Filter("unit", gettext("单位"), see.unit, units),
        Filter("period", gettext("期间"), see.period.label, _periods(see)),
    )


def _periods(see: Overview) -> list[tuple[str, str]]:
    """Return periods back from the end of the log, and what was asked for."""
    log = see.here.log
    last = population_parts.day(int(log.at[-1])) if len(log.at) else timezone.now().astimezone(LOCAL).date()
    labels = [
        one.label
        for kind, count in RUN.items()
        for one in reversed(periods.run_up(periods.of_day(last, kind), count))
    ]
    every = dict.fromkeys([see.period.label, periods.ALL.label, *labels])
    return [(one, gettext("全部") if one == periods.ALL.label else one) for one in every]


urls = [path("trace/population/", page, name="population")]
