"""Repeat contacts: the events many spoke of, and what the desk and a case show of them."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.store import rules
from suyuan.store.queries import listing, org, repeats
from suyuan.store.queries.viewer import Viewer

from . import register
from .register import Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang, local

SIZE = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the events in reach that many contacts spoke of, those with most contacts first."""
    query = register.only(request.GET, {"show", "unit", "page"})
    at, show, unit = register.page_of(query), query.get("show", "open"), query.get("unit", "")
    start = listing.start_of(at, SIZE)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = list(repeats.listed(viewer, show, unit)[start : start + SIZE + 1])
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    intro = gettext(
        "客户就同一件事来电满 %(n)s 次的：第一张工单在这里，同一件事的其他来电在它的工单页。"
        "恶意诉求由人认定。"
    )
    return register.listed(
        request,
        Listed(
            title=gettext("重复来电"),
            intro=intro % {"n": _least()},
            heads=_heads(),
            rows=[_row(one) for one in found[:SIZE]],
            filters=(
                Filter("show", gettext("范围"), show, [("open", gettext("还有在办的"))]),
                Filter("unit", gettext("单位"), unit, places),
            ),
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有这样的重复来电"),
                gettext(
                    "系统隔一会儿看一次近来的来电，按户号、号码、地点和内容认出同一件事，满次数就告知承办单位和优服办。"
                ),
                "phone-plus",
                calm=True,
            ),
        ),
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("第一张工单"), wide=True),
        Head(gettext("单位")),
        Head(gettext("来电次数")),
        Head(gettext("最近来电")),
        Head(gettext("在哪里")),
        Head(gettext("告知时间")),
    )


def _row(one) -> Row:  # type: ignore[no-untyped-def]
    case = one.first
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,)), case.brief),
            Cell(case.unit.name),
            Cell(one.contacts),
            Cell(local(one.last_at), short=True),
            Cell(rules.label("state", case.state, lang())),
            Cell(local(one.told_at), short=True),
        )
    )


@dataclass(frozen=True, slots=True)
class Line:
    """Another contact on the event of a case, as its page shows it."""

    case: object
    ways: list[str]
    similarity: str
    through: str


def panel(viewer: Viewer, case) -> dict[str, object]:
    """Return what the page of a case shows of its event: nothing where nobody else spoke of it."""
    found = repeats.find(viewer, case)
    if not found.same:
        return {}
    lines = [
        Line(
            one.case,
            [rules.label("repeat_way", way, lang()) for way in one.ways],
            f"{one.similarity:.2f}",
            one.through,
        )
        for one in found.same
    ]
    return {"event": found, "same_event": lines, "many": found.contacts >= _least()}


def _least() -> int:
    return rules.figure("repeat.event", "calls")


def of_caller(viewer: Viewer, phone: str, rows: list, now: datetime) -> dict[str, object]:  # type: ignore[type-arg]
    """Return what the desk sees of who calls again: how often of late, and how often about what is open."""
    still_open = next((row for row in rows if row.is_open), None)
    event = repeats.find(viewer, still_open) if still_open is not None else None
    return {
        "calling": repeats.caller(phone, now),
        "again": {"number": still_open.number, "contacts": event.contacts}
        if event is not None and event.contacts > 1
        else None,
    }


urls = [path("repeats/", page, name="repeats")]
