"""Contacts by kind, place and day, out of the lake.

A kind is the second level of the category, the first where there is no second, the business type where
nothing was classified. A place is a unit, a feeder of it or a transformer area of it. What one customer
brings up again in one week counts once.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import ibis

from suyuan.analytics.measures import terms
from suyuan.analytics.source import Table, Tables, Value

AREA, LINE, UNIT = "area", "line", "unit"
LEVELS = (AREA, LINE, UNIT)
"""The kinds of places, the narrowest first."""
GONE = ("void", "merged")


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are looked at, ``first`` to ``last``, and those before them as the baseline."""

    before: date
    first: date
    last: date

    @classmethod
    def until(cls, last: date, days: int, baseline_days: int) -> "Span":
        """Return so many days that end with ``last``, and so many before them."""
        first = last - timedelta(days=days - 1)
        return cls(first - timedelta(days=baseline_days), first, last)


@dataclass(frozen=True, slots=True)
class Named:
    """Which theme: a kind of contact at a place of a unit; ``place`` is empty for the whole unit."""

    kind: str
    level: str
    unit_path: str
    place: str = ""

    @property
    def unit(self) -> str:
        """Return the code of the unit."""
        return self.unit_path.rstrip("/").rsplit("/", 1)[-1]

    @property
    def key(self) -> str:
        """Return the text that names it, in addresses and commands."""
        return "|".join((self.kind, self.level, self.unit, self.place))


def matters(tables: Tables, span: Span) -> Table:
    """Return the contacts of a span that stand, each with its kind and with what it is counted as."""
    rows = tables.cases
    rows = rows.filter(
        rows.accepted_date.between(span.before, span.last)
        & terms.main_order(rows)
        & ~rows.restricted.fill_null(False)
        & ~terms.malicious(rows)
        & ~rows.state.isin(GONE)
    )
    return rows.mutate(
        kind=_kind(rows),
        recent=rows.accepted_date >= span.first,
        matter=ibis.ifelse(rows.event_key == "", rows.number, rows.event_key),
    )


def _kind(rows: Table) -> Value:
    return ibis.cases((rows.l2 != "", rows.l2), (rows.l1 != "", rows.l1), else_=rows.business_type)


def counted(tables: Tables, span: Span) -> Table:
    """Return how many matters there were by kind, place and day, as an expression.

    Its columns are kind, unit_path, line, area, recent (within the days looked at), day, n.
    """
    by = ("kind", "unit_path", "line", "area", "recent")
    rows = matters(tables, span)
    once = rows.group_by(*by, "matter").aggregate(day=rows.accepted_date.min())
    return once.group_by(*by, "day").aggregate(n=once.count())


def numbers(tables: Tables, span: Span, theme: Named, most: int) -> list[str]:
    """Return the numbers of the contacts behind a theme in the days looked at, the newest first."""
    rows = matters(tables, span)
    wanted = rows.recent & (rows.kind == theme.kind) & (rows.unit_path == theme.unit_path)
    if theme.level != UNIT:
        wanted = wanted & (rows[theme.level] == theme.place)
    rows = rows.filter(wanted).order_by(ibis.desc("accepted_at"), "number").limit(most)
    return [str(one) for one in tables.fetch(rows.select("number")).column("number").to_pylist()]
