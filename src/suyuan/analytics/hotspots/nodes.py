"""Nodes of one or several trees, and pairs of them, over the places where something was counted.

A place is one combination of leaves; a node is every place below it. Of two trees every pair of nodes is a
node too, so that *this kind of complaint in this district* is looked at beside each of the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Path = tuple[str, ...]
Node = tuple[Path, ...]
"""By tree the path from its root; an empty path is the whole tree."""


@dataclass(frozen=True)
class Nodes:
    """The nodes met, and which places lie below each."""

    names: tuple[Node, ...]
    """The whole first."""
    kind: Ints
    """By node a number that nodes of the same depths share."""
    group: Ints
    """By node the set of branches it lies in, a row of ``branches``."""
    branches: tuple[tuple[int, ...], ...]
    """Nodes next below the whole, each with a season of its own."""
    below: scipy.sparse.csr_array
    """(nodes, places): 1 where a place lies below a node."""

    def at(self, name: Node) -> int:
        """Return the number of a node, -1 for none."""
        return self._numbers().get(name, -1)

    def shared(self, one: int, other: int) -> int:
        """Return the node of what lies below both of two nodes, -1 for none; asked again it costs nothing."""
        asked = self.__dict__.setdefault("_shared", {})
        found: int | None = asked.get((one, other))
        if found is None:
            both = meet(self.names[one], self.names[other])
            found = asked[one, other] = self.at(both) if both is not None else -1
        return found

    def _numbers(self) -> dict[Node, int]:
        known = self.__dict__.get("_known")
        if known is None:
            known = {name: number for number, name in enumerate(self.names)}
            object.__setattr__(self, "_known", known)
        return known


def meet(one: Node, other: Node) -> Node | None:
    """Return the node of what lies below both, None where nothing can."""
    deeper = []
    for mine, theirs in zip(one, other, strict=True):
        short, long = sorted((mine, theirs), key=len)
        if long[: len(short)] != short:
            return None
        deeper.append(long)
    return tuple(deeper)


def nodes(places: Sequence[Node], pairs: Sequence[tuple[int, int]] | None = None) -> Nodes:
    """Return the nodes above places; of several trees also the pairs, two trees at a time: all, or some."""
    trees = len(places[0])
    paired = combinations(range(trees), 2) if pairs is None else pairs
    chosen = [{at} for at in range(trees)] + [set(pair) for pair in paired]
    numbers: dict[Node, int] = {tuple(() for _ in range(trees)): 0}
    rows: list[int] = []
    columns: list[int] = []
    for place, leaf in enumerate(places):
        for node in sorted(_above(leaf, chosen)):
            rows.append(numbers.setdefault(node, len(numbers)))
            columns.append(place)
    names = tuple(numbers)
    depths: dict[tuple[int, ...], int] = {}
    kind = np.array([depths.setdefault(tuple(map(len, name)), len(depths)) for name in names], np.int64)
    branches: dict[tuple[int, ...], int] = {}
    group = np.array([branches.setdefault(_branch(name, numbers), len(branches)) for name in names])
    shape = (len(names), len(places))
    ones = np.ones(len(rows), np.float32)
    below = scipy.sparse.csr_array((ones, (rows, columns)), shape=shape)
    return Nodes(names, kind, group, tuple(branches), below)


def _above(leaf: Node, chosen: Sequence[set[int]]) -> set[Node]:
    """Return every node above a place: of one tree, or of two, the other trees whole."""
    found: set[Node] = set()
    for trees in chosen:
        parts: list[list[Path]] = [
            [path[:depth] for depth in range(len(path) + 1)] if at in trees else [()]
            for at, path in enumerate(leaf)
        ]
        ways: list[Node] = [()]
        for part in parts:
            ways = [(*way, path) for way in ways for path in part]
        found |= set(ways)
    return found


def _branch(name: Node, numbers: dict[Node, int]) -> tuple[int, ...]:
    """Return the nodes next below the whole that a node lies in, one a tree at most."""
    found = []
    for at, path in enumerate(name):
        if path:
            alone = tuple(path[:1] if tree == at else () for tree in range(len(name)))
            found.append(numbers.get(alone, 0))
    return tuple(found)


def only(every: Nodes, keep: NDArray[np.bool_], seasonal: NDArray[np.bool_]) -> Nodes:
    """Return some of the nodes, the whole among them, and the branches that have a season of their own.

    Both are told by node; a branch without a season of its own goes by that of the whole.
    """
    used = {branch for group in every.branches for branch in group if seasonal[branch]}
    kept = keep.copy()
    kept[[0, *used]] = True
    at = np.cumsum(kept) - 1
    groups: dict[tuple[int, ...], int] = {}
    group = [
        groups.setdefault(tuple(int(at[one]) for one in every.branches[row] if one in used), len(groups))
        for row in every.group[kept].tolist()
    ]
    names = tuple(name for name, stays in zip(every.names, kept.tolist(), strict=True) if stays)
    _, kind = np.unique(every.kind[kept], return_inverse=True)
    return Nodes(names, kind, np.array(group, np.int64), tuple(groups), every.below[np.flatnonzero(kept)])
