"""Themes past their threshold, the technical assessment orders opened about them, and opening one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from suyuan.actions import evaluation
from suyuan.analytics import display
from suyuan.domain.evaluation import NODE
from suyuan.domain.fields import NOTE
from suyuan.store import rules
from suyuan.store.queries import evaluations, improvements, listing, org
from suyuan.store.queries import themes as rulebook
from suyuan.store.queries.evaluations import Wanted
from suyuan.store.queries.viewer import Viewer

from . import faults, handed_once, population_nodes, register, themes
from .register import Cell, Empty, Filter, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import lang, local

SIZE = 50
FORM = (NOTE.optional,)


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the orders in reach; above them the themes past their threshold."""
    query = register.only(request.GET, {"state", "unit", "page"})
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    at, wanted = register.page_of(query), Wanted(query.get("state", "open"), query.get("unit", ""))
    start, now = listing.start_of(at, SIZE), timezone.now()
    rows = list(evaluations.listed(viewer, wanted)[start : start + SIZE + 1])
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    states = [("open", gettext("在办")), ("watched", gettext("观察成效")), ("closed", gettext("已结束"))]
    return register.listed(
        request,
        Listed(
            title=gettext("技术评估"),
            intro=gettext(
                "客户普遍反映同一类问题、超过阈值时，由运检评估设备和运行状态：谁评估、结论是什么、措施何时完成、改后投诉少了没有。"
            ),
            heads=_heads(),
            rows=[_row(one, now) for one in rows[:SIZE]],
            filters=(
                Filter("state", gettext("状态"), wanted.state, states),
                Filter("unit", gettext("单位"), wanted.unit, places),
            ),
            page=at,
            has_next=len(rows) > SIZE,
            empty=Empty(
                gettext("没有这样的技术评估单"),
                gettext("主题达到阈值时，在上面的列表里开单。"),
                "tool",
                calm=True,
            ),
        ),
        template="web/evaluations.html",
        themes=themes.listed(request, now),
        span=rulebook.span(now),
        rule=rulebook.threshold(),
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("技术评估单"), wide=True),
        Head(gettext("单位")),
        Head(gettext("件数、倍数")),
        Head(gettext("评估结论")),
        Head(gettext("在哪里")),
        Head(gettext("到期")),
        Head(gettext("成效")),
    )


def _row(one, now: datetime) -> Row:  # type: ignore[no-untyped-def]
    case, said = one.case, one.figures
    what = one.kind if one.subject == NODE else evaluations.title(one.kind, lang())
    return Row(
        (
            Cell(
                case.number, reverse("case", args=(case.number,)), " · ".join(filter(None, (what, one.place)))
            ),
            Cell(case.unit.name),
            Cell(display.rounded(float(said["n"]), 0), small=times(said)),
            Cell(
                rules.label("reason.evaluation_conclusion", one.conclusion, lang()) if one.conclusion else ""
            ),
            Cell(rules.label("state", case.state, lang())),
            Cell(local(case.next_due_at), light=listing.light(case, now), short=True),
            Cell(verdict(one.effect) if one.effect else ""),
        )
    )


def times(said: Mapping[str, object]) -> str:
    """Return how many times what was expected there was, with its interval."""
    ratio, low, high = (display.rounded(float(said[name])) for name in ("ratio", "low", "high"))  # type: ignore[arg-type]
    return gettext("预期的 %(ratio)s 倍（%(low)s–%(high)s）") % {"ratio": ratio, "low": low, "high": high}


def verdict(effect: Mapping[str, object]) -> str:
    """Return in words what became of it."""
    words = {"fewer": gettext("明显减少"), "more": gettext("明显增加"), "unclear": gettext("不能判断")}
    return words[str(effect["verdict"])]


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Open a technical assessment order about a theme or a step, or join the one that is open."""
    query = register.only(request.GET, {"theme", "node", "unit", "fault", "days"})
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now = timezone.now()
    if "node" in query:
        what = population_nodes.about(viewer, query["node"], query.get("unit", ""))
    elif "fault" in query:
        what = faults.about(viewer, query["fault"], query.get("days", ""))
    else:
        what = themes.about(viewer, query.get("theme", ""), now)
    ask = Ask(
        gettext("开技术评估单"),
        FORM,
        gettext("开单"),
        reverse("evaluations"),
        gettext("已开技术评估单，交运检评估；已有同一主题的在办单时并入其中。"),
        intro=f"{evaluations.sentence(what)}。"
        + gettext("附上 %(n)s 件工单的编号作为依据。") % {"n": len(what.cases)},
        makes=True,
    )

    def do(typed: dict[str, str]) -> None:
        def make() -> str:
            note = typed.get("note", "")
            opened = evaluation.open_evaluation(actor=viewer.actor, about=what, note=note, now=now)
            return opened.number

        handed_once.number(request, typed, make)

    return answer(request, ask, do)


def panel(viewer: Viewer, case) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """Return what the page of an order shows: what gave rise to it, its measures, what became of it."""
    if (one := evaluations.of_case(case)) is None:
        return {}
    return {
        "evaluation": one,
        "evaluation_facts": _facts(one, case),
        "evaluation_effect": became(one.effect) if one.effect else "",
        "evaluation_measures": improvements.opened_from(viewer, case.number),
        "evaluation_cases": evaluations.reachable(viewer, one.cases),
    }


def _facts(one, case) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    what = one.kind if one.subject == NODE else evaluations.title(one.kind, lang())
    said = one.figures
    counted = gettext("%(n)s 件，预期 %(expected)s 件，%(times)s") % {
        "n": display.rounded(float(said["n"]), 0),
        "expected": display.rounded(float(said["expected"])),
        "times": times(said),
    }
    facts = [
        (gettext("节点") if one.subject == NODE else gettext("主题"), what),
        (gettext("范围"), " · ".join(filter(None, (case.unit.name, one.place)))),
        (gettext("看的天数"), f"{one.first:%Y-%m-%d} – {one.last:%Y-%m-%d}"),
        (gettext("件数"), counted),
        (gettext("错误发现率 q"), "< 0.001" if said["q"] < 0.001 else display.rounded(said["q"], 3)),
    ]
    if one.conclusion:
        said_so = rules.label("reason.evaluation_conclusion", one.conclusion, lang())
        facts.append((rules.label("field", "evaluation_conclusion", lang()), said_so))
    return facts


def became(effect: Mapping[str, Any]) -> str:
    """Return what became of it: customers before and since, here and elsewhere, and what that says."""
    ratio, low, high = (effect[name] for name in ("ratio", "low", "high"))
    counted = gettext("前后各 %(days)s 天：本地 %(here)s 户，别处 %(elsewhere)s 户") % {
        "days": effect["days"],
        "here": " → ".join(map(str, effect["here"])),
        "elsewhere": " → ".join(map(str, effect["elsewhere"])),
    }
    said = f"{verdict(effect)}；{counted}"
    if ratio is None:
        return said
    bounds = display.rounded(low), display.rounded(high) if high is not None else "∞"
    between = gettext("扣除别处变化后为此前的 %(ratio)s 倍（%(low)s–%(high)s）") % {
        "ratio": display.rounded(ratio),
        "low": bounds[0],
        "high": bounds[1],
    }
    return f"{said}；{between}"


urls = [
    path("assessments/", page, name="evaluations"),
    path("assessments/open/", begin, name="evaluation_open"),
]
