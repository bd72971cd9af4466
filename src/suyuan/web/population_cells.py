"""The rows of the page of a whole log: one step of one unit, and one step on the map."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from suyuan.analytics import display
from suyuan.analytics.trace.population import Key
from suyuan.analytics.trace.population import Row as Counted
from suyuan.analytics.trace.profile import Profile

from . import flow_map
from .register import Cell, Head, Row

if TYPE_CHECKING:
    from .population import Ask


def heads(*, orders: bool) -> tuple[Head, ...]:
    """Return the columns of the table of steps and units, with that of the orders about them or without."""
    last = (Head(gettext("技术评估")),) if orders else ()
    return (
        Head(gettext("环节、单位"), wide=True),
        Head(gettext("相对风险"), number=True),
        Head("q", number=True),
        Head(gettext("投诉 / 办理"), number=True),
        Head(gettext("占全部投诉"), number=True),
        Head(gettext("等待（工作时）"), number=True),
        Head(gettext("返工"), number=True),
        Head(gettext("接手"), number=True),
        *last,
    )


def row(ask: "Ask", one: Counted, orders: Mapping[Key, Cell]) -> Row:
    """Return one step of one unit as a row, with the order about it or the way to open one."""
    see = ask.see
    how = see.profiles.get((one.activity, one.unit))
    in_reach = one.unit in see.seen
    leads = ask.step_url(one.activity, one.unit if in_reach else None) if in_reach and one.complaints else ""
    return Row(
        (
            Cell(see.here.log.activities[one.activity], leads, see.unit_name(one.unit)),
            Cell(risk(one), small=interval(one), short=True),
            Cell(chance(one.q), short=True),
            Cell(f"{one.complaints:.1f} / {one.exposed:,}", short=True),
            Cell(f"{display.rounded(100 * one.share)} %", short=True),
            Cell(waits(how), short=True),
            _part(how.again, how.done) if how else Cell(),
            _part(how.taken, how.followed) if how else Cell(),
            *((orders.get((one.activity, one.unit), Cell()),) if orders else ()),
        )
    )


def _part(n: int, of: int) -> Cell:
    return Cell(part(n, of), small=counts(n, of), short=True)


def risk(one: Counted) -> str:
    """Return a relative risk with its sign."""
    return f"{flow_map.sign(one)} {display.rounded(one.relative_risk)}"


def interval(one: Counted) -> str:
    """Return the interval of a relative risk."""
    return f"{display.rounded(one.low)}–{display.rounded(one.high)}"


def chance(q: float) -> str:
    """Return a q."""
    return "< 0.001" if q < 0.001 else display.rounded(q, 3)


def waits(how: Profile | None) -> str:
    """Return the middle and the long wait in working hours."""
    if how is None or how.p50 is None or how.p90 is None:
        return display.NOTHING
    return f"{display.rounded(how.p50, 1)} / {display.rounded(how.p90, 1)}"


def part(n: int, of: int) -> str:
    """Return a part of a whole in percent; a dash for a part of nothing."""
    return f"{display.rounded(100 * n / of, 1)} %" if of else display.NOTHING


def counts(n: int, of: int) -> str:
    """Return both numbers of a part."""
    return f"{n:,}/{of:,}" if of else ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the map as a row beside it."""

    name: str
    url: str
    risk: str
    interval: str
    q: str
    share: str
    waits: str
    level: int


def steps(ask: "Ask", mine: Collection[int]) -> list[Step]:
    """Return the steps of a kind over all units, the greatest relative risk first."""
    see = ask.see
    found = sorted(
        (see.by_step[one] for one in mine if one in see.by_step), key=lambda one: -one.relative_risk
    )
    return [
        Step(
            see.here.log.activities[one.activity],
            ask.step_url(one.activity) if one.complaints else "",
            risk(one),
            interval(one),
            chance(one.q),
            f"{display.rounded(100 * one.share)} %",
            waits(see.step_profiles.get(one.activity)),
            flow_map.level(one),
        )
        for one in found
    ]
