"""Staff protection: one's own records and those of the people one sees to; writing one down."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from suyuan.actions import protection
from suyuan.domain.protection import RECORD_FORM
from suyuan.store import rules
from suyuan.store.queries import listing, protections

from . import handed_once, register
from .names import named
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import lang

SIZE = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the records somebody may see: for most people their own, or none."""
    query = register.only(request.GET, {"show", "page"})
    at, show = register.page_of(query), query.get("show", "open")
    start = listing.start_of(at, SIZE)
    found = list(protections.listed(request.viewer, show)[start : start + SIZE + 1])  # type: ignore[attr-defined]
    add = Button(gettext("登记员工保护"), reverse("protection_add"), "plus", primary=True)
    return register.listed(
        request,
        Listed(
            title=gettext("员工保护"),
            intro=gettext(
                "工作中被辱骂、威胁、殴打，写在这里，说明需要什么帮助。只有本人、班长、监审和党群能看到。"
            ),
            heads=_heads(),
            rows=_rows(found[:SIZE]),
            filters=(
                Filter(
                    "show", gettext("范围"), show, [("open", gettext("在办")), ("done", gettext("已办结"))]
                ),
            ),
            buttons=[add],
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有您能看到的记录"),
                gettext("遇到了就登记：班长、党群会安排休息、疏导或陪同，并在约好的日子回访您。"),
                "users",
                add,
            ),
        ),
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("记录"), wide=True),
        Head(gettext("员工")),
        Head(gettext("遇到了什么")),
        Head(gettext("需要的帮助")),
        Head(gettext("在哪里")),
        Head(gettext("回访员工")),
    )


def _rows(found) -> list[Row]:  # type: ignore[no-untyped-def]
    who = named(one.case.entrusted for one in found)
    return [
        Row(
            (
                Cell(one.case.number, reverse("case", args=(one.case.number,)), one.case.unit.name),
                Cell(who[one.case.entrusted]),
                Cell(rules.label("reason.incident", one.incident, lang())),
                Cell(rules.label("reason.care", one.care, lang()) if one.care else ""),
                Cell(rules.label("state", one.case.state, lang())),
                Cell(f"{one.due_on:%Y-%m-%d}" if one.due_on else "", short=True),
            )
        )
        for one in found
    ]


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Write down what somebody met with."""
    ask = Ask(
        gettext("登记员工保护"),
        RECORD_FORM,
        gettext("登记"),
        reverse("protections"),
        gettext("已登记。"),
        intro=gettext("写自己的不用填员工；班长、监审、党群可以替员工写。相关工单上不会留下任何记录。"),
        makes=True,
    )

    def do(typed: dict[str, str]) -> None:
        def make() -> str:
            viewer = request.viewer  # type: ignore[attr-defined]
            return protection.record(viewer=viewer, form=typed, now=timezone.now())

        handed_once.number(request, typed, make)

    return answer(request, ask, do)


urls = [
    path("protections/", page, name="protections"),
    path("protections/add/", add, name="protection_add"),
]
