"""Disconnections for arrears: the list, registering one, what the page of a case says of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from suyuan.actions import disconnection as actions
from suyuan.domain.disconnection import FORM, HOURS, PAYERS, Demand
from suyuan.store import rules
from suyuan.store.queries import disconnections, listing, org
from suyuan.store.queries.disconnections import Wanted
from suyuan.store.queries.viewer import Viewer

from . import access, handed_once, register
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import lang, local

SIZE = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List those in reach."""
    query = register.only(request.GET, {"state", "payer", "unit", "page"})
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    at, now = register.page_of(query), timezone.now()
    wanted = Wanted(query.get("state", "open"), query.get("payer", ""), query.get("unit", ""))
    start = listing.start_of(at, SIZE)
    rows = list(disconnections.listed(viewer, wanted)[start : start + SIZE + 1])
    may = access.may_open(request, "disconnection_open")
    add = Button(gettext("登记欠费"), reverse("disconnection_open"), "plus", primary=True) if may else None
    return register.listed(
        request,
        Listed(
            title=gettext("欠费停电"),
            intro=gettext(
                "先通知、满天数、第二人批准、停电前再提醒，凭证齐全才能停电；缴清后按承诺的时限复电。"
            ),
            heads=_heads(),
            rows=[_row(one, now) for one in rows[:SIZE]],
            filters=_filters(viewer, wanted),
            buttons=[add] if add else [],
            page=at,
            has_next=len(rows) > SIZE,
            empty=Empty(
                gettext("没有这样的欠费停电单"),
                gettext("按户号登记欠费后，从这里看到走到哪一步、几时该复电。"),
                "bolt",
                add,
                calm=add is None,
            ),
        ),
    )


def _filters(viewer: Viewer, wanted: Wanted) -> tuple[Filter, ...]:
    states = [
        ("open", gettext("在办")),
        ("approve", gettext("待批准")),
        ("cut", gettext("已批准，未停电")),
        ("off", gettext("已停电，待缴费")),
        ("reconnect", gettext("已缴清，待复电")),
        ("closed", gettext("已结束")),
    ]
    payers = [(one, rules.label("payer_class", one, lang())) for one in PAYERS]
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    return (
        Filter("state", gettext("状态"), wanted.state, states),
        Filter("payer", rules.label("field", "payer_class", lang()), wanted.payer, payers),
        Filter("unit", gettext("单位"), wanted.unit, places),
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("欠费停电"), wide=True),
        Head(gettext("单位")),
        Head(rules.label("field", "payer_class", lang())),
        Head(rules.label("field", "arrears", lang())),
        Head(rules.label("field", "arrears_since", lang())),
        Head(gettext("在哪里")),
        Head(gettext("通知")),
        Head(gettext("停电时间")),
        Head(gettext("到期")),
    )


def _row(one, now: datetime) -> Row:  # type: ignore[no-untyped-def]
    case = one.case
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,)), case.brief),
            Cell(case.unit.name),
            Cell(rules.label("payer_class", one.payer, lang())),
            Cell(f"{one.amount:,}"),
            Cell(f"{one.arrears_since:%Y-%m-%d}", short=True),
            Cell(rules.label("state", case.state, lang())),
            Cell(local(one.noticed_at), short=True),
            Cell(local(one.cut_at), short=True),
            Cell(local(case.next_due_at), light=listing.light(case, now), short=True),
        )
    )


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Register that an account is in arrears."""
    ask = Ask(
        gettext("登记欠费"),
        FORM,
        gettext("登记"),
        reverse("disconnections"),
        gettext("已登记，下一步是发停电通知并留凭证。"),
        intro=gettext("户号须在客户档案里；档案不知道用户类别时才填类别。户号只用来找到这一户，不进经过。"),
        makes=True,
    )

    def do(typed: dict[str, str]) -> None:
        def make() -> str:
            actor = request.viewer.actor  # type: ignore[attr-defined]
            return actions.register(actor=actor, form=dict(typed), now=timezone.now())

        handed_once.number(request, typed, make)

    return answer(request, ask, do)


def panel(case) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """Return what the page of a disconnection shows: what was given when, and what has to come first."""
    found = disconnections.of_case(case)
    if found is None:
        return {}
    way = rules.label("reason.notice_way", found.notice_way, lang()) if found.notice_way else ""
    facts = (
        (rules.label("field", "arrears", lang()), f"{found.amount:,}"),
        (rules.label("field", "arrears_since", lang()), f"{found.arrears_since:%Y-%m-%d}"),
        (gettext("通知"), " · ".join(filter(None, (local(found.noticed_at), way)))),
        (gettext("抄送电力管理部门"), gettext("已抄送") if found.copied else ""),
        (gettext("停电前提醒"), local(found.reminded_at)),
        (gettext("停电时间"), local(found.cut_at)),
        (rules.label("field", "paid_on", lang()), f"{found.paid_on:%Y-%m-%d}" if found.paid_on else ""),
    )
    before = case.is_open and found.cut_at is None
    demand = disconnections.demand(found.payer, rules.local_day(timezone.now())) if before else None
    return {
        "disconnection": found,
        "disconnection_facts": [(title, words) for title, words in facts if words],
        "disconnection_rules": _rules(demand, found.noticed_at) if demand else (),
    }


def _rules(demand: Demand, noticed_at: datetime | None) -> Sequence[str]:
    """Return what has to come before the cut, each with its figure and how sure that is."""
    named = {"figure": demand.figure, "certainty": _sure(demand.certainty)}
    said = [
        gettext("欠费超过 %(days)s 天，通知满 %(notice)s 天（%(figure)s，可信程度：%(certainty)s）")
        % {"days": demand.overdue_days_over, "notice": demand.notice_days, **named},
        gettext("停电前至少 %(minutes)s 分钟再次提醒（%(figure)s，可信程度：%(certainty)s）")
        % {
            "minutes": demand.reminder // timedelta(minutes=1),
            "figure": demand.reminder_figure,
            "certainty": _sure(demand.reminder_certainty),
        },
        gettext("只在工作日 %(first)s 时至 %(last)s 时停电（%(figure)s，可信程度：%(certainty)s）")
        % {
            "first": demand.hours.first,
            "last": demand.hours.last,
            "figure": HOURS,
            "certainty": _sure(demand.hours.certainty),
        },
        gettext("重要用户另抄送电力管理部门；有生命维持设备的不停电"),
    ]
    if noticed_at is not None:
        since = noticed_at + timedelta(days=demand.notice_days)
        said.insert(1, gettext("通知天数 %(since)s 满") % {"since": local(since)})
    return said


def _sure(certainty: str) -> str:
    return rules.label("certainty", certainty, lang())


urls = [
    path("disconnections/", page, name="disconnections"),
    path("disconnections/open/", begin, name="disconnection_open"),
]
