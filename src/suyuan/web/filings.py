"""Filings: a list, the form by which a unit files, and what is told of them at a contact and on a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from suyuan.actions import filing as actions
from suyuan.domain.filing import FORM
from suyuan.store import rules
from suyuan.store.queries import filings, final_answers, listing, org
from suyuan.store.queries.customer import Shown
from suyuan.store.queries.filings import Place, Wanted
from suyuan.store.queries.viewer import Viewer

from . import access, handed_once, register
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import lang, local

SIZE = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the filings in reach: those that count, those that wait for approval, those that are over."""
    query = register.only(request.GET, {"state", "unit", "page"})
    at, wanted = register.page_of(query), Wanted(query.get("state", "in_force"), query.get("unit", ""))
    start = listing.start_of(at, SIZE)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = list(filings.listed(viewer, wanted)[start : start + SIZE + 1])
    may = access.may_open(request, "filing_add")
    add = Button(gettext("提交报备"), reverse("filing_add"), "plus", primary=True) if may else None
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    return register.listed(
        request,
        Listed(
            title=gettext("报备"),
            intro=gettext(
                "恶劣天气、电网受限等事先报备：县公司或部门初审、优服办审批后生效，"
                "来电受理页和工单页按单位、线路、台区显示话术，坐席据此解释。"
            ),
            heads=_heads(),
            rows=[_row(one) for one in found[:SIZE]],
            filters=(
                Filter("state", gettext("状态"), wanted.state, _states()),
                Filter("unit", gettext("报备单位"), wanted.unit, places),
            ),
            buttons=[add] if add else [],
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有这样的报备"),
                gettext("预计客户会集中来电时提交报备：写明情况、范围、起止时间和话术，附依据。"),
                "book",
                add,
                calm=add is None,
            ),
        ),
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("报备"), wide=True),
        Head(gettext("类别")),
        Head(gettext("报备单位")),
        Head(gettext("范围")),
        Head(gettext("在哪里")),
        Head(gettext("生效时间")),
        Head(gettext("截止时间")),
    )


def _states() -> list[tuple[str, str]]:
    return [
        ("in_force", gettext("生效中")),
        ("waiting", gettext("待审批")),
        ("over", gettext("已结束或未通过")),
    ]


def _row(one) -> Row:  # type: ignore[no-untyped-def]
    case = one.case
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,)), case.brief),
            Cell(rules.label("reason.filing_kind", one.kind, lang())),
            Cell(case.unit.name),
            Cell(one.line or one.area or gettext("全单位"), small=one.area if one.line else ""),
            Cell(rules.label("state", case.state, lang())),
            Cell(local(one.counts_from), short=True),
            Cell(local(one.counts_until), short=True),
        )
    )


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """File something ahead."""
    ask = Ask(
        gettext("提交报备"),
        FORM,
        gettext("提交"),
        f"{reverse('filings')}?state=waiting",
        gettext("已提交，等待初审。"),
        intro=gettext(
            "不填线路、台区就对全单位有效。话术是坐席念给客户听的，请写清原因、预计时间和客户可以怎么办，"
            "不要写任何客户的信息。虚假报备会暂停本单位报备。"
        ),
        makes=True,
    )

    def do(typed: dict[str, str]) -> None:
        def make() -> str:
            actor = request.viewer.actor  # type: ignore[attr-defined]
            return actions.file(actor=actor, form=typed, now=timezone.now())

        handed_once.number(request, typed, make)

    return answer(request, ask, do)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who calls, as typed: the accounts the register has for them, and their earlier cases."""

    account: str
    phone: str
    callers: Sequence[Shown]
    earlier: Sequence[Any]


def told_to(viewer: Viewer, asked: Asked, now: datetime) -> dict[str, object]:
    """Return what the page of a contact tells whoever calls.

    The filings where their accounts are supplied, or, of somebody the register does not know, where their
    earlier cases were; those of the agent's whole company before anybody is known.
    """
    places = [Place(path) for _, path in sorted(viewer.actor.reaching)]
    places += [Place(one.account.unit.path, one.supply.line, one.supply.area) for one in asked.callers]
    places += [] if asked.callers else [filings.place_of(one) for one in asked.earlier]
    return {
        "filings_told": filings.told_at(viewer, places, now),
        "answers_told": final_answers.told_to(viewer, asked.account, asked.phone, now),
    }


def panel(viewer: Viewer, case, now: datetime) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """Return what the page of a case shows: the filing it is, or those to tell its customer of."""
    if (own := filings.of_case(case)) is not None:
        return {"filing": own, "filing_ban": filings.ban_of(case)}
    if (answer := final_answers.of_case(case)) is not None:
        return {"final_answer": answer}
    if case.is_child:
        return {}
    told = final_answers.told_on(viewer, case, now)
    places = [filings.place_of(case)] if case.is_open else []
    return {"filings_told": filings.told_at(viewer, places, now), "answers_told": told}


urls = [
    path("filings/", page, name="filings"),
    path("filings/add/", add, name="filing_add"),
]
