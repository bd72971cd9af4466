"""The first page: one sentence and three cards; the week and the calls behind two of them."""

import functools
from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.actions import traced
from suyuan.analytics import display, period, ranking
from suyuan.analytics import week as method
from suyuan.analytics.week import Judged, Week
from suyuan.domain.order import UNASSIGNED
from suyuan.domain.vocabulary import Role
from suyuan.store import event_log
from suyuan.store.queries import restricted, rulebook, second
from suyuan.store.queries.cases import LOCAL
from suyuan.store.queries.viewer import Viewer

from . import access, beginning, calls, charts, figures, register, rules, shown, trace, traces
from .ahead import ahead
from .figures import Stand
from .templatetags.ui import joined, label, lang

FEW = 5
"""So many lines stand on a card; its page holds them all."""
PATIENCE = 0.3
"""So many seconds the page waits for a log that is being learned from; then its card says so."""


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what matters today in one sentence and three cards."""
    viewer, now = request.viewer, timezone.now()  # type: ignore[attr-defined]
    at = figures.stand(now)
    latest = _latest(viewer, at)
    routes = viewer.roles & {Role.OFFICE, Role.LEAD}
    waiting = {"unit": UNASSIGNED, "unplaced": restricted.without_unit(viewer) if routes else 0}
    waiting |= _roles_waiting(request) | {"to_decide": rulebook.to_decide(viewer.actor)}
    if latest is None:
        shown = waiting | {
            "waiting": restricted.any_seen(viewer),
            "shut": not viewer.paths and Role.ADMIN in viewer.roles,
            "may_import": access.may_open(request, "import"),
            "steps": beginning.steps(request),
        }
        return render(request, "web/home_empty.html", shown)
    week = _week(at, _last_week(latest, now), viewer.paths)
    today = calls.today(viewer, at, now)
    learning = traced.is_busy(PATIENCE)
    found, more = (None, 0) if learning else traces.first(viewer)
    return render(
        request,
        "web/home.html",
        waiting
        | {
            "at": at,
            "until": ends_at(latest, now),
            "steps": beginning.steps(request),
            "sentence": sentence(week, today),
            "week": week,
            "high": week.named(ranking.HIGH),
            "lines": lines(week)[:FEW],
            "learning": learning,
            "found": found,
            "more_traced": more,
            "log": event_log.path().exists(),
            "today": today,
            "calls": today.first(FEW),
        },
    )


def _roles_waiting(request: HttpRequest) -> dict[str, int]:
    """Return how many roles wait for the viewer as second person, and how many he asked for wait."""
    if not access.may_open(request, "role_requests"):
        return {}
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return {"to_confirm": second.count(viewer), "asked_for": second.asked_by(viewer.actor)}


def ends_at(latest: date, now: datetime) -> date | None:
    """Return the last day the data know of where it is before the week that ended last, else None."""
    yesterday = now.astimezone(LOCAL).date() - timedelta(days=1)
    over = method.last_full_week(yesterday).first
    return latest if over is not None and latest < over else None


def _latest(viewer: Viewer, at: Stand) -> date | None:
    days = [day for each in viewer.paths if (day := figures.latest_day(at, each)) is not None]
    return max(days, default=None)


def _last_week(latest: date, now: datetime) -> str:
    """Return the last week that is over and holds cases to its end; today is not over."""
    day = min(latest, now.astimezone(LOCAL).date() - timedelta(days=1))
    return method.last_full_week(day).label


@ahead
@functools.lru_cache(maxsize=64)
def _week(at: Stand, label: str, paths: tuple[str, ...]) -> Week:
    return method.week(at.tables(), period.parse(label), paths, as_of=at.as_of)


def sentence(week: Week, today: calls.Today) -> str:
    """Return the first page's sentence: what is really high, what is noise, what to do now."""
    high = [unit.name for unit in week.named(ranking.HIGH)]
    facts = {
        "week": f"{week.period.first:%Y-%m-%d}–{week.period.last:%m-%d}",
        "n": week.n,
        "high": joined(high[:3]),
        "others": week.compared - len(high),
        "calls": today.count,
    }
    if not week.n:
        told = gettext("最近整周（%(week)s）没有投诉。")
    elif not week.compared:
        told = gettext("最近整周（%(week)s）投诉 %(n)d 件，没有可比的单位。")
    elif high:
        told = gettext(
            "最近整周（%(week)s）投诉 %(n)d 件：%(high)s偏高属实，其余 %(others)d 个单位的起伏属正常波动。"
        )
    else:
        told = gettext(
            "最近整周（%(week)s）投诉 %(n)d 件：%(others)d 个单位的起伏都属正常波动，没有该点名的。"
        )
    call = gettext("眼下有 %(calls)d 户该先打电话。") if today.count else gettext("今天没有必须先打的电话。")
    return "".join((told % facts, "" if lang() == "zh" else " ", call % facts))


def verdict(code: str) -> str:
    """Return a verdict in words."""
    return {
        ranking.HIGH: gettext("偏高属实"),
        ranking.LOW: gettext("明显偏低"),
        ranking.UNKNOWN: gettext("无从比较"),
    }.get(code) or gettext("属正常波动")


def lines(week: Week) -> list[dict[str, object]]:
    """Return the units that are really high, then those that most look it."""
    units = [unit for kind in week.kinds for unit in kind.units]
    units.sort(key=lambda unit: (unit.standing.verdict != ranking.HIGH, -_excess(unit), unit.code))
    return [line(week, unit) for unit in units]


def _excess(unit: Judged) -> float:
    return unit.standing.n - (unit.standing.expected or 0.0)


def line(week: Week, unit: Judged) -> dict[str, object]:
    """Return one unit's week as a row: n, expected, the range chance allows, the verdict."""
    standing = unit.standing
    known = standing.expected is not None
    return {
        "unit": unit,
        "high": standing.verdict == ranking.HIGH,
        "n": standing.n,
        "expected": display.rounded(standing.expected, 1) if known else display.NOTHING,
        "usual": f"{standing.low:.0f}–{standing.high:.0f}" if known else "",
        "interval": f"{display.rounded(unit.low, 1)}–{display.rounded(unit.high, 1)}",
        "q": _q(standing.q) if known else "",
        "verdict": verdict(standing.verdict),
        "url": shown.drill_url(method.COUNT, "n", {"unit": unit.code, "period": week.period.label}),
    }


def _q(q: float | None) -> str:
    return "" if q is None else "< 0.001" if q < 0.001 else display.rounded(q, 3)


@require_GET
def week_page(request: HttpRequest) -> HttpResponse:
    """Show every unit's week against what chance allows."""
    query = register.only(request.GET, {"period"})
    viewer, now = request.viewer, timezone.now()  # type: ignore[attr-defined]
    at = figures.stand(now)
    latest, today = _latest(viewer, at), now.astimezone(LOCAL).date()
    last = period.parse(_last_week(latest or today, now))
    wanted = figures.wanted(at, viewer, query["period"], today) if query.get("period") else last
    week = _week(at, wanted.label, viewer.paths)
    kinds = [
        (
            label("unit_kind", kind.kind),
            kind.by,
            [line(week, unit) for unit in kind.units],
            _chart(kind),
            f"chart-{n}",
        )
        for n, kind in enumerate(week.kinds)
    ]
    weeks = list(reversed(period.run_up(last, figures.RUNS["week"])))
    shown_now = {
        "at": at,
        "week": week,
        "kinds": kinds,
        "weeks": weeks,
        "listed": wanted in weeks,
        "high": week.named("high"),
        "until": ends_at(latest, now) if latest and wanted == last else None,
    }
    return render(request, "web/home_week.html", shown_now)


def _chart(kind: method.Kind) -> charts.Option | None:
    """Return each unit's count upon the range that chance allows it."""
    dots = [
        charts.Dot(unit.name, unit.standing.n, unit.standing.low, unit.standing.high)
        for unit in kind.units
        if unit.standing.expected is not None
    ]
    return (
        charts.against(dots, (gettext("投诉件数"), gettext("偶然起伏的范围")), percent=False)
        if dots
        else None
    )


@require_GET
def calls_page(request: HttpRequest) -> HttpResponse:
    """Show today's first calls, desk by desk."""
    now = timezone.now()
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    at = figures.stand(now)
    today = calls.today(viewer, at, now)
    shown = {"today": today, "now": now, "at": at, "may_call_first": access.may_open(request, "first_moves")}
    return render(request, "web/home_calls.html", shown)


urls = [
    path("", home, name="home"),
    path("week/", week_page, name="week"),
    path("calls/", calls_page, name="calls"),
    *trace.urls,
    *rules.urls,
]
