"""Requests for support between departments: what is open, what waits for a rating, how each unit helped."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.analytics import display
from suyuan.store import rules
from suyuan.store.queries import listing, org, supports

from . import register
from .register import Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang, local

SIZE = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the requests in reach, the next due first, and what came of those of each unit."""
    query = register.only(request.GET, {"show", "unit", "page"})
    at, now = register.page_of(query), timezone.now()
    show, unit = query.get("show", "open"), query.get("unit", "")
    start = listing.start_of(at, SIZE)
    viewer = request.viewer  # type: ignore[attr-defined]
    found = list(supports.supports(viewer, show, unit)[start : start + SIZE + 1])
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    return register.listed(
        request,
        Listed(
            title=gettext("协办单"),
            intro=gettext("一个部门请别的单位帮忙办的事：要做什么、何时到期、做得怎样。请求的人答复后评价。"),
            heads=_heads(),
            rows=[_row(one, now) for one in found[:SIZE]],
            filters=(
                Filter("show", gettext("范围"), show, _shows()),
                Filter("unit", gettext("协办单位"), unit, places),
            ),
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有在办的协办单") if show == "open" else gettext("没有这样的协办单"),
                gettext("在工单页点“请求协办”，写明请哪个单位做什么；对方答复后由请求方评价。"),
                "users",
                calm=True,
            ),
        ),
        template="web/supports.html",
        records=[_record(one) for one in supports.records(viewer, unit)],
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("协办单"), wide=True),
        Head(gettext("请求方")),
        Head(gettext("协办单位")),
        Head(gettext("在哪里")),
        Head(gettext("到期")),
        Head(gettext("评价")),
    )


def _shows() -> list[tuple[str, str]]:
    return [("open", gettext("在办")), ("rate", gettext("待评价")), ("done", gettext("已办结"))]


def _row(one, now: datetime) -> Row:  # type: ignore[no-untyped-def]
    case = one.case
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,)), case.brief),
            Cell(one.unit.name, small=case.parent_number),
            Cell(case.unit.name),
            Cell(rules.label("state", case.state, lang())),
            Cell(local(case.next_due_at), light=listing.light(case, now), short=True),
            Cell(rules.label("support_rating", one.rating, lang())),
        )
    )


def _record(one: supports.Record) -> tuple[str, str, str, str, str]:
    """Return what came of the requests to a unit: its name, answered, declined, in time, ratings."""
    rated = "，".join(
        f"{rules.label('support_rating', each, lang())} {display.count(n)}"
        for each, n in one.ratings.items()
        if n
    )
    return (
        one.unit,
        display.share(one.answered, one.asked),
        display.count(one.declined),
        display.share(one.in_time, one.timed) if one.timed else "",
        rated,
    )


urls = [path("supports/", page, name="supports")]
