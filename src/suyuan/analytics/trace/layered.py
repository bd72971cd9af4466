"""Where the steps of a flow stand on a map: in layers from above, what follows below what it follows.

After Sugiyama, Tagawa and Toda (1981): edges back are set aside, each step stands one layer below the lowest
of those before it, edges over several layers get bends, and every layer is ordered by the middle of its
neighbours.
"""

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Edge = tuple[int, int]
SWEEPS = 8
NODE, BEND = 1.0, 0.35
"""How much room a step and a bend take across."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A map in units of one step across and one layer down."""

    at: Mapping[int, tuple[float, int]]
    """Of each step where its middle is across, and its layer."""
    bends: Mapping[Edge, tuple[tuple[float, int], ...]]
    """Of each edge downwards the places it goes through between its ends."""
    back: frozenset[Edge]
    """Edges that lead up, or stay."""
    width: float
    layers: int


def placed(steps: Sequence[int], edges: Sequence[Edge]) -> Placed:
    """Return where steps stand; they are given in the order of the flow, which says what leads back."""
    rank = {step: n for n, step in enumerate(steps)}
    down = [edge for edge in edges if rank[edge[0]] < rank[edge[1]]]
    layer = _layers(steps, down)
    rows, chains = _with_bends(steps, down, layer)
    near = _neighbours(chains.values())
    _ordered(rows, near)
    across = _across(rows, near)
    return Placed(
        {step: (across[step, 0], layer[step]) for step in steps},
        {
            edge: tuple((across[point], layer[edge[0]] + n) for n, point in enumerate(chain[1:-1], 1))
            for edge, chain in chains.items()
        },
        frozenset(edges) - frozenset(down),
        max((across[point] + _room(point) / 2 for row in rows for point in row), default=0.0),
        len(rows),
    )


Point = tuple[int, int]
"""A step with 0, or the number of an edge with which bend of it: told apart by the second number."""


def _room(point: Point) -> float:
    return BEND if point[1] else NODE


def _layers(steps: Sequence[int], down: Sequence[Edge]) -> dict[int, int]:
    """Return of each step its layer: one below the lowest of those before it."""
    before = defaultdict(list)
    for start, end in down:
        before[end].append(start)
    layer: dict[int, int] = {}
    for step in steps:
        layer[step] = max((layer[one] + 1 for one in before[step]), default=0)
    return layer


def _with_bends(
    steps: Sequence[int], down: Sequence[Edge], layer: Mapping[int, int]
) -> tuple[list[list[Point]], dict[Edge, list[Point]]]:
    """Return what stands in each layer, and of each edge the points it goes through."""
    rows: list[list[Point]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for step in steps:
        rows[layer[step]].append((step, 0))
    chains: dict[Edge, list[Point]] = {}
    for number, (start, end) in enumerate(down):
        chain: list[Point] = [(start, 0)]
        for at in range(layer[start] + 1, layer[end]):
            chain.append((number, at))
            rows[at].append((number, at))
        chains[start, end] = [*chain, (end, 0)]
    return rows, chains


Near = dict[Point, tuple[list[Point], list[Point]]]
"""Of each point those above and those below it."""


def _neighbours(chains) -> Near:  # type: ignore[no-untyped-def]
    near: Near = defaultdict(lambda: ([], []))
    for chain in chains:
        for above, below in itertools.pairwise(chain):
            near[above][1].append(below)
            near[below][0].append(above)
    return near


def _ordered(rows: list[list[Point]], near: Near) -> None:
    """Order each layer by the middle of its neighbours, from above and from below in turn."""
    for sweep in range(SWEEPS):
        side = sweep % 2
        order = rows if side == 0 else rows[::-1]
        for known, row in itertools.pairwise(order):
            where = {point: at for at, point in enumerate(known)}
            middle = {
                point: _mean([where[one] for one in near[point][side] if one in where], at)
                for at, point in enumerate(row)
            }
            row.sort(key=middle.__getitem__)


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _across(rows: list[list[Point]], near: Near) -> dict[Point, float]:
    """Return where each point stands across: as near to its neighbours as the order and the room let it."""
    found: dict[Point, float] = {}
    for row in rows:
        found |= dict(zip(row, _spread(row, [0.0] * len(row)), strict=True))
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else rows[::-1]:
            wanted = [_mean([found[one] for one in (*near[p][0], *near[p][1])], found[p]) for p in row]
            found |= dict(zip(row, _spread(row, wanted), strict=True))
    least = min((found[point] - _room(point) / 2 for point in found), default=0.0)
    return {point: at - least for point, at in found.items()}


def _spread(row: Sequence[Point], wanted: Sequence[float]) -> list[float]:
    """Return places in order with room between them, on the whole where they are wanted."""
    found: list[float] = []
    for n, point in enumerate(row):
        least = found[-1] + (_room(row[n - 1]) + _room(point)) / 2 if n else wanted[n]
        found.append(max(wanted[n], least))
    shift = _mean([have - want for have, want in zip(found, wanted, strict=True)], 0.0)
    return [have - shift for have in found]
