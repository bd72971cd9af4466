"""Was everything that came in accepted, handled and answered? Every gap, down to its cases."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.analytics import display
from suyuan.analytics.period import ALL
from suyuan.domain import reconcile as rule
from suyuan.domain.errors import BadInput
from suyuan.store import rules
from suyuan.store.queries import listing
from suyuan.store.queries import reconcile as queries

from . import figures, register
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang, local

KEYS = frozenset({"unit", "period"})
CASES_KEYS = KEYS | {"code", "channel", "page"}
SIZE = 50


@dataclass(frozen=True, slots=True)
class Step:
    """One stage as the page shows it: how many passed it of how many ought to have."""

    title: str
    n: str
    share: str
    whole: bool


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the stages of a unit and period, every gap between them, and every channel."""
    now = timezone.now()
    ask = figures.asked(request.viewer, request.GET.dict(), now, KEYS, anytime=True)  # type: ignore[attr-defined]
    asked = queries.Asked(ask.period, ask.viewer, ask.place.code)
    counts = queries.counts(asked, now)
    found = rule.reconcile(counts)
    children = queries.children(asked)
    return register.listed(
        request,
        Listed(
            title=f"{gettext('百分百核对')} · {ask.place.name} · {ask.period.label}",
            heads=(
                Head(gettext("差在哪里"), wide=True),
                Head(gettext("哪一步")),
                Head(gettext("件数"), number=True),
                Head(gettext("已超期"), number=True),
                Head(gettext("怎么办")),
            ),
            rows=[_row(gap, ask.query) for gap in found.gaps],
            empty=_empty(found),
            buttons=(Button(gettext("看板"), f"{reverse('board')}?{urlencode(ask.query)}", "chart-bar"),),
        ),
        template="web/reconcile.html",
        ask=ask,
        listed_period=any(ask.period in one for one in ask.periods.values()) or ask.period is ALL,
        complete=found.complete,
        steps=_steps(found),
        received=display.count(found.received),
        sums=_sums(found),
        children=children,
        channels=_channels(counts),
    )


def _row(gap: rule.Gap, query: dict[str, str]) -> Row:
    place = gap.place
    to = urlencode({**query, "code": place.code})
    url = "" if place.code == rule.UNLINKED else f"{reverse('reconcile_cases')}?{to}"
    hidden = gettext("其中限制查阅、不列出 %(n)s 件") % {"n": gap.hidden} if gap.hidden else ""
    mark = gettext("有说明") if place.explained else f"!{gettext('缺口')}"
    return Row(
        (
            Cell(rules.label("gap", place.code, lang()), url, hidden, marks=(mark,)),
            Cell(rules.label("reconcile_stage", place.stage.value, lang())),
            Cell(display.count(gap.n), url),
            Cell(display.count(gap.overdue) if gap.overdue or place.runs else display.NOTHING),
            Cell(rules.label("gap_remedy", place.code, lang())),
        )
    )


def _empty(found: rule.Reconciliation) -> Empty:
    if found.received:
        words = gettext("这一时期来的每一件都已受理、处理、答复、回访。")
        return Empty(gettext("没有缺口"), words, "circle-check", calm=True)
    return Empty(
        gettext("这一时期没有诉求"),
        gettext("登记来电或导入工单以后，这里逐步核对受理、处理、答复，差一件就列一件。"),
        "circle-check",
        calm=True,
    )


def _steps(found: rule.Reconciliation) -> list[Step]:
    return [
        Step(
            rules.label("reconcile_stage", stage.value, lang()),
            display.count(n),
            display.share(n, found.owed(stage)),
            n == found.owed(stage),
        )
        for stage, n in found.passed.items()
    ]


def _sums(found: rule.Reconciliation) -> list[str]:
    """Return the equation of each stage: the count before it is its own and what is missing there."""
    before, said = found.received, []
    for stage, n in found.passed.items():
        missing = [display.count(gap.n) for gap in found.gaps if gap.place.stage == stage]
        title = rules.label("reconcile_stage", stage.value, lang())
        said.append(f"{title}: {display.count(before)} = {' + '.join([display.count(n), *missing])}")
        before = n
    return said


def _channels(counts: list[rule.Count]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return each channel with what came in and what passed each stage, of what ought to have."""
    found = []
    for name in sorted({one.channel for one in counts}):
        own = rule.reconcile(one for one in counts if one.channel == name)
        cells = [(gettext("来的"), display.count(own.received))]
        cells += [
            (rules.label("reconcile_stage", stage.value, lang()), display.share(n, own.owed(stage)))
            for stage, n in own.passed.items()
        ]
        found.append((rules.label("channel", name, lang()) if name else gettext("（未填）"), cells))
    return found


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """List the cases that lie in one gap, or in any, oldest first."""
    query, now = request.GET.dict(), timezone.now()
    at = register.page_of(query)
    ask = figures.asked(request.viewer, query, now, CASES_KEYS, anytime=True)  # type: ignore[attr-defined]
    code, channel = query.get("code", ""), query.get("channel", "")
    if channel and channel not in rules.rulebook().channels:
        raise BadInput("unknown_value", field="channel", value=channel[:60])
    start = listing.start_of(at, SIZE)
    asked = queries.Asked(ask.period, ask.viewer, ask.place.code)
    ids = list(queries.ids(asked, code, channel or None)[start : start + SIZE + 1])
    found = listing.listing(ask.viewer, listing.Filters(ids=tuple(ids[:SIZE])), now=now, size=SIZE)
    rows = sorted(found.rows, key=lambda case: (case.accepted_at, case.pk))
    what = rules.label("gap", code, lang()) or gettext("全部缺口")
    back = Button(gettext("回核对页"), f"{reverse('reconcile')}?{urlencode(ask.query)}", "chevron-left")
    none = gettext("这里没有工单，或者都是限制查阅的。")
    return register.listed(
        request,
        Listed(
            title=f"{what} · {ask.place.name} · {ask.period.label}",
            heads=_heads(),
            rows=[_case(case, found.lights[case.pk]) for case in rows],
            intro=rules.label("gap_remedy", code, lang()),
            filters=_filters(ask, code, channel),
            empty=Empty(gettext("没有您能看到的工单"), none, calm=True, button=back),
            buttons=(back,),
            page=at,
            has_next=len(ids) > SIZE,
        ),
    )


def _heads() -> list[Head]:
    titles = (
        gettext("工单编号"),
        gettext("业务类型"),
        gettext("单位"),
        gettext("受理时间"),
        gettext("状态"),
        gettext("灯"),
    )
    return [Head(title, wide=not place) for place, title in enumerate(titles)]


def _filters(ask: figures.Asked, code: str, channel: str) -> tuple[Filter, ...]:
    channels = [(each, rules.label("channel", each, lang())) for each in rules.rulebook().channels]
    places = [(each, rules.label("gap", each, lang())) for each in rule.PLACE if each != rule.UNLINKED]
    units = [(place.code, place.indented) for place in ask.places if place.code]
    labels = dict.fromkeys(
        [ask.period.label, *(one.label for found in ask.periods.values() for one in found)]
    )
    return (
        Filter("code", gettext("差在哪里"), code, places),
        Filter("channel", gettext("渠道"), channel, channels),
        Filter("unit", gettext("单位"), ask.place.code, units),
        Filter("period", gettext("时期"), ask.period.label, [(label, label) for label in labels]),
    )


def _case(case, light: str) -> Row:  # type: ignore[no-untyped-def]
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,))),
            Cell(rules.label("business_type", case.business_type, lang())),
            Cell(case.unit.name),
            Cell(local(case.accepted_at), short=True),
            Cell(rules.label("state", case.state, lang())),
            Cell(light=light),
        )
    )


urls = [
    path("reconcile/", page, name="reconcile"),
    path("reconcile/cases/", cases, name="reconcile_cases"),
]
