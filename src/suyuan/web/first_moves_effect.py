"""What first moves do, for office and leaders; who is held out, for audit."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.actions.firstmoves.words import words
from suyuan.analytics import display
from suyuan.analytics.firstmoves.effect import Arm, Effect
from suyuan.analytics.intervals import wilson
from suyuan.store import rules
from suyuan.store.queries import firstmoves, listing, moves_effect

from . import charts, register
from .first_moves import called
from .register import Cell, Empty, Head, Listed, Row
from .templatetags.ui import lang

SIZE = 50


@require_GET
def effect(request: HttpRequest) -> HttpResponse:
    """Show if those on the lists complained less than those held out, over all and desk by desk."""
    register.only(request.GET, frozenset())
    found = moves_effect.report(request.viewer, timezone.now())  # type: ignore[attr-defined]
    names = firstmoves.names(found.big)
    rows = [_row(gettext("全部"), found.whole)] if found.whole.listed.of + found.whole.held.of else []
    rows += [_row(names.get(code, code), one) for code, one in found.big.items()]
    return register.listed(
        request,
        template="web/first_moves_effect.html",
        weeks=_weeks(found),
        chart=_chart(found),
        shown=Listed(
            title=gettext("先手单成效"),
            intro=_intro(found),
            heads=_heads(),
            rows=rows,
            empty=Empty(
                gettext("还没有可比的客户"),
                gettext("名单满 %(days)s 天以后，才看得出名单上和留出的客户谁投诉得少。")
                % {"days": found.days},
                "chart-bar",
                calm=True,
            ),
        ),
    )


def _weeks(found: moves_effect.Report) -> list[dict[str, str]]:
    """Return the table beside the chart: a week of draws a line."""
    return [
        {
            "week": f"{monday:%Y-%m-%d}",
            "listed": _arm(listed),
            "listed_share": _percent(listed.share),
            "listed_range": _between(listed),
            "held": _arm(held),
            "held_share": _percent(held.share),
            "held_range": _between(held),
        }
        for monday, (listed, held) in found.weeks.items()
    ]


def _chart(found: moves_effect.Report) -> charts.Option | None:
    """Return the shares that complained week by week, listed beside held out, each with its interval."""
    if not found.weeks:
        return None
    columns = [f"{monday:%m-%d}" for monday in found.weeks]
    arms = ((gettext("名单上的"), 0), (gettext("留出的"), 1))
    return charts.beside(
        columns, [(name, [_dot(pair[at]) for pair in found.weeks.values()]) for name, at in arms]
    )


def _dot(arm: Arm) -> charts.Dot:
    return charts.Dot("", arm.share, *charts.wilson(arm.n, arm.of))


def _intro(found: moves_effect.Report) -> str:
    told = gettext(
        "随机留出 %(share)s 的客户不主动打电话，照常服务。名单上的客户不论是否打通都算，"
        "比 %(days)s 天内投诉的比例。区间跨过 0，或一边不足人数下限，就是看不出。"
    ) % {"share": _percent(found.share), "days": found.days}
    so_far = gettext(
        "至今抽签 %(drawn)s 户：列入 %(listed)s 户，留出 %(held_out)s 户"
        "（%(percent)s，随机起伏范围 %(range)s）；另有 %(undrawn)s 户不抽签直接列入。"
        "同一户可以几天都在名单上：共 %(entries)s 条，打过 %(called)s 条，打通 %(reached)s 条。"
    )
    share = found.drawn_share
    drawn = {"drawn": share.of, "percent": _percent(share.share) or "—", "range": _between(share) or "—"}
    told += so_far % (dict(found.so_far) | drawn)
    if few := len(found.desks) - len(found.big):
        said = gettext("%(few)s 个班组有一边不足 %(fewest)s 户，不单列，只在合计里。")
        told += said % {"few": few, "fewest": found.fewest}
    return told


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("班组"), wide=True),
        Head(gettext("名单上投诉的"), number=True),
        Head(gettext("留出的投诉的"), number=True),
        Head(gettext("相差（区间）"), number=True),
        Head(gettext("结论")),
        Head(gettext("看得出的最小下降"), number=True),
    )


def _row(name: str, one: Effect) -> Row:
    between = ""
    if one.low is not None and one.high is not None:
        between = f"{_points(one.low)} – {_points(one.high)}"
    return Row(
        (
            Cell(name),
            Cell(_arm(one.listed), small=_percent(one.listed.share)),
            Cell(_arm(one.held), small=_percent(one.held.share)),
            Cell(_points(one.difference), small=between),
            Cell(marks=[rules.label("move_effect", one.verdict, lang())]),
            Cell(_percent(one.detectable)),
        )
    )


def _arm(arm: Arm) -> str:
    return f"{arm.n} / {arm.of}"


def _between(arm: Arm) -> str:
    """Return the interval of a share, nothing where there is nobody."""
    found = wilson(arm.n, arm.of)
    return f"{_percent(found[0])} – {_percent(found[1])}" if found else ""


def _percent(part: float | None) -> str:
    return "" if part is None else f"{display.rounded(part * 100, 1)} %"


def _points(part: float | None) -> str:
    return "" if part is None else f"{part * 100:+.1f}"


@require_GET
def held(request: HttpRequest) -> HttpResponse:
    """List who is held out, and why they would have been called."""
    at = register.page_of(register.only(request.GET, {"page"}))
    start = listing.start_of(at, SIZE)
    rows = list(firstmoves.held(request.viewer)[start : start + SIZE + 1])  # type: ignore[attr-defined]
    return register.listed(
        request,
        Listed(
            title=gettext("先手单留出的客户"),
            intro=gettext("抽签留出，只有监审看得到；班组不知道是谁。每张名单抽了什么，已封存在审计链里。"),
            heads=(
                Head(gettext("客户"), wide=True),
                Head(gettext("班组")),
                Head(gettext("抽签日")),
                Head(gettext("为什么会打")),
            ),
            rows=[_held(one) for one in rows[:SIZE]],
            page=at,
            has_next=len(rows) > SIZE,
            empty=Empty(
                gettext("没有留出的客户"), gettext("名单生成以后，留出的列在这里。"), "lock", calm=True
            ),
        ),
    )


def _held(one) -> Row:  # type: ignore[no-untyped-def]
    return Row(
        (
            Cell(called(one), reverse("case", args=(one.case.number,)) if one.case else ""),
            Cell(one.list.unit.name),
            Cell(f"{one.episode_on:%Y-%m-%d}", short=True),
            Cell(lines=" → ".join(words(one.reasons, one.list.day, lang()).why)),
        )
    )


urls = [
    path("first-moves/effect/", effect, name="first_moves_effect"),
    path("first-moves/held/", held, name="first_moves_held"),
]
