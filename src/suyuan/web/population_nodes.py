"""Steps past their threshold: the technical assessment order about each, or the way to open one."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from suyuan.actions import population
from suyuan.analytics import period as periods
from suyuan.analytics.trace.population import Key, Row
from suyuan.domain.errors import Refused
from suyuan.domain.evaluation import NODE, About
from suyuan.store.queries import cases, evaluations
from suyuan.store.queries import themes as rulebook
from suyuan.store.queries.viewer import Viewer

from . import access
from .population_parts import day
from .register import Cell
from .surveys import Overview, overview
from .traced_to import traced_to

UNIT = "unit"


def cells(request: HttpRequest, see: Overview, rows: Sequence[Row]) -> dict[Key, Cell]:
    """Return of each row past its threshold what stands beside it; nothing where no row has anything.

    Asked is the whole log: a month that was picked because it is high proves nothing.
    """
    if see.within is not None or see.chosen is not None:
        return {}
    past = {(row.activity, row.unit): see.seen[row.unit] for row in rows if _passes(see, row)}
    names = see.here.log.activities
    keys = {pair: _key(names[pair[0]], unit) for pair, unit in past.items()}
    standing = evaluations.open_keys(list(keys.values()))
    opens = access.may_open(request, "evaluation_open")
    found = {}
    for pair, unit in past.items():
        number = standing.get(keys[pair], "")
        if number:
            found[pair] = Cell(number, reverse("case", args=(number,)), short=True)
        elif opens:
            query = urlencode({"node": names[pair[0]], "unit": unit})
            found[pair] = Cell(gettext("开单"), f"{reverse('evaluation_open')}?{query}", short=True)
    return found


def _passes(see: Overview, row: Row) -> bool:
    """Tell whether a step of a unit of the register is past its threshold."""
    known = row.unit in see.seen and see.seen[row.unit] in see.names
    return known and rulebook.passes(row.complaints, row.relative_risk, row.q)


def _key(step: str, unit: str) -> str:
    return "|".join((NODE, step, UNIT, unit, ""))


def about(viewer: Viewer, step: str, unit: str) -> About:
    """Return what an order is opened about; raise Refused for what is not past its threshold in reach."""
    here = population.surveyed()
    see = overview(viewer, here, periods.ALL) if here is not None else None
    row = None if see is None else next((one for one in see.rows if _is(see, one, step, unit)), None)
    if see is None or row is None or not _passes(see, row):
        raise Refused("no_such_theme", theme=step)
    numbers = [one.number for one in traced_to(see, row.activity, units=frozenset({row.unit}))]
    reached = cases.seen(viewer, numbers[: rulebook.BEHIND])
    log = see.here.log
    figures = {
        "n": round(row.complaints),
        "expected": row.expected,
        "ratio": row.relative_risk,
        "low": row.low,
        "high": row.high,
        "q": row.q,
        "exposed": row.exposed,
    }
    first, last = day(int(log.at[0])), day(int(log.at[-1]))
    return About(
        NODE,
        step,
        UNIT,
        "",
        unit,
        first,
        last,
        figures,
        tuple(number for number in numbers if number in reached),
    )


def _is(see: Overview, row: Row, step: str, unit: str) -> bool:
    return see.here.log.activities[row.activity] == step and see.seen.get(row.unit) == unit
