"""The complaints traced to one step, those in reach, each with how much of it comes from there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from suyuan.analytics.trace.sources import MODES
from suyuan.store.queries import cases, listing
from suyuan.store.queries.viewer import Viewer

from . import register
from .population_parts import day
from .register import Button, Cell, Empty, Head, Listed, Row
from .surveys import Overview
from .trace_words import MODES as WORDS
from .traced_to import Traced, traced_to, weighed

if TYPE_CHECKING:
    from .population import Ask

SIZE = 50
CHUNK = 500


def cases_of(request: HttpRequest, ask: "Ask", step: int) -> HttpResponse:
    """List the complaints in reach that are traced to a step, of the units and the period asked for."""
    see, at = ask.see, register.page_of(ask.query)
    every = traced_to(see, step, ask.kind, see.chosen)
    start = listing.start_of(at, SIZE)
    found = _reached(request.viewer, every, start + SIZE + 1)  # type: ignore[attr-defined]
    unit = see.names.get(see.unit, (see.unit, ""))[0]
    back = Button(gettext("流程图"), ask.url(), "chevron-left")
    return register.listed(
        request,
        Listed(
            title=" · ".join(filter(None, (see.here.log.activities[step], unit))),
            intro=gettext(
                "溯源到这一步的投诉共 %(n)d 件；一件投诉可能有几个源头，按各自所占折算为 %(weight)s 件，"
                "图和表按折算数计。下面是您可以查看的，把握大的在前。"
            )
            % {"n": len(every), "weight": f"{weighed(see, step, ask.kind, see.chosen):.1f}"},
            heads=(
                Head(gettext("投诉"), wide=True),
                Head(gettext("受理日期")),
                Head(gettext("在办单位")),
                Head(gettext("源头单位")),
                Head(gettext("异常")),
                Head(gettext("占这件投诉的成因"), number=True),
            ),
            rows=[_row(see, one, place) for one, place in found[start : start + SIZE]],
            buttons=[back],
            page=at,
            has_next=len(found) > start + SIZE,
            empty=Empty(
                gettext("没有您可以查看的投诉"),
                gettext("溯源到这一步的投诉在别的单位，或换一个期间看看。"),
                "git-branch",
                back,
            ),
        ),
    )


def _reached(viewer: Viewer, every: Sequence[Traced], many: int) -> list[tuple[Traced, str]]:
    """Return the first so many complaints in reach, with where each lies."""
    found: list[tuple[Traced, str]] = []
    for start in range(0, len(every), CHUNK):
        some = every[start : start + CHUNK]
        known = cases.reached_of(viewer, [one.number for one in some])
        found += [(one, known[one.number].unit.name) for one in some if one.number in known]
        if len(found) >= many:
            break
    return found


def _row(see: Overview, one: Traced, place: str) -> Row:
    seen = one.unit if one.unit in see.seen or one.unit < 0 else see.others
    return Row(
        (
            Cell(one.number, reverse("trace", args=(one.number,))),
            Cell(day(one.made).isoformat(), short=True),
            Cell(place),
            Cell(see.unit_name(seen)),
            Cell(WORDS[MODES[one.mode]]),
            Cell(f"{min(round(100 * one.weight), 99)} %", short=True),
        )
    )
