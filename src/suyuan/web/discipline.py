"""The audit desk's queue: misconduct reports and restricted complaints, with their clock."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.analytics import display
from suyuan.domain.errors import BadInput
from suyuan.store import rules
from suyuan.store.queries import discipline, listing

from . import register
from .names import Named, named
from .register import Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang, local

SIZE = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the restricted cases in reach, the next due first, and where the clock ran out."""
    query, now = register.only(request.GET, {"show", "page"}), timezone.now()
    if (show := query.get("show", "")) not in ("", "closed"):
        raise BadInput("unknown_value", field="show", value=show[:40])
    viewer, at = request.viewer, register.page_of(query)  # type: ignore[attr-defined]
    start = listing.start_of(at, SIZE)
    found = discipline.mine(viewer, closed=show == "closed", start=start, stop=start + SIZE + 1)
    shown = found[:SIZE]
    clocks = discipline.clocks(shown)
    people = named({case.entrusted for case in shown})
    return register.listed(
        request,
        Listed(
            title=gettext("举报与限制查阅"),
            intro=gettext("只有监审、领导和指定经办人看得到。被反映单位的人看不到，也不能经办。"),
            heads=(
                Head(gettext("工单"), wide=True),
                Head(gettext("被反映单位")),
                Head(gettext("在哪里")),
                Head(gettext("三个工作日核实")),
                Head(gettext("答复时限")),
            ),
            rows=[_row(case, clocks.get(case.pk), people, listing.light(case, now), now) for case in shown],
            filters=[Filter("show", gettext("范围"), show, [("closed", gettext("已办结的"))])],
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有限制查阅的工单"),
                gettext("登记为举报、归入行风类，或指明被反映单位的工单，会在这里。"),
                "lock",
                calm=True,
            ),
        ),
        template="web/discipline.html",
        exceeded=[(one.unit, display.share(one.n, one.of)) for one in discipline.exceeded(viewer, now)],
        limit=_limit(),
    )


def _limit() -> tuple[str, str, str]:
    """Return the limit's title, its source and how sure it is."""
    limit = rules.rulebook().limits[discipline.FAMILY][-1]
    return getattr(limit.title, lang()), limit.basis, rules.label("certainty", limit.certainty, lang())


def _row(case, clock, people: dict[str, Named], light: str, now: datetime) -> Row:  # type: ignore[no-untyped-def]
    kind = rules.label("business_type", case.business_type, lang())
    marks = [rules.label("secrecy", case.secrecy, lang())] if case.secrecy else []
    who = gettext("指定 %(name)s") % {"name": people[case.entrusted]} if case.entrusted else ""
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,)), kind, marks=marks),
            Cell(case.accused.name if case.accused else ""),
            Cell(rules.label("state", case.state, lang()), small=f"{case.unit.name} {who}".strip()),
            _clock(clock, now),
            Cell(local(case.next_due_at), light=light, short=True),
        )
    )


def _clock(clock, now: datetime) -> Cell:  # type: ignore[no-untyped-def]
    if clock is None:
        return Cell()
    late = clock.stopped_at > clock.due_at if clock.stopped_at else clock.due_at <= now
    marks = [f"!{gettext('超时')}"] if late else [gettext("已核实")] if clock.stopped_at else []
    return Cell(local(clock.due_at), marks=marks, short=True)


urls = [path("discipline/", page, name="discipline")]
