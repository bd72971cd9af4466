"""Did complaints fall where warnings were acted on? One sentence, the figures behind it, every unit."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.analytics import display
from suyuan.analytics.effects.effect import Effect, Ratio, effect
from suyuan.store import rules
from suyuan.store.queries import acted as queries
from suyuan.store.queries.viewer import Viewer

from . import register
from .register import Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show what can be told of the effect of acting on warnings, of a category or of all."""
    query = register.only(request.GET, frozenset({"category"}))
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    category, now = query.get("category", ""), timezone.now()
    counted = queries.counted(viewer, now, category)
    found = effect(counted.panel, counted.acted, counted.terms)
    return register.listed(
        request,
        Listed(
            title=gettext("预警成效"),
            intro=told(found),
            heads=(
                Head(gettext("项目"), wide=True),
                Head(gettext("数值"), number=True),
            ),
            rows=[Row((Cell(name), Cell(value))) for name, value in _facts(found, counted)],
            filters=(Filter("category", gettext("投诉分类"), category, _categories()),),
            empty=Empty(
                gettext("没有可比的数据"),
                gettext("有预警被处置、过了若干周之后再看。"),
                "chart-bar",
            ),
        ),
        template="web/effects.html",
        terms=counted.terms,
    )


def _categories() -> list[tuple[str, str]]:
    every = rules.rulebook().categories.values()
    return [(one.code, getattr(one.title, lang())) for one in every if one.level < 3]


def told(found: Effect) -> str:
    """Return what can be told, in one sentence."""
    if found.verdict == "cannot_tell":
        reasons = {
            "few_units": gettext("处置过预警、又能比较的单位太少"),
            "few_complaints": gettext("这些单位原来的投诉太少"),
            "trends_differ": gettext("处置之前两边的走势就不一样"),
            "trend_may_explain": gettext("处置之前的走势延续下去也会是这样"),
            "last_weeks_may_explain": gettext("处置前几周已经高，照那时的水平比就看不出差别"),
            "interval_holds_one": gettext("差别没有超出偶然"),
        }
        return gettext("不能判断处置预警有没有减少投诉：%(why)s。") % {"why": reasons[found.why]}
    assert found.found is not None
    words = {"fewer": gettext("比相近单位少"), "more": gettext("比相近单位多")}
    return gettext("处置预警之后，投诉%(words)s：为没有处置时的 %(ratio)s 倍。") % {
        "words": words[found.verdict],
        "ratio": ratio(found.found),
    }


def ratio(found: Ratio | None) -> str:
    """Return a ratio with its interval in words."""
    if found is None:
        return "—"
    return f"{display.rounded(found.ratio)} ({display.rounded(found.low)}–{display.rounded(found.high)})"


def _facts(found: Effect, counted: queries.Counted) -> list[tuple[str, object]]:
    return [
        (gettext("处置过预警、可比较的单位"), found.units),
        (gettext("没有处置过的相近单位"), found.controls),
        (
            gettext("处置过但不能比较的单位（前后周数不够，或没有相近单位）"),
            found.left_out,
        ),
        (gettext("其中处置不久、还要再等的单位"), counted.waiting),
        (gettext("处置单位的投诉：之前 → 之后"), f"{found.before} → {found.after}"),
        (
            gettext("相近单位的投诉：之前 → 之后"),
            f"{found.controls_before} → {found.controls_after}",
        ),
        (gettext("双重差分的倍数（95% 区间）"), ratio(found.found)),
        (gettext("连同处置前几周的水平一起比（95% 区间）"), ratio(found.adjusted)),
        (
            gettext("安慰剂：只看处置之前，前后两半相比（90% 区间）"),
            ratio(found.placebo),
        ),
    ]


urls = [path("effects/", page, name="effects")]
