"""Shirking: between which units orders bounce and lie, drawn down to the orders; support kept or late."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.analytics import display
from suyuan.analytics import period as periods
from suyuan.analytics.shirking import Pair
from suyuan.store.queries import listing, org, shirking
from suyuan.store.queries.cases import LOCAL
from suyuan.store.queries.viewer import Viewer

from . import figures, register
from .register import Button, Cell, Empty, Filter, Head, Listed, Row

SIZE = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the pairs of units of a period, or the orders that bounced between two of them."""
    query = register.only(request.GET, {"period", "giver", "taker", "page"})
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now = timezone.now()
    asked = periods.parse(query.get("period") or f"{now.astimezone(LOCAL):%Y}")
    names, at = {one.code: one.name for one in org.every()}, register.page_of(query)
    start, stand = listing.start_of(at, SIZE), figures.stand(now)
    pair = query.get("giver", ""), query.get("taker", "")
    if any(pair):
        numbers = figures.bounced(stand, asked.label, viewer.paths, pair, start, SIZE + 1)
        return _bounced(request, asked.label, Bounced(*pair, numbers, at), names)
    found = figures.handed_over(stand, asked.label, viewer.paths)
    return register.listed(
        request,
        Listed(
            title=gettext("推诿"),
            intro=gettext(
                "按派出单位和接收单位，看工单被退回、转走多少，接单前放了多少工作日小时。"
                "件数少的向全体收缩，不凭一两件说谁推诿。点件数看工单。限制查阅的不计入。"
            ),
            heads=_heads(),
            rows=[_row(one, asked.label, names) for one in found[start : start + SIZE]],
            filters=(Filter("period", gettext("受理期间"), asked.label, _periods(asked.label, now)),),
            page=at,
            has_next=len(found) > start + SIZE,
            empty=Empty(
                gettext("这段时间没有工单在单位之间转手"),
                gettext("派发到单位的工单记在这里；导入的工单没有转手记录，不计入。"),
                "route",
                calm=True,
            ),
        ),
        template="web/shirking.html",
        stand=stand,
        joint=[
            (names.get(one.asked_by, one.asked_by), names.get(one.helper, one.helper), one)
            for one in shirking.joint(viewer, asked)
        ],
    )


def _periods(label: str, now) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    """Return this year with its quarters and the one before, and what was asked for."""
    year = now.astimezone(LOCAL).year
    labels = [str(year), *(f"{year}-Q{n}" for n in range(1, 5)), str(year - 1), "all"]
    return [(one, gettext("全部") if one == "all" else one) for one in dict.fromkeys([label, *labels])]


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("派出单位"), wide=True),
        Head(gettext("接收单位")),
        Head(gettext("转手"), number=True),
        Head(gettext("退回、转走"), number=True),
        Head(gettext("比例"), number=True),
        Head(gettext("收缩后比例"), number=True),
        Head(gettext("放置中位数（时）"), number=True),
        Head(gettext("收缩后平均（时）"), number=True),
    )


def _row(one: Pair, label: str, names: dict[str, str]) -> Row:
    drill = f"{reverse('shirking')}?period={label}&giver={one.giver}&taker={one.taker}"
    return Row(
        (
            Cell(names.get(one.giver, one.giver)),
            Cell(names.get(one.taker, one.taker)),
            Cell(one.handed),
            Cell(one.bounced, drill if one.bounced else ""),
            Cell(f"{display.rounded(one.rate * 100)} %"),
            Cell(f"{display.rounded(one.shrunk_rate * 100)} %"),
            Cell(display.rounded(one.idle_hours)),
            Cell(display.rounded(one.shrunk_idle_hours)),
        )
    )


@dataclass(frozen=True, slots=True)
class Bounced:
    """A page of the orders that bounced between two units, with one more where there are more."""

    giver: str
    taker: str
    numbers: tuple[str, ...]
    page: int


def _bounced(request: HttpRequest, label: str, found: Bounced, names: dict[str, str]) -> HttpResponse:
    """List the orders that bounced between two units, those still in reach."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    numbers = shirking.in_reach(viewer, found.numbers[:SIZE])
    title = " → ".join(names.get(code, code) for code in (found.giver, found.taker))
    back = Button(gettext("全部单位"), f"{reverse('shirking')}?period={label}", "chevron-left")
    return register.listed(
        request,
        Listed(
            title=f"{gettext('退回、转走的工单')} {title}".strip(),
            heads=[Head(gettext("工单"), wide=True)],
            rows=[Row((Cell(number, reverse("case", args=(number,))),)) for number in numbers],
            buttons=[back],
            page=found.page,
            has_next=len(found.numbers) > SIZE,
            empty=Empty(gettext("没有这样的工单"), gettext("换一个期间看看。"), "route", back),
        ),
    )


urls = [path("shirking/", page, name="shirking")]
