"""The list of final answers: the case of the customer, who approved, how long each holds, what is due."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.store import rules
from suyuan.store.queries import cases, final_answers, listing, org
from suyuan.store.queries.final_answers import Approval, Wanted
from suyuan.store.queries.viewer import Viewer

from . import register
from .names import Named, named
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang, local

SIZE = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the final answers in reach: those that count, end soon, wait for somebody, or are over."""
    query = register.only(request.GET.dict(), {"state", "unit", "page"})
    viewer, now = request.viewer, timezone.now()  # type: ignore[attr-defined]
    at, wanted = register.page_of(query), Wanted(query.get("state", "in_force"), query.get("unit", ""))
    start = listing.start_of(at, SIZE)
    found = list(final_answers.listed(viewer, wanted, now)[start : start + SIZE + 1])
    passed = final_answers.approvals(found[:SIZE])
    who = named(one.by for each in passed.values() for one in each)
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    return register.listed(
        request,
        Listed(
            title=gettext("最终答复"),
            intro=gettext(
                "满足不了又已答复过的诉求：两级审批后，有效期内同户号、同电话再来电时按话术告知；客户要求复核的由另一人决定。快到期的，看是否还成立。"
            ),
            heads=_heads(),
            rows=[_row(viewer, one, passed[one.case_id], who, now) for one in found[:SIZE]],
            filters=(
                Filter("state", gettext("状态"), wanted.state, _states()),
                Filter("unit", gettext("单位"), wanted.unit, places),
            ),
            buttons=(Button(gettext("报备"), reverse("filings"), "book"),),
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有这样的最终答复"),
                gettext("在待回访或已归档的投诉、意见工单上点“作最终答复”，写明情况、话术和依据。"),
                "book",
                calm=True,
            ),
        ),
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("最终答复"), wide=True),
        Head(gettext("客户的工单")),
        Head(gettext("单位")),
        Head(gettext("审批")),
        Head(gettext("有效至")),
        Head(gettext("在哪里")),
    )


def _states() -> list[tuple[str, str]]:
    return [
        ("in_force", gettext("生效中")),
        ("due", gettext("快到期，该复看")),
        ("review", gettext("客户要求复核")),
        ("waiting", gettext("待审批")),
        ("over", gettext("已结束或未通过")),
    ]


def _row(  # type: ignore[no-untyped-def]
    viewer: Viewer, one, passed: Sequence[Approval], who: Mapping[str, Named], now: datetime
) -> Row:
    case, parent = one.case, one.parent
    open_ = cases.may_see(viewer.actor, parent)
    kind = rules.label("business_type", parent.business_type, lang())
    said = [
        f"{rules.label('verb', each.verb, lang())} {who[each.by].name} {local(each.at)}" for each in passed
    ]
    due = final_answers.due(one, now)
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,)), case.brief),
            Cell(parent.number, reverse("case", args=(parent.number,)), kind) if open_ else Cell(small=kind),
            Cell(case.unit.name),
            Cell(lines="\n".join(said) or "—"),
            Cell(
                local(one.valid_until) if one.valid_until else "",
                short=True,
                marks=("!" + gettext("该复看"),) if due else (),
            ),
            Cell(rules.label("state", case.state, lang())),
        )
    )


urls = [path("answers/", page, name="final_answers")]
