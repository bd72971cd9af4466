"""The frame of hot spots that still go on: found in the lake, which is brought up to date first."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from suyuan.actions.hotspots.own import Spot, found
from suyuan.analytics.detect.hot_spot import Spotted
from suyuan.analytics.hotspots import own as method
from suyuan.analytics.source import Tables
from suyuan.gateways.engine import open_duckdb
from suyuan.store import lake, rules
from suyuan.store.models import Case
from suyuan.store.queries import org

MOST = 200
"""So many of the orders behind a hot spot are named at most, the newest."""


def load(as_of: datetime) -> tuple[Spotted, ...]:
    """Return the hot spots as of the last day that was over at a moment.

    What an order is (restricted, void, its category) is read as it is now.
    """
    lake.refresh()
    book = rules.rulebook()
    with open_duckdb(lake.folder()) as engine:
        tables = engine.tables()
        own = found(tables, str(lake.folder()), rules.local_day(as_of) - timedelta(days=1), book)
        return tuple(_spotted(tables, [one for one in own.spots if own.going(one)]))


def _spotted(tables: Tables, spots: list[Spot]) -> Iterator[Spotted]:
    names, zone = org.names(), rules.rulebook().calendar.zone
    for one in spots:
        units, grid, _ = one.node
        place = [names.get(part.removeprefix("unit:"), (part, ""))[0] for part in units[-1:]]
        place += [part.split(":", 1)[1] for part in grid]
        yield Spotted(
            key=one.key,
            place=" ".join(place),
            business_type="" if one.where.category else one.where.kind,
            category=one.where.category,
            unit=_unit(sorted(one.unit_paths)),
            since=datetime.combine(one.first, time(), zone),
            first=one.first,
            last=one.last,
            observed=one.observed,
            expected=one.expected,
            p=one.p,
            cases=_cases(tables, one),
        )


def _unit(paths: list[str]) -> str:
    """Return the code of the lowest unit that all of these lie below, empty where there is none."""
    first, last = paths[0].strip("/").split("/"), paths[-1].strip("/").split("/")
    shared = [one for one, other in zip(first, last, strict=False) if one == other]
    return shared[-1] if shared and shared == first[: len(shared)] == last[: len(shared)] else ""


def _cases(tables: Tables, one: Spot) -> tuple[str, ...]:
    """Return the newest orders behind a hot spot; of those kept secret none is named."""
    numbers = method.numbers(tables, method.behind(tables, one.where, one.first, one.last), MOST)
    plain = set(
        Case.objects.filter(number__in=numbers, restricted=False, secrecy="").values_list("number", flat=True)
    )
    return tuple(number for number in numbers if number in plain)
