"""Node liability: whose step a complaint came from, on its page and as a register; who has to be trained."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from suyuan.actions.objection import object_to
from suyuan.domain.procedures import liability as table
from suyuan.domain.vocabulary import State
from suyuan.store import nodes, rules
from suyuan.store.queries import accountabilities, liability, listing, org, shares, vetoes
from suyuan.store.queries.liability import Wanted
from suyuan.store.queries.viewer import Viewer

from . import register
from .names import Named, named
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import lang, local

SIZE = 50


@dataclass(frozen=True, slots=True)
class Part:
    """One share as the page of a case shows it."""

    seq: int
    node: str
    unit: str
    person: str
    percent: str
    evidence: list[str]
    proposed: bool
    objections: list[tuple[object, Named, Named | None]]


def panel(viewer: Viewer, case) -> dict[str, object]:
    """Return the shares of a liability, or the liabilities a complaint led to."""
    if case.procedure != shares.PROCEDURE:
        return {
            "liabilities": liability.opened_from(viewer, case) if case.finding else [],
            **_of_veto(viewer, case),
            **_of_accountability(case),
        }
    found = shares.of(case)
    said = liability.objections(found)
    lines = shares.shares(found)
    people = [row.person for row in lines if liability.names_person(viewer, row)]
    who = named([*people, found.signed_by, *(name for one in said for name in (one.by, one.answered_by))])
    return {
        "liability": found,
        "judged_since": liability.judged_since(found),
        "signed_by": who.get(found.signed_by),
        "accountabilities": accountabilities.opened_from(viewer, case),
        "shares": [
            _part(
                row, who, [(one, who[one.by], who.get(one.answered_by)) for one in said if one.share == row]
            )
            for row in lines
        ],
    }


def _of_veto(viewer: Viewer, case) -> dict[str, object]:  # type: ignore[no-untyped-def]
    if (found := vetoes.of(case)) is None:
        return {}
    names = found.person and vetoes.names_person(viewer, found)
    return {"veto": found, "vetoed": named([found.person])[found.person] if names else ""}


def _of_accountability(case) -> dict[str, object]:  # type: ignore[no-untyped-def]
    if case.procedure != "accountability":
        return {}
    found = accountabilities.of(case)
    return {"accountability": found, "concerned": named([found.person])[found.person]}


def _part(row, who: dict[str, Named], said) -> Part:  # type: ignore[no-untyped-def]
    return Part(
        seq=row.seq,
        node=nodes.title(row.node, lang()),
        unit=row.unit.name,
        person=who[row.person].name if row.person in who else "",
        percent=percent_of(row.percent),
        evidence=row.evidence,
        proposed=row.proposed,
        objections=said,
    )


def percent_of(percent) -> str:  # type: ignore[no-untyped-def]
    """Return a share as it is written."""
    return f"{percent.normalize():f} %"


def choices(case) -> dict[str, list[tuple[str, str]]]:
    """Return the shares of a liability to choose from."""
    rows = shares.shares(shares.of(case))
    return {"share_line": [(str(row.seq), _line(row)) for row in rows]}


def _line(row) -> str:  # type: ignore[no-untyped-def]
    return f"{row.seq}　{row.unit.name} {nodes.title(row.node, lang())} {percent_of(row.percent)}"


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the shares of units in reach, and of the cases there."""
    query = register.only(request.GET.dict(), {"show", "unit", "node", "page"})
    viewer, at = request.viewer, register.page_of(query)  # type: ignore[attr-defined]
    wanted = Wanted(query.get("show", "open"), query.get("unit", ""), query.get("node", ""))
    start = listing.start_of(at, SIZE)
    found = list(liability.listed(viewer, wanted)[start : start + SIZE + 1])
    who = named(row.person for row in found if liability.names_person(viewer, row))
    return register.listed(
        request,
        Listed(
            title=gettext("责任认定"),
            intro=gettext(
                "属实的投诉按流程节点分责，各项之和为百分之百。按证据提出、第二人审核、有关单位可提异议，由不属于这些单位的人签认；签认后只能重新认定。"
            ),
            heads=(
                Head(gettext("责任单位和节点"), wide=True),
                Head(gettext("比例"), number=True),
                Head(gettext("证据")),
                Head(gettext("责任认定")),
                Head(gettext("状态")),
            ),
            rows=[_row(viewer, row, who) for row in found[:SIZE]],
            filters=_filters(viewer, wanted),
            buttons=(Button(gettext("培训需求"), reverse("trainings"), "users"),),
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有这样的责任认定"),
                gettext("在属实的投诉工单上点“责任认定”，系统按超时、退单、追溯和认定提出各节点的比例。"),
                "git-branch",
                calm=True,
            ),
        ),
    )


def _filters(viewer: Viewer, wanted: Wanted) -> tuple[Filter, ...]:
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    shows = [("open", gettext("在办")), ("objected", gettext("待答复异议")), ("signed", gettext("已签认"))]
    steps = [(one.code, nodes.title(one.code, lang())) for one in nodes.nodes()]
    return (
        Filter("show", gettext("范围"), wanted.show, shows),
        Filter("unit", gettext("责任单位"), wanted.unit, places),
        Filter("node", gettext("流程节点"), wanted.node, steps),
    )


def _row(viewer: Viewer, row, who: dict[str, Named]) -> Row:  # type: ignore[no-untyped-def]
    case, open_ = row.liability.case, liability.shows_case(viewer, row)
    person = who[row.person].name if row.person in who else ""
    may = case.state == State.SIGNING and viewer.sees(row.unit.path)
    return Row(
        (
            Cell(f"{row.unit.name} · {nodes.title(row.node, lang())}", small=person),
            Cell(percent_of(row.percent), short=True),
            Cell(lines="\n".join(row.evidence)),
            Cell(
                case.number,
                reverse("case", args=(case.number,)) if open_ else "",
                rules.label("responsibility", row.liability.cause, lang()),
            ),
            Cell(
                gettext("提出异议") if may else rules.label("state", case.state, lang()),
                reverse("liability_object", args=(row.pk,)) if may else "",
                local(row.signed_at) if row.signed_at else "",
            ),
        )
    )


@require_http_methods(["GET", "POST"])
def objecting(request: HttpRequest, share_id: int) -> HttpResponse:
    """Object to a share of one's own unit."""
    viewer = request.viewer  # type: ignore[attr-defined]
    row = liability.own(viewer, share_id)
    asked = next(step for step in table.DECIDING if step.verb == "object_share").form
    ask = Ask(
        gettext("对责任比例提出异议"),
        [one for one in asked if one.name != "share_line"],
        gettext("提出异议"),
        reverse("liabilities"),
        gettext("已提出异议，等待答复。"),
        intro=" · ".join([_line(row), *row.evidence]),
    )

    def do(typed: dict[str, str]) -> None:
        form = typed | {"share_line": str(row.seq)}
        object_to(viewer=viewer, number=row.liability.case.number, form=form, now=timezone.now())

    return answer(request, ask, do)


@require_GET
def trainings(request: HttpRequest) -> HttpResponse:
    """List what people have to be trained in, with the count of each unit above."""
    query = register.only(request.GET.dict(), {"unit", "page"})
    viewer, at = request.viewer, register.page_of(query)  # type: ignore[attr-defined]
    unit, start = query.get("unit", ""), listing.start_of(at, SIZE)
    found = list(liability.trainings(viewer, unit)[start : start + SIZE + 1])
    who = named(one.person for one in found)
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    return register.listed(
        request,
        Listed(
            title=gettext("培训需求"),
            intro=gettext("签认为员工行为的责任认定，写明了欠缺什么技能：按单位计数，一条对应一次责任认定。"),
            heads=(
                Head(gettext("单位"), wide=True),
                Head(gettext("欠缺的技能")),
                Head(gettext("流程节点")),
                Head(gettext("责任认定")),
                Head(gettext("签认时间")),
            ),
            rows=[_need(viewer, one, who) for one in found[:SIZE]],
            filters=(Filter("unit", gettext("单位"), unit, places),),
            buttons=(Button(gettext("责任认定"), reverse("liabilities"), "chevron-left"),),
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有培训需求"),
                gettext("责任认定提请时原因选“员工个人行为”、写明欠缺的技能，签认后列在这里。"),
                "users",
                calm=True,
            ),
        ),
        template="web/trainings.html",
        tallies=[
            (name, rules.label("reason.skill_gap", skill, lang()), n)
            for name, skill, n in liability.trainings_by_unit(viewer, unit)
        ],
    )


def _need(viewer: Viewer, one, who: dict[str, Named]) -> Row:  # type: ignore[no-untyped-def]
    case = one.liability.case
    seen = viewer.sees(case.unit.path) and not case.restricted
    return Row(
        (
            Cell(one.unit.name, small=who[one.person].name if one.person else ""),
            Cell(rules.label("reason.skill_gap", one.skill, lang())),
            Cell(nodes.title(one.node, lang())),
            Cell(case.number, reverse("case", args=(case.number,)) if seen else ""),
            Cell(local(one.at), short=True),
        )
    )


urls = [
    path("liability/", page, name="liabilities"),
    path("liability/trainings/", trainings, name="trainings"),
    path("liability/share/<int:share_id>/object/", objecting, name="liability_object"),
]
