"""Vetoes of rewards, and who may be rewarded in a period beside what speaks against its silence."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.analytics import display
from suyuan.analytics import period as periods
from suyuan.store import rules
from suyuan.store.queries import ledger, listing, org, vetoes
from suyuan.store.queries.cases import LOCAL
from suyuan.store.queries.viewer import Viewer

from . import register
from .names import Named, named
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang

SIZE = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the vetoes in reach: those that stand, wait, or are over."""
    query = register.only(request.GET.dict(), {"show", "unit", "page"})
    viewer, at = request.viewer, register.page_of(query)  # type: ignore[attr-defined]
    show, unit = query.get("show", "standing"), query.get("unit", "")
    start, today = listing.start_of(at, SIZE), rules.local_day(timezone.now())
    found = list(vetoes.listed(viewer, show, unit, today)[start : start + SIZE + 1])
    who = named(one.person for one in found)
    return register.listed(
        request,
        Listed(
            title=gettext("一票否决"),
            intro=gettext(
                "属实的投诉提出、第二人签认；有效期内，单位和其人员不参加评先、不得奖励。可以申诉，由第三人决定。"
            ),
            heads=(
                Head(gettext("单位或个人"), wide=True),
                Head(gettext("情形")),
                Head(gettext("期限")),
                Head(gettext("否决单")),
                Head(gettext("状态")),
            ),
            rows=[_row(one, who) for one in found[:SIZE]],
            filters=_filters(viewer, show, unit),
            buttons=(Button(gettext("评先资格"), reverse("eligible"), "list"),),
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有一票否决"),
                gettext("在属实的投诉工单上点“提出一票否决”，写明单位、情形、证据和到哪一天。"),
                "circle-check",
                calm=True,
            ),
        ),
    )


def _filters(viewer: Viewer, show: str, unit: str) -> tuple[Filter, ...]:
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    shows = [
        ("standing", gettext("有效")),
        ("waiting", gettext("待签认或申诉中")),
        ("over", gettext("已结束")),
    ]
    return (
        Filter("show", gettext("范围"), show, shows),
        Filter("unit", gettext("单位"), unit, places),
    )


def _row(one, who: dict[str, Named]) -> Row:  # type: ignore[no-untyped-def]
    case = one.case
    begins = f"{one.begins_on:%Y-%m-%d}" if one.begins_on else "…"
    return Row(
        (
            Cell(one.unit.name, small=who[one.person].name if one.person else ""),
            Cell(rules.label("reason.veto", one.reason, lang()), small=one.evidence),
            Cell(f"{begins} – {one.until_on:%Y-%m-%d}", short=True),
            Cell(case.number, reverse("case", args=(case.number,))),
            Cell(rules.label("state", case.state, lang())),
        )
    )


@require_GET
def eligible(request: HttpRequest) -> HttpResponse:
    """List the teams in reach: who may be rewarded in a period, and whether their silence can be believed."""
    query = register.only(request.GET.dict(), {"period", "page"})
    viewer, at = request.viewer, register.page_of(query)  # type: ignore[attr-defined]
    now = timezone.now()
    period = ledger.whole(periods.parse(query.get("period") or f"{now.astimezone(LOCAL):%Y-%m}"))
    start = listing.start_of(at, SIZE)
    teams = list(vetoes.teams(viewer)[start : start + SIZE + 1])
    today = rules.local_day(now)
    return register.listed(
        request,
        Listed(
            title=gettext("评先资格"),
            intro=gettext(
                "有一票否决的不能评先。零投诉要和疑点一起看：来电、12345、12398、留言都在，登记的投诉却是零，可能是漏登。"
            ),
            heads=(
                Head(gettext("班组或单位"), wide=True),
                Head(gettext("资格")),
                Head(gettext("登记的投诉"), number=True),
                Head(gettext("零投诉天数"), number=True),
                Head(gettext("疑点")),
            ),
            rows=[_team(one, today) for one in vetoes.candidates(period, teams[:SIZE])],
            filters=(Filter("period", gettext("时期"), period.label),),
            buttons=(Button(gettext("一票否决"), reverse("vetoes"), "chevron-left"),),
            page=at,
            has_next=len(teams) > SIZE,
            empty=Empty(gettext("没有班组"), gettext("先装入组织单位。"), "building", calm=True),
        ),
    )


def _team(one: vetoes.Candidate, today) -> Row:  # type: ignore[no-untyped-def]
    until = f"{one.veto.until_on:%Y-%m-%d}" if one.veto else ""
    days = one.silence.days(today)
    return Row(
        (
            Cell(one.unit.name),
            Cell(
                gettext("可以评先") if one.eligible else gettext("一票否决"),
                small="" if one.eligible else gettext("到 %(day)s") % {"day": until},
                marks=() if one.eligible else ("!" + gettext("不能评先"),),
            ),
            Cell(display.count(one.complaints), short=True),
            Cell("—" if days is None else display.count(days), short=True),
            Cell(lines=doubts(one.silence)),
        )
    )


def doubts(found) -> str:  # type: ignore[no-untyped-def]
    """Return what speaks against the silence of a unit, a line each, with the calls there were."""
    appealed = [("appealed", n) for n in [found.signs["appealed"]] if n]
    every = [("calls", found.signs["calls"]), *appealed, *found.doubts]
    return "\n".join(f"{rules.label('silence', sign, lang())} {display.count(n)}" for sign, n in every if n)


urls = [
    path("veto/", page, name="vetoes"),
    path("veto/eligible/", eligible, name="eligible"),
]
