"""Supervision orders: a list for those who supervise, and the ladder of a case on its page."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.store import rules
from suyuan.store.queries import ladder, listing, org
from suyuan.store.queries.viewer import Viewer

from . import register
from .names import Named, named
from .register import Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang, local

SIZE = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the supervision orders in reach, the next due first."""
    query = register.only(request.GET, {"state", "unit", "page"})
    at, now = register.page_of(query), timezone.now()
    wanted = ladder.Wanted(query.get("state", "open"), query.get("unit", ""))
    start = listing.start_of(at, SIZE)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = list(ladder.listed(viewer, wanted)[start : start + SIZE + 1])
    shown = found[:SIZE]
    who = named(name for one in shown for name in (one.issued_by, one.acknowledged_by))
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    return register.listed(
        request,
        Listed(
            title=gettext("督办单"),
            intro=gettext(
                "客户催办到规定次数由系统开出，或由领导、优服办在工单页“督办”开出：谁签收、何时上报、办结没有。"
            ),
            heads=_heads(),
            rows=[_row(one, who, now) for one in shown],
            filters=(
                Filter("state", gettext("状态"), wanted.state, _states()),
                Filter("unit", gettext("被督办单位"), wanted.unit, places),
            ),
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有在办的督办单") if wanted.state == "open" else gettext("没有这样的督办单"),
                gettext("要督办一张工单，在它的页面点“督办”写明要求；客户多次催办的，系统自己开出。"),
                "bell",
                calm=True,
            ),
        ),
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("督办单"), wide=True),
        Head(gettext("被督办单位")),
        Head(gettext("开出人")),
        Head(gettext("催办"), number=True),
        Head(gettext("在哪里")),
        Head(gettext("签收人")),
        Head(gettext("到期")),
    )


def _states() -> list[tuple[str, str]]:
    return [
        ("open", gettext("在办")),
        ("unacknowledged", gettext("未签收")),
        ("reported", gettext("待核")),
        ("done", gettext("已办结")),
    ]


def _row(one, who: dict[str, Named], now: datetime) -> Row:  # type: ignore[no-untyped-def]
    case = one.case
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,)), case.brief),
            Cell(case.unit.name, small=case.parent_number),
            Cell(who[one.issued_by]),
            Cell(one.urges),
            Cell(rules.label("state", case.state, lang())),
            Cell(who.get(one.acknowledged_by, "")),
            Cell(local(case.next_due_at), light=listing.light(case, now), short=True),
        )
    )


@dataclass(frozen=True, slots=True)
class Urged:
    """One urge, with what whoever took it is called."""

    line: ladder.UrgeLine
    who: Named


@dataclass(frozen=True, slots=True)
class Issued:
    """One supervision order on a case, with what who issued and who acknowledged it are called."""

    case: object
    issued: Named
    acknowledged: Named | None


def panel(viewer: Viewer, case) -> dict[str, object]:
    """Return what the page of a case shows of its ladder: nothing where nobody urged or supervised it."""
    if not (case.urges or case.supervised or case.procedure == "supervision"):
        return {}
    found = ladder.of(viewer, case)
    own = ladder.order_of(case)
    orders = [*found.orders, *([own] if own else [])]
    people = [name for one in orders for name in (one.issued_by, one.acknowledged_by)]
    who = named([*people, *(one.by for one in found.urged)])
    return {
        "ladder": found,
        "urged": [Urged(one, who[one.by]) for one in found.urged],
        "orders_issued": [
            Issued(one.case, who[one.issued_by], who.get(one.acknowledged_by)) for one in found.orders
        ],
        "supervision": own,
        "supervision_by": who[own.issued_by] if own else "",
    }


urls = [path("supervisions/", page, name="supervisions")]
