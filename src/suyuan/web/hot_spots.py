"""Hot spots among the home's own orders: where there are suddenly more than are to be expected."""

import functools
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.actions.hotspots import own as hotspots
from suyuan.actions.hotspots.own import Own, Spot
from suyuan.analytics import display
from suyuan.analytics.hotspots import own as method
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import rules
from suyuan.store.queries import listing, org
from suyuan.store.queries.viewer import Viewer

from . import access, charts, figures, register
from .ahead import ahead
from .figures import Stand
from .register import Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang, local

SIZE = 50
DAYS = 14
"""So many days are offered to look back to."""
PATIENCE = 2.0
"""So many seconds a page waits for somebody else who looks; then it says so."""
Names = dict[str, tuple[str, str]]


@ahead
@functools.lru_cache(maxsize=16)
def found(at: Stand, day: date) -> Own:
    """Return the hot spots of all units as of the end of a day."""
    return hotspots.found(at.tables(), at.folder, day, rules.rulebook())


def last_day(at: Stand) -> date:
    """Return the last day that is over and wholly exported."""
    return rules.local_day(at.exported_at or at.as_of) - timedelta(days=1)


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the hot spots in reach as of a day, those still going on first."""
    query = register.only(request.GET, {"day"})
    at = figures.stand(timezone.now())
    day = _day(query.get("day", ""), last_day(at))
    if hotspots.is_busy(PATIENCE):
        return _waiting(request)
    own, names = found(at, day), org.names()
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return register.listed(
        request,
        Listed(
            title=gettext("热点"),
            intro=_intro(own),
            heads=_heads(),
            rows=[_row(one, own, names) for one in own.seen(viewer.sees)],
            filters=(Filter("day", gettext("截至哪天"), day.isoformat(), _days(day, last_day(at))),),
            empty=_none(own),
            buttons=[register.Button(gettext("故障热点"), reverse("faults"), "bolt")]
            if access.may_open(request, "faults")
            else [],
        ),
        template="web/hot_spots.html",
        stand=at,
    )


def _day(text: str, last: date) -> date:
    """Return the day asked for, the last one known where none is; raise BadInput for one that is no such."""
    try:
        day = date.fromisoformat(text) if text else last
    except ValueError:
        raise BadInput("unknown_value", field="day", value=text[:60]) from None
    if day > last:
        raise BadInput("unknown_value", field="day", value=text[:60])
    return day


def _days(day: date, last: date) -> list[tuple[str, str]]:
    offered = [last - timedelta(days=back) for back in range(DAYS)]
    return [(one.isoformat(), one.isoformat()) for one in dict.fromkeys([day, *offered])]


def _waiting(request: HttpRequest) -> HttpResponse:
    return render(request, "web/hot_spots_waiting.html", {"title": gettext("热点")})


def _intro(own: Own) -> str:
    said = gettext(
        "单位、线路台区、业务类别以及它们两两之间，哪里突然比平常多：平常数按星期、节假日、季节和趋势算，"
        "看每个 1–%(windows)s 天的时段。同一客户一周内同一类来电只算一次，限制查阅的不计入；"
        "只列出全部在您管辖范围内的。平常的日子里每月约有 %(alarms)s 次误报。"
        "界限（%(limit)s 分）每周一重新定：跨过周一，前一天列出的可能不再列出。"
    )
    return (
        said % {"windows": own.windows, "alarms": f"{own.alarms:g}", "limit": display.rounded(own.limit, 1)}
        if own.looked
        else ""
    )


def _none(own: Own) -> Empty:
    if not own.looked:
        text = gettext("已知 %(known)s 天的工单，满 %(least)s 天才知道平常有多少。")
        return Empty(
            gettext("还看不出热点"), text % {"known": own.known, "least": own.least}, "history", calm=True
        )
    text = gettext(
        "看了 %(nodes)s 个地方和类别。界限按平常的日子里每月 %(alarms)s 次误报定：没有列出不等于没有问题。"
    )
    return Empty(
        gettext("没有热点"),
        text % {"nodes": display.count(own.nodes), "alarms": f"{own.alarms:g}"},
        "circle-check",
        calm=True,
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("哪里、什么"), wide=True),
        Head(gettext("首次发现")),
        Head(gettext("时段")),
        Head(gettext("件数"), number=True),
        Head(gettext("平常"), number=True),
        Head(gettext("倍数"), number=True),
        Head(gettext("得分"), number=True),
        Head(gettext("平常日有此高分的份额"), number=True),
        Head(gettext("现在")),
    )


def _row(one: Spot, own: Own, names: Names) -> Row:
    asked = urlencode({"day": own.last.isoformat(), "at": one.key})
    return Row(
        (
            Cell(title(one, names), f"{reverse('hot_spot')}?{asked}"),
            Cell(one.raised.isoformat(), short=True),
            Cell(span(one), short=True),
            Cell(display.rounded(one.observed, 0)),
            Cell(display.rounded(one.expected, 1)),
            Cell(times(one)),
            Cell(display.rounded(one.score, 1)),
            Cell(chance(one.p)),
            Cell(now(one, own)),
        ),
        dim=not own.going(one),
    )


def now(one: Spot, own: Own) -> str:
    """Return in words whether a hot spot still goes on."""
    if own.going(one):
        return gettext("还在持续")
    return gettext("已平静 %(n)s 天") % {"n": (own.last - one.last).days}


def title(one: Spot, names: Names) -> str:
    """Return in words where and what: a unit, a line or an area, and a kind of contact."""
    units, grid, kinds = one.node
    words = [names.get(code, (code, ""))[0] for code in _values(units[-1:])]
    words += [" ".join(_values(grid))] if grid else []
    words += [kind(part) for part in kinds[-1:]]
    return " · ".join(words) or gettext("全部")


def kind(part: str) -> str:
    """Return in words a kind of contact: a business type or a category."""
    shelf, code = part.split(":", 1)
    return rules.label({"type": "business_type"}.get(shelf, shelf), code, lang())


def _values(parts: tuple[str, ...]) -> list[str]:
    return [part.split(":", 1)[1] for part in parts]


def span(one: Spot) -> str:
    """Return the days in which there were most more than expected."""
    return f"{one.first:%m-%d} – {one.last:%m-%d}"


def times(one: Spot) -> str:
    """Return how many times what was expected there was."""
    return display.rounded(one.observed / max(one.expected, 0.01), 1)


def chance(p: float) -> str:
    """Return how likely an ordinary day has as high a score anywhere."""
    return "< 0.001" if p < 0.001 else display.rounded(p, 3)


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show one hot spot: what was counted and expected day by day, and the orders behind it in reach."""
    query = register.only(request.GET, {"day", "at", "page"})
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    moment, at = timezone.now(), register.page_of(query)
    stand = figures.stand(moment)
    own = found(stand, _day(query.get("day", ""), last_day(stand)))
    one = next((each for each in own.seen(viewer.sees) if each.key == query.get("at", "")), None)
    if one is None:
        raise Refused("no_such_hot_spot", node=query.get("at", "")[:120])
    tables, start = stand.tables(), listing.start_of(at, SIZE)
    asked = method.behind(tables, one.where, one.first, one.last)
    ids = method.ids(tables, asked, limit=SIZE + 1, offset=start)
    rows = listing.listing(viewer, listing.Filters(ids=tuple(ids[:SIZE])), now=moment, size=SIZE).rows
    name = title(one, org.names())
    return register.listed(
        request,
        Listed(
            title=f"{gettext('热点')} · {name}",
            heads=[Head(gettext("工单"), wide=True), *map(Head, _case_titles())],
            rows=[_case(case) for case in rows],
            buttons=[
                register.Button(
                    gettext("全部热点"), f"{reverse('hot_spots')}?day={own.last.isoformat()}", "chevron-left"
                )
            ],
            page=at,
            has_next=len(ids) > SIZE,
            empty=Empty(gettext("这里没有您能看到的工单"), gettext("件数按全部工单算。"), "inbox", calm=True),
        ),
        template="web/hot_spot.html",
        stand=stand,
        facts=_facts(one, own),
        chart=_chart(one),
        daily=[(f"{day}", f"{n:.0f}", display.rounded(usual, 2)) for day, n, usual in reversed(one.daily)],
    )


def _facts(one: Spot, own: Own) -> list[tuple[str, str]]:
    return [
        (gettext("时段"), f"{one.first.isoformat()} – {one.last.isoformat()}"),
        (gettext("件数"), display.rounded(one.observed, 0)),
        (gettext("平常"), display.rounded(one.expected, 2)),
        (gettext("倍数"), times(one)),
        (gettext("首次发现"), one.raised.isoformat()),
        (gettext("现在"), now(one, own)),
        (gettext("得分"), display.rounded(one.score, 1)),
        (gettext("平常日有此高分的份额"), chance(one.p)),
    ]


def _chart(one: Spot) -> charts.Option:
    names = [f"{day:%m-%d}" for day, _, _ in one.daily]
    counts = [round(n) for _, n, _ in one.daily]
    return charts.track(names, counts, [usual for *_, usual in one.daily], (gettext("当天"), gettext("平常")))


def _case_titles() -> tuple[str, ...]:
    return gettext("业务类型"), gettext("分类"), gettext("单位"), gettext("受理时间"), gettext("状态")


def _case(case) -> Row:  # type: ignore[no-untyped-def]
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,))),
            Cell(rules.label("business_type", case.business_type, lang())),
            Cell(rules.label("category", case.category, lang()) if case.category else ""),
            Cell(case.unit.name),
            Cell(local(case.accepted_at), short=True),
            Cell(rules.label("state", case.state, lang())),
        )
    )


urls = [path("hot-spots/", page, name="hot_spots"), path("hot-spots/spot/", show, name="hot_spot")]
