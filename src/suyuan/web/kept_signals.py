"""Signals that were kept: the list, one with what is behind it, and opening its warning."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from suyuan.actions.warn import opening
from suyuan.domain import warning as rule
from suyuan.domain.fields import NOTE
from suyuan.domain.precomplaint import MAY as PROMOTERS
from suyuan.store import rules
from suyuan.store.queries import cases, listing, mutes, org, signal_accounts, signal_track, signals, warnings
from suyuan.store.queries.signals import Wanted
from suyuan.store.queries.viewer import Viewer

from . import charts, handed_once, prevention, register
from . import signal_words as words
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import lang, local

SIZE = 50
MOST = 50
SINGLE = frozenset({"case", "order"})
"""What is one thing: nothing is counted behind it, its way tells of it."""
"""So many of the cases behind a signal are listed, the newest first."""
ASKED = frozenset({"state", "level", "detector", "unit", "category", "page"})


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the signals in reach, the most urgent first."""
    query = register.only(request.GET.dict(), ASKED)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    at = register.page_of(query)
    wanted = Wanted(**{"state": "open"} | {name: query[name] for name in query if name != "page"})
    start = listing.start_of(at, SIZE)
    found = list(signals.listed(viewer, wanted)[start : start + SIZE + 1])
    whose = signal_accounts.of(viewer, found[:SIZE])
    return register.listed(
        request,
        Listed(
            title=gettext("信号"),
            intro=gettext("探测器发现的苗头：同一对象只有一条，消失后留存；静默的照常留存，不开预警单。"),
            heads=_heads(),
            rows=[_row(one, whose) for one in found[:SIZE]],
            filters=_filters(viewer, wanted),
            buttons=(
                Button(gettext("预警"), reverse("warnings"), "alert-triangle"),
                Button(gettext("静默"), reverse("mutes"), "ban"),
            ),
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有这样的信号"),
                gettext("探测器每日清晨运行；发现的信号列在这里。"),
                "circle-check",
                calm=True,
            ),
        ),
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("信号"), wide=True),
        Head(gettext("级别")),
        Head(gettext("单位")),
        Head(gettext("起于")),
        Head(gettext("最近所见")),
        Head(gettext("预警单")),
    )


def _row(one, whose) -> Row:  # type: ignore[no-untyped-def]
    number = one.warning.case.number if one.warning else ""
    return Row(
        (
            Cell(words.sentence(one), words.address(one), _under(one, whose)),
            Cell(marks=words.marks(one.level)),
            Cell(one.unit.name),
            Cell(local(one.since), short=True),
            Cell(local(one.last_seen), small=gettext("%(n)s 次") % {"n": one.seen}, short=True),
            Cell(number, reverse("case", args=(number,)) if number else ""),
        ),
        dim=one.state != "open",
    )


def _under(one, whose) -> str:  # type: ignore[no-untyped-def]
    """Return what stands under a signal: its detector, and which account where it is about one."""
    said = words.detector(one.detector)
    return f"{said} · {words.about(one, whose)}" if one.object in whose else said


def _filters(viewer: Viewer, wanted: Wanted) -> tuple[Filter, ...]:
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    kinds = [(code, rules.label("category", code, lang())) for code in rules.rulebook().categories]
    states = [(one, words.state(one)) for one in signals.STATES if one]
    return (
        Filter("state", gettext("状态"), wanted.state, states),
        Filter("level", gettext("级别"), wanted.level, words.levels()),
        Filter("detector", gettext("探测器"), wanted.detector, words.detectors(signals.detectors())),
        Filter("unit", gettext("单位"), wanted.unit, places),
        Filter("category", gettext("投诉分类"), wanted.category, kinds),
    )


@require_GET
def show(request: HttpRequest, signal_id: int) -> HttpResponse:
    """Show one signal: what stands out against what, its window, the cases behind it, what became of it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    one, now = signals.get(viewer, signal_id), timezone.now()
    whose = signal_accounts.of(viewer, [one])
    behind = list(cases.reached_of(viewer, one.cases).values())
    behind.sort(key=lambda case: case.accepted_at, reverse=True)
    books = warnings.books(one.detector, one.category, rules.local_day(now))
    page = {
        "signal": one,
        "sentence": words.headline(one),
        "facts": _facts(one, whose),
        "account_case": whose[one.object].case if one.object in whose else "",
        "buttons": _buttons(viewer, one),
        "behind": behind[:MOST],
        "unseen": len(one.cases) - len(behind),
        "history": words.history(one),
        "muted": mutes.of_signal(one, now),
        "goes_by": _goes_by(one),
        "books": prevention.books(books, one.facts),
        "playbook": prevention.steps(warnings.steps(books)),
        "detector": words.detector(one.detector),
        "marks": [words.level(one.level), words.state(one.state, came_true=one.came_true_at is not None)],
        **(_track(viewer, one, now) if one.object.partition(":")[0] not in SINGLE else {}),
    }
    return render(request, "web/signal.html", page)


def _facts(one, whose) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    graded = gettext("探测器 %(said)s × 波及面 %(spread)s × 重复 %(again)s") % {
        "said": words.level(one.said),
        "spread": words.number(one.spread),
        "again": words.number(one.recidivism),
    }
    return [
        (gettext("所见"), words.measured(one.observed, one.detector, one.facts)),
        (gettext("对照"), words.measured(one.expected, one.detector, one.facts)),
        (gettext("级别"), f"{words.level(one.level)}（{graded}）"),
        (gettext("对象"), words.about(one, whose)),
        (gettext("单位"), one.unit.name),
        (gettext("会成为的投诉"), rules.label("category", one.category, lang()) or gettext("还不知道")),
        (gettext("起于"), local(one.since)),
        (gettext("首次、最近所见"), f"{local(one.first_seen)} – {local(one.last_seen)}"),
        (gettext("看到几次"), str(one.seen)),
    ]


def _goes_by(one) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """Return the figure a detector goes by: its terms, source and certainty."""
    editions = rules.rulebook().figures.get(f"detect.{one.detector}")
    if not editions:
        return {}
    found = editions[-1]
    return {
        "title": getattr(found.title, lang()),
        "terms": [(name, _plain(value)) for name, value in found.terms.items()],
        "basis": found.basis,
        "certainty": rules.label("certainty", found.certainty.value, lang()),
        "note": found.note,
        "id": found.id,
    }


def _plain(value: object) -> str:
    """Return a term of a figure as it is read."""
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value)) or "–"
    return str(value)


def _track(viewer: Viewer, one, now: datetime) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """Return the counts behind a signal as a chart and its table."""
    track = signal_track.of(viewer, one, now)
    names = [f"{bar.first:%m-%d}" for bar in track.bars]
    said = (gettext("件数"), gettext("此前平均"))
    return {
        "track": track,
        "counted": _counted(one, track),
        "drawn": any(bar.n for bar in track.bars),
        "chart": charts.track(names, [bar.n for bar in track.bars], track.usual, said),
    }


def _counted(one, track: signal_track.Track) -> str:  # type: ignore[no-untyped-def]
    """Return what the bars count."""
    where = {
        "line": gettext("这条线路的工单"),
        "area": gettext("这个台区的工单"),
        "account": gettext("这个户号的工单"),
        "unit": gettext("%(unit)s 的工单") % {"unit": one.unit.name},
    }[track.of]
    what = rules.label("category", track.category, lang()) if track.category else gettext("全部")
    each = gettext("每天") if track.days == 1 else gettext("每 %(n)s 天") % {"n": track.days}
    return f"{where} · {what} · {each}"


def _buttons(viewer: Viewer, one) -> list[Button]:  # type: ignore[no-untyped-def]
    over = viewer.actor.over_case(one.unit.path)
    found = []
    if one.warning is not None:
        found.append(
            Button(gettext("预警单"), reverse("case", args=(one.warning.case.number,)), "alert-triangle")
        )
    elif one.state != "over" and over & rule.OPENERS:
        found.append(
            Button(gettext("开预警单"), reverse("signal_open", args=(one.pk,)), "plus", primary=True)
        )
    if one.state != "over" and over & PROMOTERS and not (one.about and one.about.restricted):
        address = f"{reverse('precomplaint_open')}?signal={one.pk}"
        found.append(Button(gettext("提升为预投诉"), address, "plus"))
    if one.state != "over" and over & rule.MUTERS:
        found.append(Button(gettext("静默"), f"{reverse('mute_add')}?signal={one.pk}", "ban"))
    return found


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, signal_id: int) -> HttpResponse:
    """Open the warning of a signal that opens none by itself."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    one = signals.get(viewer, signal_id)
    ask = Ask(
        gettext("开预警单"),
        (NOTE.optional,),
        gettext("开单"),
        words.address(one),
        gettext("已开预警单，交责任单位签收；已有同一事情的预警单时并入其中。"),
        intro=words.sentence(one),
        makes=True,
    )

    def do(typed: dict[str, str]) -> None:
        def make() -> str:
            note = typed.get("note", "")
            opened = opening.open_warning(signal=signal_id, actor=viewer.actor, note=note, now=timezone.now())
            return opened.number

        handed_once.number(request, typed, make)

    return answer(request, ask, do)


urls = [
    path("signals/", page, name="signals"),
    path("signals/<int:signal_id>/", show, name="signal"),
    path("signals/<int:signal_id>/open/", begin, name="signal_open"),
]
