"""In which order open repairs are proposed, and why: sensitive customers, flags, how many, how long."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.analytics import display
from suyuan.analytics.sensitivity.priority import Ranked, Reason
from suyuan.store import rules
from suyuan.store.queries import listing, org
from suyuan.store.queries import sensitivity as queries

from . import register
from .register import Cell, Empty, Head, Listed, Row
from .templatetags.ui import lang, local

SIZE = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the places in reach where supply is out, the one to go to first at the top."""
    query = register.only(request.GET, {"page"})
    at, moment = register.page_of(query), timezone.now().replace(second=0, microsecond=0)
    found = queries.order(request.viewer, queries.of_day(moment), moment)  # type: ignore[attr-defined]
    start, names = listing.start_of(at, SIZE), org.names()
    return register.listed(
        request,
        Listed(
            title=gettext("抢修先后"),
            intro=gettext(
                "还没有复电的报修按台区合并，建议先去哪里和为什么：有生命支持设备和重要用户的最先，"
                "然后按停电敏感的客户、台区户数、其他标记、来电、停了多久的分值，"
                "停电时间至多算 %(hours)s 小时。"
                "户数是台区全部户数，停电的可能少些。只是建议，先后由值班人员决定。"
            )
            % {"hours": queries.most_hours()},
            heads=_heads(),
            rows=[_row(one, names) for one in found[start : start + SIZE]],
            page=at,
            has_next=len(found) > start + SIZE,
            empty=Empty(
                gettext("没有停着电的报修"),
                gettext("报修登记以后、复电以前，列在这里。"),
                "circle-check",
                calm=True,
            ),
        ),
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("在哪里"), wide=True),
        Head(gettext("单位")),
        Head(gettext("最早来电")),
        Head(gettext("工单")),
        Head(gettext("分值"), number=True),
        Head(gettext("为什么")),
    )


def _row(one: Ranked, names: dict[str, tuple[str, str]]) -> Row:
    place = one.place
    first = place.cases[0]
    where = " ".join(filter(None, (place.line, place.area))) or gettext("台区不明")
    more = len(place.cases) - 1
    return Row(
        (
            Cell(where),
            Cell(names.get(place.unit, (place.unit, ""))[0]),
            Cell(local(place.since), short=True),
            Cell(
                first,
                reverse("case", args=(first,)),
                gettext("另有 %(n)s 张") % {"n": more} if more else "",
            ),
            Cell(display.rounded(one.points, 1)),
            Cell(" · ".join(_reason(each) for each in one.reasons)),
        )
    )


def _reason(one: Reason) -> str:
    """Return a reason in words, with how much of it there is and its points."""
    if one.code.startswith("flag."):
        name = rules.label("reason.special_flag", one.code.removeprefix("flag."), lang())
    else:
        name = {
            "sensitive": gettext("停电敏感户"),
            "affected": gettext("台区户数"),
            "callers": gettext("报修来电"),
            "hours": gettext("已停（小时）"),
        }[one.code]
    n = display.rounded(one.n, 1 if one.code == "hours" else 0)
    return f"{name} {n} (+{display.rounded(one.points, 1)})"


urls = [path("repairs/order/", page, name="repair_order")]
