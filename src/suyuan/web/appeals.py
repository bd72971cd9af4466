"""Appeals and reviews of claims: what is open, what became of it, and of which unit."""

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.analytics import display
from suyuan.store import rules
from suyuan.store.queries import appeals, listing, org

from . import register
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang, local

SIZE = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the appeals in reach, with what became of those of each unit."""
    query = register.only(request.GET, {"show", "unit", "ground", "page"})
    at, now = register.page_of(query), timezone.now()
    wanted = appeals.Wanted(query.get("show", "open"), query.get("unit", ""), query.get("ground", ""))
    start = listing.start_of(at, SIZE)
    viewer = request.viewer  # type: ignore[attr-defined]
    found = list(appeals.listed(viewer, wanted)[start : start + SIZE + 1])
    return register.listed(
        request,
        Listed(
            title=gettext("申诉"),
            intro=gettext(
                "单位认为一件已归档的工单不该计入考核，逐项核对条件、三级盖章后由未经手的人审定。"
                "成功的不计考核，原来的结论一直并列保留。"
            ),
            heads=_heads(),
            rows=[_row(one, seals, now) for one, seals in _sealed(found[:SIZE])],
            filters=_filters(viewer, wanted),
            buttons=[Button(gettext("恶意诉求认定"), reverse("claims"), "list")],
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有在办的申诉") if wanted.show == "open" else gettext("没有这样的申诉"),
                gettext("工单归档后，责任单位在工单页“提起申诉”，条件、盖章和结果都列在这里。"),
                "list",
                calm=True,
            ),
        ),
        template="web/appeals.html",
        tallies=[_tally(one) for one in appeals.tallies(viewer, wanted.unit)],
    )


def _sealed(found: Sequence) -> list:  # type: ignore[type-arg]
    seals = appeals.seals_of(found)
    return [(one, len(seals[one.pk])) for one in found]


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("申诉"), wide=True),
        Head(gettext("申诉单位")),
        Head(gettext("理由")),
        Head(gettext("盖章")),
        Head(gettext("在哪里")),
        Head(gettext("到期")),
    )


def _filters(viewer, wanted: appeals.Wanted) -> tuple[Filter, ...]:  # type: ignore[no-untyped-def]
    shows = [("open", gettext("在办")), ("upheld", gettext("成立")), ("refused", gettext("不成立"))]
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    grounds = [(one.value, rules.label("reason.appeal", one.value, lang())) for one in appeals.Ground]
    return (
        Filter("show", gettext("范围"), wanted.show, shows),
        Filter("unit", gettext("申诉单位"), wanted.unit, places),
        Filter("ground", gettext("理由"), wanted.ground, grounds),
    )


def _row(one, seals: int, now: datetime) -> Row:  # type: ignore[no-untyped-def]
    case = one.case
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,)), case.brief),
            Cell(case.unit.name, small=case.parent_number),
            Cell(rules.label("reason.appeal", one.ground, lang())),
            Cell(f"{seals}/3", short=True),
            Cell(rules.label("state", case.state, lang())),
            Cell(local(case.next_due_at), light=listing.light(case, now), short=True),
        )
    )


def _tally(one: appeals.Tally) -> tuple[str, str, str, str, str]:
    counts = (display.count(n) for n in (one.filed, one.upheld, one.refused, one.open))
    return (one.unit, *counts)  # type: ignore[return-value]


@require_GET
def claims(request: HttpRequest) -> HttpResponse:
    """List the reviews of claims in reach; nothing on it says who the customer is."""
    query = register.only(request.GET, {"show", "page"})
    at, now, show = register.page_of(query), timezone.now(), query.get("show", "pending")
    start = listing.start_of(at, SIZE)
    found = list(appeals.claims(request.viewer, show, now)[start : start + SIZE + 1])  # type: ignore[attr-defined]
    shows = [("pending", gettext("认定中")), ("in_force", gettext("有效")), ("over", gettext("不再有效"))]
    return register.listed(
        request,
        Listed(
            title=gettext("恶意诉求认定"),
            intro=gettext("从不自动认定：两个未经手的人分别认定，写明理由，到期自动失效；原工单照常办理。"),
            heads=(
                Head(gettext("认定"), wide=True),
                Head(gettext("单位")),
                Head(gettext("表现")),
                Head(gettext("结果")),
                Head(gettext("有效至")),
            ),
            rows=[_claim(one, now) for one in found[:SIZE]],
            filters=(Filter("show", gettext("范围"), show, shows),),
            buttons=[Button(gettext("申诉"), reverse("appeals"), "list")],
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有这样的认定"),
                gettext("在工单页“提请恶意诉求认定”，附上录音、录像等证据；在此期间工单照常办理。"),
                "list",
                calm=True,
            ),
        ),
    )


def _claim(one, now: datetime) -> Row:  # type: ignore[no-untyped-def]
    case = one.case
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,)), case.parent_number),
            Cell(case.unit.name),
            Cell(rules.label("reason.claim", one.sign, lang())),
            Cell(rules.label("claim_standing", appeals.standing(one, now).value, lang())),
            Cell(local(one.until), short=True),
        )
    )


urls = [path("appeals/", page, name="appeals"), path("claims/", claims, name="claims")]
