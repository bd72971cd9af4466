"""All complaints of the event log: the way orders go as a map, each step by what comes from it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from suyuan.domain.errors import BadInput
from suyuan.store.queries import listing
from suyuan.store.queries.cases import LOCAL
from suyuan.store.queries.viewer import Viewer

from . import flow_map, population_cells, population_nodes, population_parts, register, trace_wait
from .flow_map import Map
from .population_cases import cases_of
from .register import Button, Empty, Filter, Head, Listed, Row
from .surveys import Overview, overview
from .templatetags.ui import local
from .traces import moment

SIZE = 10
KEYS = frozenset({"kind", "unit", "period", "all", "rows", "step", "page"})
KEPT = ("kind", "unit", "period", "all", "rows")
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
        kept = {name: self.query[name] for name in KEPT if name in self.query}
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
    if wait := trace_wait.whole(request, gettext("流程与投诉")):
        return wait
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
    """Return the page of a log; of a period in which nothing was done one sentence alone."""
    see, kind = ask.see, ask.kind
    if see.is_empty(kind):
        return register.listed(request, _listed(ask, (), ()), template="web/population.html", idle=True)
    mine = see.steps_of(kind)
    every = [row for row in see.rows if row.activity in mine]
    raised = [row for row in every if flow_map.level(row)]
    rows = every if ask.query.get("rows") else raised
    at = register.page_of(ask.query)
    start = listing.start_of(at, SIZE)
    shown = rows[start : start + SIZE]
    orders = population_nodes.cells(request, see, shown)
    listed = _listed(
        ask,
        population_cells.heads(orders=bool(orders)),
        [population_cells.row(ask, row, orders) for row in shown],
    )
    return register.listed(
        request,
        replace(listed, page=at, has_next=len(rows) > start + SIZE),
        template="web/population.html",
        kind_name=see.here.log.types[kind],
        has_steps=see.has_steps(kind),
        steps=population_cells.steps(ask, mine),
        usual=len(every) - len(raised),
        whole_table=bool(ask.query.get("rows")),
        usual_url=ask.url(rows="" if ask.query.get("rows") else "1"),
        **_drawn(ask),
        **population_parts.parts(ask),
    )


def _listed(ask: Ask, heads: Sequence[Head], rows: Sequence[Row]) -> Listed:
    """Return what stands around the rows, and instead of them where there are none."""
    see = ask.see
    none = Empty(
        gettext("这段时间没有办过这一类工单，也没有投诉溯源到它"),
        gettext("换一个期间、单位或工单类型看看。"),
        "git-branch",
        Button(gettext("全部期间"), ask.url(period="")),
        calm=True,
    )
    usual = Empty(
        gettext("没有哪个单位的哪一步高于平常"),
        gettext("投诉没有比同一地方、同一时期本来会有的多。"),
        "circle-check",
        calm=True,
    )
    return Listed(
        title=gettext("流程与投诉"),
        intro=gettext(
            "日志里每一步、每个单位：办了多少，之后的投诉有多少溯源到它，比同一地方、同一时期本来会有的多几倍。"
            "限制查阅的工单不计入；您不能查看的单位合并为“其他单位”。日志截至 %(at)s。"
        )
        % {"at": local(moment(int(see.here.log.at[-1])))},
        heads=heads,
        rows=rows,
        filters=_filters(ask),
        buttons=[Button(gettext("逐件溯源"), reverse("traces"), "git-branch")],
        empty=usual if heads else none,
    )


def _drawn(ask: Ask) -> dict[str, Map | str | None]:
    """Return the map, the main flow or all of it, and the way to the other where something is left out."""
    whole, by_step = ask.see.flow(ask.kind), ask.see.by_step
    if not whole.done:
        return {"map": None}
    standing = [
        step for step in whole.done if flow_map.sign(by_step.get(step)) == "▲" or not whole.done[step]
    ]
    main, everything = flow.main_part(whole, standing), bool(ask.query.get("all"))
    shown = flow.main_part(whole, tuple(whole.done), flow.MOST, 1.0) if everything else main
    partly = len(main.passages) < len(whole.passages)
    names = ask.see.here.log.activities
    return {
        "map": flow_map.drawn(shown, whole, by_step, names, ask.step_url),
        "other_url": ask.url(all="" if everything else "1") if partly else "",
    }


def _filters(ask: Ask) -> tuple[Filter, ...]:
    see, log = ask.see, ask.see.here.log
    kinds = [(log.types[one], f"{log.types[one]} · {n:.0f}") for one, n in see.kinds.items()]
    units = sorted({(code, see.names.get(code, (code, ""))[0]) for code in see.seen.values()})
    return (
        Filter("kind", gettext("工单类型（折算投诉件数）"), log.types[ask.kind], kinds),
        Filter("unit", gettext("单位"), see.unit, units),
        Filter("period", gettext("期间"), see.period.label, _periods(see)),
    )


def _periods(see: Overview) -> list[tuple[str, str]]:
    """Return periods in which something happened, back from the end of the log, and what was asked for."""
    log = see.here.log
    last = population_parts.day(int(log.at[-1])) if len(log.at) else timezone.now().astimezone(LOCAL).date()
    labels = [
        one.label
        for kind, count in RUN.items()
        for one in reversed(periods.run_up(periods.of_day(last, kind), count))
        if see.holds(one)
    ]
    every = dict.fromkeys([see.period.label, periods.ALL.label, *labels])
    return [(one, gettext("全部") if one == periods.ALL.label else one) for one in every]


urls = [path("trace/population/", page, name="population")]
