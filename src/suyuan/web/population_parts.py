"""What stands under the map of a whole log: time lost, change, what is new, where complaints came from."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext

from suyuan.analytics import display, intervals
from suyuan.analytics.trace import sources
from suyuan.analytics.trace.change import Slope, Trend
from suyuan.analytics.trace.sources import CONTACT, MODES, THIN, UPSTREAM
from suyuan.analytics.trace.told import EPOCH
from suyuan.analytics.trace.working import month_named
from suyuan.domain.vocabulary import CAUSES
from suyuan.store.queries.cases import LOCAL

from . import causes, charts, figures, population_cells
from .surveys import Overview
from .trace_words import MODES as WORDS

if TYPE_CHECKING:
    from .population import Ask

LOST, FRESH = 10, 10
"""So many rows at most of where time is lost, and of what is new."""


def day(micros: int) -> date:
    """Return the local date of a moment of the log."""
    return (EPOCH + timedelta(microseconds=micros)).astimezone(LOCAL).date()


def parts(ask: "Ask") -> dict[str, object]:
    """Return everything that stands under the map, by the names the page has for it."""
    see = ask.see
    trend = see.trend
    rows, against = see.fresh
    return {
        "lost": [_lost(ask, one) for one in see.bottlenecks[:LOST]],
        "months": _months(trend),
        "trend": _chart(trend),
        "changes": [
            (gettext("每办一步的异常"), change(trend.deviations)),
            (gettext("每办一步的投诉"), change(trend.complaints)),
        ],
        "fresh": [_fresh(see, one) for one in rows[:FRESH]],
        "fresh_more": max(len(rows) - FRESH, 0),
        "fresh_month": month_named(see.here.survey.last_month),
        "against": against,
        "axis": _axis(see),
        "judged": _judged(see),
    }


def _lost(ask: "Ask", one) -> dict[str, object]:  # type: ignore[no-untyped-def]
    see = ask.see
    return {
        "step": see.here.log.activities[one.activity],
        "unit": see.unit_name(one.unit),
        "hours": f"{one.lost:,.0f}",
        "share": f"{display.rounded(100 * one.lost_share, 1)} %",
        "waits": population_cells.waits(one),
        "again": population_cells.part(one.again, one.done),
        "again_of": population_cells.counts(one.again, one.done),
        "taken": population_cells.part(one.taken, one.followed),
        "taken_of": population_cells.counts(one.taken, one.followed),
    }


def _months(trend: Trend) -> list[dict[str, object]]:
    return [
        {
            "month": month_named(one.month),
            "done": f"{one.done:,}",
            "deviations": f"{one.deviations:,}",
            "complaints": f"{one.complaints:.0f}",
            "traced": f"{one.traced:.1f}",
        }
        for one in trend.months
    ]


def _chart(trend: Trend) -> charts.Option | None:
    if not trend.months:
        return None
    rows = (
        (gettext("异常"), [one.deviations for one in trend.months]),
        (gettext("投诉"), [round(one.complaints) for one in trend.months]),
    )
    return charts.lines([month_named(one.month) for one in trend.months], rows)


def change(one: Slope | None) -> str:
    """Return in words by how much a rate changes from month to month, and whether that is sure."""
    if one is None:
        return gettext("不足三个月，看不出变化")
    told = {
        "factor": display.rounded(one.factor),
        "low": display.rounded(one.low),
        "high": display.rounded(one.high),
    }
    if one.low > 1:
        return gettext("每月 ×%(factor)s（%(low)s 至 %(high)s），在增加") % told
    if one.high < 1:
        return gettext("每月 ×%(factor)s（%(low)s 至 %(high)s），在减少") % told
    return gettext("每月 ×%(factor)s（%(low)s 至 %(high)s），看不出变化") % told


def _fresh(see: Overview, one) -> dict[str, object]:  # type: ignore[no-untyped-def]
    log = see.here.log
    if one.is_more:
        mark = gettext("首次出现，多半不是偶然") if one.is_new else gettext("显著增多")
    else:
        mark = gettext("首次出现，可能是偶然")
    return {
        "kind": log.types[one.kind],
        "step": log.activities[one.activity],
        "unit": see.unit_name(one.unit),
        "mode": WORDS[MODES[one.mode]],
        "now": one.now,
        "before": one.before,
        "expected": display.rounded(one.expected),
        "q": population_cells.chance(one.q),
        "mark": mark,
        "sure": one.is_more,
    }


@dataclass(frozen=True, slots=True)
class Share:
    """One line of where complaints came from."""

    name: str
    n: str
    share: str
    interval: str
    within: bool = False
    """Whether it is a part of the line above it."""


def _axis(see: Overview) -> list[Share]:
    """Return where complaints came from, by how their sources deviate."""
    names = {
        CONTACT: gettext("与客户接触的环节（一线）"),
        UPSTREAM: gettext("前期环节"),
        THIN: gettext("证据不足，不下结论"),
    }
    names |= {mode.value: str(WORDS[mode]) for mode in MODES if mode.value not in names}
    found, top = see.found, (CONTACT, UPSTREAM, THIN)
    if see.within is not None:
        found = found.only((found.made >= see.within[0]) & (found.made < see.within[1]))
    return [_share(names[one.name], one.n, one.of, within=one.name not in top) for one in sources.axis(found)]


def _judged(see: Overview) -> list[Share]:
    """Return what people judged the causes of complaints to be, those in reach in the same period."""
    counted: dict[str, int] = dict.fromkeys(CAUSES, 0)
    stand = figures.stand(timezone.now())
    for path in see.reach.paths:
        for (_, cause), n in figures.causes(stand, see.period.label, path).items():
            if cause:
                counted[cause] += n
    of = sum(counted.values())
    return [_share(causes.named(cause), n, of) for cause, n in counted.items()] if of else []


def _share(name: str, n: int, of: int, *, within: bool = False) -> Share:
    low, high = intervals.wilson(n, of) or (0.0, 0.0)
    told = f"{display.rounded(100 * low)} – {display.rounded(100 * high)} %" if of else display.NOTHING
    percent = f"{display.rounded(100 * n / of)} %" if of else display.NOTHING
    return Share(name, f"{n}/{of}", percent, told, within)
