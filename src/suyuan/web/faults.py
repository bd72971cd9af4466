"""Fault hot spots and repeated faults: which cause piles up where, what failed again, what to do about it."""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.actions import faults as look
from suyuan.actions.faults import Found
from suyuan.analytics import display
from suyuan.analytics.detect.columns import moment
from suyuan.analytics.faults import Piled, Returned, Told
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.evaluation import About
from suyuan.store import rules
from suyuan.store.queries import listing, org
from suyuan.store.queries.viewer import Viewer

from . import access, register
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang

SIZE = 50
DAYS = (365, 90, 30)
PILED, AGAIN = "piled", "again"
Names = dict[str, tuple[str, str]]


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List causes that pile up at places in reach, or what failed again there."""
    query = register.only(request.GET, {"show", "days", "page"})
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    at, days = register.page_of(query), _days(query.get("days") or str(DAYS[0]))
    found, names = _found(days), org.names()
    piled = [one for one in found.piled if look.seen(one.told, viewer.sees)]
    show = query.get("show") or (PILED if piled else AGAIN)
    if show not in (PILED, AGAIN):
        raise BadInput("unknown_value", field="show", value=show[:60])
    start = listing.start_of(at, SIZE)
    if show == PILED:
        rows = [_piled(request, one, names, days) for one in piled[start : start + SIZE + 1]]
    else:
        chains = [one for one in found.returned if look.seen(one.told, viewer.sees)]
        rows = [_returned(request, one, names) for one in chains[start : start + SIZE + 1]]
    return register.listed(
        request,
        Listed(
            title=gettext("故障热点"),
            intro=_intro(found),
            heads=_heads(show),
            rows=rows[:SIZE],
            filters=(
                Filter(
                    "show",
                    gettext("看什么"),
                    show,
                    [(PILED, gettext("原因集中")), (AGAIN, gettext("反复故障"))],
                ),
                Filter("days", gettext("最近几天"), str(days), [(str(one), str(one)) for one in DAYS]),
            ),
            buttons=[Button(gettext("全部热点"), reverse("hot_spots"), "chevron-left")],
            page=at,
            has_next=len(rows) > SIZE,
            empty=_none(show),
        ),
    )


def _days(text: str) -> int:
    if text not in map(str, DAYS):
        raise BadInput("unknown_value", field="days", value=text[:60])
    return int(text)


def _found(days: int) -> Found:
    last = rules.local_day(timezone.now()) - timedelta(days=1)
    return look.kept(last - timedelta(days=days - 1), last)


def about(viewer: Viewer, key: str, days: str) -> About:
    """Return what an order is opened about; raise Refused for what is not past its threshold in reach."""
    found = _found(_days(days))
    seen = (one for one in found.piled if look.seen(one.told, viewer.sees))
    one = next((one for one in seen if one.key == key), None)
    if one is None:
        raise Refused("no_such_hot_spot", node=key[:120])
    return look.about(one, found)


def _intro(found: Found) -> str:
    said = gettext(
        "%(first)s – %(last)s 的 %(n)s 次故障（同一处相隔不久的报修和停电算一次），%(unknown)s 次原因不明。"
        "原因按班组填写的故障原因，没有写的按答复和客户来电。"
        "“原因集中”是某处某原因比别处明显多；"
        "“反复故障”是同一处同一原因在复电后 %(days)s 天内再次发生，共 %(again)s 次。"
        "只列出全部在您管辖范围内的。"
    )
    return said % {
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "n": display.count(found.total),
        "unknown": display.count(found.causes[""]),
        "days": found.days,
        "again": display.count(found.again),
    }


def _none(show: str) -> Empty:
    if show == PILED:
        return Empty(
            gettext("没有原因集中的地方"),
            gettext("各处的故障原因与别处没有明显不同。"),
            "circle-check",
            calm=True,
        )
    return Empty(gettext("没有反复故障"), gettext("同一处没有再次出现同一原因。"), "circle-check", calm=True)


def _heads(show: str) -> tuple[Head, ...]:
    middle = (
        (
            Head(gettext("预期"), number=True),
            Head(gettext("倍数（区间）"), number=True),
            Head("q", number=True),
        )
        if show == PILED
        else (Head(gettext("首次")), Head(gettext("最近")), Head(gettext("工单")))
    )
    return (
        Head(gettext("在哪里"), wide=True),
        Head(gettext("故障原因")),
        Head(gettext("单位")),
        Head(gettext("故障次数"), number=True),
        *middle,
        Head(gettext("建议")),
        Head(gettext("去办")),
    )


def _piled(request: HttpRequest, one: Piled, names: Names, days: int) -> Row:
    bounds = f"{display.rounded(one.ratio, 1)} ({display.rounded(one.low, 1)}–{display.rounded(one.high, 1)})"
    opens = look.is_technical(one.cause) and access.may_open(request, "evaluation_open")
    do = (
        Cell(
            gettext("开技术评估单"),
            f"{reverse('evaluation_open')}?{urlencode({'fault': one.key, 'days': days})}",
        )
        if opens
        else _improve(request, one, one.told)
    )
    return Row(
        (
            *_where(one, names),
            Cell(display.count(one.n)),
            Cell(display.rounded(one.expected, 1)),
            Cell(bounds),
            Cell("< 0.001" if one.q < 0.001 else display.rounded(one.q, 3)),
            Cell(look.advice(one.cause, lang())),
            do,
        )
    )


def _returned(request: HttpRequest, one: Returned, names: Names) -> Row:
    numbers = look.numbers(one.told)
    more = len(numbers) - 1
    link = (
        Cell(
            numbers[0],
            reverse("case", args=(numbers[0],)),
            gettext("另有 %(n)s 张") % {"n": more} if more > 0 else "",
        )
        if numbers
        else Cell("")
    )
    return Row(
        (
            *_where(one, names),
            Cell(display.count(one.n)),
            Cell(_day(one.told[0]), short=True),
            Cell(_day(one.told[-1]), short=True),
            link,
            Cell(look.advice(one.cause, lang())),
            _improve(request, one, one.told),
        )
    )


def _day(one: Told) -> str:
    return rules.local_day(moment(one.began)).isoformat()


def _where(one: Piled | Returned, names: Names) -> Sequence[Cell]:
    unit = look.unit(one.told)
    return (
        Cell(" ".join(filter(None, (one.line, one.area)))),
        Cell(look.title(one.cause, lang())),
        Cell(names.get(unit, (unit, ""))[0]),
    )


def _improve(request: HttpRequest, one: Piled | Returned, told: Sequence[Told]) -> Cell:
    """Return the way to the register of improvements, for those who may put something there."""
    if not access.may_open(request, "improvement_add"):
        return Cell("")
    where = " ".join(filter(None, (one.line, one.area)))
    said = gettext("%(where)s：%(cause)s %(n)s 次。建议：%(advice)s") % {
        "where": where,
        "cause": look.title(one.cause, lang()),
        "n": one.n,
        "advice": look.advice(one.cause, lang()),
    }
    asked = urlencode({"improvement_kind": "hardware", "problems": said, "unit": look.unit(tuple(told))})
    return Cell(gettext("登记改进事项"), f"{reverse('improvement_add')}?{asked}")


urls = [path("hot-spots/faults/", page, name="faults")]
