"""The warning board: what nobody acknowledged in time first; mine, those of my units, or all in reach."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.store import rules
from suyuan.store.queries import listing, org, signals, warnings
from suyuan.store.queries.viewer import Viewer
from suyuan.store.queries.warnings import Wanted

from . import register
from . import signal_words as words
from .names import Named, named
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang, local

SIZE = 50
ASKED = frozenset({"whose", "state", "level", "detector", "unit", "category", "page"})


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the warnings in reach, with how many wait where."""
    query = register.only(request.GET.dict(), ASKED)
    viewer, now = request.viewer, timezone.now()  # type: ignore[attr-defined]
    at = register.page_of(query)
    wanted = Wanted(
        **{name: query.get(name, "") for name in ASKED - {"page", "state"}}, state=query.get("state", "open")
    )
    start = listing.start_of(at, SIZE)
    found = list(warnings.folded(viewer, wanted, now)[start : start + SIZE + 1])
    who = named(one.case.handler for one in found)
    said = warnings.first_signals(found[:SIZE])
    return register.listed(
        request,
        Listed(
            title=gettext("预警"),
            intro=gettext(
                "探测到的苗头由责任单位签收、处置、凭证明结单；紧急的在前，其中到时没有签收的排在最前，并逐级上报。"
            ),
            heads=_heads(),
            rows=[row for one in found[:SIZE] for row in _rows(one, said.get(one.pk), who, now, query)],
            filters=_filters(viewer, wanted),
            buttons=(
                Button(gettext("信号"), reverse("signals"), "list"),
                Button(gettext("静默"), reverse("mutes"), "ban"),
                Button(gettext("横向分析"), reverse("comparison"), "chart-bar"),
            ),
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有这样的预警单"),
                gettext("重要以上的信号自动开单；其余的在“信号”里由人开单。"),
                "circle-check",
                calm=True,
            ),
        ),
        template="web/warnings.html",
        counts=_counts(viewer, now),
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("预警单"), wide=True),
        Head(gettext("级别")),
        Head(gettext("单位")),
        Head(gettext("在哪里")),
        Head(gettext("办理人")),
        Head(gettext("到期")),
    )


def _rows(one, signal, who, now, query) -> list[Row]:  # type: ignore[no-untyped-def]
    """Return the row of a warning, and after the last one shown of many alike the way to the others."""
    shown = [_row(one, signal, who, now)]
    if one.place < warnings.ALIKE or one.alike == one.place:
        return shown
    alike = {"detector": one.detector, "level": one.case.level, "unit": one.case.unit.code}
    asked = {name: query[name] for name in query if name != "page"} | alike
    more = gettext("还有 %(n)s 条同类") % {"n": one.alike - one.place}
    kind = words.detector(one.detector)
    link = Cell(more, f"{reverse('warnings')}?{urlencode(asked)}", kind)
    return [*shown, Row((link, Cell(""), Cell(one.case.unit.name), Cell(""), Cell(""), Cell("")), dim=True)]


def _row(one, signal, who: Mapping[str, Named], now: datetime) -> Row:  # type: ignore[no-untyped-def]
    case = one.case
    return Row(
        (
            Cell(
                words.headline(signal) if signal else case.number,
                reverse("case", args=(case.number,)),
                f"{case.number} · {words.detector(one.detector)}",
            ),
            Cell(marks=words.marks(case.level)),
            Cell(case.unit.name),
            Cell(dict(_states()).get(case.state) or rules.label("state", case.state, lang())),
            Cell(who[case.handler] if case.handler else ""),
            Cell(local(case.next_due_at), light=listing.light(case, now), short=True),
        )
    )


def _filters(viewer: Viewer, wanted: Wanted) -> tuple[Filter, ...]:
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    kinds = [(code, rules.label("category", code, lang())) for code in rules.rulebook().categories]
    return (
        Filter(
            "whose",
            gettext("谁的"),
            wanted.whose,
            [("mine", gettext("我签收的")), ("unit", gettext("我单位的"))],
        ),
        Filter("state", gettext("状态"), wanted.state, _states()),
        Filter("level", gettext("级别"), wanted.level, words.levels()),
        Filter("detector", gettext("探测器"), wanted.detector, words.detectors(signals.detectors())),
        Filter("unit", gettext("单位"), wanted.unit, places),
        Filter("category", gettext("投诉分类"), wanted.category, kinds),
    )


def _states() -> list[tuple[str, str]]:
    return [
        ("open", gettext("未结")),
        ("late", gettext("超期未签收")),
        ("registered", gettext("待签收")),
        ("handling", gettext("处置中")),
        ("reviewing", gettext("待复核")),
        ("deciding", gettext("误报待认定")),
        ("closed", gettext("已结单")),
        ("dismissed", rules.label("state", "void", lang())),
    ]


def _counts(viewer: Viewer, now: datetime) -> list[tuple[str, int, str]]:
    """Return how many wait where, each with the way to them."""
    said, found = dict(_states()), warnings.counts(viewer, now)
    return [(said[name], n, f"{reverse('warnings')}?state={name}") for name, n in found.items()]


urls = [path("warnings/", page, name="warnings")]
