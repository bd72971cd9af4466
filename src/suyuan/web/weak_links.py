"""Weak links of a period: in which measure a unit is weaker than others of its sort, and what to do (C20)."""

import functools

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.actions import population
from suyuan.analytics import display
from suyuan.analytics import period as periods
from suyuan.analytics import weak_links as method
from suyuan.analytics.period import Period
from suyuan.analytics.register import code_of
from suyuan.analytics.trace.population import Row as Step
from suyuan.analytics.weak_links import COMPLAINTS, TIMES, Looked, Wanted
from suyuan.store import rules
from suyuan.store.queries import org, themes
from suyuan.store.queries import weak_links as rulebook
from suyuan.store.queries.viewer import Viewer

from . import access, figures, population_cells, register
from .ahead import ahead
from .figures import Stand
from .register import Cell, Empty, Filter, Head, Listed, Row
from .surveys import Overview, overview
from .templatetags.ui import lang

MONTHS = 13
"""So many months are offered, the last whole one first."""


@ahead
@functools.lru_cache(maxsize=16)
def found(at: Stand, label: str, wanted: Wanted) -> tuple[Looked, ...]:
    """Return the weak links of a period among all units."""
    return tuple(method.find(at.tables(), periods.parse(label), wanted, as_of=at.as_of))


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the weak links of units in reach in a period, each judged among all units of its sort."""
    query = register.only(request.GET, {"period"})
    viewer, now = request.viewer, timezone.now()  # type: ignore[attr-defined]
    months = _months(now)
    asked = periods.parse(query.get("period") or months[0].label)
    seen = [
        one for one in found(figures.stand(now), asked.label, rulebook.looked_at()) if viewer.sees(one.unit)
    ]
    names = {one.code: one.name for one in org.every()}
    improves = access.may_open(request, "improvement_add")
    offered = list(dict.fromkeys([asked.label, *(one.label for one in months)]))
    return register.listed(
        request,
        Listed(
            title=gettext("薄弱环节"),
            intro=gettext(
                "每个指标里，哪个单位比同类的其他单位明显差：逐一检验，按错误发现率 0.05 控制误报；"
                "“收缩后”是按件数多少向全体靠拢的数值。列出的是要查原因的地方，不评定谁的责任。"
            ),
            heads=_heads(improves=improves),
            rows=[_row(one, asked.label, names, improves=improves) for one in seen],
            filters=(Filter("period", gettext("受理期间"), asked.label, [(one, one) for one in offered]),),
            empty=Empty(
                gettext("这段时间没有单位明显弱于同类"),
                gettext("件数少时看不出来；换一个月或一个季度看看。"),
                "circle-check",
                calm=True,
            ),
        ),
        template="web/weak_links.html",
        nodes=_nodes(viewer, asked.label),
    )


def _nodes(viewer: Viewer, label: str) -> list[tuple[str, str, str, str, str, str]]:
    """Return the steps past their threshold: step, unit, risk, interval, q, where it stands."""
    here = population.surveyed()
    if here is None:
        return []
    see = overview(viewer, here, periods.parse(label))
    return [
        (
            here.log.activities[one.activity],
            see.unit_name(one.unit),
            display.rounded(one.relative_risk, 1),
            f"{display.rounded(one.low, 1)}–{display.rounded(one.high, 1)}",
            population_cells.chance(one.q),
            _map(see, one, label),
        )
        for one in see.rows
        if one.unit in see.seen and themes.passes(one.complaints, one.relative_risk, one.q)
    ]


def _map(see: Overview, one: Step, label: str) -> str:
    """Return where a step stands on the map of its kind of order."""
    asked = {"kind": see.here.log.types[see.kind_of(one)], "period": label, "unit": see.seen[one.unit]}
    return f"{reverse('population')}?{urlencode(asked)}"


def _months(now) -> list[Period]:  # type: ignore[no-untyped-def]
    this = periods.of_day(rules.local_day(now), "month")
    run = list(reversed(periods.run_up(this, MONTHS)))
    return [*run[1:], run[0]]


def _heads(*, improves: bool) -> list[Head]:
    heads = [
        Head(gettext("单位"), wide=True),
        Head(gettext("指标")),
        Head(gettext("本单位（95% 区间）"), number=True),
        Head("n/N", number=True),
        Head(gettext("其他单位"), number=True),
        Head(gettext("收缩后"), number=True),
        Head("q", number=True),
    ]
    return [*heads, Head(gettext("改进"))] if improves else heads


def _row(one: Looked, label: str, names: dict[str, str], *, improves: bool) -> Row:
    code = code_of(one.unit)
    shown = f"{value(one.measure, one.value)} ({value(one.measure, one.low)}–{value(one.measure, one.high)})"
    cells = [
        Cell(names.get(code, code)),
        Cell(rulebook.title(one.measure, lang())),
        Cell(shown),
        Cell(f"{display.count(one.n)}/{display.count(one.of)}"),
        Cell(value(one.measure, one.others)),
        Cell(value(one.measure, one.shrunk)),
        Cell("< 0.001" if one.q < 0.001 else display.rounded(one.q, 3)),
    ]
    if improves:
        cells.append(Cell(gettext("登记改进事项"), _improvement(one, code, label)))
    return Row(cells)


def _improvement(one: Looked, code: str, label: str) -> str:
    """Return where an improvement is registered, begun with what was found."""
    said = gettext("%(period)s %(measure)s：本单位 %(value)s，同类其他单位 %(others)s。") % {
        "period": label,
        "measure": rulebook.title(one.measure, lang()),
        "value": value(one.measure, one.value),
        "others": value(one.measure, one.others),
    }
    begun = {"improvement_kind": "service", "unit": code, "problems": said}
    return f"{reverse('improvement_add')}?{urlencode(begun)}"


def value(measure: str, number: float) -> str:
    """Return a figure of a measure: a percentage, hours, or how many of a thousand."""
    if measure in TIMES:
        return display.rounded(number, 1)
    if measure == COMPLAINTS:
        return display.rounded(number * 1000, 1)
    return f"{display.rounded(number * 100, 1)} %"


urls = [path("weak-links/", page, name="weak_links")]
