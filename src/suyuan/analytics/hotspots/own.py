"""The home's own orders as counts by day, over three trees: units, the grid, kinds of contacts.

Pairs are looked at of units and kinds, and of the grid and kinds: a line belongs to units anyway. What one
customer brings up again in one week counts once, as in themes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from suyuan.analytics.source import Table, Tables
from suyuan.analytics.themes.counting import Span, matters

from .nodes import Node, Nodes, Path, nodes, only

PLACE = ("unit_path", "line", "area", "business_type", "l1", "l2", "l3")
PAIRS = ((0, 2), (1, 2))
"""Trees that are looked at two at a time."""
SEASONAL = (0, 2)
"""Trees whose first branches have a season of their own."""
WHOLE = "all"
BETWEEN = "+"
"""Between the parts of a key, one a tree."""


@dataclass(frozen=True, slots=True)
class Least:
    """What is looked at: the figure ``hotspots.own`` of the rulebook."""

    events: float
    """Nodes with so many at least in the days known."""
    nodes: int
    """So many nodes at most."""
    a_day: float
    """A branch with so many a day has a season of its own."""


@dataclass(frozen=True)
class Counts:
    """What was counted: a row a place and day. ``first`` is the first day that is known."""

    places: tuple[tuple[str, ...], ...]
    """By place its values in the order of ``PLACE``."""
    place: NDArray[np.int64]
    day: NDArray[np.int64]
    """Days since 0001-01-01 (``date.toordinal``)."""
    many: NDArray[np.float64]

    @property
    def first(self) -> int:
        """Return the first day on which anything was counted."""
        return int(self.day.min())


def counted(tables: Tables, first: date, last: date) -> Counts | None:
    """Return what came in from ``first`` to ``last`` by place and day, None where nothing did.

    Restricted orders, void ones and parts of split ones are no part of it.
    """
    rows = matters(tables, Span(first, first, last))
    once = rows.group_by(*PLACE, "matter").aggregate(day=rows.accepted_date.min())
    found = tables.fetch(once.group_by(*PLACE, "day").aggregate(n=once.count()))
    return of_rows(found) if found.num_rows else None


def of_rows(found: pa.Table) -> Counts:
    """Return counts from rows with the columns of ``PLACE``, ``day`` and ``n``."""
    named = list(zip(*(found.column(name).to_pylist() for name in PLACE), strict=True))
    numbers: dict[tuple[str, ...], int] = {}
    place = np.array([numbers.setdefault(one, len(numbers)) for one in named], np.int64)
    day = found.column("day").cast(pa.int32()).to_numpy().astype(np.int64) + date(1970, 1, 1).toordinal()
    return Counts(tuple(numbers), place, day, found.column("n").to_numpy().astype(np.float64))


def above(places: Sequence[tuple[str, ...]]) -> Path:
    """Return the codes of the units that all places have above them."""
    units = [_codes(place[0]) for place in places]
    shortest = min(map(len, units))
    return units[0][: next((at for at in range(shortest) if len({one[at] for one in units}) > 1), shortest)]


def leaves(places: Sequence[tuple[str, ...]]) -> list[Node]:
    """Return by place its path in each tree; the units that all have above them are the whole."""
    shared = len(above(places))
    return [
        (
            tuple(f"unit:{code}" for code in _codes(unit)[shared:]),
            tuple(f"{kind}:{name}" for kind, name in (("line", line), ("area", area)) if name),
            (f"type:{business}", *(f"category:{level}" for level in levels if level)),
        )
        for unit, line, area, business, *levels in places
    ]


def _codes(path: str) -> Path:
    return tuple(path.strip("/").split("/"))


def tree(counts: Counts, least: Least) -> Nodes:
    """Return the nodes above the places that are looked at.

    Of nodes with the very same places the one that says most stays; of the others those with most counted.
    """
    every = nodes(leaves(counts.places), PAIRS)
    total = every.below @ np.bincount(counts.place, counts.many, len(counts.places))
    marks = every.below @ np.random.default_rng(0).random(len(counts.places))
    depth = np.array([sum(map(len, name)) for name in every.names])
    order = np.lexsort((-depth, marks))
    twin = np.zeros(len(order), np.bool_)
    twin[order[1:]] = np.diff(marks[order]) == 0
    many = ~twin & (total >= least.events)
    if many.sum() > least.nodes:
        many &= total > np.sort(total[many])[-least.nodes - 1]
    days = counts.day.max() - counts.first + 1
    return only(every, many, (total >= least.a_day * days) & _seasonal(every))


def _seasonal(every: Nodes) -> NDArray[np.bool_]:
    """Return which nodes are first branches of a tree whose branches have a season of their own."""
    return np.array([all(at in SEASONAL for at, path in enumerate(name) if path) for name in every.names])


def key(node: Node) -> str:
    """Return the text that names a node in addresses and signals: ``unit:0101+category:outage.repair``."""
    units, grid, kinds = node
    parts = (units[-1:], ("/".join(grid),) if grid else (), kinds[-1:])
    return BETWEEN.join(part[0] for part in parts if part) or WHOLE


@dataclass(frozen=True, slots=True)
class Where:
    """Which orders lie at a node: what their columns hold; an empty one holds anything."""

    unit_path: str = ""
    line: str = ""
    area: str = ""
    kind: str = ""
    category: str = ""


def where(node: Node, shared: Path) -> Where:
    """Return which orders lie at a node below the units all places have above them."""
    values = dict(part.split(":", 1) for path in node for part in path)
    codes = [part.removeprefix("unit:") for part in node[0]]
    path = "".join(f"/{code}" for code in (*shared, *codes)) + "/"
    return Where(path, *(values.get(name, "") for name in ("line", "area", "type", "category")))


def behind(tables: Tables, at: Where, first: date, last: date) -> Table:
    """Return the orders at a node in some days, the newest first, as an expression."""
    rows = matters(tables, Span(first, first, last))
    rows = rows.filter(rows.unit_path.startswith(at.unit_path))
    level = f"l{at.category.count('.') + 1}"
    for name, value in (
        ("line", at.line),
        ("area", at.area),
        ("business_type", at.kind),
        (level, at.category),
    ):
        rows = rows.filter(rows[name] == value) if value else rows
    return rows.order_by(ibis.desc("accepted_at"), "number")


def ids(tables: Tables, asked: Table, *, limit: int, offset: int = 0) -> list[int]:
    """Return the ids of some of the orders behind a hot spot."""
    page = asked.select("case_id", "number", "accepted_at").limit(limit, offset=offset)
    return [int(one) for one in tables.fetch(page).column("case_id").to_pylist()]


def numbers(tables: Tables, asked: Table, most: int) -> list[str]:
    """Return the numbers of the newest of the orders behind a hot spot."""
    return [str(one) for one in tables.fetch(asked.select("number").limit(most)).column("number").to_pylist()]
