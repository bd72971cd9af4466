"""Campaigns: their goals, each day's complaints against the baseline, their improvements."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from suyuan.actions import campaign as actions
from suyuan.analytics import display
from suyuan.domain.campaign import ADD_FORM, CLOSE_FORM, FORM, GROUPS, Day
from suyuan.store import rules
from suyuan.store.queries import campaigns as queries
from suyuan.store.queries import desks, improvements, listing

from . import access, charts, handed_once, register
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import joined, lang

SIZE = 50
both = require_http_methods(["GET", "POST"])


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the campaigns in reach."""
    query = register.only(request.GET, {"state", "page"})
    at, state = register.page_of(query), query.get("state", "open")
    start, viewer = listing.start_of(at, SIZE), request.viewer  # type: ignore[attr-defined]
    found = list(queries.listed(viewer, state)[start : start + SIZE + 1])
    may = access.may_open(request, "campaign_open")
    opens = Button(gettext("开展专项"), reverse("campaign_open"), "plus", primary=True) if may else None
    titles = (gettext("目标"), gettext("责任单位"), gettext("起止"), gettext("改进事项"), gettext("结果"))
    states = [("open", gettext("在办")), ("closed", gettext("已结束"))]
    return register.listed(
        request,
        Listed(
            title=gettext("专项治理"),
            intro=gettext(
                "把同一个目标下的改进事项集中起来：谁负责、从哪天到哪天，每天的投诉比基线多还是少。"
            ),
            heads=[Head(title, wide=not place) for place, title in enumerate(titles)],
            rows=[_row(one) for one in found[:SIZE]],
            filters=(Filter("state", gettext("状态"), state, states),),
            buttons=[_five(), opens] if opens else [],
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有这样的专项"),
                gettext("同一类投诉反复出现时开展专项：选投诉分类或一类不规范五项，定基线和起止日期。"),
                "tool",
                opens,
            ),
        ),
    )


def _five() -> Button:
    return Button(gettext("开展一类五项专项"), f"{reverse('campaign_open')}?group={GROUPS[0]}", "flag")


def _row(one) -> Row:  # type: ignore[no-untyped-def]
    return Row(
        (
            Cell(one.goal, reverse("campaign", args=(one.pk,)), f"#{one.pk}"),
            Cell(one.unit.name),
            Cell(f"{one.starts_on:%Y-%m-%d} – {one.ends_on:%Y-%m-%d}"),
            Cell(one.improvements),
            Cell(_ended(one)),
        )
    )


def _ended(one) -> str:  # type: ignore[no-untyped-def]
    if one.closed_at is None:
        return ""
    return gettext("达到目标") if one.reached else gettext("没有达到目标")


@require_GET
def show(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show one campaign: its track, and the improvements that belong to it."""
    register.only(request.GET, frozenset())
    viewer = request.viewer  # type: ignore[attr-defined]
    one = queries.campaign(viewer, campaign_id)
    days = queries.days(one, timezone.now())
    titles = (
        gettext("改进事项"),
        gettext("类别"),
        gettext("责任单位"),
        gettext("在哪里"),
        gettext("完成期限"),
    )
    none = gettext("还没有列入改进事项")
    return register.listed(
        request,
        Listed(
            title=f"{gettext('专项')} #{one.pk} · {one.goal}",
            heads=[Head(title, wide=not place) for place, title in enumerate(titles)],
            rows=[_entry(each) for each in queries.improvements(viewer, one)],
            empty=Empty(none, gettext("改进事项登记以后，在这里列入专项，一起看成效。"), "tool", calm=True),
            buttons=_buttons(request, one),
        ),
        template="web/campaign.html",
        campaign=one,
        ended=_ended(one),
        chart=_chart(one, days),
        days=[_day(each) for each in reversed(days)],
        facts=[*_facts(one, days), *_items(one)],
    )


def _usual(one) -> float:  # type: ignore[no-untyped-def]
    return float(one.baseline / one.span.baseline_days)


def _chart(one, days: list[Day]) -> charts.Option:  # type: ignore[no-untyped-def]
    names, counts = [f"{each.day:%m-%d}" for each in days], [each.n for each in days]
    return charts.track(names, counts, _usual(one), (gettext("当天投诉"), gettext("基线日均")))


def _facts(one, days: list[Day]) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    """Return what the campaign is about: whose, when, which complaints, and how they stand."""
    counted = joined(rules.label("category", code, lang()) for code in one.categories)
    before = gettext("%(from)s 起 %(days)s 天 %(n)s 件，日均 %(usual)s") % {
        "from": f"{one.baseline_from:%Y-%m-%d}",
        "days": one.span.baseline_days,
        "n": one.baseline,
        "usual": display.rounded(_usual(one)),
    }
    now = days[-1]
    so_far = f"{display.count(now.total)} / {display.rounded(now.expected)} ({_apart(now)})"
    return [
        (gettext("责任单位"), one.unit.name),
        (gettext("起止"), f"{one.starts_on:%Y-%m-%d} – {one.ends_on:%Y-%m-%d}"),
        (gettext("计入的投诉"), counted or gettext("全部投诉")),
        (gettext("基线"), before),
        (gettext("累计 / 按基线应有"), so_far),
    ]


def _items(one) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    """Return the count since the start of each category, where there is more than one."""
    if len(one.categories) < 2:
        return []
    found = queries.items(one, timezone.now())
    said = joined(f"{rules.label('category', code, lang())} {display.count(n)}" for code, n in found)
    return [(gettext("各项累计"), said)]


def _apart(one: Day) -> str:
    """Return how far the count since the start lies from what the baseline would have brought."""
    apart = one.total - one.expected
    sign = "+" if apart > 0 else "−" if apart < 0 else ""
    return f"{sign}{display.rounded(abs(apart))}"


def _day(one: Day) -> tuple[str, str, str, str, str]:
    counts = (display.count(one.n), display.count(one.total), display.rounded(one.expected), _apart(one))
    return (f"{one.day:%Y-%m-%d}", *counts)


def _buttons(request: HttpRequest, one) -> list[Button]:  # type: ignore[no-untyped-def]
    back = Button(gettext("全部专项"), reverse("campaigns"), "chevron-left")
    if one.closed_at is not None or not access.may_open(request, "campaign_add"):
        return [back]
    return [
        back,
        Button(gettext("列入改进事项"), reverse("campaign_add", args=(one.pk,)), "plus", primary=True),
        Button(gettext("结束专项"), reverse("campaign_close", args=(one.pk,)), "circle-check"),
    ]


def _entry(one) -> Row:  # type: ignore[no-untyped-def]
    case = one.case
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,)), case.brief),
            Cell(rules.label("improvement_kind", one.kind, lang())),
            Cell(case.unit.name),
            Cell(rules.label("state", case.state, lang())),
            Cell(f"{one.due_on:%Y-%m-%d}" if one.due_on else gettext("还没有计划"), short=True),
        )
    )


@both
def begin(request: HttpRequest) -> HttpResponse:
    """Open a campaign; that on the five class 1 items begins with its days filled in."""
    group, values = register.only(request.GET, {"group"}).get("group", ""), dict[str, str]()
    if group:
        desks.known("group", group, GROUPS[:1])
        values = {"goal": gettext("一类不规范投诉专项整治"), **queries.five(timezone.now())}
    ask = Ask(
        gettext("开展专项"),
        FORM,
        gettext("开展"),
        reverse("campaigns"),
        gettext("已开展。"),
        intro=gettext(
            "基线是从起算日到开始前一天的投诉件数，开展时清点一次。"
            "投诉分类和考核口径最多选一项，都不选则全部投诉都算。"
        ),
        values=values,
        makes=True,
    )
    viewer = request.viewer  # type: ignore[attr-defined]

    def do(typed: dict[str, str]) -> None:
        def make() -> str:
            return str(actions.open_campaign(viewer=viewer, form=typed, now=timezone.now()))

        handed_once.number(request, typed, make)

    return answer(request, ask, do)


@both
def add(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Let an improvement belong to a campaign."""
    viewer, now = request.viewer, timezone.now()  # type: ignore[attr-defined]
    one = queries.campaign(viewer, campaign_id)
    ask = Ask(
        f"{gettext('列入改进事项')} · {one.goal}",
        ADD_FORM,
        gettext("列入"),
        reverse("campaign", args=(campaign_id,)),
        gettext("已列入。"),
        intro=gettext("填改进事项的编号；一个改进事项只属于一个专项。"),
        suggest={"improvement": _free(viewer, now)},
    )

    def do(typed: dict[str, str]) -> None:
        actions.add_improvement(viewer=viewer, campaign=campaign_id, form=typed, now=now)

    return answer(request, ask, do)


def _free(viewer, now: datetime) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    """Return the open entries in reach that belong to no campaign yet."""
    rows = improvements.listed(viewer, improvements.Wanted(), now).filter(campaign=None)[:SIZE]
    return [(one.case.number, one.case.brief) for one in rows]


@both
def close(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Close a campaign."""
    viewer, now = request.viewer, timezone.now()  # type: ignore[attr-defined]
    one = queries.campaign(viewer, campaign_id)
    still = sum(each.case.is_open for each in queries.improvements(viewer, one))
    left = gettext("还有 %(n)s 项改进没有办完，结束后照常办理。") % {"n": still} if still else ""
    ask = Ask(
        f"{gettext('结束专项')} · {one.goal}",
        CLOSE_FORM,
        gettext("结束"),
        reverse("campaign", args=(campaign_id,)),
        gettext("已结束。"),
        intro=f"{gettext('写明目标是否达到、凭什么说；当时的件数记入历史。')}{left}",
    )

    def do(typed: dict[str, str]) -> None:
        actions.close_campaign(viewer=viewer, campaign=campaign_id, form=typed, now=now)

    return answer(request, ask, do)


urls = [
    path("campaigns/", page, name="campaigns"),
    path("campaigns/open/", begin, name="campaign_open"),
    path("campaigns/<int:campaign_id>/", show, name="campaign"),
    path("campaigns/<int:campaign_id>/add/", add, name="campaign_add"),
    path("campaigns/<int:campaign_id>/close/", close, name="campaign_close"),
]
