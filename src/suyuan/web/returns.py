"""Returns to 12398, 12345 and the press: what is to be reported when, prefilled, and what was filed."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from suyuan.actions import publish
from suyuan.actions.returns import file_return
from suyuan.domain import clock
from suyuan.domain import returns as rule
from suyuan.store import rules
from suyuan.store.queries import cases, listing, org, returns
from suyuan.store.queries.cases import LOCAL
from suyuan.store.queries.returns import Line, Wanted

from . import access, register
from .names import named
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import lang, local

SIZE = 50
DOCUMENT = "returns"


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the returns that are owed, the next due first, or those that were filed."""
    query = register.only(request.GET.dict(), {"state", "channel", "unit", "page"})
    at, now = register.page_of(query), timezone.now()
    wanted = Wanted(query.get("state", "due"), query.get("channel", ""), query.get("unit", ""))
    start = listing.start_of(at, SIZE)
    viewer = request.viewer  # type: ignore[attr-defined]
    if wanted.state == "filed":
        rows = list(returns.filed(viewer, wanted)[start : start + SIZE + 1])
        shown = returns.filed_lines(rows[:SIZE])
    else:
        rows = list(returns.due(viewer, wanted, now)[start : start + SIZE + 1])  # type: ignore[arg-type]
        shown = returns.lines(rows[:SIZE])  # type: ignore[arg-type]
    who = named(one.filed.filed_by for one in shown if one.filed)
    may = access.may_open(request, "return_file")
    return register.listed(
        request,
        Listed(
            title=gettext("转办件回报"),
            intro=gettext(
                "12398、12345、媒体转来的工单，什么时候要向对方报什么，内容已按工单填好；报出后登记日期和回执编号。"
            ),
            heads=_heads(),
            rows=[_row(one, who, now, may=may) for one in shown],
            filters=_filters(viewer, wanted),
            buttons=[_published(now)] if access.may_open(request, "returns_publish") else [],
            page=at,
            has_next=len(rows) > SIZE,
            empty=Empty(
                gettext("没有要报的转办件"),
                gettext("登记工单时渠道选 12398、12345 或媒体，到期前会列在这里。"),
                "send",
                calm=True,
            ),
        ),
    )


def _published(now: datetime) -> Button:
    month = f"{now.astimezone(LOCAL):%Y-%m}"
    return Button(
        gettext("生成本月回报表"),
        f"{reverse('returns_publish')}?period={month}",
        "file-spreadsheet",
        post=True,
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("工单"), wide=True),
        Head(gettext("要报什么")),
        Head(gettext("到期")),
        Head(gettext("办结和结论")),
        Head(gettext("答复（已遮盖）")),
        Head(gettext("报送")),
    )


def _filters(viewer, wanted: Wanted) -> tuple[Filter, ...]:  # type: ignore[no-untyped-def]
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    states = [("due", gettext("待报")), ("overdue", gettext("已超期")), ("filed", gettext("已报"))]
    channels = [(code, rules.label("channel", code, lang())) for code in returns.channels()]
    return (
        Filter("state", gettext("状态"), wanted.state, states),
        Filter("channel", gettext("渠道"), wanted.channel, channels),
        Filter("unit", gettext("单位"), wanted.unit, places),
    )


def _row(one: Line, who, now: datetime, *, may: bool) -> Row:  # type: ignore[no-untyped-def]
    case = one.case
    due = one.due_at
    light = "" if one.filed or due is None else clock.light(due, now, due - listing.AMBER, None).value
    accepted = f"{rules.label('field', 'accepted_at', lang())} {local(case.accepted_at)}"
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,)), case.unit.name),
            Cell(
                rules.label("return_kind", one.kind, lang()),
                small=rules.label("channel", one.channel, lang()),
                short=True,
            ),
            Cell(local(due), small=accepted, light=light, short=True),
            Cell(local(one.done_at), small=rules.label("finding", case.finding, lang())),
            Cell(lines=one.answer[:120]),
            _filed(one, who, may=may),
        )
    )


def _filed(one: Line, who, *, may: bool) -> Cell:  # type: ignore[no-untyped-def]
    if one.filed is not None:
        by = f"{one.filed.filed_on:%Y-%m-%d} {who[one.filed.filed_by].name}"
        return Cell(one.filed.receipt_number, small=by)
    url = reverse("return_file", args=(one.case.number, one.kind)) if may and one.ready else ""
    return Cell(gettext("登记回报") if url else gettext("还不能报"), url, short=True)


@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, number: str, return_kind: str) -> HttpResponse:
    """Ask for the day and the receipt number of a return, beside what it says; record it."""
    viewer, now = request.viewer, timezone.now()  # type: ignore[attr-defined]
    kind = rule.known(return_kind)
    found = cases.get(viewer, number)
    extend = Button(gettext("申请延期"), reverse("return_file", args=(number, rule.EXTENSION)), "clock")
    can_wait = kind == rule.CLOSE and returns.may_extend(found)
    ask = Ask(
        f"{rules.label('return_kind', kind, lang())} · {number}",
        rule.FORMS[kind],
        gettext("登记回报"),
        reverse("returns"),
        gettext("已登记。"),
        intro=gettext("先按对方的方式报出，再在这里登记。报送内容：%(said)s") % {"said": _said(found)},
        values={"filed_on": rules.local_day(now).isoformat()},
        more=[extend] if can_wait else (),
    )

    def do(typed: dict[str, str]) -> None:
        file_return(viewer=viewer, number=number, kind=kind, form=typed, now=now)

    return answer(request, ask, do)


def _said(case) -> str:  # type: ignore[no-untyped-def]
    """Return what a return says, in one line: number, accepted, finding, closed, answer."""
    parts = (
        case.number,
        f"{rules.label('field', 'accepted_at', lang())} {local(case.accepted_at)}",
        rules.label("finding", case.finding, lang()),
        f"{gettext('办结')} {local(case.archived_at)}" if case.archived_at else "",
        returns.answer_of(case),
    )
    return " · ".join(filter(None, parts))


@require_POST
def publish_them(request: HttpRequest) -> HttpResponse:
    """Let a worker prepare the workbook of the returns of a month, of the units in reach."""
    viewer = request.viewer  # type: ignore[attr-defined]
    wanted = publish.Wanted(
        document=DOCUMENT,
        period=request.GET.get("period", ""),
        unit=org.at(viewer.register_paths[0]).code,
        language="en" if (get_language() or "").startswith("en") else "zh-hans",
    )
    publish.queue(wanted=wanted, actor=viewer.actor, now=timezone.now())
    messages.success(request, gettext("已交给后台进程，生成后在此下载。"))
    return redirect("publications")


urls = [
    path("returns/", page, name="returns"),
    path("returns/publish/", publish_them, name="returns_publish"),
    path("returns/<str:number>/<slug:return_kind>/", file, name="return_file"),
]
