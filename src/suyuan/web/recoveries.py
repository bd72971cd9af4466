"""The golden time of recovery: on the page of a case, recording what was done, and what delay costs."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from suyuan.actions import recovery
from suyuan.analytics import display
from suyuan.analytics import period as periods
from suyuan.analytics.effects import delay
from suyuan.analytics.effects.delay import Group, Landmark
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.recovery import FORM, MAY
from suyuan.store import rules
from suyuan.store.queries import cases, recoveries
from suyuan.store.queries.cases import LOCAL
from suyuan.store.queries.viewer import Viewer

from . import register
from .register import Cell, Empty, Filter, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import lang, local


def report(viewer: Viewer, period: periods.Period, now: datetime) -> list[Landmark]:
    """Return what delay costs in the cases in reach of a period, by the landmarks of the rulebook."""
    said = rules.rulebook().figures[recoveries.REPORT][-1].terms
    found = recoveries.courses(viewer, period, now)
    return delay.report(found, said["landmarks"], said["horizon_hours"], said["least"])


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show what came of cases by how soon somebody turned to the customer."""
    query = register.only(request.GET, frozenset({"period"}))
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now = timezone.now()
    asked = periods.parse(query.get("period") or f"{now.astimezone(LOCAL):%Y}")
    if asked.first is None:  # every case there is: for the command, not while somebody waits
        raise BadInput("unknown_value", field="period", value=asked.label)
    found = report(viewer, asked, now)
    return register.listed(
        request,
        Listed(
            title=gettext("补救成本"),
            intro=" ".join(map(told, found)),
            heads=_heads(),
            rows=[row for one in found for row in _rows(one)] if _any(found) else [],
            filters=(
                Filter(
                    "period",
                    gettext("受理期间"),
                    asked.label,
                    _periods(asked.label, now),
                ),
            ),
            empty=Empty(
                gettext("这段时间没有可看的工单"),
                gettext("有不满意迹象、并且已经过了观察期的工单列在这里。"),
                "history",
                calm=True,
            ),
        ),
        template="web/recoveries.html",
    )


def _any(found: list[Landmark]) -> bool:
    return any(one.soon.n + one.later.n for one in found)


def _periods(label: str, now: datetime) -> list[tuple[str, str]]:
    year = now.astimezone(LOCAL).year
    return [(one, one) for one in dict.fromkeys([label, str(year), str(year - 1)])]


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("首个迹象之后"), wide=True),
        Head(gettext("件数"), number=True),
        Head(gettext("其后升级"), number=True),
        Head(gettext("其后每件再次催办"), number=True),
        Head(gettext("办结小时中位数"), number=True),
    )


def _rows(one: Landmark) -> list[Row]:
    soon = gettext("%(hours)s 小时内已补救") % {"hours": one.hours}
    later = gettext("%(hours)s 小时时还没有补救") % {"hours": one.hours}
    return [_row(soon, one.soon), _row(later, one.later)]


def _row(title: str, group: Group) -> Row:
    escalated = _between(group.escalated_low, group.escalated_high, 100)
    contacts = _between(group.contacts_low, group.contacts_high, 1)
    each = "—" if group.contacts_each is None else display.rounded(group.contacts_each)
    hours = "—" if group.hours is None else display.rounded(group.hours)
    return Row(
        (
            Cell(title),
            Cell(group.n),
            Cell(
                f"{group.escalated}/{group.n}",
                small=f"{escalated} %" if escalated else "",
            ),
            Cell(each, small=contacts),
            Cell(hours, small=gettext("%(n)s 件已办结") % {"n": group.archived}),
        )
    )


def _between(low: float | None, high: float | None, times: int) -> str:
    if low is None or high is None:
        return ""
    return f"{display.rounded(low * times)}–{display.rounded(high * times)}"


def told(one: Landmark) -> str:
    """Return in one sentence what can be said of a landmark."""
    if one.ratio is None or one.low is None or one.high is None:
        return gettext("%(hours)s 小时：数据太少，不能判断。") % {"hours": one.hours}
    words = {
        "later_costs": gettext("晚补救的升级更多"),
        "later_costs_less": gettext("晚补救的升级更少"),
        "cannot_tell": gettext("不能判断"),
    }
    between = f"{display.rounded(one.ratio)} ({display.rounded(one.low)}–{display.rounded(one.high)})"
    return gettext("%(hours)s 小时：%(words)s，为 %(ratio)s 倍。") % {
        "hours": one.hours,
        "words": words[one.verdict],
        "ratio": between,
    }


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Record what was done for the customer of a case."""
    query = register.only(request.GET, frozenset({"case"}))
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now = timezone.now()
    case = cases.get(viewer, query.get("case", ""))
    if case.restricted:
        raise Refused("not_found", case=case.number)
    ask = Ask(
        gettext("登记补救"),
        FORM,
        gettext("登记"),
        reverse("case", args=(case.number,)),
        gettext("已登记补救。"),
        intro=gettext("写明为客户做了什么；电话联系、上门等环节本身已经算补救，不必重复登记。"),
    )

    def do(typed: dict[str, str]) -> None:
        recovery.recover(number=case.number, actor=viewer.actor, form=dict(typed), now=now)

    return answer(request, ask, do)


def panel(viewer: Viewer, case, now: datetime) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """Return the clock of a case as its page shows it; nothing where no sign of discontent is on record."""
    if case.restricted or (found := recoveries.watch(case)) is None:
        return {}
    state = found.state(now)
    return {
        "recovery": found,
        "recovery_state": state,
        "recovery_says": says(found, state, now),
        "recovery_acts": [
            (rules.label("verb", one.verb, lang()), local(one.at), _kind(one.form))
            for one in recoveries.acts(case, found.sign.at)
        ],
        "may_recover": bool(viewer.actor.over_case(case.unit.path) & MAY),
    }


def _kind(form) -> str:  # type: ignore[no-untyped-def]
    kind = str(form.get("recovery_kind", ""))
    return rules.label("reason.recovery_kind", kind, lang()) if kind else ""


def says(found, state: str, now: datetime) -> str:  # type: ignore[no-untyped-def]
    """Return in words how a clock stands."""
    ended = found.acted.at if found.acted else now
    hours = abs((found.due - ended).total_seconds()) / 3600
    words = {
        "running": gettext("还剩 %(hours)s 小时"),
        "over": gettext("已过 %(hours)s 小时，还没有补救"),
        "in_time": gettext("及时补救，早 %(hours)s 小时"),
        "late": gettext("补救晚了 %(hours)s 小时"),
    }
    return words[state] % {"hours": display.rounded(hours, 1)}


urls = [
    path("recovery/", page, name="recoveries"),
    path("recovery/record/", begin, name="recovery_record"),
]
