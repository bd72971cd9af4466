"""The register of what was promised to customers, and the promises on the page of a case."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.analytics import display
from suyuan.analytics.intervals import wilson
from suyuan.domain.commitment import OPEN
from suyuan.store import rules
from suyuan.store.queries import commitments, listing, org, texts
from suyuan.store.queries.commitments import OfUnit
from suyuan.store.queries.texts import Drawn
from suyuan.store.queries.viewer import Viewer

from . import register
from .names import Named, named
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang

SIZE = 50
SHORT = 40


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the promises in reach, those due first, and how many each unit kept."""
    query = register.only(request.GET, {"show", "unit", "page"})
    at, show, unit = register.page_of(query), query.get("show", "open"), query.get("unit", "")
    start, today = listing.start_of(at, SIZE), rules.local_day(timezone.now())
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = list(commitments.listed(viewer, show, unit, today)[start : start + SIZE + 1])
    who = named(one.made_by for one in found)
    draws = texts.drawn_each(one.case for one in found)
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    every = commitments.records(commitments.listed(viewer, "", unit, today), today)
    return register.listed(
        request,
        Listed(
            title=gettext("承诺登记"),
            intro=gettext(
                "一时办不完、答应客户哪天办到的事：谁答应的、哪天到期、兑现没有。到期前和当天提醒。"
            ),
            heads=_heads(),
            rows=[_row(one, draws[one.case_id], who, today) for one in found[:SIZE]],
            filters=(
                Filter("show", gettext("范围"), show, _shows()),
                Filter("unit", gettext("单位"), unit, places),
            ),
            buttons=[_bulletin()],
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有未了结的承诺") if show == "open" else gettext("没有这样的承诺"),
                gettext("在工单页点“登记承诺”，写明答应客户什么、哪天办到；办到了点“承诺已兑现”。"),
                "circle-check",
                calm=True,
            ),
        ),
        template="web/commitments.html",
        records=[_record(one) for one in every],
    )


def _bulletin() -> Button:
    url = f"{reverse('publication_prepare')}?document=commitments"
    return Button(gettext("生成承诺工单周报"), url, "file-spreadsheet")


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("工单"), wide=True),
        Head(gettext("承诺内容")),
        Head(gettext("承诺人")),
        Head(gettext("承诺日期")),
        Head(gettext("状态")),
    )


def _shows() -> list[tuple[str, str]]:
    return [
        ("open", gettext("未了结")),
        ("week", gettext("七天内到期")),
        ("broken", gettext("逾期")),
        ("kept", gettext("已兑现")),
        ("moved", gettext("已改期")),
    ]


def _row(one, draw: Drawn, who: dict[str, Named], today: date) -> Row:  # type: ignore[no-untyped-def]
    case = one.case
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,)), case.unit.name),
            Cell(lines=draw(one.what.masked)),
            Cell(who[one.made_by]),
            Cell(f"{one.promised_on:%Y-%m-%d}", short=True),
            Cell(marks=[_state(one, today)], small=draw(one.why.masked)[:SHORT] if one.why else ""),
        )
    )


def _state(one, today: date) -> str:  # type: ignore[no-untyped-def]
    broken = commitments.is_broken(one, today)
    said = rules.label("commitment_state", "broken" if broken else one.state, lang())
    return f"!{said}" if broken else said


def _record(one: OfUnit) -> tuple[str, ...]:
    """Return a unit's promises: open, moved, kept of those over, with the interval."""
    of = one.record
    span = wilson(of.kept, of.over)
    rate = _percent(of.rate) if of.rate is not None else ""
    within = " – ".join(map(_percent, span)) if span else ""
    return (one.name, str(of.open), str(of.moved), f"{of.kept} / {of.over}", rate, within)


def _percent(part: float) -> str:
    return f"{display.rounded(part * 100, 1)} %"


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise on a case, as its page shows it."""

    seq: int
    what: str
    who: Named
    on: date
    state: str
    why: str


def panel(viewer: Viewer, case) -> dict[str, object]:  # noqa: ARG001 as every part of the page is asked
    """Return what the page of a case shows of what was promised."""
    found = commitments.of_case(case)
    if not found:
        return {}
    draw, who = texts.drawn(case), named(one.made_by for one in found)
    today = rules.local_day(timezone.now())
    return {
        "promises": [
            Promised(
                one.seq,
                draw(one.what.masked),
                who[one.made_by],
                one.promised_on,
                _state(one, today),
                draw(one.why.masked) if one.why else "",
            )
            for one in found
        ]
    }


def choices(case) -> dict[str, list[tuple[str, str]]]:
    """Return the open promises of a case, to choose from."""
    if not case.promises:
        return {}
    draw, found = texts.drawn(case), commitments.of_case(case)
    still = [one for one in found if one.state == OPEN]
    said = {one.seq: f"{one.promised_on:%m-%d}　{draw(one.what.masked)[:SHORT]}" for one in still}
    return {"commitment": [(str(seq), f"{seq}　{words}") for seq, words in said.items()]}


urls = [path("commitments/", page, name="commitments")]
