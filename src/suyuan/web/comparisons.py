"""The monthly comparison of units: who was named, who is listed, by what figures, and the warning of each."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.analytics import display, period
from suyuan.analytics.detect.named_unit import NAME
from suyuan.store import rules
from suyuan.store.queries import comparisons, org
from suyuan.store.queries.viewer import Viewer

from . import register
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang, local

THOUSAND = 1000
FIGURE = f"detect.{NAME}"


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the units in reach as they stood in a month that was compared, the worst first."""
    query = register.only(request.GET.dict(), {"month"})
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    kept = comparisons.until(timezone.now())
    asked = query.get("month") or next(iter(kept), "")
    offered = [one.label for one in [period.parse(asked)] if one.label not in kept] if asked else []
    found = kept.get(asked)
    rows = [row for row in found.rows if viewer.sees(row["path"]) and _says(row)] if found else []
    names, numbers = {one.code: one.name for one in org.every()}, comparisons.warnings_of(asked)
    return register.listed(
        request,
        Listed(
            title=gettext("横向分析"),
            intro=gettext(
                "每月把各单位上个月的投诉和预警信号按户数与同类单位相比：超出偶然、又多出不少的点名预警，"
                "要签收、回复、凭证明结单；只是偏高的列出，不点名。"
            ),
            heads=_heads(),
            rows=[_row(row, names, numbers) for row in rows],
            filters=(Filter("month", gettext("月份"), asked, [(one, one) for one in (*offered, *kept)]),)
            if kept
            else (),
            buttons=(Button(gettext("预警"), reverse("warnings"), "alert-triangle"),),
            empty=Empty(
                gettext("还没有横向分析"),
                gettext("每月2日对上一个月做一次。"),
                "chart-bar",
                calm=True,
            ),
        ),
        template="web/comparison.html",
        **(_method(found) if found else {}),
    )


def _says(row: comparisons.Row) -> bool:
    """Return whether anything can be said of a unit: a department nobody complains of is left out."""
    return row["standing"] != "unknown" or any(held["n"] for held in row["measures"].values())


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("单位"), wide=True),
        Head(gettext("结论")),
        Head(gettext("每千户投诉"), number=True),
        Head(gettext("同类其他"), number=True),
        Head(gettext("每千户信号"), number=True),
        Head(gettext("同类其他"), number=True),
        Head(gettext("预警单")),
    )


def _row(row: comparisons.Row, names: Mapping[str, str], numbers: Mapping[str, str]) -> Row:
    number = numbers.get(row["unit"], "")
    return Row(
        (
            Cell(names.get(row["unit"], row["unit"])),
            Cell(marks=(standing(row),), small=lacks(row)),
            *_measure(row["measures"]["complaints"]),
            *_measure(row["measures"]["signals"]),
            Cell(number, reverse("case", args=(number,)) if number else ""),
        )
    )


def standing(row: comparisons.Row) -> str:
    """Return how a unit stands, in words; a naming warns."""
    if row["standing"] == "named" and row["running"] > 1:
        return gettext("!点名，连续第 %(n)s 个月") % {"n": row["running"]}
    return {
        "named": gettext("!点名"),
        "listed": gettext("偏高"),
        "usual": gettext("正常"),
        "unknown": gettext("不能比"),
    }[row["standing"]]


def lacks(row: comparisons.Row) -> str:
    """Return why a unit that is high is not named, or what it is named for."""
    if row["standing"] == "unknown":
        return gettext("没有户数、没有件数，或同类单位太少")
    if row["standing"] == "usual":
        return ""
    measure = {"complaints": gettext("投诉件数"), "signals": gettext("信号")}[row["worst"]]
    said = {
        "": gettext("%(measure)s超出偶然"),
        "chance": gettext("%(measure)s没有超出偶然"),
        "few": gettext("%(measure)s太少"),
        "slight": gettext("%(measure)s超出偶然但多得不多"),
        "history": gettext("%(measure)s的历史太短，不点名"),
    }
    return said[row["measures"][row["worst"]]["lacks"]] % {"measure": measure}


def _measure(held: Mapping[str, Any]) -> tuple[Cell, Cell]:
    """Return the rate of a unit with its interval and count, and that of the others with q."""
    if held["standing"] == "unknown":
        return Cell("—", small=_count(held) if held["n"] else ""), Cell("—")
    rate = f"{_rate(held['rate'])} ({_rate(held['low'])}–{_rate(held['high'])})"
    return Cell(rate, small=_count(held)), Cell(_rate(held["others"]), small=f"q {_chance(held['q'])}")


def _count(held: Mapping[str, Any]) -> str:
    return f"{display.count(held['n'])}/{display.count(held['of'])}"


def _rate(value: float) -> str:
    return display.rounded(value * THOUSAND, 2)


def _chance(q: float) -> str:
    return "<\u00a00.001" if q < 0.001 else display.rounded(q, 3)


def _method(found: Any) -> dict[str, object]:
    """Return how the month was compared: the figure it went by, its source, how sure we are."""
    goes_by = rules.rulebook().figures[FIGURE][-1]
    return {
        "made_at": local(found.made_at),
        "by_customers": found.by_customers,
        "terms": found.terms,
        "spread": {name: display.rounded(value, 2) for name, value in found.spread.items()},
        "compared": sum(row["standing"] != "unknown" for row in found.rows),
        "goes_by": {
            "id": FIGURE,
            "title": getattr(goes_by.title, lang()),
            "basis": goes_by.basis,
            "certainty": rules.label("certainty", goes_by.certainty.value, lang()),
            "note": goes_by.note,
        },
    }


urls = [path("warnings/comparison/", page, name="comparison")]
