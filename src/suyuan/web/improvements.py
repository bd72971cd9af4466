"""The improvement register: weaknesses of hardware and of service, who mends them, by when."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from suyuan.actions import improvement
from suyuan.analytics import display
from suyuan.domain.improvement import FORM
from suyuan.domain.vocabulary import IMPROVEMENT_KINDS
from suyuan.store import rules
from suyuan.store.queries import improvements, listing, org
from suyuan.store.queries.improvements import Wanted

from . import access, handed_once, register
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import lang, local

SIZE = 50
BEGUN = ("improvement_kind", "problems", "unit")
"""What a page that leads here may say already."""


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the entries of the register in reach, with the count of each kind above."""
    query = register.only(request.GET, {"kind", "unit", "state", "page"})
    at, now = register.page_of(query), timezone.now()
    wanted = Wanted(query.get("kind", ""), query.get("unit", ""), query.get("state", "open"))
    start = listing.start_of(at, SIZE)
    viewer = request.viewer  # type: ignore[attr-defined]
    found = list(improvements.listed(viewer, wanted, now)[start : start + SIZE + 1])
    may = access.may_open(request, "improvement_add")
    add = Button(gettext("登记改进事项"), reverse("improvement_add"), "plus", primary=True) if may else None
    return register.listed(
        request,
        Listed(
            title=gettext("改进事项"),
            intro=gettext(
                "投诉、巡查发现的硬件问题和服务问题，分开登记、集中解决：谁改、何时改完、改后有没有效。"
            ),
            heads=_heads(),
            rows=[_row(one, now) for one in found[:SIZE]],
            filters=_filters(viewer, wanted),
            buttons=[add] if add else [],
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有这样的改进事项"),
                gettext("属实的投诉可在工单页“列入改进”，别处发现的在这里登记。"),
                "tool",
                add,
            ),
        ),
        template="web/improvements.html",
        tallies=[_tally(one) for one in improvements.tallies(viewer, wanted.unit, now)],
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("改进事项"), wide=True),
        Head(gettext("类别")),
        Head(gettext("责任单位")),
        Head(gettext("在哪里")),
        Head(gettext("完成期限")),
        Head(gettext("到期")),
    )


def _filters(viewer, wanted: Wanted) -> tuple[Filter, ...]:  # type: ignore[no-untyped-def]
    kinds = [(kind, rules.label("improvement_kind", kind, lang())) for kind in IMPROVEMENT_KINDS]
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    states = [("open", gettext("在办")), ("overdue", gettext("已超期")), ("done", gettext("已完成"))]
    return (
        Filter("kind", gettext("类别"), wanted.kind, kinds),
        Filter("unit", gettext("责任单位"), wanted.unit, places),
        Filter("state", gettext("状态"), wanted.state, states),
    )


def _row(one, now: datetime) -> Row:  # type: ignore[no-untyped-def]
    case = one.case
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,)), case.brief),
            Cell(rules.label("improvement_kind", one.kind, lang())),
            Cell(case.unit.name, small=case.parent_number),
            Cell(rules.label("state", case.state, lang())),
            Cell(f"{one.due_on:%Y-%m-%d}" if one.due_on else gettext("还没有计划"), short=True),
            Cell(local(case.next_due_at), light=listing.light(case, now), short=True),
        )
    )


def _tally(one: improvements.Tally) -> tuple[str, str, str, str, str]:
    counts = (display.count(n) for n in (one.total, one.open, one.done, one.overdue))
    return (rules.label("improvement_kind", one.kind, lang()), *counts)  # type: ignore[return-value]


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Put something on the register that no case brought to light."""
    values = register.only(request.GET, set(BEGUN))
    ask = Ask(
        gettext("登记改进事项"),
        FORM,
        gettext("登记"),
        reverse("improvements"),
        gettext("已登记。"),
        intro=gettext("写明问题和责任单位；属实投诉发现的，在那张工单上“列入改进”，两边互相连着。"),
        values=values,
        makes=True,
    )

    def do(typed: dict[str, str]) -> None:
        def make() -> str:
            actor = request.viewer.actor  # type: ignore[attr-defined]
            return improvement.put_on_register(actor=actor, form=typed, now=timezone.now())

        handed_once.number(request, typed, make)

    return answer(request, ask, do)


urls = [
    path("improvements/", page, name="improvements"),
    path("improvements/add/", add, name="improvement_add"),
]
